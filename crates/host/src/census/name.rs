//! The names of processes' files below `/proc`, as the kernel takes them.

use std::ffi::CStr;
use std::io::Write;

/// A name below `/proc`, written where the last one stood.
#[derive(Default)]
pub(super) struct Name {
    bytes: Vec<u8>,
}

impl Name {
    /// That of a descriptor, in the directory of all.
    pub(super) fn of(&mut self, number: u32) -> &CStr {
        self.write(format_args!("{number}\0"))
    }

    /// That of something of a process, or of a descriptor in there.
    pub(super) fn below(&mut self, pid: i32, directory: &str, number: Option<u32>) -> &CStr {
        match number {
            Some(number) => self.write(format_args!("{pid}/{directory}/{number}\0")),
            None => self.write(format_args!("{pid}/{directory}\0")),
        }
    }

    fn write(&mut self, name: std::fmt::Arguments<'_>) -> &CStr {
        self.bytes.clear();
        // Writing into memory does not fail.
        let _ = self.bytes.write_fmt(name);
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or(c"")
    }
}
