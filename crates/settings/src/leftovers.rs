//! Leftovers: what profiles in force set and the next one does not name, on its way back to what was
//! there before the first of them.

use crate::journal::{Before, Done, Journal};
use crate::plan::Planned;
use crate::restore::{as_the_kernel_has_it, before, kernel, rlimit, subject, successor, words};
use model::{Action, Host, HostResult, Image};
use std::collections::BTreeMap;

/// What the profiles in force set and the new one does not name.
#[derive(Default)]
pub(crate) struct Leftovers {
    /// What goes back to what was there before the first of them.
    pub(crate) planned: Vec<Planned>,
    /// What somebody else has changed since, and that is left alone.
    pub(crate) warnings: Vec<String>,
}

/// One thing that profiles in force changed: by whom first, and by whom last.
struct Changed<'a> {
    first: &'a Done,
    last: &'a Done,
}

/// What is left over of the profiles in force, for a new one that names `keys` and writes `files`.
pub(crate) fn leftovers(
    host: &dyn Host,
    journal: &Journal,
    keys: &[String],
    files: &[String],
) -> HostResult<Leftovers> {
    let mut order: Vec<String> = Vec::new();
    let mut changed: BTreeMap<String, Changed<'_>> = BTreeMap::new();
    for one in journal.active().into_iter().flat_map(|record| &record.done) {
        let Some(subject) = subject(&one.action) else {
            continue;
        };
        match changed.get_mut(&subject) {
            Some(known) => known.last = one,
            None => {
                order.push(subject.clone());
                let (first, last) = (one, one);
                changed.insert(subject, Changed { first, last });
            }
        }
    }
    let mut leftovers = Leftovers::default();
    for subject in order {
        let Some(one) = changed.get(&subject) else {
            continue;
        };
        let named = match (&one.last.action, &one.first.key) {
            (Action::Replace { path, .. }, _) if files.contains(path) => true,
            (Action::Replace { .. }, None) => false,
            (_, Some(key)) => keys.contains(key),
            _ => true,
        };
        if !named {
            leftovers.take(host, &subject, one)?;
        }
    }
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

impl Leftovers {
    fn take(&mut self, host: &dyn Host, subject: &str, one: &Changed<'_>) -> HostResult<()> {
        let Some(action) = undoing(host, one.first)? else {
            return Ok(());
        };
        let before = before(host, &action)?;
        if !is_ours(host, one.last, &before) {
            self.warnings.push(format!(
                "{subject} is neither what hosttune wrote nor what was there before; it is left alone"
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

/// Whether what is there now is what `done` brought about.
fn is_ours(host: &dyn Host, done: &Done, now: &Before) -> bool {
    match (&done.action, now) {
        (Action::Replace { image, .. }, Before::Image(now)) => now.content() == image.content(),
        (Action::WriteKernel { value, .. }, Before::Kernel(Some(now))) => {
            *now == words(value) || done.after.as_deref() == Some(now)
        }
        (
            Action::SetRlimit {
                resource, value, ..
            },
            Before::Rlimit(now),
        ) => *now == *value || *now == as_the_kernel_has_it(host, resource, *value),
        _ => false,
    }
}

/// The action that brings back what was before `done`, if it is not there already.
fn undoing(host: &dyn Host, done: &Done) -> HostResult<Option<Action>> {
    Ok(match (&done.action, &done.before) {
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
