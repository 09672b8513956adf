//! What a profile wants of a value: exactly it, at least it, or at most it.

use crate::{Form, Quantity, Shape, Value};

/// A wish; a bound is met by anything on its good side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Desired {
    /// This value and no other.
    Exact(Value),
    /// This or more; unlimited satisfies every lower bound.
    AtLeast(Vec<Quantity>),
    /// This or less.
    AtMost(Vec<Quantity>),
}

impl Desired {
    /// Whether `value` is what is wanted.
    pub fn met_by(&self, value: &Value, shape: &Shape) -> bool {
        match self {
            Self::Exact(wanted) => wanted == value,
            _ => self.target(Some(value), shape) == *value,
        }
    }

    /// The value to bring about, given what is there: the nearest one that meets the wish, so that
    /// a bound never takes away what the host already has on its good side.
    pub fn target(&self, seen: Option<&Value>, shape: &Shape) -> Value {
        let (bound, upward) = match self {
            Self::Exact(value) => return value.clone(),
            Self::AtLeast(bound) => (bound, true),
            Self::AtMost(bound) => (bound, false),
        };
        let seen = match seen {
            Some(Value::Numbers(numbers)) if numbers.len() == bound.len() => numbers,
            _ => return Value::Numbers(bound.clone()),
        };
        let pick = |index: usize, wanted: Quantity, there: Quantity| {
            // The low end of a range is better the lower it is.
            let grows = upward != (shape.form == Form::Range && index == 0);
            if grows {
                wanted.max(there)
            } else {
                wanted.min(there)
            }
        };
        let numbers = bound
            .iter()
            .zip(seen)
            .enumerate()
            .map(|(index, (wanted, there))| pick(index, *wanted, *there));
        Value::Numbers(numbers.collect())
    }

    /// The wish in words: `at least 8192`.
    pub fn describe(&self, shape: &Shape) -> String {
        match self {
            Self::Exact(value) => shape.describe(value),
            // Nothing is above unlimited.
            Self::AtLeast(n) if n.iter().all(|n| *n == Quantity::Unlimited) => {
                "unlimited".to_owned()
            }
            Self::AtLeast(n) => format!("at least {}", shape.describe(&Value::Numbers(n.clone()))),
            Self::AtMost(n) => format!("at most {}", shape.describe(&Value::Numbers(n.clone()))),
        }
    }
}

impl Shape {
    /// A value for people: as the file spells it, but unlimited by its name.
    pub fn describe(&self, value: &Value) -> String {
        match value {
            Value::Numbers(numbers) if numbers.contains(&Quantity::Unlimited) => {
                let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                match (self.form, words.as_slice()) {
                    (Form::SoftHard, [soft, hard]) if soft == hard => soft.clone(),
                    (Form::SoftHard, _) => words.join(":"),
                    _ => words.join(" "),
                }
            }
            _ => self.render(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: Shape = Shape::ceiling(0, i32::MAX as i128).unlimited(&["0"]);
    const PORTS: Shape = Shape::ceiling(1, 65535).form(Form::Range);
    const VECTOR: Shape = Shape::ceiling(0, i64::MAX as i128).form(Form::Vector(3));

    fn at_least(shape: &Shape, text: &str) -> Desired {
        match shape.parse(text).unwrap() {
            Value::Numbers(numbers) => Desired::AtLeast(numbers),
            Value::Text(_) => panic!("{text} is no number"),
        }
    }

    fn met(shape: &Shape, wanted: &str, seen: &str) -> bool {
        at_least(shape, wanted).met_by(&shape.observe(seen).unwrap(), shape)
    }

    #[test]
    fn at_least_zero_where_zero_is_unlimited_wants_unlimited() {
        assert!(!met(&PAGES, "0", "16384"));
        assert!(met(&PAGES, "16384", "0"));
    }

    #[test]
    fn vectors_compare_element_by_element() {
        assert!(met(&VECTOR, "1 2 3", "1 2 3"));
        assert!(!met(&VECTOR, "1 2 3", "9 1 9"));
        let joined =
            at_least(&VECTOR, "4 5 6").target(Some(&VECTOR.observe("9 1 6").unwrap()), &VECTOR);
        assert_eq!(VECTOR.render(&joined), "9 5 6");
    }

    #[test]
    fn a_wider_range_is_more() {
        assert!(met(&PORTS, "32768 60999", "1024 65535"));
        assert!(!met(&PORTS, "1024 65535", "1024 60999"));
    }

    #[test]
    fn exact_takes_nothing_else() {
        let wanted = Desired::Exact(PAGES.parse("5").unwrap());
        assert!(!wanted.met_by(&PAGES.observe("6").unwrap(), &PAGES));
    }
}
