//! Sections: which there are, which of them carry a name, and what was meant by one unknown.

use crate::clip::clip;
use crate::header::Header;
use model::{Rejection, Span, nearest};

/// A section that the caller knows: `[kind]`, or `[kind NAME]` if `named`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SectionSpec {
    /// The section's first word.
    pub kind: &'static str,
    /// Whether a second word follows: what the section is about, such as a unit.
    pub named: bool,
}

/// The section that says what the profile is, rather than what it wants.
pub(crate) const PROFILE: SectionSpec = SectionSpec {
    kind: "profile",
    named: false,
};

impl SectionSpec {
    fn written(self) -> String {
        let name = if self.named { " NAME" } else { "" };
        format!("[{}{name}]", self.kind)
    }
}

/// Refuses a header that is none of `[profile]` and `known`.
pub(crate) fn recognise(
    header: &Header<'_>,
    known: &[SectionSpec],
    span: &Span,
) -> Result<(), Rejection> {
    let all = || std::iter::once(PROFILE).chain(known.iter().copied());
    let Some(spec) = all().find(|spec| spec.kind == header.kind) else {
        let message = format!("unknown section `[{}]`", clip(header.inner));
        let help = match nearest(&clip(header.kind), all().map(|spec| spec.kind)) {
            Some(kind) => format!("did you mean `[{kind}]`?"),
            None => {
                let written: Vec<_> = all().map(SectionSpec::written).collect();
                format!("the sections are {}", written.join(", "))
            }
        };
        return Err(Rejection::new(span, message).help(help));
    };
    let message = match (spec.named, header.name) {
        (true, None) => format!("section `[{}]` lacks a name", spec.kind),
        (false, Some(name)) => format!(
            "section `[{}]` takes no name, but `{}` follows",
            spec.kind,
            clip(name)
        ),
        _ => return Ok(()),
    };
    Err(Rejection::new(span, message).help(format!("write `{}`", spec.written())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header;

    const KNOWN: [SectionSpec; 2] = [
        SectionSpec {
            kind: "sysctl",
            named: false,
        },
        SectionSpec {
            kind: "unit",
            named: true,
        },
    ];

    fn help(text: &str) -> Option<String> {
        let span = Span::new("a.ini", 1);
        let header = header::read(text, &span).unwrap();
        recognise(&header, &KNOWN, &span)
            .err()
            .and_then(|rejection| rejection.help)
    }

    #[test]
    fn a_slip_is_answered_with_the_word_meant() {
        assert_eq!(help("[sysctl]"), None);
        assert_eq!(help("[Sysctl]").unwrap(), "did you mean `[sysctl]`?");
        assert_eq!(help("[profil]").unwrap(), "did you mean `[profile]`?");
        assert_eq!(
            help("[kubernetes]").unwrap(),
            "the sections are [profile], [sysctl], [unit NAME]"
        );
    }

    #[test]
    fn a_name_is_where_it_belongs() {
        assert_eq!(help("[unit docker.service]"), None);
        assert_eq!(help("[unit]").unwrap(), "write `[unit NAME]`");
        assert_eq!(help("[sysctl vm]").unwrap(), "write `[sysctl]`");
    }
}
