//! Holes: places in a script's text whose content only a run of the script would tell.
//!
//! A hole is one private-use character, so that every format is read around it, and what it ended
//! up in is known afterwards.

use crate::limits::LimitLine;
use model::{Entry, Rejection};

const FIRST: u32 = 0xE000;
const LAST: u32 = 0xF8FF;

/// What stands in each hole.
#[derive(Debug, Default)]
pub(crate) struct Holes {
    all: Vec<Hole>,
}

#[derive(Debug, PartialEq, Eq)]
struct Hole {
    written: String,
    why: String,
}

/// Whether a character is one that may stand for a hole.
pub(crate) fn is_hole(character: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(character))
}

impl Holes {
    /// The character for `written`, which is unknown because of `why`.
    pub(crate) fn dig(&mut self, written: &str, why: String) -> char {
        let hole = Hole {
            written: crate::text::clip(written),
            why,
        };
        let known = self.all.iter().position(|there| *there == hole);
        let most = (LAST - FIRST) as usize;
        let index = known.unwrap_or_else(|| {
            if self.all.len() <= most {
                self.all.push(hole);
            }
            self.all.len() - 1
        });
        u32::try_from(index)
            .ok()
            .and_then(|index| char::from_u32(FIRST + index))
            .unwrap_or('\u{fffd}')
    }

    /// Why `text` is not fully known.
    pub(crate) fn open_in(&self, text: &str) -> Option<String> {
        let hole = text.chars().find_map(|c| self.at(c))?;
        Some(format!("`{}` {}", hole.written, hole.why))
    }

    pub(crate) fn open_in_entry(&self, entry: &Entry) -> Option<Rejection> {
        let name = entry.name.as_deref().unwrap_or_default();
        let texts = [name, &entry.key, &entry.value];
        let why = texts.iter().find_map(|text| self.open_in(text))?;
        let message = format!("{}: {why}", self.written(&entry.key));
        Some(Rejection::new(&entry.span, message).help(HELP))
    }

    pub(crate) fn open_in_limit(&self, line: &LimitLine) -> Option<Rejection> {
        let texts = [&line.domain, &line.item, &line.value];
        let why = texts.iter().find_map(|text| self.open_in(text))?;
        let message = format!("{} for {}: {why}", line.item, line.domain);
        Some(Rejection::new(&line.span, self.written(&message)).help(HELP))
    }

    /// A complaint with every hole as the script writes it.
    pub(crate) fn spelled_out(&self, mut rejection: Rejection) -> Rejection {
        if let Some(why) = self.open_in(&rejection.message) {
            rejection.message = format!("{}: {why}", self.written(&rejection.message));
            rejection.help = Some(HELP.to_owned());
        }
        rejection
    }

    /// The text with every hole as the script writes it.
    pub(crate) fn written(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        for character in text.chars() {
            match self.at(character) {
                Some(hole) => written.push_str(&hole.written),
                None => written.push(character),
            }
        }
        written
    }

    fn at(&self, character: char) -> Option<&Hole> {
        let index = u32::from(character).checked_sub(FIRST)?;
        self.all.get(usize::try_from(index).ok()?)
    }
}

const HELP: &str = "work the value out and write it into the profile by hand";
