//! The one place that prints, and that asks.

use crate::args::{Color, Common, Format};
use crate::envelope::{Envelope, Report};
use crate::failure::Failure;
use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use model::Problem;
use serde::Serialize;
use std::io::{self, BufRead, IsTerminal, Write};

/// Red: what is wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Yellow: what waits, or cannot be told.
pub(crate) const UNSURE: Style = AnsiColor::Yellow.on_default();
/// Green: what is as it should be.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Faint: what is there for completeness.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Bold: the answer.
pub(crate) const STRONG: Style = Style::new().bold();

/// `text` in `style`; what it says does not depend on it.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints results and asks questions.
pub(crate) struct Ui {
    format: Format,
    quiet: bool,
    /// Whether to say more.
    pub(crate) verbose: bool,
}

impl Ui {
    /// The voice that the flags ask for.
    pub(crate) fn new(common: &Common) -> Self {
        match common.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        Self {
            format: common.format,
            quiet: common.quiet,
            verbose: common.verbose,
        }
    }

    /// The result of a command.
    pub(crate) fn report(&self, command: &'static str, boot_id: String, report: &Report) {
        match self.format {
            Format::Json => self.document(&Envelope::new(command, boot_id, report)),
            Format::Text => {
                self.say(&report.text);
                self.complain(&report.problems);
            }
        }
    }

    /// Why a command has no result.
    pub(crate) fn failure(&self, command: &'static str, boot_id: String, failure: &Failure) {
        match self.format {
            Format::Json => {
                let mut report = Report::new("error", failure.exit);
                report.problems.clone_from(&failure.problems);
                self.document(&Envelope::new(command, boot_id, &report));
            }
            Format::Text => self.complain(&failure.problems),
        }
    }

    /// A document for another hosttune, without an envelope.
    pub(crate) fn hand_over(&self, document: &impl Serialize) {
        if let Ok(text) = serde_json::to_string(document) {
            write_out(&format!("{text}\n"));
        }
    }

    /// Text on the way to a result; not for machines.
    pub(crate) fn say(&self, text: &str) {
        if self.format == Format::Text && !self.quiet && !text.is_empty() {
            write_out(text);
        }
    }

    /// A line of progress, beside the result.
    pub(crate) fn progress(&self, text: &str) {
        if self.format == Format::Text && !self.quiet {
            let _ = writeln!(anstream::stderr(), "{}", paint(FAINT, text));
        }
    }

    /// Asks for a yes on a terminal. `None` where nobody can be asked.
    pub(crate) fn confirm(&self, question: &str) -> Option<bool> {
        if self.format == Format::Json || !io::stdin().is_terminal() || !io::stderr().is_terminal()
        {
            return None;
        }
        let _ = write!(anstream::stderr(), "{question} [y/N] ");
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        Some(read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    fn complain(&self, problems: &[Problem]) {
        let mut err = anstream::stderr().lock();
        for problem in problems {
            let place = problem
                .place
                .as_ref()
                .map_or_else(String::new, |place| format!("{place}: "));
            let _ = writeln!(
                err,
                "{} {place}{}",
                paint(BAD, "hosttune:"),
                problem.message
            );
            if let Some(help) = &problem.help {
                let _ = writeln!(err, "  {} {help}", paint(GOOD, "help:"));
            }
            if let Some(hint) = &problem.hint {
                let _ = writeln!(err, "  {} {hint}", paint(GOOD, "hint:"));
            }
        }
    }

    fn document(&self, envelope: &Envelope) {
        if let Ok(text) = serde_json::to_string_pretty(envelope) {
            write_out(&format!("{text}\n"));
        }
    }
}

/// A reader that has seen enough closes the pipe; that is no error.
fn write_out(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
