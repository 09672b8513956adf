//! A fault: what a rule says of the sides it has looked at.

use super::view::Side;
use super::{Rule, RuleFinding};
use model::{Key, Span, Verdict};

/// A finding before it has its rule's name.
#[derive(Debug)]
pub(super) struct Fault {
    verdict: Verdict,
    message: String,
    keys: Vec<Key>,
    spans: Vec<Span>,
    help: Option<String>,
    refuses: bool,
}

impl Fault {
    /// The relation is broken.
    pub(super) fn broken(sides: &[&Side<'_>], message: String) -> Self {
        Self::new(Verdict::Drifted, sides, message)
    }

    /// Nothing breaks, but a value comes to less than it says.
    pub(super) fn note(sides: &[&Side<'_>], message: String) -> Self {
        Self::new(Verdict::Met, sides, message)
    }

    /// A value that another one keeps from ever being reached: a profile that says both contradicts
    /// itself; where the other is the host's, nothing breaks.
    pub(super) fn out_of_reach(sides: &[&Side<'_>], message: String) -> Self {
        match sides.iter().all(|side| side.setting.is_some()) {
            true => Self::broken(sides, message),
            false => Self::note(sides, message),
        }
    }

    /// It cannot be told.
    pub(super) fn unknown(sides: &[&Side<'_>], message: String) -> Self {
        Self::new(Verdict::Unknown, sides, message)
    }

    fn new(verdict: Verdict, sides: &[&Side<'_>], message: String) -> Self {
        let spans = sides.iter().filter_map(|side| side.setting);
        Self {
            verdict,
            message,
            keys: sides.iter().map(|side| side.key.clone()).collect(),
            spans: spans.map(|setting| setting.span.clone()).collect(),
            help: None,
            refuses: false,
        }
    }

    /// The same, where what it leads to is worse than an apply that is refused.
    pub(super) fn refuse_if(mut self, refuses: bool) -> Self {
        self.refuses = refuses;
        self
    }

    /// The same with a next step.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding of `rule`.
    pub(super) fn of(self, rule: &Rule) -> RuleFinding {
        RuleFinding {
            id: rule.id,
            verdict: self.verdict,
            message: self.message,
            keys: self.keys,
            spans: self.spans,
            help: self.help,
            refuses: self.refuses,
            source: rule.source,
        }
    }
}
