//! The commands of a script in their order: what each is told, what feeds it, where its output
//! goes, and whether it hangs on a condition.

use super::lexer::{Lines, Token, Word};

/// One simple command; of a group in braces, what stands behind the closing brace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Command {
    pub(crate) line: usize,
    pub(crate) words: Vec<Word>,
    pub(crate) redirects: Vec<Redirect>,
    /// The here-document on its input.
    pub(crate) document: Option<usize>,
    /// The command whose output is its input.
    pub(crate) input: Option<usize>,
    /// The commands of the group that this closes, those of groups within it left out.
    pub(crate) closes: Option<Vec<usize>>,
    /// Whether a group that is closed already has it.
    grouped: bool,
    /// Whether it runs only under a condition, or more than once.
    pub(crate) conditional: bool,
}

/// A redirection with the word behind it.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    pub(crate) operator: &'static str,
    pub(crate) descriptor: Option<u32>,
    pub(crate) target: Word,
}

/// The commands, and the here-documents that they refer to.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) commands: Vec<Command>,
    pub(crate) documents: Vec<Lines>,
}

/// Puts tokens together.
pub(crate) fn read(tokens: Vec<Token>, documents: Vec<Lines>) -> Program {
    let mut reader = Reader::default();
    for token in tokens {
        reader.take(token);
    }
    reader.flush();
    Program {
        commands: reader.commands,
        documents,
    }
}

/// As deep as blocks in blocks are followed.
const DEEPEST: usize = 64;

struct Frame {
    start: usize,
    word: &'static str,
}

#[derive(Default)]
struct Reader {
    commands: Vec<Command>,
    current: Command,
    frames: Vec<Frame>,
    waiting: Option<(&'static str, Option<u32>)>,
    input: Option<usize>,
    /// Behind `&&` or `||`.
    chained: bool,
}

impl Reader {
    fn take(&mut self, token: Token) {
        match token {
            Token::Word(word) => match self.waiting.take() {
                Some((operator, descriptor)) => {
                    if self.current.line == 0 {
                        self.current.line = word.line;
                    }
                    self.current.redirects.push(Redirect {
                        operator,
                        descriptor,
                        target: word,
                    });
                }
                None => self.word(word),
            },
            Token::Redirect(operator, descriptor) => self.waiting = Some((operator, descriptor)),
            Token::HereDocument(index) => self.current.document = Some(index),
            Token::Operator(operator) => self.operator(operator),
        }
    }

    fn word(&mut self, word: Word) {
        let first = self.current.words.is_empty() && self.current.closes.is_none();
        let keyword = word.literal().filter(|_| first && !word.quoted);
        match keyword.unwrap_or_default() {
            "then" | "else" | "elif" | "do" | "!" | "time" => {}
            "if" => self.open("if"),
            "while" | "until" => self.open("while"),
            "for" | "select" => {
                self.open("for");
                self.push(word);
            }
            "case" => {
                self.open("case");
                self.push(word);
            }
            "{" => self.open("{"),
            "fi" => self.close(&["if"]),
            "done" => self.close(&["while", "for"]),
            "esac" => self.close(&["case"]),
            "}" => self.close(&["{"]),
            _ if self.defines() && word.literal() == Some("{") => {
                self.current = Command::default();
                self.open("{");
            }
            _ => self.push(word),
        }
    }

    /// Whether `function NAME` stands before the brace.
    fn defines(&self) -> bool {
        let first = self.current.words.first();
        first.is_some_and(|word| word.literal() == Some("function"))
    }

    fn push(&mut self, word: Word) {
        if self.current.words.is_empty() {
            self.current.line = word.line;
        }
        self.current.words.push(word);
    }

    fn operator(&mut self, operator: &'static str) {
        match operator {
            "(" if self.current.words.len() == 1 => {
                // A definition: the name goes, and `)` finds nothing to close.
                self.current = Command::default();
            }
            "(" => {
                self.flush();
                self.open("(");
            }
            ")" => {
                let flushed = self.flush();
                match self.frames.last().map(|frame| frame.word) {
                    Some("(") => self.close(&["("]),
                    // What stood before it was a pattern.
                    Some("case") if flushed.is_some() => {
                        self.commands.pop();
                    }
                    _ => {}
                }
            }
            "|" | "|&" => self.input = self.flush(),
            "&&" | "||" => {
                self.flush();
                self.chained = true;
            }
            "\n" if self.current.is_empty() => {}
            _ => {
                self.flush();
                self.chained = false;
            }
        }
    }

    fn open(&mut self, word: &'static str) {
        if self.frames.len() >= DEEPEST {
            return;
        }
        self.frames.push(Frame {
            start: self.commands.len(),
            word,
        });
    }

    fn close(&mut self, words: &[&str]) {
        if self
            .frames
            .last()
            .is_some_and(|frame| words.contains(&frame.word))
            && let Some(frame) = self.frames.pop()
        {
            let mut group = Vec::new();
            for place in frame.start..self.commands.len() {
                if !std::mem::replace(&mut self.commands[place].grouped, true) {
                    group.push(place);
                }
            }
            self.current.closes = Some(group);
        }
    }

    /// Ends the command at hand; gives its place.
    fn flush(&mut self) -> Option<usize> {
        self.waiting = None;
        let mut command = std::mem::take(&mut self.current);
        if command.is_empty() {
            return None;
        }
        let place = self.commands.len();
        command.line = command.line.max(1);
        command.input = self.input.take();
        command.conditional = self.chained || self.frames.iter().any(Frame::is_conditional);
        self.commands.push(command);
        Some(place)
    }
}

impl Frame {
    fn is_conditional(&self) -> bool {
        !matches!(self.word, "{" | "(")
    }
}

impl Command {
    fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.redirects.is_empty()
            && self.document.is_none()
            && self.closes.is_none()
    }
}
