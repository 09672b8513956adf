//! The section `[profile]`: what this crate itself understands.

use crate::clip::clip;
use crate::pair::Pair;
use model::{Rejection, Span, nearest};

const KEYS: [&str; 2] = ["summary", "include"];

/// One profile that another builds on, and the line that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Include {
    pub(crate) reference: String,
    pub(crate) span: Span,
}

/// What `[profile]` says.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) summary: Option<String>,
    pub(crate) includes: Vec<Include>,
}

impl Own {
    /// Takes one pair of the section; `reason` is what stood above it.
    pub(crate) fn take(
        &mut self,
        pair: Pair<'_>,
        reason: Option<&str>,
        span: &Span,
    ) -> Result<(), Rejection> {
        match pair.key {
            "summary" => self.summary = Some(pair.value.to_owned()),
            "include" => self.includes = includes(pair.value, span)?,
            key => {
                let message = format!("unknown key `{}` in `[profile]`", clip(key));
                return Err(
                    Rejection::new(span, message).help(match nearest(&clip(key), KEYS) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => format!("its keys are {}", KEYS.join(" and ")),
                    }),
                );
            }
        }
        match reason {
            Some(_) => Err(Rejection::new(
                span,
                format!("a reason above `{}`, which sets nothing", pair.key),
            )
            .help("a reason explains a setting; write `#` for a comment")),
            None => Ok(()),
        }
    }
}

fn includes(value: &str, span: &Span) -> Result<Vec<Include>, Rejection> {
    let mut found: Vec<Include> = Vec::new();
    for reference in value.split([' ', ',']).filter(|word| !word.is_empty()) {
        if found.iter().any(|include| include.reference == reference) {
            let message = format!("`{}` is included twice", clip(reference));
            return Err(Rejection::new(span, message).help("remove one: the first counts"));
        }
        found.push(Include {
            reference: reference.to_owned(),
            span: span.clone(),
        });
    }
    if found.is_empty() {
        return Err(Rejection::new(span, "`include` names no profile"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(key: &str, value: &str) -> Result<Vec<String>, String> {
        let mut own = Own::default();
        own.take(Pair { key, value }, None, &Span::new("a.ini", 1))
            .map_err(|rejection| {
                format!(
                    "{} ({})",
                    rejection.message,
                    rejection.help.unwrap_or_default()
                )
            })?;
        Ok(own
            .includes
            .into_iter()
            .map(|include| include.reference)
            .collect())
    }

    #[test]
    fn includes_are_separated_by_blanks_or_commas() {
        assert_eq!(told("include", "a, b,c  d").unwrap(), ["a", "b", "c", "d"]);
        assert_eq!(
            told("include", "a b a").unwrap_err(),
            "`a` is included twice (remove one: the first counts)"
        );
        assert_eq!(
            told("include", " , ").unwrap_err(),
            "`include` names no profile ()"
        );
    }

    #[test]
    fn other_keys_are_slips() {
        assert_eq!(
            told("includes", "a").unwrap_err(),
            "unknown key `includes` in `[profile]` (did you mean `include`?)"
        );
        assert_eq!(
            told("author", "a").unwrap_err(),
            "unknown key `author` in `[profile]` (its keys are summary and include)"
        );
    }
}
