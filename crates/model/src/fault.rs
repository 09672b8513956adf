//! A fault: the parts that a failing call shows of itself, as signs ask for them.

/// An error of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Errno {
    /// EPERM
    NotPermitted,
    /// ENOENT
    NoEntry,
    /// ESRCH
    NoProcess,
    /// E2BIG
    TooBig,
    /// EAGAIN
    Again,
    /// ENOMEM
    NoMemory,
    /// EACCES
    Denied,
    /// EBUSY
    Busy,
    /// ENODEV
    NoDevice,
    /// EINVAL
    Invalid,
    /// ENFILE
    FilesOfHost,
    /// EMFILE
    FilesOfProcess,
    /// ENOSPC
    NoSpace,
    /// EROFS
    ReadOnly,
    /// ERANGE
    OutOfRange,
    /// ENAMETOOLONG
    NameTooLong,
    /// EXFULL
    ExchangeFull,
    /// EOPNOTSUPP
    NotSupported,
    /// EADDRINUSE
    AddressInUse,
    /// EADDRNOTAVAIL
    AddressNotAvailable,
    /// ECONNRESET
    ConnectionReset,
    /// ENOBUFS
    NoBuffers,
    /// ETIMEDOUT
    TimedOut,
    /// ECONNREFUSED
    Refused,
    /// EHOSTUNREACH
    Unreachable,
    /// EDQUOT
    Quota,
    /// ENOTSUPP, which has no name outside of the kernel
    Internal524,
}

/// What was tried: a system call, or what programs call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// A process is made: fork, vfork, clone.
    Fork,
    /// A thread is made.
    Thread,
    /// A namespace is made: unshare, clone with its flags.
    Namespace,
    /// A directory is made.
    MakeDirectory,
    /// A file system is mounted.
    Mount,
    /// Something is watched by inotify.
    Inotify,
    /// A file is opened.
    Open,
    /// A file is written.
    Write,
    /// A connection is taken.
    Accept,
    /// A connection is made.
    Connect,
    /// A socket gets its address.
    Bind,
    /// A pipe is made or grown.
    Pipe,
    /// A key or keyring is made.
    Key,
    /// A BPF program or seccomp filter is loaded.
    Filter,
    /// A terminal is opened.
    Terminal,
    /// The message bus is called.
    Bus,
    /// A context of asynchronous I/O is made.
    AsyncIo,
    /// Something is added to an epoll set.
    Epoll,
    /// Memory is mapped.
    Map,
    /// Memory is locked.
    Lock,
    /// A message queue is made.
    MessageQueue,
    /// Semaphores are made.
    Semaphore,
    /// A resource limit is set.
    SetLimit,
    /// A signal is queued or a timer made.
    Signal,
    /// A netlink message is sent or received.
    Netlink,
    /// An interface joins a bridge.
    BridgePort,
    /// A process is put into a cgroup.
    JoinCgroup,
    /// A cgroup is made.
    MakeCgroup,
    /// A process changes its user.
    SetUser,
}

/// Where it was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The cgroup file system.
    Cgroup,
    /// The list of a cgroup's processes.
    CgroupProcesses,
    /// What a cgroup hands on to those below.
    CgroupControl,
    /// Below `/run`.
    Run,
    /// Below `/dev/shm`.
    SharedMemory,
    /// The devices of terminals.
    Terminals,
    /// systemd's private socket.
    PrivateBus,
    /// A unix socket.
    UnixSocket,
    /// A directory of an overlay.
    Overlay,
    /// A settings file of the kernel, below `/proc/sys` or `/sys`.
    KernelFile,
    /// Any other path.
    Disk,
}
