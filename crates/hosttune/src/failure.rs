//! A failure: why a command could not do its work, with its exit code and what to do next.

use crate::exit::Exit;
use model::{HostError, Problem, Rejection};
use rehearse::RehearseError;
use settings::RevertError;

/// Ends a command before it has a result.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What is wrong, most important first.
    pub(crate) problems: Vec<Problem>,
}

impl Failure {
    /// A failure of usage or environment: nothing was changed.
    pub(crate) fn usage(problem: Problem) -> Self {
        Self {
            exit: Exit::Usage,
            problems: vec![problem],
        }
    }

    /// Several problems of one kind.
    pub(crate) fn several(problems: Vec<Problem>) -> Self {
        Self {
            exit: Exit::Usage,
            problems,
        }
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        let (kind, help) = match &error {
            HostError::Denied { needs, .. } => ("denied", Some(format!("run as {needs}"))),
            HostError::Unavailable { .. } => ("unavailable", None),
            HostError::TimedOut { .. } => ("timed-out", None),
            HostError::NotFound(_) => ("not-found", None),
            HostError::Failed { .. } => ("host", None),
        };
        let mut problem = Problem::new(kind, error.to_string());
        problem.help = help;
        Self::usage(problem)
    }
}

impl From<Vec<Rejection>> for Failure {
    fn from(rejections: Vec<Rejection>) -> Self {
        Self::several(rejections.into_iter().map(problem_of).collect())
    }
}

/// A rejected line as a problem of the profile.
fn problem_of(rejection: Rejection) -> Problem {
    let mut problem = Problem::new("profile", rejection.message).at(&rejection.span);
    problem.help = rejection.help;
    problem
}

impl From<profile::ProfileError> for Failure {
    fn from(error: profile::ProfileError) -> Self {
        Self::several(error.problems())
    }
}

impl From<RehearseError> for Failure {
    fn from(error: RehearseError) -> Self {
        let message = error.to_string();
        match error {
            RehearseError::Host(error) => error.into(),
            RehearseError::Missing { help, .. } => {
                let mut problem = Problem::new("rights", message);
                problem.help = help;
                Self::usage(problem)
            }
            RehearseError::Guard(_) => Self {
                exit: Exit::Unknown,
                problems: vec![Problem::new("rehearsal", message)],
            },
            RehearseError::Left(_) => Self {
                exit: Exit::NotRestored,
                problems: vec![
                    Problem::new("left", message).help(
                        "`hosttune rehearse --clean` takes it away, with `--engine docker` what is Docker's",
                    ),
                ],
            },
        }
    }
}

impl From<RevertError> for Failure {
    fn from(error: RevertError) -> Self {
        match error {
            RevertError::Host(error) => error.into(),
            RevertError::IsInstall(_) => Self::usage(
                Problem::new("history", error.to_string())
                    .help("`hosttune uninstall` undoes installs"),
            ),
            RevertError::NoSuchRecord(_) => Self::usage(
                Problem::new("history", error.to_string())
                    .help("`hosttune history` lists what can be reverted"),
            ),
        }
    }
}
