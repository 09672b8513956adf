//! What those who run into it get to see.

use crate::refused_thread::{ABORTED, NO_INIT, NO_STEP};
use model::{Errno, Operation, RUN_OUT, Sign};

pub(super) const SIGNS: &[Sign] = &[
    NO_INIT,
    Sign::decides("the pids controller itself says it").says(&["fork rejected by pids controller"]),
    Sign::suggests(
        "a fork or a new thread gets EAGAIN where a cgroup has no task left; \
the daemon's unit and the container each have a bound of their own",
    )
    .errno(&[Errno::Again])
    .during(&[Operation::Fork, Operation::Thread]),
    Sign::suggests("a thread could not be made, which a bound on tasks refuses first").says(&[
        "create new native thread",
        "create native thread",
        "can't start new thread",
        "failed to create new os thread",
        "cannot create thread",
        "failed to create thread",
        "could not create thread",
        "cannot create worker thread",
        "unable to start thread",
        "failed to start thread",
        "can't create new thread",
        "unable to create new thread",
        "unable to create thread",
        "unable to spawn thread",
        "failed to spawn thread",
    ]),
    Sign::suggests("the words name the bound on tasks").says(&[
        "tasksmax",
        "pids.max",
        "pids limit",
        "pids-limit",
        "pids_limit",
        "pid limit",
        "task limit",
        "podpidslimit",
    ]),
    Sign::allows(
        "EAGAIN with nothing else is most often a fork that a bound on tasks \
refuses",
    )
    .errno(&[Errno::Again]),
    Sign::suggests(
        "a fork failed without a word on why, which a bound on tasks does \
first",
    )
    .says(&[
        "cannot fork",
        "can't fork",
        "unable to fork",
        "failed to fork",
        "fork failed",
        "could not fork",
        "pthread_create failed",
        "pthread_create() failed",
    ])
    .never(&["allocate memory", "enomem", "no space"]),
    Sign::suggests("threads ran out").says(&[
        "out of threads",
        "run out of processes",
        "out of processes",
        "no more processes",
        "too many processes",
        "too many threads",
    ]),
    NO_STEP,
    ABORTED,
    Sign::allows(
        "a number of containers is all that it says, and their tasks are what \
runs out first",
    )
    .says(&[
        "unable to run",
        "could not launch",
        "start more than",
        "run more than",
        "launch more than",
        "create more than",
        "unable to launch",
        "cannot launch",
        "unable to start",
        "fails after",
        "crashes after",
        "crashed after",
    ])
    .and(&[
        "0 containers",
        "0+ containers",
        "hundreds of containers",
        "0 docker containers",
        "0+ busybox",
        "of containers",
    ]),
    Sign::suggests("the words say that tasks run out")
        .says(&[
            "max threads",
            "thread limit",
            "maximum threads",
            "number of threads",
            "tasks limit",
            "task limit",
            "number of tasks",
            "process limit",
            "processes limit",
            "number of processes",
        ])
        .never(&["10000", "10,000", "thread pool", "-thread limit"])
        .and(RUN_OUT),
];
