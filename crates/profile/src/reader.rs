//! The reader: lines put together to sections, and every entry under the reason given for it.

use crate::clip::clip;
use crate::complaints::Complaints;
use crate::document::Document;
use crate::header::Header;
use crate::lines::{Kind, Line};
use crate::pair::Pair;
use crate::section::{PROFILE, SectionSpec, recognise};
use model::{Entry, Rejection, Span};
use std::collections::HashMap;

/// Where the reader stands.
#[derive(PartialEq, Eq)]
enum Place<'a> {
    /// Before the first header.
    Outside,
    /// Below a header already complained about: what it would have meant is not known.
    Lost,
    Inside {
        kind: &'a str,
        name: Option<&'a str>,
    },
}

/// Puts lines together, one after the other.
pub(crate) struct Reader<'a, 'c> {
    sections: &'c [SectionSpec],
    complaints: &'c mut Complaints,
    document: Document,
    place: Place<'a>,
    reason: Vec<(&'a Span, &'a str)>,
    headers: HashMap<(&'a str, Option<&'a str>), usize>,
    keys: HashMap<(&'a str, Option<&'a str>, &'a str), usize>,
}

impl<'a, 'c> Reader<'a, 'c> {
    pub(crate) fn new(sections: &'c [SectionSpec], complaints: &'c mut Complaints) -> Self {
        Self {
            sections,
            complaints,
            document: Document::default(),
            place: Place::Outside,
            reason: Vec::new(),
            headers: HashMap::new(),
            keys: HashMap::new(),
        }
    }

    /// Takes the next line.
    pub(crate) fn take(&mut self, line: &'a Line<'a>) {
        let result = match &line.kind {
            Err(rejection) => {
                self.reason.clear();
                if line.opens_section {
                    self.place = Place::Lost;
                }
                Err(rejection.clone())
            }
            Ok(Kind::Reason(text)) => {
                self.reason.push((&line.span, text));
                Ok(())
            }
            Ok(Kind::Pair(pair)) => self.pair(*pair, &line.span),
            Ok(other) => {
                self.lay_down_reason();
                match other {
                    Kind::Section(header) => self.section(header, &line.span),
                    _ => Ok(()),
                }
            }
        };
        if let Err(rejection) = result {
            self.complaints.push(rejection);
        }
    }

    /// What was put together, and whether there was any header.
    pub(crate) fn finish(mut self) -> (Document, bool) {
        self.lay_down_reason();
        (self.document, self.place != Place::Outside)
    }

    /// A reason that no pair follows explains nothing, and would be lost without a word.
    fn lay_down_reason(&mut self) {
        if let Some((span, _)) = self.reason.drain(..).next() {
            let refusal = Rejection::new(span, "a reason that stands above no setting");
            let help =
                "a `#:` line belongs directly above its `key = value`; write `#` for a comment";
            self.complaints.push(refusal.help(help));
        }
    }

    fn section(&mut self, header: &Header<'a>, span: &Span) -> Result<(), Rejection> {
        self.place = Place::Lost;
        recognise(header, self.sections, span)?;
        let (kind, name) = (header.kind, header.name);
        self.place = Place::Inside { kind, name };
        match self.headers.insert((kind, name), span.line) {
            Some(first) => {
                let message = format!(
                    "section `[{}]` again, after line {first}",
                    clip(header.inner)
                );
                Err(Rejection::new(span, message).help("put its lines under the first one"))
            }
            None => Ok(()),
        }
    }

    fn pair(&mut self, pair: Pair<'a>, span: &Span) -> Result<(), Rejection> {
        let reasons: Vec<&str> = self.reason.drain(..).map(|(_, text)| text).collect();
        let reason = (!reasons.is_empty()).then(|| reasons.join(" "));
        let (kind, name) = match self.place {
            Place::Inside { kind, name } => (kind, name),
            Place::Lost => return Ok(()),
            Place::Outside => {
                self.place = Place::Lost;
                let message = format!("`{}` stands before any section", clip(pair.key));
                return Err(
                    Rejection::new(span, message).help("put a header such as `[sysctl]` above it")
                );
            }
        };
        if let Some(first) = self.keys.insert((kind, name, pair.key), span.line) {
            let message = format!("`{}` again, after line {first}", clip(pair.key));
            return Err(
                Rejection::new(span, message).help("remove one: the last wins only between files")
            );
        }
        if kind == PROFILE.kind {
            return self.document.own.take(pair, reason.as_deref(), span);
        }
        self.document.entries.push(Entry {
            kind: kind.to_owned(),
            name: name.map(str::to_owned),
            key: pair.key.to_owned(),
            value: pair.value.to_owned(),
            reason,
            span: span.clone(),
        });
        Ok(())
    }
}
