//! Foreign files in, profile entries out: what other tools' files and scripts set, in the words of
//! a profile, and a sentence for all that a profile cannot say.
//!
//! This crate is handed bytes and a path; it opens no file and runs nothing. What the entries mean
//! is judged by whoever reads profiles.

mod collected;
mod daemon_json;
mod format;
mod holes;
mod limits;
mod modules;
mod script;
mod sysctl;
mod systemd;
mod text;
mod tuned;

pub use collected::Imported;
pub use format::{FORMATS, Format};

use collected::Collected;
use format::Found;
use model::{Rejection, Span};
use text::Text;

/// Longer files are refused: no settings were ever written by hand at that length.
const LONGEST: usize = 1 << 20;

/// One file to import.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file as the operator named it; it tells what the file is, where it can.
    pub path: &'a str,
    /// Its bytes.
    pub content: &'a [u8],
    /// What the file is, where the operator says so.
    pub format: Option<Format>,
    /// The unit that a drop-in is about, where the path does not tell.
    pub unit: Option<&'a str>,
}

/// Reads the files in the order given; where two set one key, both are in the result, in that
/// order. An error is a file that nobody can tell what it is.
pub fn import(inputs: &[Input<'_>]) -> Result<Imported, Vec<Rejection>> {
    let mut refused = Vec::new();
    let mut collected = Collected::default();
    for input in inputs {
        match recognise(input) {
            Ok((text, found)) => read(&text, &found, &mut collected),
            Err(rejection) => refused.push(rejection),
        }
    }
    match refused.is_empty() {
        true => Ok(collected.finish()),
        false => Err(refused),
    }
}

fn recognise(input: &Input<'_>) -> Result<(Text, Found), Rejection> {
    let start = Span::new(input.path, 1);
    if input.content.len() > LONGEST {
        return Err(Rejection::new(
            &start,
            format!("the file goes on past {LONGEST} bytes: too large to import"),
        ));
    }
    let text = Text::of(input.path, input.content);
    let found = format::recognise(input, &text)?;
    Ok((text, found))
}

fn read(text: &Text, found: &Found, collected: &mut Collected) {
    match found.format {
        Format::Sysctl => sysctl::read(text, collected),
        Format::Limits => limits::read(text, collected),
        Format::Docker => daemon_json::read(text, collected),
        Format::Unit => systemd::read(text, found.unit.as_deref(), collected),
        Format::Modules => modules::read(text, collected),
        Format::Tuned => tuned::read(text, collected),
        Format::Script => script::read(text, collected),
    }
}
