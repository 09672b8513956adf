//! The lines of a file as systemd reads them: LF, CR and NUL end one, CR and LF side by side end one
//! together (systemd, src/basic/fileio.c, `read_line_full`).

/// White space to systemd (src/fundamental/string-util-fundamental.h, `WHITESPACE`).
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Every line with its number, from 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r', '\0']) else {
            rest = None;
            return Some(text);
        };
        let bytes = text.as_bytes();
        let pair = matches!(
            (bytes[end], bytes.get(end + 1)),
            (b'\n', Some(b'\r')) | (b'\r', Some(b'\n'))
        );
        let next = &text[end + 1 + usize::from(pair)..];
        rest = Some(next).filter(|next| !next.is_empty());
        Some(&text[..end])
    })
    .enumerate()
    .map(|(index, line)| (index + 1, line))
}

/// A line without the blanks around it.
pub(crate) fn strip(line: &str) -> &str {
    line.trim_matches(BLANKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_line_counts_once() {
        let lines: Vec<_> = numbered("a\r\nb\rc\n\nd\0e\n\rf").collect();
        let wanted = [
            (1, "a"),
            (2, "b"),
            (3, "c"),
            (4, ""),
            (5, "d"),
            (6, "e"),
            (7, "f"),
        ];
        assert_eq!(lines, wanted);
        assert_eq!(numbered("").count(), 0);
        assert_eq!(numbered("a\n").count(), 1);
        assert_eq!(strip(" \ta\u{a0} "), "a\u{a0}");
    }
}
