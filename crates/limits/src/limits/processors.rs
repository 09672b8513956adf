//! `cpu.contention`: the processors that everything on the host shares.

use super::threads_max::LOADAVG;
use crate::processors::{ONLINE, online};
use crate::reading::bound;
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Host, Limit, Sign, Unread, Used};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "cpu.contention",
        bounds: "processors that have something to do",
        defaults: &["what the machine has; a container has no bound without `--cpus`"],
        effect: Effect::Degrades,
        why: "what all containers run shares them; beyond, everything gets slower, and starts run into \
              the time-outs of systemd, runc and containerd",
        raise: &[],
        source: "Documentation/scheduler; containerd's time-outs of 5 s, runc's of 30 s",
        signs: &[
            Sign::decides("the kubelet's view of its containers is older than it tolerates")
                .says(&["pleg is not healthy", "pleg was last seen active"]),
            Sign::suggests("the kubelet cannot list its containers in time")
                .says(&["genericpleg: unable to retrieve pods"]),
            Sign::suggests("containers take long")
                .says(&[
                    "take*minutes to start",
                    "takes*minutes to start",
                    "long time*start",
                    "slow to start",
                    "takes too long to start",
                    "taking too long",
                    "very slow",
                ])
                .and(&["container", "pod", "docker"]),
            Sign::suggests("an earlier attempt to make the container still runs, as under load")
                .says(&[
                    "failed to reserve container name",
                    "failed to reserve sandbox name",
                    "name*is reserved for",
                ]),
            Sign::suggests("a processor or a task did not get on").says(&[
                "soft lockup",
                "rcu_sched",
                "rcu_preempt",
                "self-detected stall",
                "blocked for more than",
                "hogged cpu",
                "hung_task",
                "hard lockup",
            ]),
            Sign::allows("nothing was refused; it took too long").says(&[
                "context deadline exceeded",
                "deadlineexceeded",
                "took too long",
                "dirs took",
                "relisting",
                "high load",
                "under load",
                "under heavy load",
                "load average",
                "overloaded",
            ]),
            Sign::suggests("a call to the container runtime took too long")
                .says(&["context deadline exceeded", "deadlineexceeded"])
                .and(&[
                    "runtime service",
                    "kubelet",
                    "cri",
                    "sandbox",
                    "runcontainer",
                    "gcfailed",
                    "stopcontainer",
                    "execsync",
                    "runpodsandbox",
                    "exec probe",
                    "pods",
                ]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let charge = Charge {
        cpu: Amount::thousandths(1),
        ..Charge::NOTHING
    };
    let cost = Cost::exact(charge, "what programs use on average, as the workload says");
    let used = match load(scene.host) {
        Ok(load) => Used::Known(load),
        Err(why) => Used::Unknown(why),
    };
    vec![
        Ceiling::new("host", cost)
            .effect(Effect::Degrades)
            .max(bound(online(scene.host)), ONLINE)
            .used(used, format!("{LOADAVG}: average of the last minute"))
            .reshape("fewer nodes, more processors, or less for each (`--cpus`)"),
    ]
}

/// The first number, with two digits after the point.
fn load(host: &dyn Host) -> Result<Amount, Unread> {
    let text = host.read_text(LOADAVG)?;
    let word = text.split_whitespace().next().unwrap_or_default();
    let hundredths = word.split_once('.').and_then(|(whole, rest)| {
        let (whole, rest) = (whole.parse::<u64>().ok()?, rest.parse::<u64>().ok()?);
        whole.checked_mul(100)?.checked_add(rest)
    });
    let load = hundredths.map(|hundredths| Amount::thousandths(hundredths.saturating_mul(10)));
    load.ok_or_else(|| Unread::because(format!("{LOADAVG}: `{}`", text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_load_is_what_is_taken() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(whole(answer.ceiling), Some(2));
        assert_eq!(answer.used, Some(Amount::thousandths(100)));
        assert_eq!(answer.verdict, Fate::Fits);
        let odd = stock().file(LOADAVG, "x 0 0 1/2 3\n");
        assert_eq!(ask_one(&ROW, &odd, 600).verdict, Fate::Unknown);
    }
}
