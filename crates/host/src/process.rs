//! The limits of a running process, set by prlimit(2) on exactly the process that was meant.

use crate::fault::{AboutPath, failed, fault};
use crate::files;
use crate::root::Root;
use model::{HostError, HostResult, ProcessId, Rlimit};
use rustix::io::Errno;
use rustix::process::{Pid, Resource, prlimit};
use std::io;

/// The limits as `/proc/PID/limits` names them (proc_pid_limits(5)).
const RESOURCES: [(&str, Resource); 16] = [
    ("Max cpu time", Resource::Cpu),
    ("Max file size", Resource::Fsize),
    ("Max data size", Resource::Data),
    ("Max stack size", Resource::Stack),
    ("Max core file size", Resource::Core),
    ("Max resident set", Resource::Rss),
    ("Max processes", Resource::Nproc),
    ("Max open files", Resource::Nofile),
    ("Max locked memory", Resource::Memlock),
    ("Max address space", Resource::As),
    ("Max file locks", Resource::Locks),
    ("Max pending signals", Resource::Sigpending),
    ("Max msgqueue size", Resource::Msgqueue),
    ("Max nice priority", Resource::Nice),
    ("Max realtime priority", Resource::Rtprio),
    ("Max realtime timeout", Resource::Rttime),
];

/// Sets one limit of one process.
pub(crate) fn set_rlimit(
    root: &Root,
    process: ProcessId,
    resource: &str,
    value: Rlimit,
) -> HostResult<()> {
    let what = format!("{resource} of PID {}", process.pid);
    let known = RESOURCES.iter().find(|(name, _)| *name == resource);
    let (_, number) = known.ok_or_else(|| failed(&what, "is no limit of a process"))?;
    let pid = Pid::from_raw(process.pid).ok_or_else(|| failed(&what, "is no process number"))?;
    let highest = highest(root, *number)?;
    let limit = rustix::process::Rlimit {
        current: value.soft.or(highest),
        maximum: value.hard.or(highest),
    };
    // Nothing between here and the call but the call: the number could be given away anew.
    if started(root, process.pid)? != process.started {
        return Err(failed(&what, "the number belongs to another process now"));
    }
    match prlimit(Some(pid), *number, limit) {
        Ok(_) => Ok(()),
        Err(Errno::SRCH) => Err(HostError::NotFound(what)),
        Err(Errno::PERM) if value_is_refused(*number) => Err(failed(
            &what,
            "the kernel refused the value: it is above fs.nr_open",
        )),
        Err(error) => Err(fault(&what, "CAP_SYS_RESOURCE", io::Error::from(error))),
    }
}

/// What stands for infinity: for open files the kernel takes no more than fs.nr_open
/// (kernel/sys.c, do_prlimit), for everything else there is a true infinity.
fn highest(root: &Root, resource: Resource) -> HostResult<Option<u64>> {
    if resource != Resource::Nofile {
        return Ok(None);
    }
    let path = "/proc/sys/fs/nr_open";
    let text = files::read(root, path)?;
    let number = String::from_utf8_lossy(&text).trim().parse();
    number.map(Some).map_err(|_| failed(path, "is no number"))
}

/// The super-user is refused only by a value, and only open files have one that is too large.
fn value_is_refused(resource: Resource) -> bool {
    resource == Resource::Nofile && nix::unistd::Uid::effective().is_root()
}

/// When a process started, in clock ticks since boot: field 22 of its stat file, counted behind
/// the command's closing parenthesis, since a command may contain blanks and parentheses.
pub(crate) fn started(root: &Root, pid: i32) -> HostResult<u64> {
    let path = format!("/proc/{pid}/stat");
    let stat = files::read(root, &path)?;
    let stat = String::from_utf8_lossy(&stat);
    let field = stat.rsplit_once(')').and_then(|(_, rest)| {
        let started = rest.split_whitespace().nth(22 - 3)?;
        started.parse().ok()
    });
    field
        .ok_or_else(|| io::Error::other("has no start time"))
        .reading(&path)
}

/// This process, told from a later one of the same number: its number and its start.
pub(crate) fn of_this_process(root: &Root) -> HostResult<String> {
    let pid = nix::unistd::getpid().as_raw();
    Ok(format!("{pid}-{}", started(root, pid)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Child, Command};

    struct Sleeper(Child);

    impl Sleeper {
        fn new() -> Self {
            Self(Command::new("sleep").arg("60").spawn().unwrap())
        }

        fn pid(&self) -> i32 {
            self.0.id().try_into().unwrap()
        }
    }

    impl Drop for Sleeper {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    const LOW: Rlimit = Rlimit {
        soft: Some(100),
        hard: Some(200),
    };

    #[test]
    fn a_child_gets_the_limit_and_a_later_namesake_does_not() {
        let (root, child) = (Root::open(None).unwrap(), Sleeper::new());
        let pid = child.pid();
        let mut process = ProcessId {
            pid,
            started: started(&root, pid).unwrap(),
        };
        set_rlimit(&root, process, "Max open files", LOW).unwrap();
        let limits = files::read(&root, &format!("/proc/{pid}/limits")).unwrap();
        let limits = String::from_utf8(limits).unwrap();
        let line = limits.lines().find(|l| l.starts_with("Max open files"));
        let words: Vec<_> = line.unwrap().split_whitespace().collect();
        assert_eq!(words[3..5], ["100", "200"]);
        process.started += 1;
        let error = set_rlimit(&root, process, "Max open files", LOW).unwrap_err();
        assert!(error.to_string().ends_with("another process now"));
    }

    #[test]
    fn every_name_is_the_kernels() {
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        for (name, _) in RESOURCES {
            assert!(limits.lines().any(|line| line.starts_with(name)), "{name}");
        }
    }
}
