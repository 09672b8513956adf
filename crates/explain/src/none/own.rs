//! What a container has by itself: its memory limit, its rights, its name, its devices.

use super::Nothing;
use model::{Errno, Place, Sign};

pub(super) const NOTHINGS: &[Nothing] = &[
    Nothing {
        fix: "give the container more memory (`docker update --memory`), or its program less to do",
        command: Some("docker inspect -f '{{.State.OOMKilled}} {{.HostConfig.Memory}}' CONTAINER"),
        signs: &[
            Sign::decides("the container reached its own memory limit; no limit of the host")
                .says(&[
                    "memory cgroup out of memory",
                    "constraint_memcg",
                    "oom_memcg=/docker",
                    "oomkilled",
                    "oom-killed",
                    "oom killed",
                    "exit code 137",
                    "exit code: 137",
                    "exited with code 137",
                    "exited (137)",
                    "exitcode\":137",
                    "exitcode: 137",
                    "exit status 137",
                    "memory cgroup stats",
                    "killed as a result of limit",
                    "task in /*killed as",
                    "memory limit reached",
                    "init was oom",
                    "minimum memory limit allowed",
                    "container process was oom",
                    "container init was oom",
                    "memory limit too low",
                    "possibly memory limit",
                ])
                .never(&["oom_memcg=/system.slice,", "oom_memcg=/kubepods,"]),
            Sign::decides("the program reached a bound of its own; no limit of the host").says(&[
                "java heap space",
                "gc overhead limit",
                "metaspace",
                "javascript heap out of memory",
                "heap out of memory",
                "allowed memory size of",
                "direct buffer memory",
                "cuda out of memory",
                "cuda error",
            ]),
        ],
    },
    Nothing {
        fix: "give the container a larger `--shm-size`",
        command: Some("docker inspect -f '{{.HostConfig.ShmSize}}' CONTAINER"),
        signs: &[
            Sign::decides("the container's own /dev/shm is full; no limit of the host")
                .errno(&[Errno::NoSpace])
                .at(&[Place::SharedMemory])
                .never(&["libpod"]),
            Sign::decides("the container's own /dev/shm is full; no limit of the host")
                .errno(&[Errno::NoSpace])
                .says(&["shared memory segment", "shm_open", "posix_fallocate"])
                .never(&["shmget", "libpod", "lock"]),
            Sign::decides("the container's own /dev/shm is too small; no limit of the host").says(
                &[
                    "shm size",
                    "shm-size",
                    "insufficient shared memory",
                    "bus error",
                ],
            ),
        ],
    },
    Nothing {
        fix: "run it with the right that it needs, or look at what denies it",
        command: None,
        signs: &[
            Sign::suggests("a right is missing; no limit of the host").errno(&[
                Errno::NotPermitted,
                Errno::Denied,
                Errno::ReadOnly,
            ]),
            Sign::decides("systemd asks for a right; no limit of the host").says(&[
                "interactive authentication required",
                "access denied as the requested operation requires",
            ]),
            Sign::suggests("a right is missing; no limit of the host")
                .says(&["not authorized", "polkit"]),
        ],
    },
    Nothing {
        fix: "remove what is left of the earlier one, then start again",
        command: Some("systemctl reset-failed"),
        signs: &[Sign::decides(
            "a unit or container of the same name is still there; no limit of the \
host",
        )
        .says(&[
            "was already loaded or has a fragment file",
            "scope already exists",
            "unit * already exists",
            "container with id exists",
            "id already in use",
            "already exists",
            "is already running",
            "start request repeated too quickly",
        ])],
    },
    Nothing {
        fix: "install or configure what is missing for the device",
        command: None,
        signs: &[
            Sign::decides("a device or its driver is missing; no limit of the host")
                .says(&[
                    "could not select device driver",
                    "nvidia-container-cli",
                    "no such device or address",
                    "failed to gather device",
                    "error gathering device information",
                    "cdi device",
                    "unresolvable cdi",
                    "no such device: ",
                ])
                .never(&["cgroup"]),
        ],
    },
];
