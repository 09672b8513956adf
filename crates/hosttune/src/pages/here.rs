//! The ceilings of this host, in words.

use model::{Bound, Ceiling, Standing, Used};

/// A line a place; none where no host was asked.
pub(super) fn lines(ceilings: Option<&[Ceiling]>) -> Vec<String> {
    ceilings.unwrap_or_default().iter().map(of).collect()
}

fn of(ceiling: &Ceiling) -> String {
    let place = &ceiling.place;
    let standing = match &ceiling.standing {
        Standing::NotApplicable(why) => return format!("{place}: does not apply, {why}"),
        Standing::NotEnforced(why) => format!(" (not enforced: {why})"),
        Standing::Enforced => String::new(),
    };
    let max = match &ceiling.max {
        Bound::Finite(max) => format!("{max}{}", from(&ceiling.max_source)),
        Bound::Unlimited => format!("no bound{}", from(&ceiling.max_source)),
        Bound::Unread(unread) => format!("unknown ({})", unread.why),
    };
    let used = match &ceiling.used {
        Used::Known(used) => format!("{used}{}", from(&ceiling.used_source)),
        Used::Unknown(unread) => format!("unknown ({})", unread.why),
    };
    let note = ceiling.note.as_ref().map(|note| format!("; {note}"));
    let note = note.unwrap_or_default();
    format!("{place}: ceiling {max}, taken {used}{standing}{note}")
}

fn from(source: &str) -> String {
    match source {
        "" => String::new(),
        source => format!(" by {source}"),
    }
}
