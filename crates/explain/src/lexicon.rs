//! All words of all signs in one automaton, so that a message is gone through once.

use crate::none::NOTHINGS;
use crate::words::errno::{BEFORE_NUMBERS, ERRNOS};
use crate::words::operation::OPERATIONS;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use model::{Errno, Operation, Sign};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Whose sign it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The limit of this id.
    Limit(&'static str),
    /// No limit: a row of [`NOTHINGS`].
    Nothing(usize),
}

/// A word of a sign: its pieces between the asterisks, as numbers.
pub(crate) type Word = Vec<usize>;

/// A sign with its words looked up.
pub(crate) struct Ready {
    pub(crate) owner: Owner,
    pub(crate) sign: &'static Sign,
    pub(crate) says: Vec<Word>,
    pub(crate) and: Vec<Word>,
    pub(crate) never: Vec<Word>,
}

/// What a pattern of the automaton is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meaning {
    /// An error.
    Errno(Errno),
    /// Something tried.
    Operation(Operation),
    /// A piece of a word.
    Piece(usize),
}

/// The automaton and what its patterns mean.
pub(crate) struct Lexicon {
    pub(crate) automaton: Option<AhoCorasick>,
    pub(crate) meanings: Vec<Vec<Meaning>>,
    pub(crate) pieces: Vec<&'static str>,
    pub(crate) signs: Vec<Ready>,
    hints: Option<AhoCorasick>,
}

impl Lexicon {
    /// The one of this program.
    pub(crate) fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(Self::build)
    }

    /// Whether a line has a word without which no sign is one.
    pub(crate) fn hints_at(&self, line: &[u8]) -> bool {
        self.hints.as_ref().is_none_or(|hints| hints.is_match(line))
    }

    fn build() -> Self {
        let mut patterns: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let mut add = |pattern: String, meaning| patterns.entry(pattern).or_default().push(meaning);
        let mut hints = Vec::new();
        for errno in ERRNOS {
            let numbers = BEFORE_NUMBERS
                .iter()
                .map(|before| format!("{before}{}", errno.number));
            let words = errno.words.iter().map(|word| (*word).to_owned());
            for spelling in numbers.chain(words).chain([errno.symbol.to_owned()]) {
                hints.push(spelling.clone());
                add(spelling, Meaning::Errno(errno.errno));
            }
        }
        for (operation, spellings) in OPERATIONS {
            for spelling in *spellings {
                add((*spelling).to_owned(), Meaning::Operation(*operation));
            }
        }
        let mut pieces = Pieces::default();
        let limits = limits::all();
        let limits = limits.map(|limit| (Owner::Limit(limit.id), limit.signs));
        let nothings = NOTHINGS.iter().enumerate();
        let nothings = nothings.map(|(at, nothing)| (Owner::Nothing(at), nothing.signs));
        let mut signs = Vec::new();
        for (owner, of_owner) in limits.chain(nothings) {
            for sign in of_owner {
                if sign.errno.is_empty() {
                    hints.extend(sign.says.iter().filter_map(|word| longest(word)));
                }
                signs.push(Ready {
                    owner,
                    sign,
                    says: pieces.words(sign.says),
                    and: pieces.words(sign.and),
                    never: pieces.words(sign.never),
                });
            }
        }
        hints.extend(crate::cut::hints().map(str::to_owned));
        let pieces = pieces.all;
        for (number, piece) in pieces.iter().enumerate() {
            add((*piece).to_owned(), Meaning::Piece(number));
        }
        Self {
            automaton: automaton(patterns.keys(), AhoCorasickKind::ContiguousNFA),
            meanings: patterns.into_values().collect(),
            pieces,
            signs,
            hints: automaton(hints.iter(), AhoCorasickKind::DFA),
        }
    }
}

fn automaton<'a>(
    patterns: impl Iterator<Item = &'a String>,
    kind: AhoCorasickKind,
) -> Option<AhoCorasick> {
    // It fails where there are more patterns than a number holds, which a test would show.
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).kind(Some(kind));
    builder.build(patterns).ok()
}

fn longest(word: &str) -> Option<String> {
    let piece = word.split('*').max_by_key(|piece| piece.len());
    piece.filter(|piece| !piece.is_empty()).map(str::to_owned)
}

#[derive(Default)]
struct Pieces {
    all: Vec<&'static str>,
    known: BTreeMap<&'static str, usize>,
}

impl Pieces {
    fn words(&mut self, words: &'static [&'static str]) -> Vec<Word> {
        words.iter().map(|word| self.word(word)).collect()
    }

    fn word(&mut self, word: &'static str) -> Word {
        let pieces = word.split('*').filter(|piece| !piece.is_empty());
        let number = |piece| {
            *self.known.entry(piece).or_insert_with(|| {
                self.all.push(piece);
                self.all.len() - 1
            })
        };
        pieces.map(number).collect()
    }
}
