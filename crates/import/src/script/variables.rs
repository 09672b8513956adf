//! The variables of a script: known where the script gives them one literal value, else open.

use super::commands::Program;
use super::lexer::{Part, Word};
use crate::holes::Holes;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// As deep as variables are followed into variables.
const DEEPEST: usize = 12;
/// As many steps as all that following may take, and as long as a value may become.
const MOST_STEPS: usize = 200_000;
const LONGEST: usize = 1 << 16;
/// As many assignments as are looked through for the one before a use.
const MOST_ASSIGNED: usize = 64;

/// Commands whose arguments may be assignments.
const DECLARING: [&str; 5] = ["export", "readonly", "local", "declare", "typeset"];

#[derive(Debug, Clone)]
struct Assignment {
    /// The place of the command.
    at: usize,
    line: usize,
    conditional: bool,
    parts: Vec<Part>,
}

/// What one variable is assigned, at least once.
#[derive(Debug)]
struct Assigned {
    all: Vec<Assignment>,
    /// The line of the first assignment of another value.
    differs: Option<usize>,
}

/// What the script assigns.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    assigned: HashMap<String, Assigned>,
    pub(crate) holes: RefCell<Holes>,
    steps: Cell<usize>,
}

impl Variables {
    /// Everything that the commands assign, none of it followed yet.
    pub(crate) fn of(program: &Program) -> Self {
        let mut variables = Self::default();
        for (at, command) in program.commands.iter().enumerate() {
            let mut words = command.words.iter().peekable();
            let mut assign = |name: String, parts, line| {
                let one = Assignment {
                    at,
                    line,
                    conditional: command.conditional,
                    parts,
                };
                match variables.assigned.get_mut(&name) {
                    Some(there) => {
                        if there.differs.is_none() && there.all[0].parts != one.parts {
                            there.differs = Some(line);
                        }
                        there.all.push(one);
                    }
                    None => {
                        let (all, differs) = (vec![one], None);
                        variables.assigned.insert(name, Assigned { all, differs });
                    }
                }
            };
            let first = words.peek().and_then(|word| word.literal());
            match first {
                Some(setting @ ("for" | "select" | "read" | "mapfile" | "readarray")) => {
                    let most = match setting {
                        "for" | "select" => 1,
                        _ => usize::MAX,
                    };
                    for name in words.skip(1).take(most).filter_map(|word| word.literal()) {
                        let written = name.to_owned();
                        let why = "is set while the script runs";
                        assign(
                            written.clone(),
                            vec![Part::Computed { written, why }],
                            command.line,
                        );
                    }
                }
                Some(declaring) if DECLARING.contains(&declaring) => {
                    for (word, (name, parts)) in words.filter_map(|word| Some((word, split(word)?)))
                    {
                        assign(name, parts, word.line);
                    }
                }
                _ => {
                    for word in words {
                        let Some((name, parts)) = split(word) else {
                            break;
                        };
                        assign(name, parts, word.line);
                    }
                }
            }
        }
        variables
    }

    /// The text of a word; what is not known of it is a hole.
    pub(crate) fn text(&self, parts: &[Part], at: usize) -> String {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Variable {
                    name,
                    written,
                    fallback,
                } => match self.value(name, fallback.as_deref(), at, 0) {
                    Ok(value) => text.push_str(&value),
                    Err(why) => text.push(self.holes.borrow_mut().dig(written, why)),
                },
                Part::Computed { written, why } => {
                    text.push(self.holes.borrow_mut().dig(written, (*why).to_owned()));
                }
            }
        }
        text
    }

    fn value(
        &self,
        name: &str,
        fallback: Option<&str>,
        at: usize,
        depth: usize,
    ) -> Result<String, String> {
        self.steps.set(self.steps.get() + 1);
        if depth > DEEPEST || self.steps.get() > MOST_STEPS {
            return Err("leads from variable to variable too often".to_owned());
        }
        let Some(assigned) = self.assigned.get(name) else {
            return fallback
                .map(str::to_owned)
                .ok_or_else(|| "has no value in the script".to_owned());
        };
        let (all, first) = (&assigned.all, &assigned.all[0]);
        if assigned.differs.is_none() {
            return self.follow(name, first, depth);
        }
        // Assigned once after the other: the last before its use, or the first if none is before.
        if all.iter().take(MOST_ASSIGNED).all(|one| !one.conditional) && all.len() < MOST_ASSIGNED {
            let before = all.iter().rfind(|one| one.at < at);
            return self.follow(name, before.unwrap_or(first), depth);
        }
        let lines = assigned
            .differs
            .map(|second| format!("{} and {second}", first.line));
        let lines = lines.unwrap_or_default();
        Err(format!("is given several values, in lines {lines}"))
    }

    fn follow(&self, own: &str, assignment: &Assignment, depth: usize) -> Result<String, String> {
        let mut value = String::new();
        for part in &assignment.parts {
            match part {
                Part::Text(text) => value.push_str(text),
                // `NAME=${NAME:-default}`: what the environment would say is not the script's.
                Part::Variable { name, fallback, .. } if name == own => match fallback {
                    Some(fallback) => value.push_str(fallback),
                    None => {
                        let line = assignment.line;
                        return Err(format!("is built on its own value in line {line}"));
                    }
                },
                Part::Variable { name, fallback, .. } => {
                    let inner = self.value(name, fallback.as_deref(), assignment.at, depth + 1);
                    value.push_str(&inner?);
                }
                Part::Computed { written, why } => {
                    let line = assignment.line;
                    let written = crate::text::clip(written);
                    return Err(match written == own {
                        true => format!("{why}, in line {line}"),
                        false => format!("is `{written}` from line {line}, which {why}"),
                    });
                }
            }
            self.steps.set(self.steps.get() + value.len() / 16);
            if value.len() > LONGEST {
                return Err("grows without end".to_owned());
            }
        }
        Ok(value)
    }
}

/// A word as an assignment: the name, and the parts of the value.
pub(crate) fn split(word: &Word) -> Option<(String, Vec<Part>)> {
    let Some(Part::Text(text)) = word.parts.first() else {
        return None;
    };
    let (name, value) = text.split_once('=')?;
    let (name, adds) = match name.strip_suffix('+') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let mut parts = Vec::new();
    if adds {
        let written = format!("{name}+=");
        let why = "adds to what is there";
        parts.push(Part::Computed { written, why });
    }
    if !value.is_empty() {
        parts.push(Part::Text(value.to_owned()));
    }
    parts.extend(word.parts.iter().skip(1).cloned());
    Some((name.to_owned(), parts))
}
