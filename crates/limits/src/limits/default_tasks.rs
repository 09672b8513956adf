//! `systemd.default-tasks-max`: the tasks that systemd allows a scope which asks for no number.

use crate::engine::Driver;
use crate::{Row, Scene};
use model::{Amount, Bound, Ceiling, Charge, Cost, Effect, Key, Limit, Unread, Used};

const PLACE: &str = "each container's scope";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "systemd.default-tasks-max",
        bounds: "tasks in the scope of one container",
        defaults: &[
            "15 % of the least of threads-max, pid_max and the root group's pids.max (systemd \
             src/core/main.c DEFAULT_TASKS_MAX_PERCENTAGE, src/basic/limits-util.c)",
            "reckoned when a unit's group is written, so a unit that started before pid_max was raised can \
             hold 15 % of the kernel's own",
        ],
        effect: Effect::Stops,
        why: "runc asks for no number unless the container has a limit, so its scope gets systemd's \
              default: 15 % of what the host allows; it matters for a node with very many threads",
        raise: &["manager:DefaultTasksMax"],
        source: "systemd src/core/unit.c unit_init; opencontainers/cgroups systemd/v2.go",
        signs: &[],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    match scene.driver() {
        Ok(Driver::Systemd) if scene.has_systemd() => {}
        Ok(_) => {
            let why = "containers have no scope of systemd's here";
            return vec![Ceiling::not_applicable(PLACE, why)];
        }
        Err(why) => return vec![Ceiling::unread(PLACE, Cost::NOTHING, why)],
    }
    let cost = Cost::exact(
        Charge::default(),
        "the processes of one container, each its own scope",
    )
    .once(Amount::whole(crate::demand::processes_of_one(
        scene.workload,
    )));
    let default = scene
        .host
        .manager()
        .map_err(Unread::from)
        .and_then(|manager| {
            let tasks = manager.number("DefaultTasksMax");
            tasks.ok_or_else(|| Unread::because("systemd shows no DefaultTasksMax"))
        });
    let max = match default {
        Ok(u64::MAX) => Bound::Unlimited,
        default => crate::reading::bound(default),
    };
    vec![
        Ceiling::new(PLACE, cost)
            .max(max, "DefaultTasksMax of systemd's manager")
            .used(Used::Known(Amount::ZERO), "each begins with none")
            .lever(Key::new("manager", "DefaultTasksMax"), Amount::ZERO)
            .note("a number by --pids-limit takes its place"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::{Fate, Property};

    #[test]
    fn one_container_has_it_for_itself() {
        let answer = ask_one(&ROW, &stock(), 100_000);
        assert_eq!(
            (whole(answer.ceiling), answer.verdict),
            (Some(2346), Fate::Fits)
        );
        let endless = stock().default_of_units("DefaultTasksMax", Property::Number(u64::MAX));
        assert!(ask_one(&ROW, &endless, 1).unlimited);
        let none = stock().default_of_units("DefaultTasksMax", Property::Number(0));
        let answer = ask_one(&ROW, &none, 1);
        assert_eq!((answer.nodes_fit, answer.verdict), (Some(0), Fate::Stops));
        assert_eq!(
            answer.raise[0].setting.to_string(),
            "manager:DefaultTasksMax"
        );
    }
}
