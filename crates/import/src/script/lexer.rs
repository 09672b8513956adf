//! The words of a shell script: quotes, expansions, operators and here-documents (sh(1), bash(1)),
//! as far as text can tell them. Nothing is expanded here, and nothing is run.

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// As it stands.
    Text(String),
    /// The value of a variable.
    Variable {
        name: String,
        /// As the script writes it.
        written: String,
        /// What stands in for it if it has no value.
        fallback: Option<String>,
    },
    /// What only a run would tell.
    Computed { written: String, why: &'static str },
}

/// A word and the line that it begins in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) line: usize,
    pub(crate) parts: Vec<Part>,
    /// Whether any of it is quoted.
    pub(crate) quoted: bool,
}

/// The lines of a here-document, each with its number.
pub(crate) type Lines = Vec<(usize, Vec<Part>)>;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Word(Word),
    /// `;`, `|`, `&&`, `(`, …; an end of line is `\n`.
    Operator(&'static str),
    /// `>`, `>>`, `<`, … and the descriptor in front of it; the word behind it follows.
    Redirect(&'static str, Option<u32>),
    /// `<<` with what it feeds in: an index into the here-documents.
    HereDocument(usize),
}

/// The longest first, so that `&&` is not read as two `&`.
const OPERATORS: [&str; 12] = [
    ";;&", ";;", ";&", ";", "&&", "||", "|&", "|", "&", "(", ")", "\n",
];
const REDIRECTS: [&str; 10] = ["&>>", "<<<", "&>", ">>", ">|", ">&", "<&", "<>", ">", "<"];

/// Reads a script from its first line, which has the number `line`.
pub(crate) fn read(text: &str, line: usize) -> (Vec<Token>, Vec<Lines>) {
    let mut lexer = Lexer::new(text, line);
    lexer.run();
    (lexer.tokens, lexer.documents)
}

/// A here-document whose body is still to come.
pub(super) struct Pending {
    pub(super) document: usize,
    pub(super) delimiter: String,
    pub(super) literal: bool,
    pub(super) strip_tabs: bool,
}

/// A script and how far it is read.
pub(super) struct Lexer {
    pub(super) text: Vec<char>,
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) documents: Vec<Lines>,
    pub(super) pending: Vec<Pending>,
    /// How far may still be looked ahead for closing brackets: to look to the end again and again
    /// would take the square of the script's length.
    pub(super) patience: usize,
}

impl Lexer {
    pub(super) fn new(text: &str, line: usize) -> Self {
        let text: Vec<char> = text.chars().collect();
        Self {
            patience: 8 * text.len(),
            text,
            at: 0,
            line,
            tokens: Vec::new(),
            documents: Vec::new(),
            pending: Vec::new(),
        }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn sees(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(index, c)| self.peek(index) == Some(c))
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(next == '\n');
        Some(next)
    }

    pub(super) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    pub(super) fn run(&mut self) {
        while let Some(next) = self.peek(0) {
            match next {
                ' ' | '\t' | '\r' => self.skip(1),
                '\\' if self.peek(1) == Some('\n') => self.skip(2),
                '#' => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.skip(1);
                    }
                }
                '(' if self.sees("((") && self.arithmetic() => {}
                _ if self.redirect() => {}
                _ => match OPERATORS.iter().find(|operator| self.sees(operator)) {
                    Some(operator) => {
                        self.skip(operator.chars().count());
                        self.tokens.push(Token::Operator(operator));
                        if *operator == "\n" {
                            self.here_documents();
                        }
                    }
                    None => {
                        let word = self.word();
                        self.tokens.push(Token::Word(word));
                    }
                },
            }
        }
        self.here_documents();
    }

    /// `(( … ))` sets nothing that a profile could hold.
    pub(super) fn arithmetic(&mut self) -> bool {
        let closed = self
            .closing('(', ')')
            .is_some_and(|end| self.text.get(end - 1) == Some(&')'));
        if closed && let Some(end) = self.closing('(', ')') {
            self.skip(end + 1 - self.at);
        }
        closed
    }

    pub(super) fn redirect(&mut self) -> bool {
        let mut digits = 0;
        while self.peek(digits).is_some_and(|c| c.is_ascii_digit()) && digits < 4 {
            digits += 1;
        }
        let descriptor: String = self.text[self.at..self.at + digits].iter().collect();
        let start = self.at;
        self.at += digits;
        let is_process = matches!(self.peek(0), Some('<' | '>')) && self.peek(1) == Some('(');
        if !is_process && self.sees("<<") && !self.sees("<<<") {
            self.skip(2);
            self.here_document();
            return true;
        }
        let operator = REDIRECTS.iter().find(|operator| self.sees(operator));
        match operator.filter(|_| !is_process) {
            Some(operator) => {
                self.skip(operator.len());
                self.tokens
                    .push(Token::Redirect(operator, descriptor.parse().ok()));
                true
            }
            None => {
                self.at = start;
                false
            }
        }
    }
}

impl Word {
    pub(super) fn put(&mut self, character: char) {
        match self.parts.last_mut() {
            Some(Part::Text(text)) => text.push(character),
            _ => self.parts.push(Part::Text(character.to_string())),
        }
    }

    pub(super) fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
            (_, part) => self.parts.push(part),
        }
    }

    pub(super) fn ends_with_equals(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Text(text)) if text.ends_with('='))
    }

    /// The text of a word without expansions.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}
