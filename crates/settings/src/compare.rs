//! Two profiles' settings side by side: which values differ, which differ in the wish only, and
//! what only one of them names.

use model::{Desired, Key, Setting, Value};

/// A key that both name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Both<'a> {
    /// What the first says.
    pub left: &'a Setting,
    /// What the second says.
    pub right: &'a Setting,
}

/// What a comparison of two lists of settings comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// Keys with another value.
    pub values: Vec<Both<'a>>,
    /// Keys with the same value and another wish: exact, at least, at most, or fine without.
    pub wishes: Vec<Both<'a>>,
    /// Keys about which both say the same.
    pub same: Vec<&'a Key>,
    /// What only the first names.
    pub only_left: Vec<&'a Setting>,
    /// What only the second names.
    pub only_right: Vec<&'a Setting>,
}

/// Compares by key, values by what they mean.
pub fn compare<'a>(left: &'a [Setting], right: &'a [Setting]) -> Comparison<'a> {
    let mut comparison = Comparison::default();
    for one in left {
        let Some(other) = right.iter().find(|other| other.key == one.key) else {
            comparison.only_left.push(one);
            continue;
        };
        let both = Both {
            left: one,
            right: other,
        };
        match (same_value(one, other), wish(one) == wish(other)) {
            (false, _) => comparison.values.push(both),
            (true, false) => comparison.wishes.push(both),
            (true, true) => comparison.same.push(&one.key),
        }
    }
    let absent = |other: &&Setting| !left.iter().any(|one| one.key == other.key);
    comparison.only_right = right.iter().filter(absent).collect();
    comparison
}

/// What a setting wants, in words that can be compared: `exact 5`, `at least 5`.
pub fn wanted(setting: &Setting) -> String {
    let wanted = setting.desired.describe(&setting.shape);
    let wanted = match &setting.desired {
        // Text is wanted exactly or not at all.
        Desired::Exact(Value::Numbers(_)) => format!("exact {wanted}"),
        _ => wanted,
    };
    match setting.optional {
        true => format!("{wanted}, fine without"),
        false => wanted,
    }
}

fn wish(setting: &Setting) -> (&'static str, bool) {
    let word = match setting.desired {
        Desired::Exact(_) => "exact",
        Desired::AtLeast(_) => "at least",
        Desired::AtMost(_) => "at most",
    };
    (word, setting.optional)
}

fn value(setting: &Setting) -> Value {
    match &setting.desired {
        Desired::Exact(value) => value.clone(),
        Desired::AtLeast(numbers) | Desired::AtMost(numbers) => Value::Numbers(numbers.clone()),
    }
}

/// A key without a shape is compared as text, unless the other side wants a bound of it and so
/// knows it for a number.
fn same_value(one: &Setting, other: &Setting) -> bool {
    match (value(one), value(other)) {
        (Value::Text(text), numbers @ Value::Numbers(_)) => {
            other.shape.observe(&text).is_ok_and(|read| read == numbers)
        }
        (numbers @ Value::Numbers(_), Value::Text(text)) => {
            one.shape.observe(&text).is_ok_and(|read| read == numbers)
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entry, Span};

    fn settings(text: &str) -> Vec<Setting> {
        let lines = text.lines().map(|line| line.split_once(" = ").unwrap());
        let entries = lines.map(|(key, value)| Entry {
            kind: "sysctl".to_owned(),
            name: None,
            key: key.to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p", 1),
        });
        crate::parse(&entries.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn values_are_compared_by_what_they_mean_and_wishes_apart() {
        let left = settings(
            "fs.nr_open = exact 1M\nvm.swappiness = 5\nnet.x.y = exact 7\nvm.max_map_count = 9\nvm.a.b = 1",
        );
        let right = settings(
            "fs/nr_open = exact 1048576\nvm.swappiness = 10\nnet.x.y = at least 7\n-vm.max_map_count = 9\nvm.c.d = 1",
        );
        let found = compare(&left, &right);
        let names = |both: &[Both<'_>]| {
            let names = both.iter().map(|both| both.left.key.name.clone());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&found.values), ["vm.swappiness"]);
        assert_eq!(names(&found.wishes), ["net.x.y", "vm.max_map_count"]);
        assert_eq!(found.same[0].name, "fs.nr_open");
        assert_eq!((found.only_left.len(), found.only_right.len()), (1, 1));
        assert_eq!(wanted(found.wishes[0].right), "at least 7");
        assert_eq!(wanted(found.wishes[1].right), "at least 9, fine without");
    }
}
