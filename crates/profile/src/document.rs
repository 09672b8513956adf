//! One file, from bytes to what it says.

use crate::complaints::Complaints;
use crate::own::Own;
use crate::reader::Reader;
use crate::section::SectionSpec;
use crate::{ini, lines, text};
use model::{Entry, Rejection, Span};
use std::sync::Arc;

/// What one file says, whatever could be understood of it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) own: Own,
    pub(crate) entries: Vec<Entry>,
}

/// Reads `content`; what is wrong with it goes to `complaints`, in the order of its lines.
pub(crate) fn read(
    file: &Arc<str>,
    content: &[u8],
    sections: &[SectionSpec],
    complaints: &mut Complaints,
) -> Document {
    let before = complaints.count();
    let text = text::split(file, content);
    text.faults
        .into_iter()
        .for_each(|fault| complaints.push(fault));
    let lines = lines::read(text.lines);
    let mut reader = Reader::new(sections, complaints);
    for line in &lines {
        reader.take(line);
    }
    let (document, headed) = reader.finish();
    if complaints.count() > before {
        return document;
    }
    // Only what would be accepted has to be read alike.
    if let Err(disagreement) = ini::cross_check(&lines) {
        complaints.push(disagreement);
    }
    // A file cut short to nothing must not pass for a profile that wants nothing: to apply that
    // would take back all that the profile in force had set.
    if !headed {
        let refusal = Rejection::new(&Span::new(Arc::clone(file), 1), "the file has no section");
        complaints
            .push(refusal.help("a profile has at least `[profile]` or one section of settings"));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [SectionSpec; 1] = [SectionSpec {
        kind: "sysctl",
        named: false,
    }];

    fn told(content: &[u8]) -> Vec<String> {
        let mut complaints = Complaints::default();
        read(&"a.ini".into(), content, &KNOWN, &mut complaints);
        let rejections = complaints.settle(()).err();
        rejections
            .iter()
            .flat_map(|error| error.rejections())
            .map(|r| format!("{}: {}", r.span.line, r.message))
            .collect()
    }

    #[test]
    fn nothing_at_all_is_no_profile() {
        assert_eq!(told(b""), ["1: the file has no section"]);
        assert_eq!(told(b"# only this\n"), ["1: the file has no section"]);
        assert_eq!(told(b"vm.swappiness\n"), ["1: `vm.swappiness` has no `=`"]);
        assert_eq!(told(b"[sysctl]"), [""; 0]);
    }

    #[test]
    fn all_problems_are_told_in_the_order_of_lines() {
        assert_eq!(
            told(b"[sysctl]\na = 1\na = 2\nb\n#: lost\n\nc ="),
            [
                "3: `a` again, after line 2",
                "4: `b` has no `=`",
                "5: a reason that stands above no setting",
                "7: `c` has no value"
            ]
        );
    }

    #[test]
    fn below_a_broken_header_only_the_lines_are_judged() {
        assert_eq!(
            told(b"[sysctl\na = 1\na = 1\nb ="),
            [
                "1: section header `[sysctl` lacks its `]`",
                "4: `b` has no value"
            ]
        );
        assert_eq!(
            told(b"[sysctl\xff]\na = 1"),
            ["1: not UTF-8: byte 0xff at byte 8 of the line"]
        );
    }
}
