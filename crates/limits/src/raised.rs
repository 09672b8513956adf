//! The ceilings as a profile would leave them: its wish merged with what is there, nothing applied.

use crate::Readings;
use model::{
    Amount, Bound, Ceiling, Desired, Form, Key, Lever, Quantity, Setting, Shape, Standing, Value,
};
use serde::{Serialize, Serializer};

/// A ceiling that a profile moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The limit.
    pub id: &'static str,
    /// The place.
    pub place: String,
    /// The setting that moves it.
    #[serde(serialize_with = "as_text")]
    pub setting: Key,
    /// Where the profile says so.
    pub span: String,
    /// How much there is; none where that is unlimited.
    pub before: Option<Amount>,
    /// How much there would be; none where that is unlimited.
    pub after: Option<Amount>,
}

fn as_text<S: Serializer>(key: &Key, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

impl Readings {
    /// The same once `settings` hold everywhere, restarts included, and what that moves.
    #[must_use]
    pub fn with(&self, settings: &[Setting]) -> (Self, Vec<Change>) {
        let mut after = self.clone();
        let mut changes = Vec::new();
        for (limit, ceiling) in &mut after.rows {
            let Some((lever, setting, max)) = highest(ceiling, settings) else {
                continue;
            };
            let change = Change {
                id: limit.id,
                place: ceiling.place.clone(),
                setting: lever.setting.clone(),
                span: setting.span.to_string(),
                before: finite(&ceiling.max),
                after: finite(&max),
            };
            ceiling.max_source = format!("{}, with {}", setting.span, ceiling.max_source);
            ceiling.max = max;
            changes.push(change);
        }
        (after, changes)
    }
}

/// Of the settings that move a ceiling, the one that leaves it highest. None where none moves it, and
/// where what is there could not be read: it may be more.
fn highest<'a>(
    ceiling: &'a Ceiling,
    settings: &'a [Setting],
) -> Option<(&'a Lever, &'a Setting, Bound)> {
    if ceiling.standing != Standing::Enforced {
        return None;
    }
    let moved = |lever: &'a Lever| {
        let setting = settings.iter().find(|one| one.key == lever.setting)?;
        let max = target(setting, &ceiling.max, lever.withheld)?;
        (max != ceiling.max).then_some((lever, setting, max))
    };
    let moves = ceiling.levers.iter().filter_map(moved);
    moves.max_by_key(|(_, _, max)| rank(max))
}

fn rank(bound: &Bound) -> (u8, Amount) {
    match bound {
        Bound::Unread(_) => (0, Amount::ZERO),
        Bound::Finite(amount) => (1, *amount),
        Bound::Unlimited => (2, Amount::ZERO),
    }
}

/// Where a setting brings a ceiling; none where its value is no single number.
fn target(setting: &Setting, max: &Bound, withheld: Amount) -> Option<Bound> {
    let seen = match max {
        Bound::Finite(amount) => Quantity::Finite(i128::from(amount.plus(withheld).ceil())),
        Bound::Unlimited => Quantity::Unlimited,
        Bound::Unread(_) => return None,
    };
    let width = match setting.shape.form {
        Form::Scalar => 1,
        Form::SoftHard => 2,
        Form::Text | Form::Vector(_) | Form::Range | Form::Version => return None,
    };
    let seen = Value::Numbers(vec![seen; width]);
    let value = wished(&setting.desired, &seen, &setting.shape)?;
    Some(match value {
        Quantity::Unlimited => Bound::Unlimited,
        Quantity::Finite(number) => {
            let whole = Amount::whole(u64::try_from(number).ok()?);
            Bound::Finite(whole.minus(withheld))
        }
    })
}

/// The least of the numbers: of a soft and a hard limit, the soft one.
fn wished(desired: &Desired, seen: &Value, shape: &Shape) -> Option<Quantity> {
    match desired.target(Some(seen), shape) {
        Value::Numbers(numbers) => numbers.into_iter().min(),
        Value::Text(_) => None,
    }
}

