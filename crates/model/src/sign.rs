//! A sign: what an exhausted limit looks like to the one who runs into it.

/// What has to come together in a message. A field that names nothing asks for nothing; of a field
/// that names several, one is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// The error of the kernel, by its symbol (`ENOSPC`).
    pub errno: Option<&'static str>,
    /// What was tried: a system call, or how a program spells it (`mkdir`, `fork/exec`).
    pub operation: &'static [&'static str],
    /// Where it was tried: how the path begins.
    pub path: &'static [&'static str],
    /// Words that nothing else prints.
    pub says: &'static [&'static str],
}
