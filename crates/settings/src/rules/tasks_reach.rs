//! A number of tasks that is promised to a unit or cgroup can be reached.

use super::Rule;
use super::fault::Fault;
use super::view::{self, Judged, Side, View, settle};
use model::{Quantity, Setting};

pub(super) const RULE: Rule = Rule {
    id: "tasks-max-reach",
    summary: "a number of tasks (TasksMax, DefaultTasksMax, pids.max) is at most kernel.pid_max, kernel.threads-max, and the TasksMax of system.slice that its service lives in",
    source: "kernel/pid.c alloc_pid; kernel/fork.c copy_process; kernel/cgroup/pids.c pids_try_charge, which asks every ancestor",
    judge,
};

const SLICE: &str = "system.slice/TasksMax";

fn judge(view: &View<'_>) -> Vec<Fault> {
    let ceilings = [
        view.sysctl("kernel.pid_max"),
        view.sysctl("kernel.threads-max"),
    ];
    let slice = view.side("unit", SLICE);
    let mut faults = Vec::new();
    for setting in view.settings.iter().filter(|setting| is_of_tasks(setting)) {
        let promise = view.of(setting);
        let of_slice = setting.key.kind == "unit" && setting.key.name.contains(".service/");
        let above = ceilings.iter().chain(of_slice.then_some(&slice));
        faults.extend(above.filter_map(|most| settle(compare(&promise, most))));
    }
    faults
}

fn is_of_tasks(setting: &Setting) -> bool {
    let name = setting.key.name.as_str();
    match setting.key.kind {
        "unit" => name.ends_with("/TasksMax"),
        "manager" => name == "DefaultTasksMax",
        "cgroup" => name.ends_with("/pids.max"),
        _ => false,
    }
}

/// Unlimited promises nothing; what a lower bound finds beyond itself is no promise either.
fn compare(promise: &Side<'_>, most: &Side<'_>) -> Judged {
    let Some((number, ceiling)) = view::promise(promise, most)? else {
        return Ok(None);
    };
    if Quantity::Finite(number) <= ceiling {
        return Ok(None);
    }
    let key = &promise.key;
    let message = format!(
        "{key}: {number} tasks can never be there, with {}",
        most.told()
    );
    let help = format!("raise {} too, or write `infinity`", most.key);
    Ok(Some(
        Fault::out_of_reach(&[promise, most], message).help(help),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn a_profile_that_says_both_contradicts_itself() {
        let wanted = settings(&[
            ("docker.service/TasksMax", "100000"),
            ("kernel.pid_max", "exact 65536"),
        ]);
        assert_eq!(
            told(RULE.id, None, &wanted),
            [
                "drifted: unit:docker.service/TasksMax: 100000 tasks can never be there, with kernel.pid_max 65536"
            ]
        );
    }

    #[test]
    fn what_only_the_host_keeps_from_is_a_note() {
        let host = FakeHost::new().file("/proc/sys/kernel/threads-max", "30000\n");
        let host = host.unit_with(
            "a.service",
            &[("TasksMax", model::Property::Number(99_999))],
        );
        let wanted = settings(&[("a.service/TasksMax", "50000")]);
        let said = told(RULE.id, Some(&host), &wanted);
        assert!(said[0].starts_with("met: "), "{said:?}");
        let wanted = settings(&[("a.service/TasksMax", "20000")]);
        assert_eq!(told(RULE.id, Some(&host), &wanted), [""; 0]);
        let wanted = settings(&[("a.service/TasksMax", "infinity")]);
        assert_eq!(told(RULE.id, Some(&host), &wanted), [""; 0]);
    }
}
