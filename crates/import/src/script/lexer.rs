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

struct Pending {
    document: usize,
    delimiter: String,
    literal: bool,
    strip_tabs: bool,
}

struct Lexer {
    text: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
    documents: Vec<Lines>,
    pending: Vec<Pending>,
    /// How far may still be looked ahead for closing brackets: to look to the end again and again
    /// would take the square of the script's length.
    patience: usize,
}

impl Lexer {
    fn new(text: &str, line: usize) -> Self {
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

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn sees(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(index, c)| self.peek(index) == Some(c))
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    fn run(&mut self) {
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
    fn arithmetic(&mut self) -> bool {
        let closed = self
            .closing('(', ')')
            .is_some_and(|end| self.text.get(end - 1) == Some(&')'));
        if closed && let Some(end) = self.closing('(', ')') {
            self.skip(end + 1 - self.at);
        }
        closed
    }

    fn redirect(&mut self) -> bool {
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

    fn here_document(&mut self) {
        let strip_tabs = self.peek(0) == Some('-');
        self.skip(usize::from(strip_tabs));
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.skip(1);
        }
        let word = self.word();
        let delimiter = word.parts.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Variable { written, .. } | Part::Computed { written, .. } => written,
        });
        self.pending.push(Pending {
            document: self.documents.len(),
            delimiter: delimiter.collect(),
            literal: word.quoted,
            strip_tabs,
        });
        self.tokens.push(Token::HereDocument(self.documents.len()));
        self.documents.push(Vec::new());
    }

