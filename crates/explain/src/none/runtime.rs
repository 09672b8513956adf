//! What a container needs of kernel, runtime and image.

use super::Nothing;
use model::{Errno, Operation, Place, Sign};

pub(super) const NOTHINGS: &[Nothing] = &[
    Nothing {
        fix: "load the profile: restart apparmor, then the daemon",
        command: Some("aa-status"),
        signs: &[
            Sign::decides(
                "an AppArmor profile is missing or cannot be loaded; no limit of the \
host",
            )
            .says(&["apparmor"]),
            Sign::decides("SELinux refuses; no limit of the host")
                .says(&["selinux", "avc: denied"]),
        ],
    },
    Nothing {
        fix: "use an image for this processor, or set up emulation for the other",
        command: None,
        signs: &[Sign::decides(
            "the program is for another processor, or no program; no limit of the \
host",
        )
        .says(&[
            "exec format error",
            "no matching manifest for",
            "does not match the detected host platform",
            "does not match the specified platform",
            "no such image for platform",
        ])],
    },
    Nothing {
        fix: "mount the cgroup file systems, or use a runtime that knows the version that is mounted",
        command: Some("stat -fc %T /sys/fs/cgroup"),
        signs: &[
            Sign::decides("the runtime finds no cgroup file system; no limit of the host")
                .says(&[
                    "mountpoint for*not found",
                    "mountpoint does not exist",
                    "no cgroup mount found",
                    "cgroup isn't mounted",
                    "cgroups is not mounted",
                    "cgroup is not mounted",
                    "cgroup mountpoint",
                    "failed to find cgroup mount",
                    "cgroups not mounted",
                    "cgroup mount point",
                ])
                .never(&["capabilities or the cgroup"]),
            Sign::decides(
                "the runtime does not know this version of cgroups; no limit of the \
host",
            )
            .says(&[
                "cgroup v2 is not supported",
                "cgroups v2 not supported",
                "does not support cgroup v2",
                "cgroup2 is not supported",
                "does not support cgroups v2",
                "cgroup v1 is not supported",
                "cgroup v1 support",
                "unsupported cgroup",
            ]),
        ],
    },
    Nothing {
        fix: "give the cgroup's cpuset.cpus and cpuset.mems a value, or take it from the parent",
        command: Some("grep -r . /sys/fs/cgroup/*/cpuset.cpus.effective"),
        signs: &[
            Sign::decides(
                "a cgroup takes no process while its cpuset has no processor or no \
memory node; no limit of the host",
            )
            .errno(&[Errno::NoSpace])
            .at(&[Place::CgroupProcesses]),
            Sign::decides(
                "a cgroup takes no process while its cpuset has no processor or no \
memory node; no limit of the host",
            )
            .errno(&[Errno::NoSpace])
            .during(&[Operation::JoinCgroup]),
            Sign::decides("a cpuset without processors or memory nodes; no limit of the host")
                .errno(&[Errno::NoSpace])
                .says(&["cpuset"])
                .never(&["mkdir"]),
            Sign::decides(
                "a shell that writes into a kernel file: a cgroup takes no process \
while its cpuset is empty",
            )
            .errno(&[Errno::NoSpace])
            .says(&["echo: write error", "printf: write error"]),
            Sign::decides(
                "the processors that were asked for are not among those of the group \
above; no limit of the host",
            )
            .says(&[
                "requested cpus are not available",
                "requested memory nodes are not available",
                "cpuset.cpus: permission denied",
                "cpuset.cpus: invalid argument",
                "cpuset.mems: invalid argument",
                "cpuset.cpus: device or resource busy",
            ]),
        ],
    },
    Nothing {
        fix: "use a kernel and a runtime with seccomp, or a profile that allows the call",
        command: None,
        signs: &[
            Sign::decides("seccomp is missing or refuses; no limit of the host")
                .says(&["seccomp"])
                .never(&["errno 524", "error 524", "memory", "no space"]),
        ],
    },
    Nothing {
        fix: "update the runtime, or what calls it",
        command: Some("docker version"),
        signs: &[
            Sign::decides("a part is too old for another; no limit of the host").says(&[
                "client version*is too",
                "client is newer than server",
                "minimum supported api version",
                "unsupported spec version",
                "unknown version specified",
                "requires api version",
                "is too new. maximum",
                "is too old. minimum",
                "unknown runtime",
                "runtime * not found",
                "unknown or invalid runtime",
                "incompatible version",
                "not supported by this version",
                "upgrade your client",
                "upgrade your docker",
                "kernel is too old",
                "requires kernel",
                "does not support this feature",
            ]),
        ],
    },
    Nothing {
        fix: "correct the command or the image: the program is not there or not executable",
        command: None,
        signs: &[
            Sign::decides("the container's program cannot be run; no limit of the host").says(&[
                "executable file not found",
                "exec: *: no such file or directory",
                "exec: *: permission denied",
                "exec user process caused*no such file",
                "exec user process caused*permission denied",
                "exec user process caused*argument list too long",
                "exec user process caused \"no such file",
                "is not executable",
                "no command specified",
                "chdir to cwd",
                "unable to find user",
                "no matching entries in passwd",
                "stat /*: no such file or directory",
            ]),
        ],
    },
    Nothing {
        fix: "correct the mount: its source or target is missing or of another sort",
        command: None,
        signs: &[Sign::decides(
            "a mount's source or target is not as it was asked for; no limit of \
the host",
        )
        .says(&[
            "not a directory",
            "are you trying to mount a directory",
            "bind source path does not exist",
            "is not a shared mount",
            "is not a shared or slave mount",
            "path is mounted on / but it is not",
            "no such file or directory: are you",
            "wrong fs type",
            "unknown filesystem type",
            "invalid mount config",
            "cannot be mounted because it is located inside",
            "outside of rootfs",
        ])],
    },
    Nothing {
        fix: "reboot into a kernel without the fault",
        command: Some("uname -r"),
        signs: &[
            Sign::decides(
                "a network namespace is not given back, a fault of the kernel; no \
limit of the host",
            )
            .says(&["unregister_netdevice"]),
            Sign::decides("a fault of the kernel, or modules of another; no limit of the host")
                .says(&[
                    "kernel bug at",
                    "general protection fault",
                    "null pointer dereference",
                    "modprobe: fatal: module",
                ]),
        ],
    },
    Nothing {
        fix: "find who still holds it (a mount in another namespace, a process), and remove it again",
        command: None,
        signs: &[
            Sign::decides("something still uses what is to be removed; no limit of the host")
                .says(&[
                    "failed to remove root filesystem",
                    "unable to remove filesystem",
                    "running deletedevice",
                    "device is busy",
                    "failed to remove container",
                    "driver*failed to remove",
                    "error while removing",
                    "unlinkat*device or resource busy",
                    "failed to cleanup rootfs",
                    "umount*target is busy",
                    "umount*device or resource busy",
                    "unmount*device or resource busy",
                ])
                .never(&["no space"]),
        ],
    },
    Nothing {
        fix: "reboot, or use a kernel with that kind of namespace",
        command: None,
        signs: &[
            Sign::decides("the kernel has no such kind of namespace; no limit of the host")
                .says(&[
                    "namespace {*does not exist",
                    "namespace*is not supported",
                    "namespaces*not supported",
                    "namespaces are not supported",
                    "namespaces are not enabled",
                    "user namespaces not enabled",
                    "unprivileged_userns_clone",
                ])
                .never(&["max_user_namespaces"]),
            Sign::suggests("the kernel has no such kind of namespace; no limit of the host")
                .errno(&[Errno::Invalid])
                .during(&[Operation::Namespace])
                .never(&["max_user_namespaces"]),
            Sign::suggests(
                "an unprivileged user may not make namespaces here; no limit of the \
host",
            )
            .errno(&[Errno::NotPermitted, Errno::Denied])
            .during(&[Operation::Namespace]),
        ],
    },
];
