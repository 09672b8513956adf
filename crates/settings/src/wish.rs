//! The words of a wish: `at least N`, `at most N`, `exact V`, or a bare value.

use model::{Desired, Entry, Form, Rejection, Shape, ShapeError, Value};

/// Reads the value of `entry` as a wish about a key of `shape`. A shape of text takes a bound too,
/// if the bound is made of numbers; the shape to compare with comes back.
pub(crate) fn parse(entry: &Entry, shape: Shape) -> Result<(Desired, Shape), Rejection> {
    let (word, rest) = split(&entry.value);
    let shape = match word {
        Word::AtLeast | Word::AtMost if shape.form == Form::Text => numbers_of(rest),
        _ => shape,
    };
    let value = shape
        .parse(rest)
        .map_err(|error| refuse(entry, &error, &shape))?;
    let desired = match (word, value) {
        (Word::AtLeast, Value::Numbers(numbers)) => Desired::AtLeast(numbers),
        (Word::AtMost, Value::Numbers(numbers)) => Desired::AtMost(numbers),
        (Word::None, Value::Numbers(numbers)) if shape.ceiling => Desired::AtLeast(numbers),
        (_, value) => Desired::Exact(value),
    };
    Ok((desired, shape))
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    AtLeast,
    AtMost,
    Exact,
    None,
}

fn split(value: &str) -> (Word, &str) {
    for (text, word) in [
        ("at least", Word::AtLeast),
        ("at most", Word::AtMost),
        ("exact", Word::Exact),
    ] {
        if let Some(rest) = value.strip_prefix(text)
            && (rest.is_empty() || rest.starts_with(' '))
        {
            return (word, rest.trim_start());
        }
    }
    (Word::None, value)
}

fn numbers_of(text: &str) -> Shape {
    let width = text.split_whitespace().count().max(1);
    let shape = Shape::number(i128::MIN, i128::MAX);
    if width == 1 {
        shape
    } else {
        shape.form(Form::Vector(width))
    }
}

fn refuse(entry: &Entry, error: &ShapeError, shape: &Shape) -> Rejection {
    let rejection = Rejection::new(&entry.span, format!("{} {}", entry.key, verb(error)));
    match (error, shape.form) {
        (ShapeError::Number { .. }, _) => rejection.help(
            "write a number (K, M, G are powers of 1024), `at least N`, `at most N` or `exact V`",
        ),
        (ShapeError::Version { .. }, _) => rejection.help("write a version, such as `5.11`"),
        (ShapeError::Width { .. }, Form::Range) => rejection.help("write the low and the high end"),
        (ShapeError::OutOfRange { .. }, _) => rejection.help(format!(
            "choose a value from {} to {}",
            shape.min, shape.max
        )),
        _ => rejection,
    }
}

fn verb(error: &ShapeError) -> String {
    match error {
        ShapeError::Width { .. } => error.to_string(),
        _ => format!("has a bad value: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Quantity, Span};

    fn wish(value: &str, shape: Shape) -> Result<Desired, Rejection> {
        let entry = Entry {
            kind: "sysctl".to_owned(),
            name: None,
            key: "k".to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 3),
        };
        parse(&entry, shape).map(|(desired, _)| desired)
    }

    #[test]
    fn a_bare_number_is_a_lower_bound_only_for_a_ceiling() {
        let ceiling = Shape::ceiling(0, 100);
        let plain = Shape::number(0, 100);
        assert_eq!(
            wish("5", ceiling),
            Ok(Desired::AtLeast(vec![Quantity::Finite(5)]))
        );
        assert_eq!(wish("5", plain), Ok(Desired::Exact(Value::number(5))));
        assert_eq!(
            wish("exact 5", ceiling),
            Ok(Desired::Exact(Value::number(5)))
        );
        assert_eq!(
            wish("at most 5", plain),
            Ok(Desired::AtMost(vec![Quantity::Finite(5)]))
        );
    }

    #[test]
    fn what_the_kernel_refuses_is_refused_here_with_the_line() {
        let error = wish("101", Shape::ceiling(0, 100)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "p.ini:3: k has a bad value: 101 is outside what the kernel takes (0 to 100)"
        );
        assert!(wish("at least", Shape::ceiling(0, 100)).is_err());
        assert!(wish("at lest 5", Shape::ceiling(0, 100)).is_err());
    }

    #[test]
    fn bounds_on_unknown_keys_need_numbers() {
        assert!(wish("at least 1 2 3", Shape::TEXT).is_ok());
        assert!(wish("at least many", Shape::TEXT).is_err());
        assert_eq!(
            wish("a  b", Shape::TEXT),
            Ok(Desired::Exact(Value::words("a b")))
        );
    }
}
