//! What was found so far: entries, and what no entry can say.

use crate::holes::Holes;
use crate::limits::{self, LimitLine};
use model::{Entry, Rejection, Span};

/// What files came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// What they set, in the order they set it; a key that is set twice is there twice.
    pub entries: Vec<Entry>,
    /// What could not be expressed, and why.
    pub unexpressed: Vec<Rejection>,
    /// What was taken for granted on the way.
    pub assumed: Vec<Rejection>,
}

/// The same while it is being put together.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    imported: Imported,
    limits: Vec<LimitLine>,
}

impl Collected {
    /// An entry: `value` is what the file sets, and a profile is to want exactly that.
    pub(crate) fn exact(
        &mut self,
        (kind, name): (&str, Option<&str>),
        key: &str,
        value: &str,
        span: Span,
    ) {
        self.entry((kind, name), key, format!("exact {value}"), span);
    }

    /// An entry whose value is written as it shall stand in the profile.
    pub(crate) fn entry(
        &mut self,
        (kind, name): (&str, Option<&str>),
        key: &str,
        value: impl Into<String>,
        span: Span,
    ) {
        self.imported.entries.push(Entry {
            kind: kind.to_owned(),
            name: name.map(str::to_owned),
            key: key.to_owned(),
            value: value.into(),
            reason: None,
            span,
        });
    }

    /// A line of limits.conf; two of them make an entry.
    pub(crate) fn limit(&mut self, line: LimitLine) {
        self.limits.push(line);
    }

    /// What a profile cannot say.
    pub(crate) fn gap(&mut self, rejection: Rejection) {
        self.imported.unexpressed.push(rejection);
    }

    /// What is taken for granted.
    pub(crate) fn assume(&mut self, rejection: Rejection) {
        self.imported.assumed.push(rejection);
    }

    /// How many entries there are so far.
    pub(crate) fn counted(&self) -> usize {
        self.imported.entries.len()
    }

    /// Takes over what a script came to; what hangs on something the script leaves open is a gap.
    pub(crate) fn take(&mut self, other: Self, holes: &Holes) {
        for entry in other.imported.entries {
            match holes.open_in_entry(&entry) {
                Some(gap) => self.gap(gap),
                None => self.imported.entries.push(entry),
            }
        }
        for line in other.limits {
            match holes.open_in_limit(&line) {
                Some(gap) => self.gap(gap),
                None => self.limits.push(line),
            }
        }
        let gaps = other.imported.unexpressed.into_iter();
        let assumed = other.imported.assumed.into_iter();
        let (unexpressed, taken) = (&mut self.imported.unexpressed, &mut self.imported.assumed);
        unexpressed.extend(gaps.map(|gap| holes.spelled_out(gap)));
        taken.extend(assumed.map(|one| holes.spelled_out(one)));
    }

    /// Everything, with the halves of limits put together.
    pub(crate) fn finish(mut self) -> Imported {
        let lines = std::mem::take(&mut self.limits);
        limits::pair(&lines, &mut self);
        self.imported
    }
}
