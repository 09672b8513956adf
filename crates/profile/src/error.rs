//! Why a profile was not loaded.

use model::{Problem, Rejection};

/// A profile that could not be loaded; nothing of it is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// There is no such profile.
    #[error("no profile `{reference}`")]
    NotFound {
        /// What was asked for.
        reference: String,
        /// The name probably meant.
        suggestion: Option<String>,
        /// The names there are.
        names: Vec<String>,
    },
    /// The profile's file was not read.
    #[error("{path}: {message}")]
    Refused {
        /// The file.
        path: String,
        /// Why.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// Its text, or that of a profile it includes, is wrong.
    #[error("{}", listed(rejections, *more))]
    Rejected {
        /// What is wrong, in the order of lines: the profile itself first, then what it includes.
        rejections: Vec<Rejection>,
        /// How many more were found than are listed.
        more: usize,
    },
}

impl ProfileError {
    /// What is wrong with the text, line by line; empty if there was no text to judge.
    pub fn rejections(&self) -> &[Rejection] {
        match self {
            Self::Rejected { rejections, .. } => rejections,
            _ => &[],
        }
    }

    /// What to do about a profile that was not read; rejections have a help each.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotFound {
                suggestion, names, ..
            } => Some(offer(suggestion.as_deref(), names)),
            Self::Refused { help, .. } => help.clone(),
            Self::Rejected { .. } => None,
        }
    }

    /// The same as problems of kind `profile`, for the envelope of a command.
    pub fn problems(&self) -> Vec<Problem> {
        let problem = |message: &str, place: Option<String>, help: Option<String>| {
            let mut problem = Problem::new("profile", message);
            (problem.place, problem.help) = (place, help);
            problem
        };
        match self {
            Self::NotFound { .. } => vec![problem(&self.to_string(), None, self.help())],
            Self::Refused {
                path,
                message,
                help,
            } => vec![problem(message, Some(path.clone()), help.clone())],
            Self::Rejected { rejections, more } => {
                let listed = rejections.iter();
                let listed =
                    listed.map(|r| problem(&r.message, Some(r.span.to_string()), r.help.clone()));
                let rest = (*more > 0).then(|| problem(&format!("and {more} more"), None, None));
                listed.chain(rest).collect()
            }
        }
    }
}

/// What to open instead.
pub(crate) fn offer(suggestion: Option<&str>, names: &[String]) -> String {
    match suggestion {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => "there are no profiles; give the path of one".to_owned(),
        None => format!("the profiles are {}", names.join(", ")),
    }
}

fn listed(rejections: &[Rejection], more: usize) -> String {
    let mut lines: Vec<String> = rejections.iter().map(ToString::to_string).collect();
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;

    #[test]
    fn each_rejection_becomes_a_problem_with_its_place() {
        let rejection =
            Rejection::new(&Span::new("a.ini", 3), "`k` has no value").help("remove it");
        let error = ProfileError::Rejected {
            rejections: vec![rejection],
            more: 2,
        };
        let problems = error.problems();
        assert_eq!(problems[0].place.as_deref(), Some("a.ini:3"));
        assert_eq!(problems[0].help.as_deref(), Some("remove it"));
        assert_eq!(problems[1].message, "and 2 more");
        assert_eq!(error.to_string(), "a.ini:3: `k` has no value\nand 2 more");
    }

    #[test]
    fn a_missing_profile_is_answered_with_what_there_is() {
        assert_eq!(offer(Some("dense"), &[]), "did you mean `dense`?");
        assert_eq!(
            offer(None, &["a".to_owned(), "b".to_owned()]),
            "the profiles are a, b"
        );
        assert_eq!(
            offer(None, &[]),
            "there are no profiles; give the path of one"
        );
    }
}
