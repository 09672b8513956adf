//! A file of ours, made of the lines that settings keep in it.

use model::{Image, Setting};

/// One line that keeps a setting, and the file it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub path: String,
    /// The section inside the file (`Service`), for files that have sections.
    pub section: Option<&'static str>,
    /// The line without a final newline; where one does not do, several.
    pub text: String,
    /// The value in it, for people.
    pub value: String,
    /// When the line takes effect.
    pub takes: String,
}

/// A file and all that shall be in it.
#[derive(Debug)]
pub struct FileOfLines<'a> {
    /// Its path.
    pub path: &'a str,
    /// What stands there, the work of the profile in force taken away.
    pub base: &'a Image,
    /// The profile that the lines are from.
    pub profile: &'a str,
    /// The lines, in the profile's order.
    pub lines: &'a [(Setting, Line)],
}

impl FileOfLines<'_> {
    /// Two lines that say whose file it is.
    pub(crate) fn header(&self) -> [String; 2] {
        let profile = self.profile;
        [
            format!(
                "Written by hosttune from profile {profile}. Edits are lost at the next `hosttune apply`;"
            ),
            "`hosttune revert` puts back what was here before.".to_owned(),
        ]
    }

    /// The content where nobody else writes into the file: the lines under their sections, each with
    /// its reason.
    pub(crate) fn wholly_ours(&self) -> String {
        let mut text: String = self.header().map(|line| format!("# {line}\n")).concat();
        let mut section = None;
        for (setting, line) in self.lines {
            if line.section.is_some() && line.section != section {
                section = line.section;
                text.push_str(&format!("\n[{}]\n", line.section.unwrap_or_default()));
            }
            if let Some(reason) = &setting.reason {
                text.push_str(&format!("# {reason}\n"));
            }
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }
}
