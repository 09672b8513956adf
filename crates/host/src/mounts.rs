//! The two tables of mounts, this process's and PID 1's, which are one where both see the same mounts.

use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
use rustix::io::Result;

/// This process's.
const OWN: &str = "/proc/self/mountinfo";
/// Those of the host's first process.
const FIRST: &str = "/proc/1/mountinfo";

/// The table to read for `path`, so that the same one is not written out twice: a line costs the kernel
/// seven microseconds, and two are a container's.
pub(crate) fn table(path: &str) -> &str {
    match path == OWN && sees("self").is_ok_and(|own| sees("1").is_ok_and(|first| own == first)) {
        true => FIRST,
        false => path,
    }
}

/// What the table of a process depends on (fs/proc_namespace.c, mounts_open_common): its mount namespace and
/// its root directory, told by the number of the mount that it lies on. Both are closed to other users.
fn sees(process: &str) -> Result<[u64; 5]> {
    let look = |name: &str| {
        let path = format!("/proc/{process}/{name}");
        let wanted = StatxFlags::INO | StatxFlags::MNT_ID;
        statx(CWD, path, AtFlags::empty(), wanted)
    };
    let (namespace, root) = (look("ns/mnt")?, look("root")?);
    // Before 5.8 the kernel does not say which mount it is: the answer differs from any other.
    if root.stx_mask & StatxFlags::MNT_ID.bits() == 0 {
        return Err(rustix::io::Errno::OPNOTSUPP);
    }
    Ok([
        namespace.stx_ino,
        root.stx_mnt_id,
        root.stx_ino,
        u64::from(root.stx_dev_major),
        u64::from(root.stx_dev_minor),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{read, read_link};

    #[test]
    fn one_table_is_read_for_another_only_if_they_are_the_same() {
        assert_eq!(table("/proc/7/mountinfo"), "/proc/7/mountinfo");
        assert_eq!(sees("self"), sees(&std::process::id().to_string()));
        let namespaces =
            ["self", "1"].map(|process| read_link(format!("/proc/{process}/ns/mnt")).ok());
        match table(OWN) {
            FIRST => assert_eq!(namespaces[0], namespaces[1]),
            told => assert_eq!(told, OWN),
        }
        assert!(read(table(OWN)).is_ok());
    }
}