fn finite(bound: &Bound) -> Option<Amount> {
    match bound {
        Bound::Finite(amount) => Some(*amount),
        Bound::Unlimited | Bound::Unread(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Charge, Cost, Effect, Fate, Limit, Span, Used, Workload};
    use proptest::prelude::*;

    const LIMIT: Limit = Limit {
        id: "test.limit",
        bounds: "things",
        defaults: &[],
        effect: Effect::Stops,
        why: "",
        raise: &[],
        source: "",
        signs: &[],
    };
    const SHAPE: Shape = Shape::ceiling(0, i32::MAX as i128).unlimited(&["0"]);

    fn setting(name: &str, desired: Desired) -> Setting {
        Setting {
            key: Key::new("sysctl", name),
            desired,
            shape: SHAPE,
            optional: false,
            reason: None,
            span: Span::new("dense.ini", 7),
        }
    }

    fn at_least(number: i128) -> Setting {
        setting("a.b", Desired::AtLeast(vec![Quantity::Finite(number)]))
    }

    fn readings(max: u64, withheld: u64) -> Readings {
        let cost = Cost::exact(Charge::each(Amount::whole(1)), "");
        let ceiling = Ceiling::new("here", cost)
            .max(Bound::Finite(Amount::whole(max)), "/proc/a")
            .used(Used::Known(Amount::ZERO), "")
            .lever_less(
                Key::new("sysctl", "a.b"),
                Amount::ZERO,
                Amount::whole(withheld),
            )
            .lever(Key::new("sysctl", "c.d"), Amount::ZERO);
        Readings {
            workload: Workload {
                nodes: 600,
                ..Workload::default()
            },
            rows: vec![(&LIMIT, ceiling)],
        }
    }

    #[test]
    fn a_bound_raises_and_never_lowers() {
        let (after, changes) = readings(128, 0).with(&[at_least(8192)]);
        assert_eq!(readings(128, 0).answer().verdict, Fate::Stops);
        assert_eq!(after.answer().verdict, Fate::Fits);
        assert_eq!(
            after.answer().limits[0].ceiling_source,
            "dense.ini:7, with /proc/a"
        );
        let (before, now) = (changes[0].before, changes[0].after);
        assert_eq!(
            (before, now),
            (Some(Amount::whole(128)), Some(Amount::whole(8192)))
        );
        assert_eq!(readings(9000, 0).with(&[at_least(8192)]).1, []);
    }

    #[test]
    fn an_exact_wish_may_lower_and_unlimited_is_unlimited() {
        let exact = setting("a.b", Desired::Exact(Value::number(5)));
        let (after, _) = readings(128, 0).with(&[exact]);
        assert_eq!(after.answer().nodes_fit, Some(2));
        let unlimited = setting("a.b", Desired::AtLeast(vec![Quantity::Unlimited]));
        let (after, changes) = readings(128, 0).with(&[unlimited]);
        assert!(after.answer().limits[0].unlimited);
        assert_eq!(changes[0].after, None);
    }

    #[test]
    fn what_is_withheld_of_a_setting_is_no_part_of_the_ceiling() {
        let (after, _) = readings(3072, 1024).with(&[at_least(4096)]);
        assert_eq!(after.answer().limits[0].ceiling, Some(Amount::whole(3072)));
        let (after, _) = readings(3072, 1024).with(&[at_least(8192)]);
        assert_eq!(after.answer().limits[0].ceiling, Some(Amount::whole(7168)));
    }

    #[test]
    fn the_lever_that_leaves_most_counts_and_others_move_nothing() {
        let other = setting("c.d", Desired::AtLeast(vec![Quantity::Finite(500)]));
        let (_, changes) = readings(128, 0).with(&[at_least(400), other]);
        assert_eq!(changes[0].setting.name, "c.d");
        let foreign = setting("e.f", Desired::AtLeast(vec![Quantity::Finite(500)]));
        assert_eq!(readings(128, 0).with(&[foreign]).1, []);
    }

    proptest! {
        #[test]
        fn bounds_of_a_profile_never_lower_the_answer(max in 0u64..5_000, wish in 0i128..5_000) {
            let before = readings(max, 0);
            let (after, _) = before.with(&[at_least(wish)]);
            prop_assert!(after.answer().nodes_fit >= before.answer().nodes_fit);
            prop_assert!(after.answer().verdict <= before.answer().verdict);
        }
    }
}
