//! Leftovers: what a rehearsal left whose guard was killed, known by its name.

use super::groups::{PREFIX, remove_below};
use crate::RehearseError;
use host::Door;
use model::{Action, Host, Machine};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long processes may take to die.
const PATIENCE: Duration = Duration::from_secs(20);

/// Takes away the services and groups of rehearsals whose hosttune is gone; gives what that was.
pub(super) fn clean(door: &Door, mounts: &[PathBuf]) -> Result<Vec<String>, RehearseError> {
    let mut gone = Vec::new();
    let all: Vec<PathBuf> = mounts.iter().flat_map(|mount| found(mount, 0)).collect();
    for group in &all {
        let name = group.file_name().unwrap_or_default().to_string_lossy();
        if of_one_that_lives(door, &name) {
            continue;
        }
        if name.ends_with(".service") {
            let unit = name.into_owned();
            if door.act(&Action::Stop { unit: unit.clone() }).is_ok() {
                gone.push(unit);
                continue;
            }
        }
        empty(group);
        remove_below(group, None, 0);
        match fs::remove_dir(group) {
            Ok(()) => gone.push(group.display().to_string()),
            Err(_) if !group.exists() => gone.push(group.display().to_string()),
            Err(_) => return Err(RehearseError::Left(group.display().to_string())),
        }
    }
    Ok(gone)
}

/// Groups with a rehearsal's name, wherever containers' parents may be.
fn found(directory: &Path, level: u32) -> Vec<PathBuf> {
    const DEEPEST: u32 = 6;
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut all = Vec::new();
    for entry in directories {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            all.push(entry.path());
        } else if level < DEEPEST {
            all.extend(found(&entry.path(), level + 1));
        }
    }
    all
}

/// Whether the hosttune that a name tells of still runs: the number is followed by the time of its
/// start, and a later process of the same number is no hosttune that rehearses.
fn of_one_that_lives(door: &Door, name: &str) -> bool {
    let number = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split('-').next());
    let Some(number) = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return false;
    };
    let line = door.read_text(&format!("/proc/{number}/cmdline"));
    line.is_ok_and(|line| line.split('\0').any(|word| word == "rehearse"))
}

/// Kills what runs in a group and below it, until nothing does.
fn empty(group: &Path) {
    let begun = Instant::now();
    // cgroup v2, since Linux 5.14.
    let _ = fs::write(group.join("cgroup.kill"), "1");
    while begun.elapsed() < PATIENCE {
        let processes = processes(group);
        if processes.is_empty() {
            return;
        }
        for process in processes {
            let _ = kill(process, Signal::SIGKILL);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Processes of a group and of those below it, as they are in it now: nobody but the rehearsal puts
/// one there.
fn processes(group: &Path) -> Vec<Pid> {
    let text = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    let mut all: Vec<Pid> = text
        .lines()
        .filter_map(|line| line.parse().ok().filter(|number| *number > 1))
        .map(Pid::from_raw)
        .collect();
    let entries = fs::read_dir(group).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        all.extend(processes(&entry.path()));
    }
    all
}
