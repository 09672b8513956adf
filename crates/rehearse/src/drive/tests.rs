use super::*;
use crate::fake::Fake;
use limits::Readings;
use model::{Image, Workload};
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::FakeHost;

const MEMORY: &str = "/proc/meminfo";

fn memory(available: u64) -> String {
    format!("MemTotal: 1000000 kB\nMemAvailable: {available} kB\n")
}

fn host() -> FakeHost {
    FakeHost::new().file(MEMORY, &memory(900_000))
}

fn plan(engine: &Fake<'_>) -> Plan {
    let workload = Workload {
        nodes: 100,
        jobs_per_node: 0,
        ..Workload::default()
    };
    let readings = Readings::take(&FakeHost::new(), &workload);
    Plan::new(&readings, None, engine, true)
}

/// How it goes until a budget is over, or a signal has come.
fn driven(
    host: &FakeHost,
    engine: &mut Fake<'_>,
    budget: Option<Duration>,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Course {
    let plan = plan(engine);
    let mut bounds = Bounds {
        budget,
        interrupted,
        progress: &mut |_, _| {},
    };
    drive(host, engine, &plan, &mut bounds).unwrap()
}

fn nobody() -> bool {
    false
}

#[test]
fn a_batch_ends_at_the_half() {
    let ends = |target, batch| {
        let mut all = vec![0];
        while all.last() < Some(&target) {
            all.push(next(target, all[all.len() - 1], batch));
        }
        all[1..].to_vec()
    };
    assert_eq!(ends(24, 25), [12, 24]);
    assert_eq!(ends(120, 50), [50, 60, 110, 120]);
    assert_eq!((ends(1, 64), ends(3, 0)), (vec![1], vec![1, 2, 3]));
}

#[test]
fn all_of_them_run_in_batches() {
    let course = driven(&host(), &mut Fake::default(), None, &nobody);
    assert_eq!((course.reached, course.ending), (100, Ending::AtTarget));
}

#[test]
fn a_refusal_is_the_end() {
    let mut engine = Fake {
        refused: Some(61),
        ..Fake::default()
    };
    let course = driven(&host(), &mut engine, None, &nobody);
    assert_eq!((course.reached, course.ending), (60, Ending::Refused));
    assert_eq!(course.refusal.unwrap().count, 61);
}

#[test]
fn nothing_is_started_after_the_budget() {
    let mut engine = Fake {
        takes: Duration::from_millis(60),
        ..Fake::default()
    };
    let course = driven(
        &host(),
        &mut engine,
        Some(Duration::from_millis(50)),
        &nobody,
    );
    assert_eq!((course.reached, course.ending), (25, Ending::Budget));
}

#[test]
fn a_signal_is_heard_between_two_batches() {
    let running = AtomicU64::new(0);
    let hears = |count| running.store(count, Ordering::Relaxed);
    let mut engine = Fake {
        hears: Some(&hears),
        ..Fake::default()
    };
    let course = driven(&host(), &mut engine, None, &|| {
        running.load(Ordering::Relaxed) >= 50
    });
    assert_eq!((course.reached, course.ending), (50, Ending::Interrupted));
}

#[test]
fn memory_that_runs_short_is_the_end() {
    let host = host();
    let hears = |count| {
        let available = if count >= 75 { 70_000 } else { 500_000 };
        host.put(MEMORY, Image::text(memory(available)));
    };
    let mut engine = Fake {
        hears: Some(&hears),
        ..Fake::default()
    };
    let course = driven(&host, &mut engine, None, &nobody);
    assert_eq!((course.reached, course.ending), (75, Ending::Pressure));
    assert!(course.pressure.unwrap().starts_with("68 MiB of memory"));
}

#[test]
fn a_host_without_memory_is_asked_for_nothing() {
    let host = FakeHost::new().file(MEMORY, &memory(10_000));
    let mut engine = Fake::default();
    let course = driven(&host, &mut engine, None, &nobody);
    assert_eq!((course.reached, course.ending), (0, Ending::Pressure));
    assert!(!engine.opened);
}
