//! modules-load.d files: a module a line (modules-load.d(5)).

use crate::collected::Collected;
use crate::text::{Text, clip};
use model::{Rejection, Span};

pub(crate) fn read(text: &Text, collected: &mut Collected) {
    for (span, line) in text.said() {
        module(line, &span, collected);
    }
}

/// A module and perhaps its options, of a file or of modprobe(8).
pub(crate) fn module(line: &str, span: &Span, collected: &mut Collected) {
    let (name, options) = line
        .split_once(char::is_whitespace)
        .map_or((line, ""), |(name, options)| (name, options.trim()));
    collected.entry(("module", None), name, "loaded", span.clone());
    if !options.is_empty() && !options.starts_with('#') {
        let message = format!("options of the module {}: `{}`", clip(name), clip(options));
        let help = "a profile loads a module without options; keep them in /etc/modprobe.d";
        collected.gap(Rejection::new(span, message).help(help));
    }
}

/// Whether a file without a telling name reads like one of these.
pub(crate) fn looks_like(text: &Text) -> bool {
    let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    let mut lines = text.said().peekable();
    lines.peek().is_some() && lines.all(|(_, line)| line.chars().all(name))
}
