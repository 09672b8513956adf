//! The page of a kind: what a reader of profiles is told of it, for the generated reference.

use model::{Form, Shape};

/// What there is to know of a kind.
#[derive(Debug, Clone)]
pub struct Page {
    /// What it sets.
    pub summary: &'static str,
    /// The file that keeps it; empty where nothing is kept.
    pub file: &'static str,
    /// When it takes effect.
    pub takes: &'static str,
    /// A section of a profile.
    pub example: &'static str,
    /// The keys that are known by name.
    pub keys: Vec<KnownKey>,
}

/// A key that is known by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// The key.
    pub name: String,
    /// What a value is made of.
    pub value: String,
    /// What a value without a word before it means.
    pub bare: &'static str,
    /// The smallest and the largest number; empty for text.
    pub bounds: String,
    /// How unlimited is written; empty where there is no such thing.
    pub unlimited: &'static str,
}

impl KnownKey {
    /// A key whose values have this shape.
    pub(crate) fn of(name: impl Into<String>, shape: &Shape) -> Self {
        let value = match shape.form {
            Form::Text => "words".to_owned(),
            Form::Scalar => "a number".to_owned(),
            Form::Vector(width) => format!("{width} numbers"),
            Form::Range => "a low and a high number".to_owned(),
            Form::SoftHard => "a number, or soft:hard".to_owned(),
            Form::Version => "a version".to_owned(),
        };
        let bounds = match shape.form {
            Form::Text | Form::Version => String::new(),
            _ => format!("{} to {}", shape.min, shape.max),
        };
        Self {
            name: name.into(),
            value,
            bare: if shape.ceiling { "at least" } else { "exact" },
            bounds,
            unlimited: shape.unlimited.first().copied().unwrap_or_default(),
        }
    }

    /// A key whose values are these words.
    pub(crate) fn words(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            bare: "exact",
            bounds: String::new(),
            unlimited: "",
        }
    }
}
