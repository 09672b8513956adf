//! Undoing one action: what is there now, whether it is still ours, and back to what was before.

use crate::copied;
use crate::journal::{Before, Done};
use crate::raised::{OPEN_FILES, is_raised};
use crate::restore::{Outcome, as_the_kernel_has_it, kernel, rlimit, successor, words};
use model::{Action, HostResult, Image, Machine, Rlimit, Scope};

/// Undoes one action.
pub(crate) fn undo(machine: &dyn Machine, done: &Done, force: bool) -> HostResult<Outcome> {
    match (&done.action, &done.before) {
        (Action::Replace { path, image }, Before::Image(was)) => {
            undo_file(machine, path, image, was, force)
        }
        (Action::CopyFile { path, file, .. }, was) => copied::undo(machine, path, file, was, force),
        (Action::RemoveDirectory { path }, Before::Existed(true)) => {
            if machine.image(path)? != Image::Absent {
                return Ok(Outcome::AsBefore);
            }
            machine.act(&Action::MakeDirectory { path: path.clone() })?;
            Ok(Outcome::Restored)
        }
        (Action::MakeDirectory { path }, Before::Existed(false)) => {
            machine.remove_empty_directory(path)?;
            Ok(match machine.image(path)? {
                Image::Absent => Outcome::Restored,
                _ => Outcome::Stays("it holds files of others".to_owned()),
            })
        }
        (Action::LoadModule { module }, Before::Existed(false)) => {
            Ok(match machine.image(&format!("/sys/module/{module}"))? {
                Image::Absent => Outcome::AsBefore,
                _ => Outcome::Stays("it stays loaded until the next boot".to_owned()),
            })
        }
        (Action::WriteKernel { path, value }, Before::Kernel(was)) => {
            let wrote = [Some(value.as_str()), done.after.as_deref()];
            undo_kernel(machine, path, &wrote, was.as_deref(), force)
        }
        (Action::SetRlimit { .. }, Before::Rlimit(was)) => {
            undo_rlimit(machine, &done.action, *was, force)
        }
        (Action::Restart { unit }, _) => undo_restart(machine, unit),
        (Action::Start { unit }, _) => undo_start(machine, unit),
        _ => Ok(Outcome::AsBefore),
    }
}

/// A unit that does not run after a restart that failed is started again: its files are as before.
fn undo_restart(machine: &dyn Machine, unit: &str) -> HostResult<Outcome> {
    machine.refresh();
    if machine.unit(unit)?.text("ActiveState") == Some("active") {
        return Ok(Outcome::Stays(
            "if it was restarted, what it started with holds until its next start".to_owned(),
        ));
    }
    machine.act(&Action::Restart {
        unit: unit.to_owned(),
    })?;
    Ok(Outcome::Restored)
}

/// A unit that hosttune started for itself, such as the timer of an apply that waits to be confirmed.
fn undo_start(machine: &dyn Machine, unit: &str) -> HostResult<Outcome> {
    machine.refresh();
    // In the files of a host that is down, nothing has to be stopped.
    if machine.scope() == Scope::Tree || machine.unit(unit)?.text("ActiveState") != Some("active") {
        return Ok(Outcome::AsBefore);
    }
    machine.act(&Action::Stop {
        unit: unit.to_owned(),
    })?;
    Ok(Outcome::Restored)
}

fn undo_file(
    machine: &dyn Machine,
    path: &str,
    wrote: &Image,
    was: &Image,
    force: bool,
) -> HostResult<Outcome> {
    machine.sweep(path)?;
    let now = machine.image(path)?;
    if now == *was {
        return Ok(Outcome::AsBefore);
    }
    // A file's mode and owner are the operator's to change; a link is nothing but its target.
    let ours = match wrote {
        Image::File { .. } => now.content() == wrote.content(),
        _ => now == *wrote,
    };
    if !ours && !force {
        let describe = |image: &Image| match image {
            Image::File { content, .. } => format!("a file of {} bytes", content.len()),
            Image::Absent => "nothing".to_owned(),
            Image::Link { target } => format!("a link to {target}"),
            Image::Directory | Image::Other => "no regular file".to_owned(),
        };
        return Ok(Outcome::Conflict {
            now: describe(&now),
            wrote: describe(wrote),
        });
    }
    machine.act(&Action::Replace {
        path: path.to_owned(),
        image: was.clone(),
    })?;
    Ok(Outcome::Restored)
}

fn undo_kernel(
    machine: &dyn Machine,
    path: &str,
    wrote: &[Option<&str>],
    was: Option<&str>,
    force: bool,
) -> HostResult<Outcome> {
    let Some(now) = kernel(machine, path)? else {
        return Ok(Outcome::AsBefore);
    };
    let Some(was) = was else {
        return Ok(Outcome::Stays(format!(
            "it is {now}; it did not exist before and stays until the next boot"
        )));
    };
    if now == words(was) {
        return Ok(Outcome::AsBefore);
    }
    if !force && !wrote.iter().flatten().any(|value| words(value) == now) {
        let wrote = wrote.iter().flatten().next().unwrap_or(&"");
        return Ok(Outcome::Conflict {
            now,
            wrote: (*wrote).to_owned(),
        });
    }
    machine.act(&Action::WriteKernel {
        path: path.to_owned(),
        value: was.to_owned(),
    })?;
    Ok(Outcome::Restored)
}

/// The process that was changed may have ended since; the one that runs in its place started with
/// what the unit's files said meanwhile, and gets the old limit instead.
fn undo_rlimit(
    machine: &dyn Machine,
    action: &Action,
    was: Rlimit,
    force: bool,
) -> HostResult<Outcome> {
    let Action::SetRlimit {
        unit,
        process,
        resource,
        value,
    } = action
    else {
        return Ok(Outcome::AsBefore);
    };
    let Some(process) = successor(machine, unit, *process)? else {
        return Ok(Outcome::AsBefore);
    };
    let Some(now) = rlimit(machine, process.pid, resource)? else {
        return Ok(Outcome::AsBefore);
    };
    if now == was {
        return Ok(Outcome::AsBefore);
    }
    let wrote = [as_the_kernel_has_it(machine, resource, *value), *value];
    let ours = |wrote: &Rlimit| *wrote == now || raised_by_itself(resource, *wrote, now);
    if !wrote.iter().any(ours) && !force {
        return Ok(Outcome::Conflict {
            now: describe(now),
            wrote: describe(*value),
        });
    }
    machine.act(&Action::SetRlimit {
        unit: unit.clone(),
        process,
        resource: resource.clone(),
        value: was,
    })?;
    Ok(Outcome::Restored)
}

/// Whether a program that was started with `given` may have made of it what is there `now`.
fn raised_by_itself(resource: &str, given: Rlimit, now: Rlimit) -> bool {
    let soft = now.soft.map(i128::from);
    let raised = is_raised(soft, now.hard.map(i128::from));
    resource == OPEN_FILES && given.hard == now.hard && raised
}

fn describe(limit: Rlimit) -> String {
    let word = |value: Option<u64>| value.map_or("infinity".to_owned(), |n| n.to_string());
    format!("{}:{}", word(limit.soft), word(limit.hard))
}
