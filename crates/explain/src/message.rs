//! A message taken apart: its chain of links, the errors in it, and what was tried where.

use crate::lexicon::{Lexicon, Meaning, Word};
use crate::text::plain;
use crate::words::{errno, place};
use model::{Errno, Operation, Place};

/// What ends a link of a chain. Docker, containerd and runc put a cause behind `: `, older releases into
/// quotes behind `caused`; liblxc and glibc's perror do the same, strace puts it into parentheses.
const ENDS: &[&str] = &[": ", "\n", " - ", "; ", "caused \"", " err=", " error="];

/// A message taken apart. Positions are bytes of `text`.
pub(crate) struct Message {
    pub(crate) text: String,
    links: Vec<usize>,
    pub(crate) errnos: Vec<(Errno, usize)>,
    operations: Vec<(Operation, usize)>,
    paths: Vec<(Place, usize)>,
    /// Which pieces of signs' words are there.
    pieces: Vec<bool>,
}

/// How near to the error an operation was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// Elsewhere in the message.
    Far,
    /// In the link that failed.
    Near,
}

impl Message {
    pub(crate) fn new(text: &str, lexicon: &Lexicon) -> Self {
        let text = plain(text);
        let (spans, paths) = paths(&text);
        let mut message = Self {
            links: links(&text),
            errnos: Vec::new(),
            operations: Vec::new(),
            paths,
            pieces: vec![false; lexicon.pieces.len()],
            text,
        };
        let Some(automaton) = &lexicon.automaton else {
            return message;
        };
        let in_path = |at: usize| {
            let next = spans.partition_point(|(start, _)| *start <= at);
            next > 0 && spans[next - 1].1 > at
        };
        let mut of_errors = Vec::new();
        for found in automaton.find_overlapping_iter(message.text.as_str()) {
            let (start, end) = (found.start(), found.end());
            for meaning in &lexicon.meanings[found.pattern().as_usize()] {
                match *meaning {
                    Meaning::Piece(piece) => message.pieces[piece] = true,
                    Meaning::Errno(errno) => {
                        let (before, rest) = (&message.text[..start], &message.text[end..]);
                        if !errno::goes_on(errno, rest) && !within_word(before) {
                            message.errnos.push((errno, start));
                            of_errors.push(start..end);
                        }
                    }
                    Meaning::Operation(operation) => {
                        if !in_path(start) && !within_word(&message.text[..start]) {
                            message.operations.push((operation, start));
                        }
                    }
                }
            }
        }
        // The `open` of `too many open files` is nothing that was tried.
        let told = |at: &usize| of_errors.iter().any(|span| span.contains(at));
        message.operations.retain(|(_, at)| !told(at));
        message
    }

    /// Whether one of the words is there; no words ask for nothing.
    pub(crate) fn says(&self, words: &[Word], lexicon: &Lexicon) -> bool {
        words.is_empty() || self.says_any(words, lexicon)
    }

    /// Whether one of the words is there.
    pub(crate) fn says_any(&self, words: &[Word], lexicon: &Lexicon) -> bool {
        let all = |word: &&Word| word.iter().all(|piece| self.pieces[*piece]);
        let mut candidates = words.iter().filter(all);
        candidates.any(|word| {
            word.len() == 1 || self.text.lines().any(|line| in_order(line, word, lexicon))
        })
    }

    /// Where the first of these errors is. With none asked for it is where the message ends.
    pub(crate) fn fault(&self, asked: &[Errno]) -> Option<Vec<usize>> {
        if asked.is_empty() {
            return Some(Vec::new());
        }
        let found = self
            .errnos
            .iter()
            .filter(|(errno, _)| asked.contains(errno));
        let found: Vec<usize> = found.map(|(_, at)| *at).collect();
        (!found.is_empty()).then_some(found)
    }

