//! A process told from a later one of the same number: by when it started.

use model::{Host, HostError, HostResult};
use procfs::FromRead;
use procfs::process::Stat;

/// When a process started, in clock ticks since boot; none where there is no such process.
pub(crate) fn started(host: &dyn Host, pid: i32) -> HostResult<Option<u64>> {
    match host.read(&format!("/proc/{pid}/stat")) {
        Ok(bytes) => Ok(Stat::from_read(bytes.as_slice()).ok().map(|s| s.starttime)),
        Err(HostError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
