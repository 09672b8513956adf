//! The lock that keeps two changes of one host apart.

use crate::directories::make_directory;
use crate::fault::{AboutPath, failed};
use crate::root::Root;
use model::{Guard, HostResult};
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use std::fs::{File, TryLockError};
use std::io::{Read, Write};

/// Where the lock stands; /run is empty after a boot, and so no lock outlives one.
const DIRECTORIES: [&str; 2] = ["/run", "/run/hosttune"];
const LOCK: &str = "/run/hosttune/lock";

/// The lock, held until this is dropped: the kernel lets go of it with the file.
#[derive(Debug)]
struct Held {
    _file: File,
}

impl Guard for Held {}

/// Takes the lock, or says who has it.
pub(crate) fn lock(root: &Root) -> HostResult<Box<dyn Guard>> {
    for directory in DIRECTORIES {
        make_directory(root, directory, Mode::from_bits_truncate(0o755))?;
    }
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    let mut file = root
        .descend(LOCK, flags, Mode::from_bits_truncate(0o600))
        .map(File::from)
        .changing(LOCK)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(failed(LOCK, holder(&file))),
        Err(TryLockError::Error(error)) => return Err(error).changing(LOCK),
    }
    file.set_len(0).changing(LOCK)?;
    writeln!(file, "{}", std::process::id()).changing(LOCK)?;
    Ok(Box::new(Held { _file: file }))
}

fn holder(file: &File) -> String {
    let mut text = String::new();
    // Who holds it is a courtesy; that it is held is certain.
    let _ = file.take(32).read_to_string(&mut text);
    match text.trim().parse::<u32>() {
        Ok(pid) => format!("another hosttune (PID {pid}) is changing this host"),
        Err(_) => "another hosttune is changing this host".to_owned(),
    }
}
