//! The size of a machine: processors, memory, kernel, nodes of memory.

use super::Assumption;
use model::{Host, HostError, HostResult};

const PROCESSORS: &str = "/sys/devices/system/cpu/online";
const MEMORY: &str = "/proc/meminfo";

/// What rules are reckoned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Processors.
    pub(crate) cpus: u64,
    /// Bytes of memory.
    pub(crate) memory: u64,
    /// The kernel's release, if another one is assumed.
    pub(crate) kernel: Option<String>,
    /// Nodes of memory, if others are assumed.
    pub(crate) numa: Option<u64>,
}

impl Machine {
    /// The host as it is. Nothing can be reckoned where its size is not known.
    pub(crate) fn read(host: &dyn Host) -> HostResult<Self> {
        let odd = |what: &str| HostError::Failed {
            what: what.to_owned(),
            why: "shows no size to assume another one against".to_owned(),
        };
        let online = host.read_text(PROCESSORS)?;
        let memory = host.read_text(MEMORY)?;
        let total = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:"));
        let kibibytes = total.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        Ok(Self {
            cpus: count(online.trim()).ok_or_else(|| odd(PROCESSORS))?,
            memory: kibibytes
                .and_then(|kibibytes| kibibytes.checked_mul(1024))
                .filter(|bytes| *bytes > 0)
                .ok_or_else(|| odd(MEMORY))?,
            kernel: None,
            numa: None,
        })
    }

    /// The same with what is assumed.
    pub(crate) fn with(&self, assumption: &Assumption) -> Self {
        Self {
            cpus: assumption.cpus.unwrap_or(self.cpus),
            memory: assumption.memory.unwrap_or(self.memory),
            kernel: assumption.kernel.clone(),
            numa: assumption.numa,
        }
    }
}

/// How many numbers a list such as `0-3,8` has (Documentation/admin-guide/cputopology.rst).
fn count(list: &str) -> Option<u64> {
    let mut all: u64 = 0;
    for range in list.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        all = all.checked_add(last.checked_sub(first)?.checked_add(1)?)?;
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn ranges_are_counted() {
        assert_eq!(count("0-3,8"), Some(5));
        assert_eq!((count(""), count("3-1"), count("x")), (None, None, None));
    }

    #[test]
    fn a_host_without_a_size_is_refused() {
        let host = FakeHost::new().file(PROCESSORS, "0-1\n");
        assert!(Machine::read(&host).is_err());
        let host = host.file(MEMORY, "MemTotal:        2030000 kB\n");
        assert_eq!(Machine::read(&host).unwrap().memory, 2_030_000 << 10);
        assert!(Machine::read(&host.file(MEMORY, "MemTotal: 0 kB\n")).is_err());
    }
}
