//! The laws of an apply that waits to be confirmed: its guard stands before the first change and goes
//! after the last one is undone, and whatever dies on the way, one of both ways out is exact.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use model::{Entry, Image, Property, Span};
use settings::{
    By, ConfirmError, Journal, Profile, State, apply, confirm, plan, revert, revert_unconfirmed,
};
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::FakeHost;

const TIMER: &str = "hosttune-confirm.timer";
const SWAPPINESS: &str = "/proc/sys/vm/swappiness";

fn host() -> FakeHost {
    FakeHost::new()
        .file(SWAPPINESS, "60\n")
        .file("/etc/sysctl.d/10-first.conf", "vm.swappiness=60\n")
        .unit_with("docker.service", &[("TasksMax", Property::Number(4000))])
}

fn profile() -> Profile {
    let entry = |line: usize, kind: &str, name: Option<&str>, key: &str, value: &str| Entry {
        kind: kind.to_owned(),
        name: name.map(str::to_owned),
        key: key.to_owned(),
        value: value.to_owned(),
        reason: None,
        span: Span::new("p.ini", line),
    };
    let entries = vec![
        entry(1, "sysctl", None, "vm.swappiness", "5"),
        entry(2, "unit", Some("docker.service"), "TasksMax", "9000"),
    ];
    Profile {
        name: "p".to_owned(),
        path: "p.ini".to_owned(),
        settings: settings::parse(&entries).unwrap(),
        entries,
    }
}

type Seen = (BTreeMap<String, Image>, Option<String>, bool);

/// Everything that must come back, and whether the timer runs.
fn state(host: &FakeHost) -> Seen {
    let running = host.text(SWAPPINESS).map(|text| text.trim().to_owned());
    (host.etc(), running, host.is_active(TIMER))
}

fn guarded(host: &FakeHost) -> Result<u32, settings::ApplyError> {
    let (journal, profile) = (Journal::load(host).unwrap(), profile());
    let mut plan = plan(host, &profile, &journal).unwrap().unwrap();
    let within = Duration::from_secs(300);
    let program = "/usr/local/bin/hosttune";
    plan.guard(host, journal.next_id(), program, within)?;
    apply(host, &profile, &plan, &journal, &mut |_| {}).map(|applied| applied.id)
}

/// What the timer's service runs.
fn time_is_up(host: &FakeHost, id: u32) -> bool {
    let mut journal = Journal::load(host).unwrap();
    let reverted = revert_unconfirmed(host, &mut journal, id).unwrap();
    reverted.is_some_and(|all| all.iter().all(|one| !one.is_incomplete()))
}

fn revert_last(host: &FakeHost) {
    let mut journal = Journal::load(host).unwrap();
    let ids = journal.to_revert(None, false).unwrap();
    revert(host, &mut journal, &ids, false).unwrap();
}

fn record(host: &FakeHost) -> settings::Record {
    Journal::load(host).unwrap().records[0].clone()
}

#[test]
fn the_guard_stands_before_the_first_change_and_goes_after_the_last() {
    let host = host();
    guarded(&host).unwrap();
    let acted = host.acted();
    let at = |what: &str| acted.iter().position(|one| one.contains(what)).unwrap();
    assert!(
        at(&format!("start {TIMER}")) < at("60-hosttune.conf"),
        "{acted:#?}"
    );
    assert!(host.is_active(TIMER));
    let before = acted.len();
    revert_last(&host);
    let undone = &host.acted()[before..];
    let at = |what: &str| undone.iter().position(|one| one.contains(what)).unwrap();
    assert!(
        at("write 60 to") < at("hosttune-confirm.service"),
        "{undone:#?}"
    );
}

#[test]
fn nobody_confirms_and_everything_is_as_before() {
    for (boot, by) in [(false, By::Timer), (true, By::Boot)] {
        let host = host();
        let before = state(&host);
        let id = guarded(&host).unwrap();
        assert!(Journal::load(&host).unwrap().unconfirmed().is_some());
        if boot {
            host.reboot("boot-2");
        }
        assert!(time_is_up(&host, id));
        assert_eq!(state(&host), before);
        let record = record(&host);
        assert_eq!((record.state, record.by), (State::Reverted, Some(by)));
        assert!(!time_is_up(&host, id), "there is nothing left to do");
        let error = confirm(&host, &mut Journal::load(&host).unwrap()).unwrap_err();
        assert!(matches!(error, ConfirmError::Reverted { .. }), "{error}");
    }
}

