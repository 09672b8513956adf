//! Shims that run under a unit's limits: they have what the unit's processes had when each was forked.

use super::tally::{Tally, meets};
use super::unit_keys::Row;
use super::{Look, shims};
use model::{Host, Layer, Observed, Setting};

/// The shims of a unit, if it is one that has any. `renewed` says that a new shim would be as wanted.
pub(super) fn look(
    host: &dyn Host,
    setting: &Setting,
    row: &Row,
    unit: &str,
    renewed: bool,
) -> Option<Look> {
    if !shims::HOMES.contains(&unit) {
        return None;
    }
    let group = host.unit(unit).ok()?.text("ControlGroup")?.to_owned();
    let pids = match shims::in_group(host, &group) {
        Ok(pids) if pids.is_empty() => return None,
        Ok(pids) => pids,
        Err(error) => {
            let why = Observed::Unreadable(error.to_string());
            return Some(Look::new(Layer::Process, why, format!("shims of {unit}")));
        }
    };
    let tally = Tally::of(host, setting, row, &pids);
    let total = tally.total();
    let open: usize = tally.open(setting, row).map(|(_, count)| count).sum();
    let shown = tally.open(setting, row).next().or(tally.counted.first());
    let mut look = match (shown, &tally.unread) {
        (Some((value, _)), None) => {
            let of = match open {
                0 => String::new(),
                _ => format!("{open} of "),
            };
            let source = format!("{of}{total} shims of {unit}");
            Look::new(Layer::Process, Observed::Value(value.clone()), source)
        }
        (_, Some(why)) => {
            let why = Observed::Unreadable(why.clone());
            return Some(Look::new(Layer::Process, why, format!("shims of {unit}")));
        }
        (None, None) => return None,
    };
    look.proves = shown.is_some_and(|(value, _)| meets(setting, row, value));
    look.note = (tally.counted.len() > 1)
        .then(|| format!("of {total} shims, {}", tally.words(&setting.shape)));
    let restart = "a restart of the containers whose shims keep what they were started with";
    match renewed {
        true => look.pending = Some(format!("{restart} ({open} of {total})")),
        false => look.fix = Some(format!("hosttune apply, then {restart}")),
    }
    Some(look)
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, unit::Unit, unit_keys};
    use super::*;
    use crate::kinds::shims::tests::host;
    use crate::kinds::tally::tests::limits;
    use model::{Entry, Property, Span};
    use testkit::FakeHost;

    const UNIT: &str = "containerd.service";

    fn with(host: FakeHost, pids: std::ops::Range<i32>, soft: &str, hard: &str) -> FakeHost {
        pids.fold(host, |host, pid| {
            host.file(&format!("/proc/{pid}/limits"), &limits(soft, hard))
        })
    }

    fn wish(value: &str) -> Setting {
        Unit.parse(&Entry {
            kind: "unit".to_owned(),
            name: Some(UNIT.to_owned()),
            key: "LimitNOFILE".to_owned(),
            value: value.to_owned(),
            reason: None,
            span: Span::new("p.ini", 2),
        })
        .unwrap()
    }

    fn running(shims: i32) -> FakeHost {
        let group = Property::Text("/system.slice/containerd.service".to_owned());
        host(shims).unit_with(UNIT, &[("ControlGroup", group)])
    }

    fn seen(host: &FakeHost, setting: &Setting, renewed: bool) -> Option<Look> {
        look(
            host,
            setting,
            unit_keys::row("LimitNOFILE").unwrap(),
            UNIT,
            renewed,
        )
    }

    #[test]
    fn those_that_keep_the_old_limit_are_counted() {
        let host = with(running(30), 100..127, "1024", "524288");
        let host = with(host, 127..130, "1048576", "1048576");
        let look = seen(&host, &wish("1048576"), true).unwrap();
        assert_eq!(look.source, "27 of 30 shims of containerd.service");
        assert_eq!(
            look.note.as_deref(),
            Some("of 30 shims, 27 with 1024:524288, 3 with 1048576")
        );
        assert!(!look.proves && look.pending.is_some());
        let look = seen(&host, &wish("1048576"), false).unwrap();
        assert!(look.pending.is_none() && look.fix.is_some());
        let look = seen(&host, &wish("1024"), true).unwrap();
        assert_eq!(look.source, "30 shims of containerd.service");
        assert!(look.proves);
    }

    #[test]
    fn a_soft_limit_that_go_has_raised_is_no_other_limit() {
        let host = with(running(2), 100..102, "200000", "200000");
        assert!(
            seen(&host, &wish("exact 4096:200000"), true)
                .unwrap()
                .proves
        );
        assert!(
            !seen(&host, &wish("exact 4096:300000"), true)
                .unwrap()
                .proves
        );
        let host = with(running(2), 100..102, "199999", "200000");
        assert!(
            seen(&host, &wish("exact 4096:200000"), true)
                .unwrap()
                .proves
        );
        let host = with(running(2), 100..102, "5000", "200000");
        assert!(
            !seen(&host, &wish("exact 4096:200000"), true)
                .unwrap()
                .proves
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_met_and_what_is_gone_does_not_count() {
        let host = with(running(2), 100..101, "9", "9");
        let look = seen(&host, &wish("9"), true).unwrap();
        assert_eq!(look.source, "1 shims of containerd.service");
        let host = host.denied("/proc/101/limits");
        let look = seen(&host, &wish("9"), true).unwrap();
        assert!(matches!(look.observed, Observed::Unreadable(_)));
        assert!(seen(&running(0), &wish("9"), true).is_none());
    }
}
