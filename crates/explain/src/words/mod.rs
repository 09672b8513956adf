//! How programs spell what fails: the vocabulary that messages are taken apart with.

pub(crate) mod errno;
pub(crate) mod operation;
pub(crate) mod place;
