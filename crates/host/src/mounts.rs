//! The two tables of mounts, this process's and PID 1's, which are one where both see the same mounts.

use std::fs::File;
use std::io::{Read, Result};

/// This process's.
const OWN: &str = "/proc/self/mountinfo";
/// That of the host's first process.
const FIRST: &str = "/proc/1/mountinfo";
/// The words of a line up to the mount point: number, parent, device, root, mount point
/// (proc_pid_mountinfo(5)).
const WORDS: usize = 5;
/// The kernel writes out no more lines than fill this (fs/seq_file.c).
const ROOM: usize = 1024;

/// The table to read for `path`, so that the same one is not written out twice: a line costs the kernel
/// seven microseconds, and two lines are a container's.
pub(crate) fn table(path: &str) -> &str {
    let same = || Some(first_mount(OWN).ok()?? == first_mount(FIRST).ok()??);
    match path == OWN && same() == Some(true) {
        true => FIRST,
        false => path,
    }
}

/// Which mount a table shows first, and where. A table follows from a mount namespace and a root directory
/// (fs/proc_namespace.c, mounts_open_common). A mount is in one namespace, and the numbers of mounts are
/// unique over all of them (fs/namespace.c, mnt_alloc_id); and it is at the same path for those alone who
/// have the same root.
fn first_mount(table: &str) -> Result<Option<Vec<u8>>> {
    let mut room = [0; ROOM];
    let length = File::open(table)?.read(&mut room)?;
    let words: Vec<&[u8]> = room[..length].split(|byte| *byte == b' ').collect();
    // A word is whole if another one follows it.
    Ok((words.len() > WORDS).then(|| words[..WORDS].join(&b' ')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{read, read_link, write};

    #[test]
    fn one_table_is_read_for_another_only_if_they_are_the_same() {
        assert_eq!(table("/proc/7/mountinfo"), "/proc/7/mountinfo");
        // Who may not look into PID 1 sees its table all the same.
        let namespaces = ["self", "1"].map(|process| read_link(format!("/proc/{process}/ns/mnt")));
        match (table(OWN), namespaces) {
            (told, [Ok(own), Ok(first)]) => assert_eq!(told == FIRST, own == first),
            (FIRST, _) => assert_eq!(first_mount(OWN).unwrap(), first_mount(FIRST).unwrap()),
            (told, _) => assert_eq!(told, OWN),
        }
        assert!(read(table(OWN)).is_ok());
    }

    #[test]
    fn a_mount_is_told_by_its_number_and_place() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let first = |text: &str| {
            write(&file, text).unwrap();
            first_mount(&file.path().display().to_string()).unwrap()
        };
        let whole = first("22 1 0:2 / /var rw - ext4 /dev/vda rw\n").unwrap();
        assert_eq!(whole, b"22 1 0:2 / /var");
        assert_ne!(
            first("23 1 0:2 / /var rw - ext4 /dev/vda rw\n"),
            Some(whole)
        );
        for cut in ["", "22 1 0:2 / /va"] {
            assert_eq!(first(cut), None);
        }
    }
}