    /// How near one of these operations is to an error; none where it is nowhere.
    pub(crate) fn during(&self, asked: &[Operation], fault: &[usize]) -> Option<Nearness> {
        if asked.is_empty() {
            return Some(Nearness::Near);
        }
        let mut of_asked = self
            .operations
            .iter()
            .filter(|(operation, _)| asked.contains(operation));
        of_asked.next()?;
        let near = fault.is_empty() || fault.iter().any(|at| self.nearest(*at, asked));
        Some(if near { Nearness::Near } else { Nearness::Far })
    }

    /// Whether one of these is among the operations of the link that is nearest to an error and has one.
    /// A link before the error is nearer than one behind, and those on another line do not count.
    fn nearest(&self, fault: usize, asked: &[Operation]) -> bool {
        let home = self.link(fault);
        let line = self.line(fault);
        let distance = |at: usize| {
            let link = self.link(at);
            match link <= home {
                true => 2 * (home - link),
                false => 2 * (link - home) + 1,
            }
        };
        let here = || {
            let on_line = |(_, at): &&(Operation, usize)| line.contains(at);
            self.operations.iter().filter(on_line)
        };
        let Some(least) = here().map(|(_, at)| distance(*at)).min() else {
            return false;
        };
        let mut nearest = here().filter(|(_, at)| distance(*at) == least);
        nearest.any(|(operation, _)| asked.contains(operation))
    }

    /// Whether the path that is nearest to an error is such a place.
    pub(crate) fn at(&self, asked: &[Place], fault: &[usize]) -> bool {
        if asked.is_empty() {
            return true;
        }
        if fault.is_empty() {
            return self.paths.iter().any(|(place, _)| asked.contains(place));
        }
        fault.iter().any(|fault| {
            let line = self.line(*fault);
            let before = self
                .paths
                .iter()
                .rfind(|(_, at)| at < fault && line.contains(at));
            let behind = || {
                self.paths
                    .iter()
                    .find(|(_, at)| at > fault && line.contains(at))
            };
            let nearest = before.or_else(behind);
            nearest.is_some_and(|(place, _)| asked.contains(place))
        })
    }

    /// The link that an error is in, with the one before it: what a reader is shown as evidence.
    pub(crate) fn excerpt(&self, at: usize) -> &str {
        let link = self.link(at);
        let line = self.line(at);
        let start = self.links[link.saturating_sub(1)].max(line.start);
        let end = self.links.get(link + 1).copied().unwrap_or(self.text.len());
        let excerpt = self
            .text
            .get(start..end.min(line.end).max(start))
            .unwrap_or_default();
        excerpt.trim().trim_end_matches([':', '-', ';'])
    }

    fn link(&self, at: usize) -> usize {
        self.links
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    fn line(&self, at: usize) -> std::ops::Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |end| at + end);
        start..end
    }
}

fn within_word(before: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_alphabetic())
}

fn links(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    for end in ENDS {
        starts.extend(text.match_indices(end).map(|(at, _)| at + end.len()));
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Where paths are, and what those are that tell something.
fn paths(text: &str) -> (Vec<(usize, usize)>, Vec<(Place, usize)>) {
    let (mut spans, mut places) = (Vec::new(), Vec::new());
    let mut from = 0;
    while let Some(at) = text[from..].find('/').map(|at| from + at) {
        let begins = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || "\"'([=:<,@{".contains(c));
        if !begins {
            from = at + 1;
            continue;
        }
        let ends = |c: char| c.is_whitespace() || "\"'()[]<>,;{}".contains(c);
        let mut end = text[at..].find(ends).map_or(text.len(), |end| at + end);
        if let Some(colon) = text[at..end].find(':') {
            end = at + colon;
        }
        let path = text[at..end].trim_end_matches('.');
        spans.push((at, at + path.len()));
        if let Some(place) = place::place(path) {
            places.push((place, at));
        }
        from = end.max(at + 1);
    }
    (spans, places)
}

fn in_order(line: &str, word: &[usize], lexicon: &Lexicon) -> bool {
    let mut rest = line;
    word.iter().all(|piece| {
        let piece = lexicon.pieces[*piece];
        match rest.find(piece) {
            Some(at) => {
                rest = &rest[at + piece.len()..];
                true
            }
            None => false,
        }
    })
}