#[test]
fn what_was_confirmed_stays_and_can_still_be_reverted_exactly() {
    let host = host();
    let before = state(&host);
    let id = guarded(&host).unwrap();
    let mut journal = Journal::load(&host).unwrap();
    assert!(!confirm(&host, &mut journal).unwrap().already);
    assert!(!host.is_active(TIMER));
    assert!(host.etc().keys().all(|path| !path.contains("confirm")));
    assert!(confirm(&host, &mut journal).unwrap().already);
    assert!(!time_is_up(&host, id));
    assert_eq!(host.text(SWAPPINESS).unwrap().trim(), "5");
    revert_last(&host);
    assert_eq!(state(&host), before);
    assert_eq!(record(&host).by, None);
}

#[test]
fn an_apply_killed_at_any_deed_is_undone_when_the_time_is_up() {
    for at in 0.. {
        let host = host();
        let before = state(&host);
        host.crash_after(at);
        let done = guarded(&host).is_ok();
        host.revive();
        let armed = host.is_active(TIMER);
        let changed = host.text(SWAPPINESS).unwrap().trim() == "5";
        assert!(
            armed || !changed,
            "kill at deed {at}: changed without a guard"
        );
        if armed {
            assert!(time_is_up(&host, 1), "kill at deed {at}");
        } else {
            revert_last(&host);
        }
        assert_eq!(state(&host), before, "kill at deed {at}");
        if done {
            assert!(at > 10, "only {at} deeds");
            break;
        }
    }
}

#[test]
fn a_revert_killed_at_any_deed_leaves_somebody_who_goes_on() {
    for at in 0.. {
        let host = host();
        let before = state(&host);
        let id = guarded(&host).unwrap();
        host.crash_after(at);
        let mut journal = Journal::load(&host).unwrap();
        let first = revert_unconfirmed(&host, &mut journal, id);
        host.revive();
        let finished = first.is_ok_and(|all| all.is_some_and(|all| !all[0].is_incomplete()));
        if host.text(SWAPPINESS).unwrap().trim() == "5" {
            assert!(host.is_active(TIMER), "kill at deed {at}: nobody goes on");
        }
        time_is_up(&host, id);
        assert_eq!(state(&host), before, "kill at deed {at}");
        if finished {
            break;
        }
    }
}

#[test]
fn a_confirm_killed_at_any_deed_is_confirmed_or_is_not() {
    for at in 0.. {
        let host = host();
        let before = state(&host);
        let id = guarded(&host).unwrap();
        host.crash_after(at);
        let first = confirm(&host, &mut Journal::load(&host).unwrap());
        host.revive();
        let finished = first.is_ok_and(|confirmed| !confirmed.is_incomplete());
        let confirmed = Journal::load(&host).unwrap().unconfirmed().is_none();
        time_is_up(&host, id);
        let value = host.text(SWAPPINESS).unwrap();
        assert_eq!(
            value.trim(),
            if confirmed { "5" } else { "60" },
            "kill at deed {at}"
        );
        assert!(!host.is_active(TIMER), "kill at deed {at}");
        if confirmed {
            revert_last(&host);
        }
        assert_eq!(state(&host), before, "kill at deed {at}");
        if finished {
            break;
        }
    }
}

#[test]
fn what_is_half_done_or_not_waiting_cannot_be_confirmed() {
    let host = host();
    let nothing = confirm(&host, &mut Journal::load(&host).unwrap());
    assert!(matches!(nothing, Err(ConfirmError::Nothing)));
    host.crash_after(9);
    guarded(&host).unwrap_err();
    host.revive();
    let half = confirm(&host, &mut Journal::load(&host).unwrap());
    assert!(
        matches!(half, Err(ConfirmError::Interrupted(1))),
        "{half:?}"
    );
}

#[test]
fn a_directory_that_others_use_after_the_confirm_is_still_the_records() {
    let host = host().directory("/etc/systemd");
    let before = state(&host);
    guarded(&host).unwrap();
    confirm(&host, &mut Journal::load(&host).unwrap()).unwrap();
    let made = |host: &FakeHost| host.etc().contains_key("/etc/systemd/system");
    assert!(made(&host), "the profile's drop-in lies in it");
    revert_last(&host);
    assert!(!made(&host));
    assert_eq!(state(&host), before);
}
