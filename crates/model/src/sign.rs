//! A sign: what an exhausted limit looks like to the one who runs into it.

use crate::{Errno, Operation, Place};

/// How much a message that has a sign's parts says about its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It may be this limit, among others.
    Allows,
    /// It is this limit more often than any other.
    Suggests,
    /// Nothing else prints this.
    Decides,
}

/// How people say that something has run out, in the titles of their reports.
pub const RUN_OUT: &[&str] = &[
    "exhaust",
    "run out",
    "ran out",
    "running out",
    "runs out",
    "out of",
    "full",
    "too many",
    "leak",
    "no more",
    "limit",
    "quota",
    "exceed",
    "not enough",
    "insufficient",
    "used up",
    "overflow",
    "more than",
    "large number",
    "thousands",
    "not freed",
    "not released",
    "maximum",
    "grows",
    "growing",
    "keeps increasing",
    "keep increasing",
];

/// What has to come together in a message. A part that names nothing asks for nothing; of a part that
/// names several, one is enough. Words are in lower case, and `*` in them stands for anything on the
/// same line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// What it says about the limit.
    pub weight: Weight,
    /// Why it says that, as a sentence to be read after the limit's name.
    pub because: &'static str,
    /// The error of the kernel.
    pub errno: &'static [Errno],
    /// What was tried.
    pub during: &'static [Operation],
    /// Where it was tried.
    pub at: &'static [Place],
    /// Words.
    pub says: &'static [&'static str],
    /// Other words that have to be there too.
    pub and: &'static [&'static str],
    /// Words of which none may be there.
    pub never: &'static [&'static str],
}

impl Sign {
    const fn new(weight: Weight, because: &'static str) -> Self {
        Self {
            weight,
            because,
            errno: &[],
            during: &[],
            at: &[],
            says: &[],
            and: &[],
            never: &[],
        }
    }

    /// A sign that nothing else prints.
    pub const fn decides(because: &'static str) -> Self {
        Self::new(Weight::Decides, because)
    }

    /// A sign of this limit more than of any other.
    pub const fn suggests(because: &'static str) -> Self {
        Self::new(Weight::Suggests, because)
    }

    /// A sign of this limit among others.
    pub const fn allows(because: &'static str) -> Self {
        Self::new(Weight::Allows, because)
    }

    /// The same with one of these errors.
    #[must_use]
    pub const fn errno(mut self, errno: &'static [Errno]) -> Self {
        self.errno = errno;
        self
    }

    /// The same during one of these.
    #[must_use]
    pub const fn during(mut self, during: &'static [Operation]) -> Self {
        self.during = during;
        self
    }

    /// The same at one of these places.
    #[must_use]
    pub const fn at(mut self, at: &'static [Place]) -> Self {
        self.at = at;
        self
    }

    /// The same with one of these words.
    #[must_use]
    pub const fn says(mut self, says: &'static [&'static str]) -> Self {
        self.says = says;
        self
    }

    /// The same with one of these words besides.
    #[must_use]
    pub const fn and(mut self, and: &'static [&'static str]) -> Self {
        self.and = and;
        self
    }

    /// The same without any of these words.
    #[must_use]
    pub const fn never(mut self, never: &'static [&'static str]) -> Self {
        self.never = never;
        self
    }
}
