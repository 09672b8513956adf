//! What the profiles in force changed: each thing once, with who touched it first and who last.

use crate::journal::{Before, Done, Journal, Record};
use crate::restore::{as_the_kernel_has_it, subject, words};
use model::{Action, Host};

/// One thing that profiles in force changed.
pub(crate) struct Change<'a> {
    /// What an action acts on.
    pub(crate) subject: String,
    /// The first of them; what was before it was there without them.
    pub(crate) first: &'a Done,
    /// The last of them; what it brought about is there now.
    pub(crate) last: &'a Done,
}

/// Everything that profiles in force changed, in the order of the first changes.
pub(crate) fn changes(journal: &Journal) -> Vec<Change<'_>> {
    let mut changes: Vec<Change<'_>> = Vec::new();
    for one in journal.active().into_iter().flat_map(Record::work) {
        let Some(subject) = subject(&one.action) else {
            continue;
        };
        match changes.iter_mut().find(|known| known.subject == subject) {
            Some(known) => known.last = one,
            None => changes.push(Change {
                subject,
                first: one,
                last: one,
            }),
        }
    }
    changes
}

/// Whether what is there now is what `done` brought about.
pub(crate) fn is_ours(host: &dyn Host, done: &Done, now: &Before) -> bool {
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
        (Action::MakeDirectory { .. } | Action::RemoveDirectory { .. }, _) => true,
        _ => false,
    }
}
