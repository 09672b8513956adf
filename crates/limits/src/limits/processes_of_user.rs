//! `rlimit.nproc`: the processes of one user.

use super::threads_max::{LOADAVG, threads};
use crate::processes::soft_limit;
use crate::reading::used;
use crate::refused_thread::NO_THREAD;
use crate::{Row, Scene, containerd};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, Sign, Standing,
    Unread, Used,
};

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "rlimit.nproc",
        bounds: "processes of one user",
        defaults: &[
            "half of threads-max (kernel/fork.c fork_init); docker.service and containerd.service set infinity",
            "root outside a user namespace is exempt, and so is whoever has CAP_SYS_RESOURCE or \
             CAP_SYS_ADMIN there (kernel/fork.c copy_process)",
        ],
        effect: Effect::Stops,
        why: "all containers whose programs run as the same user of the kernel count together; root \
              of the host is exempt, and so is root in a container without a user namespace",
        raise: &["unit:containerd.service/LimitNPROC"],
        source: "kernel/fork.c copy_process: uid 0 and CAP_SYS_RESOURCE are exempt, others get EAGAIN",
        signs: &[
            Sign::decides("the user's bound is above what the runtime may set (rlimit type 6)")
                .errno(&[Errno::NotPermitted])
                .says(&[
                    "rlimit type 6:",
                    "rlimit type 6 ",
                    "rlimit_nproc: operation",
                    "limitnproc",
                ]),
            Sign::decides("changing to a user whose processes are at their bound gets EAGAIN")
                .errno(&[Errno::Again])
                .during(&[Operation::SetUser]),
            Sign::decides(
                "an exec after a change of user gets EAGAIN where that user has too \
many processes",
            )
            .says(&[
                "exec user process caused*resource temporarily unavailable",
                "execve*resource temporarily unavailable",
                "execve*eagain",
            ])
            .never(&["fork/exec"]),
            Sign::decides("the program asks for more processes of its user")
                .says(&["max number of threads", "max user processes is too low"])
                .and(&["too low"]),
            Sign::decides("the user's bound is above what the runtime may set")
                .errno(&[Errno::NotPermitted])
                .during(&[Operation::SetLimit])
                .says(&["nproc", "user processes"]),
            Sign::suggests("the program prints its bound of processes").says(&["rlimit_nproc"]),
            Sign::suggests(
                "a fork gets EAGAIN where a user has too many processes; root is \
exempt",
            )
            .errno(&[Errno::Again])
            .during(&[Operation::Fork])
            .says(&["retry", "su:", "sudo", "login", "sshd", "bash", "user"]),
            Sign::allows(
                "a fork or a new thread gets EAGAIN where a user has too many \
processes; root is exempt",
            )
            .errno(&[Errno::Again])
            .during(&[Operation::Fork, Operation::Thread]),
            NO_THREAD,
            Sign::allows("the words name the bound").says(&["ulimit -u", "max user processes"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let limit =
        containerd::pid(scene.host).and_then(|pid| soft_limit(scene.host, pid, "Max processes"));
    let max = match limit {
        Ok(None) => Bound::Unlimited,
        Ok(Some(processes)) => Bound::Finite(Amount::whole(processes)),
        Err(why) => Bound::Unread(why),
    };
    let charge = crate::demand::processes();
    let ceiling = |place: String| {
        Ceiling::new(
            place,
            Cost::exact(charge, "the threads of the program; a shim is root's"),
        )
        .max(max, "Max processes in /proc/PID/limits of containerd")
    };
    vec![match super::keys::owner(scene) {
        Ok(0) => {
            let mut ceiling = ceiling("uid 0".to_owned()).used(
                used(threads(scene.host)),
                format!("{LOADAVG}: at most all threads"),
            );
            ceiling.standing = Standing::NotEnforced(
                "root is exempt, in a container without a user namespace too".into(),
            );
            ceiling
        }
        Ok(owner) => ceiling(format!("uid {owner}"))
            .used(
                Used::Unknown(Unread::because("nothing counts the threads of a user")),
                "",
            )
            .lever(
                Key::new("unit", "containerd.service/LimitNPROC"),
                Amount::ZERO,
            ),
        Err(why) => Ceiling::unread(
            "uid of the containers",
            Cost::exact(Charge::default(), ""),
            why,
        ),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock};
    use model::Fate;

    const LIMITED: &str =
        "Max processes             150                  150                  processes\n";

    #[test]
    fn root_is_exempt() {
        let answer = ask_one(&ROW, &stock().file("/proc/5/limits", LIMITED), 600);
        assert_eq!((answer.verdict, answer.stops_at), (Fate::NotEnforced, None));
        assert!(answer.note.unwrap().contains("exempt"));
    }

    #[test]
    fn a_remapped_user_is_not() {
        let host = stock()
            .file("/proc/5/limits", LIMITED)
            .file("/etc/docker/daemon.json", r#"{"userns-remap": "default"}"#)
            .file("/etc/subuid", "dockremap:100000:65536\n");
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!(
            (answer.place.as_str(), answer.nodes_at_most),
            ("uid 100000", Some(150))
        );
    }
}
