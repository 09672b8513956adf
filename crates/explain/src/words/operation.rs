//! What is tried, as programs call it: the system call's name, the library's, and the sentence.

use super::files::FILES;
use model::Operation;

/// What is tried and how that is spelled.
pub(super) type Spelled = (Operation, &'static [&'static str]);

/// Every operation. A spelling that opens with a letter stands at the start of a word; none counts inside a
/// path.
pub(crate) fn operations() -> impl Iterator<Item = &'static Spelled> {
    PROCESSES.iter().chain(FILES)
}

/// What is done with processes, cgroups, memory and limits.
const PROCESSES: &[Spelled] = &[
    (
        Operation::Fork,
        &[
            "fork",
            "vfork",
            "clone3",
            "clone(",
            "clone:",
            "clone failed",
            "clone child",
            "spawn ",
            "spawn:",
            "spawnp",
            "posix_spawn",
            "start new process",
            "create process",
            "create child process",
            "execute child",
            "start child",
            "subprocess",
            "popen",
        ],
    ),
    (
        Operation::Thread,
        &[
            "pthread_create",
            "native thread",
            "new os thread",
            "newosproc",
            "new thread",
            "creating thread",
            "create thread",
            "create a thread",
            "create worker thread",
            "creating worker thread",
            "spawn thread",
            "spawn a thread",
            "start thread",
            "thread creation",
            "thread::spawn",
            "thread create",
            "java thread",
            "os can't spawn worker thread",
            "worker thread",
            "std::thread",
            "create the thread",
            "new threads",
            "thread constructor",
        ],
    ),
    (
        Operation::Namespace,
        &[
            "unshare",
            "clone_new",
            "new namespace",
            "user namespace",
            "user_namespace",
            "userns",
            "network namespace",
            "netns",
            "create namespace",
            "creating namespace",
            "nsenter",
            "mount namespace",
            "pid namespace",
            "ipc namespace",
            "uts namespace",
            "cgroup namespace",
            "newuser",
            "newnet",
            "namespaces",
        ],
    ),
    (
        Operation::Key,
        &[
            "session key",
            "keyring",
            "keyctl",
            "add_key",
            "request_key",
            "kernel key",
            "session-key",
        ],
    ),
    (Operation::Filter, &["seccomp", "bpf", "ebpf"]),
    (
        Operation::Map,
        &[
            "mmap",
            "munmap",
            "mprotect",
            "map memory",
            "mremap",
            "map shared",
            "memory map",
            "map failed",
        ],
    ),
    (
        Operation::Lock,
        &[
            "mlock",
            "memlock",
            "lock memory",
            "io_uring",
            "locked memory",
            "mlockall",
            "locking memory",
        ],
    ),
    (
        Operation::MessageQueue,
        &["mq_open", "mqueue", "message queue"],
    ),
    (
        Operation::Semaphore,
        &["semget", "sem_get", "semctl", "semaphore"],
    ),
    (
        Operation::SetLimit,
        &[
            "setrlimit",
            "setting rlimit",
            "set rlimit",
            "rlimit",
            "prlimit",
            "adjust resource limit",
            "ulimit",
            "max_open_files",
            "rlimits",
        ],
    ),
    (
        Operation::Signal,
        &["sigqueue", "timer_create", "sigev", "setitimer", "rt_sig"],
    ),
    (
        Operation::JoinCgroup,
        &[
            "cgroup.procs",
            "add pids",
            "add pid ",
            "write pid",
            "attach to cgroup",
            "into cgroup",
            "join cgroup",
            "joining cgroup",
            "entering cgroup",
            "enter cgroup",
            "move process",
            "adding process",
            "add process",
        ],
    ),
    (
        Operation::MakeCgroup,
        &[
            "create cgroup",
            "creating cgroup",
            "make cgroup",
            "new cgroup",
            "cgroup creation",
            "create control group",
            "creation of cgroup",
            "mkdir cgroup",
            "create the cgroup",
            "creating cgroups",
            "create cgroups",
            "create container cgroup",
        ],
    ),
    (
        Operation::SetUser,
        &[
            "setuid",
            "set user id",
            "change user",
            "set uid",
            "setresuid",
            "set user",
            "change identity",
            "su:",
        ],
    ),
];
