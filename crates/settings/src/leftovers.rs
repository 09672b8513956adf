//! Leftovers: what profiles in force set and the next one does not name, on its way back to what was
//! there before the first of them.

use crate::changes::{Change, changes, is_ours};
use crate::journal::{Before, Done, Journal};
use crate::plan::Planned;
use crate::restore::{before, kernel, rlimit, successor, words};
use model::{Action, Host, HostResult, Image};

/// What the profiles in force set and the new one does not name.
#[derive(Default)]
pub(crate) struct Leftovers {
    /// What goes back to what was there before the first of them.
    pub(crate) planned: Vec<Planned>,
    /// What somebody else has changed since, and that is left alone.
    pub(crate) warnings: Vec<String>,
}

/// What is left over of the profiles in force, for a new one that acts on `subjects` and writes
/// `files`. Of what `unseen` settings name nobody can tell what they would do, so it stays.
pub(crate) fn leftovers(
    host: &dyn Host,
    journal: &Journal,
    subjects: &[String],
    files: &[String],
    unseen: &[String],
) -> HostResult<Leftovers> {
    let mut leftovers = Leftovers::default();
    for change in changes(journal) {
        let named = subjects.contains(&change.subject)
            || is_parent(&change, files)
            || files.contains(&change.subject)
            || change
                .first
                .key
                .as_ref()
                .is_some_and(|key| unseen.contains(key));
        if !named {
            leftovers.take(host, &change)?;
        }
    }
    // The directory that was made last is the innermost.
    let removes = |planned: &Planned| matches!(planned.action, Action::RemoveDirectory { .. });
    let (emptied, others): (Vec<_>, Vec<_>) = leftovers.planned.into_iter().partition(removes);
    leftovers.planned = others;
    leftovers.planned.extend(emptied.into_iter().rev());
    Ok(leftovers)
}

/// What a file was before the profiles in force wrote into it.
pub(crate) struct Base {
    /// The file.
    pub(crate) image: Image,
    /// Somebody else has written to it since, so that their work cannot be taken away: it is what
    /// stands there now.
    pub(crate) edited: bool,
}

/// What `path` is without the work of the profiles in force.
pub(crate) fn base(host: &dyn Host, journal: &Journal, path: &str) -> HostResult<Base> {
    let now = host.image(path)?;
    let active = journal.active();
    let done = active.iter().flat_map(|record| &record.done);
    let mut replaced = done.filter_map(|done| match (&done.action, &done.before) {
        (Action::Replace { path: of, image }, Before::Image(was)) if of == path => {
            Some((image, was))
        }
        _ => None,
    });
    let Some(first) = replaced.next() else {
        let (image, edited) = (now, false);
        return Ok(Base { image, edited });
    };
    let (wrote, _) = replaced.next_back().unwrap_or(first);
    let edited = now.content() != wrote.content();
    let image = if edited { now } else { first.1.clone() };
    Ok(Base { image, edited })
}

/// Whether a directory that was made is one that the new profile has files in.
fn is_parent(change: &Change<'_>, files: &[String]) -> bool {
    let Action::MakeDirectory { path } = &change.first.action else {
        return false;
    };
    let prefix = format!("{path}/");
    files.iter().any(|file| file.starts_with(&prefix))
}

impl Leftovers {
    fn take(&mut self, host: &dyn Host, one: &Change<'_>) -> HostResult<()> {
        let Some(action) = undoing(host, one.first)? else {
            return Ok(());
        };
        let before = before(host, &action)?;
        if !is_ours(host, one.last, &before) {
            self.warnings.push(format!(
                "{} is neither what hosttune wrote nor what was there before; it is left alone",
                one.subject
            ));
            return Ok(());
        }
        self.planned.push(Planned {
            action,
            key: one.first.key.clone(),
            before,
        });
        Ok(())
    }
}

/// The action that brings back what was before `done`, if it is not there already.
fn undoing(host: &dyn Host, done: &Done) -> HostResult<Option<Action>> {
    Ok(match (&done.action, &done.before) {
        (Action::MakeDirectory { path }, Before::Existed(false)) => (host.image(path)?
            == Image::Directory)
            .then(|| Action::RemoveDirectory { path: path.clone() }),
        (Action::Replace { path, .. }, Before::Image(was)) => {
            (host.image(path)? != *was).then(|| Action::Replace {
                path: path.clone(),
                image: was.clone(),
            })
        }
        (Action::WriteKernel { path, .. }, Before::Kernel(Some(was))) => {
            let now = kernel(host, path)?;
            now.filter(|now| *now != words(was))
                .map(|_| Action::WriteKernel {
                    path: path.clone(),
                    value: was.clone(),
                })
        }
        (
            Action::SetRlimit {
                unit,
                process,
                resource,
                ..
            },
            Before::Rlimit(was),
        ) => match successor(host, unit, *process)? {
            Some(process) if rlimit(host, process.pid, resource)? != Some(*was) => {
                Some(Action::SetRlimit {
                    unit: unit.clone(),
                    process,
                    resource: resource.clone(),
                    value: *was,
                })
            }
            _ => None,
        },
        _ => None,
    })
}
