//! What a POSIX shell reads back exactly as it was meant: words, and the contents of files.

/// What needs no quotes anywhere in a command.
const PLAIN: &str = "/._,:=@%+-";
/// The bytes that one line of printf(1) writes.
const CHUNK: usize = 64;

/// A word.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || PLAIN.contains(letter);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// A command and what it acts on, kept from being taken for options.
pub(crate) fn line(command: &[&str], operands: &[&str]) -> String {
    let ends = operands.iter().any(|operand| operand.starts_with('-'));
    let options_end = ends.then_some("--");
    let words = command.iter().copied().chain(options_end);
    let words: Vec<String> = words.chain(operands.iter().copied()).map(quoted).collect();
    format!("{}\n", words.join(" "))
}

/// Writes `content` to `path`; nobody reads it meanwhile who may not read it later.
pub(crate) fn write(path: &str, content: &[u8], mode: u32) -> String {
    let path = quoted(path);
    let private = mode & 0o077 != 0o044;
    let to_file = |command: &str| match private {
        true => format!("(umask 077 && {command} > {path})"),
        false => format!("{command} > {path}"),
    };
    match std::str::from_utf8(content) {
        Ok(text) if is_lines(text) => heredoc(&to_file("cat"), text),
        _ if content.is_empty() => format!("{}\n", to_file(":")),
        _ => format!("{}\n", to_file(&format!("{{\n{}}}", printed(content)))),
    }
}

/// A here-document gives back whole lines, and no shell keeps a NUL.
fn is_lines(text: &str) -> bool {
    text.ends_with('\n') && !text.contains('\0')
}

/// A command that is fed `text`.
pub(crate) fn heredoc(command: &str, text: &str) -> String {
    let Some(end) = end_of(text) else {
        return format!("{{\n{}}} | {command}\n", printed(text.as_bytes()));
    };
    let newline = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{command} <<'{end}'\n{text}{newline}{end}\n")
}

/// A word that ends a here-document of `text` and nothing before. A line that begins like the word and
/// goes on with a byte beyond ASCII loses that byte in dash (measured with 0.5.12).
fn end_of(text: &str) -> Option<String> {
    let others = ('A'..='Z').map(|letter| format!("{letter}_EOF"));
    let mut words = std::iter::once("EOF".to_owned()).chain(others);
    words.find(|word| text.split('\n').all(|line| stands_apart(line, word)))
}

fn stands_apart(line: &str, word: &str) -> bool {
    let same = line.bytes().zip(word.bytes()).take_while(|(a, b)| a == b);
    let same = same.count();
    let next = line.as_bytes().get(same);
    line != word && (same == 0 || next.is_none_or(u8::is_ascii))
}

/// Commands that print bytes of any kind.
fn printed(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        // A format may not begin like an option, and % and \ mean something in it.
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b' ' | b'/' | b'.' | b'=' | b'_' | b':' => {
            char::from(*byte).to_string()
        }
        byte => format!("\\{byte:03o}"),
    };
    let line = |chunk: &[u8]| {
        let format: String = chunk.iter().map(letter).collect();
        format!("printf '{format}'\n")
    };
    bytes.chunks(CHUNK).map(line).collect()
}
