//! What the containers that run have of a resource limit: read from the first process of each.
//!
//! It is told and not judged: a container keeps what it was started with, may have an `--ulimit` of
//! its own, and its program may have changed its soft limit since (docs/design/0008).

use super::tally::Tally;
use super::unit_keys::Row;
use super::{Look, shims};
use model::{Host, Layer, Observed, Setting};

/// A look at all of them, or none where no container runs.
pub(super) fn look(host: &dyn Host, setting: &Setting, row: &Row) -> Option<Look> {
    let source = "/proc/PID/limits of containers that run";
    let not_told = |why: String| {
        let why = Observed::NotApplicable(format!("not told: {why}"));
        Some(Look::new(Layer::Container, why, source))
    };
    let shims = match shims::all(host) {
        Ok(shims) => shims,
        Err(error) => return not_told(error.to_string()),
    };
    let pids: Vec<i32> = shims
        .iter()
        .filter_map(|shim| shims::container(host, *shim))
        .collect();
    let tally = Tally::of(host, setting, row, &pids);
    if let Some(why) = tally.unread {
        return not_told(why);
    }
    let (value, _) = tally.counted.first()?;
    let total = tally.total();
    if tally.open(setting, row).next().is_none() {
        let source = match total {
            1 => "1 container that runs".to_owned(),
            _ => format!("{total} containers that run"),
        };
        let mut look = Look::new(Layer::Container, Observed::Value(value.clone()), source);
        look.proves = true;
        return Some(look);
    }
    let told = format!("of {total} that run, {}", tally.words(&setting.shape));
    let mut look = Look::new(Layer::Container, Observed::NotApplicable(told), source);
    look.note = Some(
        "a container keeps what it was started with, or has an --ulimit of its own; what a new one \
         gets is shown by `hosttune check --probe-container`"
            .to_owned(),
    );
    Some(look)
}