    /// The bodies that begin on the line that was just reached.
    fn here_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let first = self.line;
            let mut body: Vec<String> = Vec::new();
            while self.at < self.text.len() {
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
                let raw: String = rest[..length].iter().collect();
                self.skip((length + 1).min(rest.len()));
                let raw = match pending.strip_tabs {
                    true => raw.trim_start_matches('\t').to_owned(),
                    false => raw,
                };
                if raw.trim_end_matches('\r') == pending.delimiter {
                    break;
                }
                body.push(raw);
            }
            self.documents[pending.document] = match pending.literal {
                true => body
                    .into_iter()
                    .enumerate()
                    .map(|(index, line)| (first + index, vec![Part::Text(line)]))
                    .collect(),
                false => Self::new(&body.join("\n"), first).body(),
            };
        }
    }

    /// The lines of a here-document whose delimiter is not quoted.
    fn body(&mut self) -> Lines {
        let mut lines = Vec::new();
        let (mut first, mut word) = (self.line, Word::default());
        while let Some(next) = self.peek(0) {
            match (next, self.peek(1)) {
                ('\\', Some('\n')) => self.skip(2),
                ('\\', Some(escaped @ ('$' | '`' | '\\'))) => {
                    self.skip(2);
                    word.put(escaped);
                }
                ('$' | '`', _) => {
                    let part = self.expansion();
                    word.push(part);
                }
                ('\n', _) => {
                    self.skip(1);
                    lines.push((first, std::mem::take(&mut word.parts)));
                    first = self.line;
                }
                _ => {
                    self.skip(1);
                    word.put(next);
                }
            }
        }
        lines.push((first, word.parts));
        lines
    }

    fn word(&mut self) -> Word {
        let mut word = Word {
            line: self.line,
            ..Word::default()
        };
        while let Some(next) = self.peek(0) {
            match next {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | ')' => break,
                '(' if word.ends_with_equals() => {
                    let part = self.enclosed(0, '(', ')', "is a list");
                    word.push(part);
                }
                '<' | '>' if word.parts.is_empty() && self.peek(1) == Some('(') => {
                    let part = self.enclosed(1, '(', ')', COMMAND);
                    word.push(part);
                }
                '(' | '<' | '>' => break,
                '\\' => {
                    self.skip(1);
                    word.quoted = true;
                    match self.next() {
                        Some('\n') | None => {}
                        Some(escaped) => word.put(escaped),
                    }
                }
                '\'' => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' if self.peek(1) == Some('\'') => {
                    self.skip(1);
                    self.ansi_quoted(&mut word);
                }
                '$' if self.peek(1) == Some('"') => self.skip(1),
                '$' | '`' => {
                    let part = self.expansion();
                    word.push(part);
                }
                _ => {
                    self.skip(1);
                    word.put(next);
                }
            }
        }
        if word.parts.is_empty() && !word.quoted {
            // A lone `(` behind a word, as in a definition of a function, is an operator; anything
            // else that stops a word at once must not stop the reader.
            self.skip(1);
        }
        word
    }

    fn single_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.skip(1);
        while let Some(next) = self.next().filter(|next| *next != '\'') {
            word.put(next);
        }
    }

    fn ansi_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.skip(1);
        let mut text = String::new();
        while let Some(next) = self.next().filter(|next| *next != '\'') {
            text.push(next);
            if next == '\\' {
                text.extend(self.next());
            }
        }
        word.push(Part::Text(super::output::unescaped(&text)));
    }

    fn double_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.skip(1);
        while let Some(next) = self.peek(0) {
            match (next, self.peek(1)) {
                ('"', _) => return self.skip(1),
                ('\\', Some('\n')) => self.skip(2),
                ('\\', Some(escaped @ ('$' | '`' | '"' | '\\'))) => {
                    self.skip(2);
                    word.put(escaped);
                }
                ('$' | '`', _) => {
                    let part = self.expansion();
                    word.push(part);
                }
                _ => {
                    self.skip(1);
                    word.put(next);
                }
            }
        }
    }

    /// What begins at a `$` or a backquote.
    fn expansion(&mut self) -> Part {
        if self.sees("`") {
            return self.backquoted();
        }
        if self.sees("$((") {
            return self.enclosed(1, '(', ')', "is arithmetic, which import does not do");
        }
        if self.sees("$(") {
            return self.enclosed(1, '(', ')', COMMAND);
        }
        if self.sees("${") {
            return braced(self.enclosed(
                1,
                '{',
                '}',
                "is an expansion that import does not follow",
            ));
        }
        self.skip(1);
        let mut name = String::new();
        match self.peek(0) {
            Some(special) if special.is_ascii_digit() || "@*#?!$-".contains(special) => {
                self.skip(1);
                name.push(special);
            }
            _ => {
                while let Some(letter) = self.peek(0).filter(|c| is_letter(*c)) {
                    self.skip(1);
                    name.push(letter);
                }
            }
        }
        match name.is_empty() {
            true => Part::Text("$".to_owned()),
            false => Part::Variable {
                written: format!("${name}"),
                name,
                fallback: None,
            },
        }
    }

    fn backquoted(&mut self) -> Part {
        let rest = &self.text[self.at + 1..];
        let length = rest.iter().take(self.patience).position(|c| *c == '`');
        self.patience = self.patience.saturating_sub(length.unwrap_or(rest.len()));
        let end = length.map_or(self.at, |length| self.at + 1 + length);
        self.computed(end, COMMAND)
    }

    /// What stands between brackets, the first of which is `ahead` characters away; without its
    /// end, the opening alone.
    fn enclosed(&mut self, ahead: usize, open: char, close: char, why: &'static str) -> Part {
        self.at += ahead;
        let end = self.closing(open, close);
        let last = end.unwrap_or(self.at);
        self.at -= ahead;
        self.computed(last, why)
    }

    fn computed(&mut self, last: usize, why: &'static str) -> Part {
        let written: String = self.text[self.at..=last].iter().collect();
        self.skip(last + 1 - self.at);
        Part::Computed { written, why }
    }

    /// Where the bracket that opens here is closed, quotes and escapes regarded.
    fn closing(&mut self, open: char, close: char) -> Option<usize> {
        let end = self.matching(open, close);
        let looked = end.unwrap_or(self.text.len()) - self.at;
        self.patience = self.patience.saturating_sub(looked);
        end
    }

    fn matching(&self, open: char, close: char) -> Option<usize> {
        let mut depth = 0_usize;
        let mut at = self.at;
        while let Some(next) = self.text.get(at).copied() {
            match next {
                '\\' => at += 1,
                '\'' | '"' => {
                    let ends = |c: &char| *c == next;
                    at += 1 + self.text[at + 1..].iter().position(ends).unwrap_or(0);
                }
                _ if next == open => depth += 1,
                _ if next == close => depth -= 1,
                _ => {}
            }
            if depth == 0 && next == close {
                return Some(at);
            }
            at += 1;
            if at - self.at > self.patience {
                break;
            }
        }
        None
    }
}

const COMMAND: &str = "is the output of a command, which import does not run";

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `${NAME}` and `${NAME:-literal}`; anything else stays what only a run would tell.
fn braced(part: Part) -> Part {
    let Part::Computed { written, why } = part else {
        return part;
    };
    let inside = written
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    let inside = inside.unwrap_or_default();
    let end = inside.find(|c| !is_letter(c)).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    let fallback = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
    let fallback = fallback.map(|text| text.trim_matches(['"', '\'']));
    let plain = fallback.is_none_or(|text| !text.contains(['$', '`', '\\', '"', '\'']));
    match !name.is_empty() && (rest.is_empty() || fallback.is_some()) && plain {
        true => Part::Variable {
            name: name.to_owned(),
            fallback: fallback.map(str::to_owned),
            written,
        },
        false => Part::Computed { written, why },
    }
}

impl Word {
    fn put(&mut self, character: char) {
        match self.parts.last_mut() {
            Some(Part::Text(text)) => text.push(character),
            _ => self.parts.push(Part::Text(character.to_string())),
        }
    }

    fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
            (_, part) => self.parts.push(part),
        }
    }

    fn ends_with_equals(&self) -> bool {
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
