//! A log: its messages, each once, with how often it was said and in which line first.

use crate::frame::unwrap;
use crate::lines::Lines;
use crate::same::key;
use std::collections::HashMap;
use std::io::{self, Read};

/// So many different messages are kept.
pub const MOST_MESSAGES: usize = 1000;
/// No message is longer, in bytes.
pub const LONGEST_MESSAGE: usize = 8 << 10;
/// No log is read further.
pub const LONGEST_INPUT: u64 = 1 << 30;
/// So many different lines that came to nothing are remembered, so that none is judged twice.
const MOST_REMEMBERED: usize = 100_000;
/// So many are judged; what is new beyond them is counted only.
const MOST_JUDGED: u64 = 50_000;

/// What the journal writes where a message is no UTF-8: no word of it can be seen (journalctl(1), `-o json`).
const MESSAGE_IN_NUMBERS: &str = "\"MESSAGE\":[";

/// One message, however often it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<T> {
    /// Its words as they were said first, printable.
    pub text: String,
    /// How often it was said, differing in numbers and identifiers at most.
    pub count: u64,
    /// The line in which it was said first, counted from 1.
    pub first_line: u64,
    /// What it is judged to be.
    pub found: T,
}

/// What a log comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log<T> {
    /// Its messages, in the order in which they were said first.
    pub messages: Vec<Message<T>>,
    /// How many lines it has.
    pub lines: u64,
    /// How many of them came to nothing.
    pub other: u64,
    /// How many lines were cut off.
    pub cut: u64,
    /// How many lines are beyond what is kept or judged.
    pub beyond: u64,
    /// Whether it went on after [`LONGEST_INPUT`].
    pub ended_early: bool,
    /// All of it, printable, where it is short enough to be one message.
    pub whole: Option<String>,
}

/// Where a message is kept; none where it came to nothing.
type Known = HashMap<u64, Option<usize>>;

/// Reads a log to its end. What may matter is judged, once each message.
pub fn read<T>(
    source: impl Read,
    may_matter: impl Fn(&str) -> bool,
    mut judge: impl FnMut(&str) -> Option<T>,
) -> io::Result<Log<T>> {
    let mut lines = Lines::of(source, LONGEST_INPUT);
    let (mut messages, mut known) = (Vec::new(), Known::new());
    let (mut other, mut beyond, mut judged) = (0, 0, 0);
    let mut whole = Some(String::new());
    let mut number = 0;
    while let Some(line) = lines.next()? {
        number += 1;
        gather(&mut whole, line);
        let line = String::from_utf8_lossy(line);
        if !may_matter(&line) && !line.contains(MESSAGE_IN_NUMBERS) {
            other += 1;
            continue;
        }
        if is_binary(&line) {
            other += 1;
            continue;
        }
        let mut text = unwrap(&line);
        text.truncate(boundary(&text, LONGEST_MESSAGE));
        let key = key(&text);
        match known.get(&key) {
            Some(Some(at)) => {
                let message: &mut Message<T> = &mut messages[*at];
                message.count += 1;
                continue;
            }
            Some(None) => {
                other += 1;
                continue;
            }
            None if judged >= MOST_JUDGED || messages.len() >= MOST_MESSAGES => {
                beyond += 1;
                continue;
            }
            None => judged += 1,
        }
        match judge(&text) {
            Some(found) => {
                known.insert(key, Some(messages.len()));
                messages.push(Message {
                    text,
                    count: 1,
                    first_line: number,
                    found,
                });
            }
            None => {
                other += 1;
                if known.len() < MOST_REMEMBERED {
                    known.insert(key, None);
                }
            }
        }
    }
    Ok(Log {
        messages,
        lines: lines.count,
        other,
        cut: lines.cut,
        beyond,
        ended_early: lines.ended_early,
        whole: whole.map(|whole| whole.trim().to_owned()),
    })
}

/// Whether more than a quarter of a line is no text: in random bytes any short word comes up.
fn is_binary(line: &str) -> bool {
    let strange = |letter: &char| {
        letter.is_control() && *letter != '\t' || *letter == char::REPLACEMENT_CHARACTER
    };
    let (mut letters, mut found) = (0_usize, 0_usize);
    for letter in line.chars() {
        letters += 1;
        found += usize::from(strange(&letter));
    }
    found * 4 > letters
}

/// Keeps all that was read, as long as it is short.
fn gather(whole: &mut Option<String>, line: &[u8]) {
    let Some(text) = whole else {
        return;
    };
    if text.len() + line.len() >= LONGEST_MESSAGE {
        *whole = None;
        return;
    }
    text.push_str(&crate::printable(&String::from_utf8_lossy(line)));
    text.push('\n');
}

/// The end of the last whole character below `longest`.
fn boundary(text: &str, longest: usize) -> usize {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &[u8]) -> Log<()> {
        let judge = |text: &str| (!text.contains("not fail")).then_some(());
        read(text, |line| line.contains("fail"), judge).unwrap()
    }

    #[test]
    fn repeats_are_counted_and_the_rest_is_too() {
        let log = of(b"ok\n[    1.000001] veth1 failed\nsays not fail\n[    2.000001] veth2 failed\nnode-1  | x failed\n");
        let told: Vec<(&str, u64, u64)> = log
            .messages
            .iter()
            .map(|message| (message.text.as_str(), message.count, message.first_line))
            .collect();
        assert_eq!(told, [("veth1 failed", 2, 2), ("x failed", 1, 5)]);
        assert_eq!((log.lines, log.other, log.beyond), (5, 2, 0));
        assert!(log.whole.unwrap().starts_with("ok\n"));
    }

    #[test]
    fn what_is_no_text_is_no_message() {
        assert_eq!(of(b"\xff\xfe\x01fail\xff\x02\xfd\n").messages.len(), 0);
        assert_eq!(of(b"it may fail: \xff\n").messages.len(), 1);
    }

    #[test]
    fn more_than_is_kept_is_counted() {
        let name = |mut number: usize| {
            let mut name = String::new();
            while number > 0 {
                name.push(char::from(b'g' + (number % 10) as u8));
                number /= 10;
            }
            name
        };
        let text: String = (1..=MOST_MESSAGES + 7)
            .map(|at| format!("{} fails\n", name(at)))
            .collect();
        let log = of(text.as_bytes());
        assert_eq!((log.messages.len(), log.beyond), (MOST_MESSAGES, 7));
        assert_eq!(log.whole, None);
    }

    #[test]
    fn a_long_message_ends_with_a_whole_letter() {
        let text = format!("fail {}", "ö".repeat(LONGEST_MESSAGE));
        let log = of(text.as_bytes());
        assert_eq!(log.messages[0].text.len(), LONGEST_MESSAGE - 1);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
                        let log = read(bytes.as_slice(), |_| true, |_| Some(())).unwrap();
            let counted: u64 = log.messages.iter().map(|message| message.count).sum();
            prop_assert_eq!(counted + log.other + log.beyond, log.lines);
            for message in &log.messages {
                let again = crate::printable(&message.text);
                prop_assert_eq!(again.as_ref(), message.text.as_str());
            }
        }
    }
}
