//! The image of a probe: the running program, alone in an archive.

use crate::fault::{AboutPath, failed};
use model::HostResult;
use std::fs;

/// The running program, even if its file was replaced or removed meanwhile (proc(5)).
const PROGRAM: &str = "/proc/self/exe";
/// The program's name inside.
pub(super) const NAME: &str = "hosttune";
/// The kind of program header that names the loader of a program (elf(5)).
const PT_INTERP: u32 = 3;

/// The archive, with the program as its only file.
pub(super) fn archive() -> HostResult<Vec<u8>> {
    let program = fs::read(PROGRAM).reading(PROGRAM)?;
    if needs_a_loader(&program) != Some(false) {
        return Err(failed(
            "this hosttune",
            "is not linked statically, so it does not run in a container that has nothing else in \
             it; build it as its repository does (.cargo/config.toml)",
        ));
    }
    packed(&program).map_err(|error| failed("the image of the probe", error.to_string()))
}

fn packed(program: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut head = tar::Header::new_ustar();
    head.set_size(program.len() as u64);
    head.set_mode(0o755);
    let mut archive = tar::Builder::new(Vec::with_capacity(program.len() + 4096));
    archive.append_data(&mut head, NAME, program)?;
    archive.into_inner()
}

/// Whether an ELF program of 64 bits names a loader; none where it is no such program.
fn needs_a_loader(program: &[u8]) -> Option<bool> {
    let bytes = |at: usize, count: usize| program.get(at..at.checked_add(count)?);
    let short = |at| Some(u16::from_ne_bytes(bytes(at, 2)?.try_into().ok()?));
    if bytes(0, 5)? != [0x7f, b'E', b'L', b'F', 2] {
        return None;
    }
    let table = u64::from_ne_bytes(bytes(32, 8)?.try_into().ok()?);
    let table = usize::try_from(table).ok()?;
    let (size, count) = (usize::from(short(54)?), usize::from(short(56)?));
    for row in 0..count {
        let kind = bytes(table.checked_add(row * size)?, 4)?;
        if u32::from_ne_bytes(kind.try_into().ok()?) == PT_INTERP {
            return Some(true);
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_needs_a_loader_is_told_from_one_that_does_not() {
        let own = fs::read(PROGRAM).unwrap();
        assert_eq!(
            needs_a_loader(&own),
            Some(false),
            "tests are linked statically"
        );
        let shell = fs::read("/bin/sh").unwrap();
        assert_eq!(needs_a_loader(&shell), Some(true));
        assert_eq!(needs_a_loader(b"#!/bin/sh\n"), None);
        assert_eq!(needs_a_loader(&own[..60]), None);
    }

    #[test]
    fn the_archive_has_one_file_that_may_be_run() {
        let bytes = packed(b"program").unwrap();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries: Vec<_> = archive.entries().unwrap().map(Result::unwrap).collect();
        assert_eq!(entries.len(), 1);
        let head = entries[0].header();
        assert_eq!(head.path().unwrap().to_str(), Some(NAME));
        assert_eq!((head.size().unwrap(), head.mode().unwrap()), (7, 0o755));
    }
}
