//! The words between hosttune and the guard of a rehearsal: a line of JSON each way.

use super::footprint::Script;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};

/// What hosttune asks of the guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Order {
    /// Make ready for this.
    Open(Box<Script>),
    /// Start the stand-ins from the first number up to before the second.
    Start(u64, u64),
    /// Take everything away and end.
    Close,
}

/// What the guard answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Word {
    /// It is ready; its process has this number.
    Ready(i32),
    /// It could not make ready.
    Failed(Told),
    /// What came of a start.
    Started(Started),
    /// Everything is gone but these.
    Closed(Vec<String>),
}

/// What came of a start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Started {
    /// Stand-ins that run now.
    pub(super) running: u64,
    /// What refused the next one.
    pub(super) refused: Option<Told>,
    /// What was lost by stand-ins that run.
    pub(super) lost: Vec<Told>,
    /// Microseconds that each start took.
    pub(super) took: Vec<u64>,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// The stand-in, counted from 0.
    pub(super) number: u64,
    /// The call with its object.
    pub(super) call: String,
    /// The kernel's error; 0 where something else was wrong, which `call` says.
    pub(super) errno: i32,
}

/// What a stand-in tells the guard; short enough that a pipe takes it whole (pipe(7), PIPE_BUF).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Report {
    /// It runs, after so many microseconds.
    Up(u64, u64),
    /// It was refused and is gone.
    Refused(Told),
    /// It runs without something.
    Lost(Told),
}

/// Says a word.
pub(super) fn say(to: &mut impl Write, word: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(word)?;
    line.push(b'\n');
    to.write_all(&line)
}

/// Hears the next word; none where the other side is gone.
pub(super) fn hear<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = String::new();
    match from.read_line(&mut line)? {
        0 => Ok(None),
        _ => Ok(Some(serde_json::from_str(&line)?)),
    }
}
