//! What a host told: a value, or why there is none.

use model::{HostError, HostResult};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// An answer as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Told<T> {
    /// There was none.
    Refused(Refusal),
    /// The value.
    Value(T),
}

/// An object with an `error` is a refusal, and no value has a field of that name.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Told<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let told = match value.get("error") {
            Some(_) => serde_json::from_value(value).map(Self::Refused),
            None => serde_json::from_value(value).map(Self::Value),
        };
        told.map_err(D::Error::custom)
    }
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    error: Kind,
    /// What was asked for, where that is not the name that the answer stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    what: Option<String>,
    /// Why, or the right that is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
}

/// The variants of [`HostError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    NotFound,
    Denied,
    Unavailable,
    TimedOut,
    Failed,
}

impl<T> Told<T> {
    /// An answer about `name`, to be kept.
    pub(crate) fn of(name: &str, answer: HostResult<T>) -> Self {
        match answer {
            Ok(value) => Self::Value(value),
            Err(error) => Self::Refused(Refusal::of(name, error)),
        }
    }

    /// The answer about `name` again.
    pub(crate) fn again(&self, name: &str) -> HostResult<T>
    where
        T: Clone,
    {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Refused(refusal) => Err(refusal.again(name)),
        }
    }

    /// The value, if there is one.
    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Refused(_) => None,
        }
    }
}

impl Refusal {
    fn of(name: &str, error: HostError) -> Self {
        let (error, what, why, seconds) = match error {
            HostError::NotFound(what) => (Kind::NotFound, what, None, None),
            HostError::Denied { what, needs } => (Kind::Denied, what, Some(needs), None),
            HostError::Unavailable { what, why } => (Kind::Unavailable, what, Some(why), None),
            HostError::TimedOut { what, seconds } => (Kind::TimedOut, what, None, Some(seconds)),
            HostError::Failed { what, why } => (Kind::Failed, what, Some(why), None),
        };
        let what = (what != name).then_some(what);
        Self {
            error,
            what,
            why,
            seconds,
        }
    }

    fn again(&self, name: &str) -> HostError {
        let what = self.what.clone().unwrap_or_else(|| name.to_owned());
        let why = self.why.clone().unwrap_or_default();
        match self.error {
            Kind::NotFound => HostError::NotFound(what),
            Kind::Denied => HostError::Denied { what, needs: why },
            Kind::Unavailable => HostError::Unavailable { what, why },
            Kind::TimedOut => HostError::TimedOut {
                what,
                seconds: self.seconds.unwrap_or_default(),
            },
            Kind::Failed => HostError::Failed { what, why },
        }
    }
}

/// The answers to one question: in turn, if they differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Reading<T> {
    /// A number that grows from one reading to the next.
    InTurn(InTurn<T>),
    /// The same each time.
    Always(Told<T>),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Reading<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let reading = match value.get("in-turn") {
            Some(_) => serde_json::from_value(value).map(Self::InTurn),
            None => serde_json::from_value(value).map(Self::Always),
        };
        reading.map_err(D::Error::custom)
    }
}

/// Several answers to one question; the last one holds from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    deny_unknown_fields,
    bound(deserialize = "T: DeserializeOwned")
)]
pub(crate) struct InTurn<T> {
    pub(crate) in_turn: Vec<Told<T>>,
}

impl<T: Clone + PartialEq> Reading<T> {
    /// Out of every answer there was, the first one first.
    pub(crate) fn of(mut answers: Vec<Told<T>>) -> Option<Self> {
        // The last one holds from then on, however often it was given.
        while answers.len() > 1 && answers.last() == answers.get(answers.len() - 2) {
            answers.pop();
        }
        Some(match answers.len() {
            0 => return None,
            1 => Self::Always(answers.swap_remove(0)),
            _ => Self::InTurn(InTurn { in_turn: answers }),
        })
    }

    /// Every answer, the first one first.
    pub(crate) fn answers(&self) -> &[Told<T>] {
        match self {
            Self::InTurn(several) => &several.in_turn,
            Self::Always(one) => std::slice::from_ref(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_comes_back_as_it_was() {
        let what = || "/x".to_owned();
        let errors = [
            HostError::NotFound(what()),
            HostError::NotFound("the bus".to_owned()),
            HostError::Denied {
                what: what(),
                needs: "root".to_owned(),
            },
            HostError::Unavailable {
                what: what(),
                why: "no bus".to_owned(),
            },
            HostError::TimedOut {
                what: what(),
                seconds: 5,
            },
            HostError::Failed {
                what: what(),
                why: "odd".to_owned(),
            },
        ];
        for error in errors {
            let told: Told<String> = Told::of("/x", Err(error.clone()));
            let text = serde_json::to_string(&told).unwrap();
            let read: Told<String> = serde_json::from_str(&text).unwrap();
            assert_eq!(read.again("/x"), Err(error), "{text}");
        }
    }

    #[test]
    fn answers_that_agree_are_kept_once() {
        let told = |text: &str| Told::of("/x", Ok(text.to_owned()));
        let json = |answers| serde_json::to_string(&Reading::of(answers)).unwrap();
        assert_eq!(json(vec![told("a"), told("a")]), r#""a""#);
        let turns = json(vec![told("a"), told("a"), told("b"), told("b")]);
        assert_eq!(turns, r#"{"in-turn":["a","a","b"]}"#);
        assert_eq!(Reading::<String>::of(Vec::new()), None);
    }
}
