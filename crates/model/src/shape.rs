//! The shape of a value: one number, several side by side, a range, or text, and how each is read.

use crate::{NumberError, Quantity, parse_number, version};
use std::fmt;

/// How the words of a value belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Not a number; compared as words.
    Text,
    /// One number.
    Scalar,
    /// So many numbers, compared element by element.
    Vector(usize),
    /// A low and a high end: wider is more.
    Range,
    /// A soft and a hard limit, written `soft:hard` or once for both.
    SoftHard,
    /// A version such as `5.11`, compared part by part from the left.
    Version,
}

/// What a key's values look like and which of them the kernel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How the words belong together.
    pub form: Form,
    /// Whether a bare number in a profile means *at least*: the key is a ceiling.
    pub ceiling: bool,
    /// Spellings of unlimited; the first is the one to write.
    pub unlimited: &'static [&'static str],
    /// The smallest number the kernel takes.
    pub min: i128,
    /// The largest number the kernel takes.
    pub max: i128,
}

impl Shape {
    /// Text, compared word by word.
    pub const TEXT: Self = Self {
        form: Form::Text,
        ceiling: false,
        unlimited: &[],
        min: 0,
        max: 0,
    };

    /// A plain number within bounds: exact unless the profile says otherwise.
    pub const fn number(min: i128, max: i128) -> Self {
        Self {
            form: Form::Scalar,
            ceiling: false,
            unlimited: &[],
            min,
            max,
        }
    }

    /// A ceiling within bounds: a bare number means *at least*.
    pub const fn ceiling(min: i128, max: i128) -> Self {
        let mut shape = Self::number(min, max);
        shape.ceiling = true;
        shape
    }

    /// The same with spellings of unlimited, the one to write first.
    #[must_use]
    pub const fn unlimited(mut self, spellings: &'static [&'static str]) -> Self {
        self.unlimited = spellings;
        self
    }

    /// The same in another form.
    #[must_use]
    pub const fn form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// Reads a value as this shape, with the kernel's bounds enforced.
    pub fn parse(&self, text: &str) -> Result<Value, ShapeError> {
        let value = self.observe(text)?;
        if let Value::Numbers(numbers) = &value {
            for number in numbers.iter().filter_map(|quantity| quantity.finite()) {
                if number < self.min || number > self.max {
                    return Err(ShapeError::OutOfRange {
                        number,
                        min: self.min,
                        max: self.max,
                    });
                }
            }
            self.check_order(numbers)?;
        }
        Ok(value)
    }

    fn check_order(&self, numbers: &[Quantity]) -> Result<(), ShapeError> {
        match (self.form, numbers) {
            (Form::Range, [low, high]) if low > high => Err(ShapeError::Reversed),
            (Form::SoftHard, [soft, hard]) if soft > hard => Err(ShapeError::SoftAboveHard),
            _ => Ok(()),
        }
    }

    /// Reads a value that a host shows: what is there is there, so no bounds are enforced.
    pub fn observe(&self, text: &str) -> Result<Value, ShapeError> {
        if self.form == Form::Text {
            return Ok(Value::words(text));
        }
        let mut words: Vec<&str> = match self.form {
            Form::SoftHard => text.split(':').map(str::trim).collect(),
            _ => text.split_whitespace().collect(),
        };
        if self.form == Form::SoftHard && words.len() == 1 {
            words.push(words[0]);
        }
        let wanted = self.width();
        if words.len() != wanted {
            return Err(ShapeError::Width {
                wanted,
                found: words.len(),
            });
        }
        let numbers: Result<Vec<_>, _> = words.iter().map(|word| self.quantity(word)).collect();
        Ok(Value::Numbers(numbers?))
    }

    fn width(&self) -> usize {
        match self.form {
            Form::Text | Form::Scalar | Form::Version => 1,
            Form::Vector(width) => width,
            Form::Range | Form::SoftHard => 2,
        }
    }

    fn quantity(&self, word: &str) -> Result<Quantity, ShapeError> {
        if self.unlimited.contains(&word) {
            return Ok(Quantity::Unlimited);
        }
        if self.form == Form::Version {
            let number = version::parse(word).map(Quantity::Finite);
            return number.ok_or_else(|| ShapeError::Version {
                word: word.to_owned(),
            });
        }
        match parse_number(word) {
            Ok(number) if self.unlimited.contains(&number.to_string().as_str()) => {
                Ok(Quantity::Unlimited)
            }
            Ok(number) => Ok(Quantity::Finite(number)),
            Err(error) => Err(ShapeError::Number {
                word: word.to_owned(),
                error,
            }),
        }
    }

    /// Writes a value as the key's own file spells it.
    pub fn render(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Numbers(numbers) => {
                let words: Vec<String> = numbers.iter().map(|n| self.spell(*n)).collect();
                match (self.form, words.as_slice()) {
                    (Form::SoftHard, [soft, hard]) if soft == hard => soft.clone(),
                    (Form::SoftHard, _) => words.join(":"),
                    _ => words.join(" "),
                }
            }
        }
    }

    fn spell(&self, quantity: Quantity) -> String {
        match (quantity, self.unlimited.first()) {
            (Quantity::Unlimited, Some(spelling)) => (*spelling).to_owned(),
            (Quantity::Unlimited, None) => self.max.to_string(),
            (Quantity::Finite(number), _) if self.form == Form::Version => version::spell(number),
            (Quantity::Finite(number), _) => number.to_string(),
        }
    }
}

/// A value as read: words, or numbers in the shape's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words with single blanks between them.
    Text(String),
    /// Numbers, as many as the shape has.
    Numbers(Vec<Quantity>),
}

impl Value {
    /// Text with every run of white space made one blank, as the kernel does not care either.
    pub fn words(text: &str) -> Self {
        Self::Text(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// One finite number.
    pub fn number(number: impl Into<i128>) -> Self {
        Self::Numbers(vec![Quantity::Finite(number.into())])
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Numbers(numbers) => {
                let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                f.write_str(&words.join(" "))
            }
        }
    }
}

/// Why a text does not have the key's shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// One word is no number.
    #[error("`{word}` {error}")]
    Number {
        /// The word.
        word: String,
        /// What is wrong with it.
        error: NumberError,
    },
    /// The word is no version.
    #[error("`{word}` is not a version")]
    Version {
        /// The word.
        word: String,
    },
    /// Too many or too few words.
    #[error("takes {wanted} value{}, found {found}", if *.wanted == 1 { "" } else { "s" })]
    Width {
        /// How many the key takes.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// The kernel would refuse the number.
    #[error("{number} is outside what the kernel takes ({min} to {max})")]
    OutOfRange {
        /// The number written.
        number: i128,
        /// The smallest allowed.
        min: i128,
        /// The largest allowed.
        max: i128,
    },
    /// A range from high to low.
    #[error("the low end of the range is above its high end")]
    Reversed,
    /// A soft limit above the hard one.
    #[error("the soft limit is above the hard limit")]
    SoftAboveHard,
}
