//! Files that are copied because a journal cannot hold them: what is there, and the way back.

use crate::journal::Before;
use crate::restore::Outcome;
use model::{Action, Fingerprint, Host, HostError, HostResult, Image, Machine, Origin};

/// What stands at a path, whatever its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum There {
    /// Nothing.
    Nothing,
    /// A link to this.
    Link(String),
    /// A regular file.
    File(Fingerprint),
}

/// Looks at `path`; what is neither file nor link nor nothing is an error.
pub(crate) fn there(host: &dyn Host, path: &str) -> HostResult<There> {
    if let Ok(target) = host.read_link(path) {
        return Ok(There::Link(target));
    }
    match host.fingerprint(path) {
        Ok(file) => Ok(There::File(file)),
        Err(HostError::NotFound(_)) => Ok(There::Nothing),
        Err(error) => Err(error),
    }
}

/// What the journal can say of `path` by itself; a file must be kept first.
pub(crate) fn before(host: &dyn Host, path: &str) -> HostResult<Before> {
    Ok(match there(host, path)? {
        There::Nothing => Before::Image(Image::Absent),
        There::Link(target) => Before::Image(Image::Link { target }),
        There::File(_) => Before::Nothing,
    })
}

/// Puts back what was there before `wrote` was copied to `path`.
pub(crate) fn undo(
    machine: &dyn Machine,
    path: &str,
    wrote: &Fingerprint,
    was: &Before,
    force: bool,
) -> HostResult<Outcome> {
    let (as_before, back) = match was {
        Before::Image(Image::Absent) => (There::Nothing, replace(path, Image::Absent)),
        Before::Image(Image::Link { target }) => {
            let link = Image::Link {
                target: target.clone(),
            };
            (There::Link(target.clone()), replace(path, link))
        }
        Before::Kept { copy, file } => {
            let action = Action::CopyFile {
                from: Origin::File(copy.clone()),
                path: path.to_owned(),
                file: file.clone(),
            };
            (There::File(file.clone()), action)
        }
        // A copy that was only kept: whoever needs it removes it.
        _ => {
            machine.sweep(path)?;
            return Ok(Outcome::AsBefore);
        }
    };
    machine.sweep(path)?;
    let now = there(machine, path)?;
    let outcome = if now == as_before {
        Outcome::AsBefore
    } else if force || matches!(&now, There::File(file) if file.same_content(wrote)) {
        machine.act(&back)?;
        Outcome::Restored
    } else {
        return Ok(Outcome::Conflict {
            now: describe(&now),
            wrote: describe(&There::File(wrote.clone())),
        });
    };
    if let Before::Kept { copy, .. } = was
        && there(machine, copy)? != There::Nothing
    {
        machine.act(&replace(copy, Image::Absent))?;
    }
    Ok(outcome)
}

fn replace(path: &str, image: Image) -> Action {
    Action::Replace {
        path: path.to_owned(),
        image,
    }
}

fn describe(there: &There) -> String {
    match there {
        There::Nothing => "nothing".to_owned(),
        There::Link(target) => format!("a link to {target}"),
        There::File(file) => format!("a file of {} bytes", file.size),
    }
}
