//! What is no limit of the host, though it ends in words that limits end in.

mod network;
mod own;
mod request;
mod runtime;

use model::Sign;

/// Something that goes wrong on any host, however much room it has.
pub(crate) struct Nothing {
    /// What to do.
    pub(crate) fix: &'static str,
    /// The command that does it or shows more.
    pub(crate) command: Option<&'static str>,
    /// What it looks like.
    pub(crate) signs: &'static [Sign],
}

/// All that is known of it; a sign stands in one place.
pub(crate) static NOTHINGS: std::sync::LazyLock<Vec<&'static Nothing>> =
    std::sync::LazyLock::new(|| {
        let all = [
            runtime::NOTHINGS,
            own::NOTHINGS,
            request::NOTHINGS,
            network::NOTHINGS,
        ];
        all.into_iter().flatten().collect()
    });
