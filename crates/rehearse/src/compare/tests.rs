use super::*;
use crate::fake::{Fake, refusal};
use crate::{Ending, Exercise, Needs, Place, observe, taken_now};
use limits::{LIMITS, Readings};
use model::{Bound, Ceiling, Cost, Workload};
use std::time::Duration;
use testkit::FakeHost;

const CONTAINERS: Fake<'static> = Fake {
    meets: &[("kernel.threads-max", Exercise::OfHost)],
    refused: None,
    takes: Duration::ZERO,
    hears: None,
    opened: false,
};

fn workload() -> Workload {
    Workload {
        nodes: 100,
        jobs_per_node: 0,
        starts_at_once: Some(4),
        ..Workload::default()
    }
}

fn readings(threads: u64) -> Readings {
    let host = FakeHost::new()
        .file("/proc/sys/kernel/threads-max", "4000\n")
        .file("/proc/loadavg", &format!("0.1 0.1 0.1 1/{threads} 9\n"));
    Readings::take(&host, &workload())
}

fn course(reached: u64) -> Course {
    Course {
        reached,
        ..Course::begun()
    }
}

/// What a rehearsal of 100 says of threads: before, with 50, with all, and once they are gone.
fn threads(mut falsify: impl FnMut(&mut Place), seen: [u64; 4]) -> Compared {
    let mut engine = CONTAINERS;
    let mut plan = Plan::new(&readings(seen[0]), None, &engine, true);
    plan.places.iter_mut().for_each(&mut falsify);
    let (course, half) = (course(100), (50, readings(seen[1])));
    let after = readings(seen[2]);
    let observed = observe(&plan, &course, &mut engine, Some(&half), &after);
    let left = readings(seen[3]);
    compare(&plan, &course, &engine, &observed, &mut |name| {
        taken_now(name, &left)
    })
}

fn as_it_is(_: &mut Place) {}

/// Another number of threads for each, wherever the model says one.
fn falsified(thousandths: u64) -> impl FnMut(&mut Place) {
    move |place| {
        let charge = model::Charge::each(Amount::thousandths(thousandths));
        place.takes = Cost::exact(charge, "");
    }
}

#[test]
fn what_rests_is_held_against_what_rests() {
    // 12 to 12.75 each; the 116 of four starts in flight are gone.
    for with_all in [1500, 1530, 1575] {
        let all = threads(as_it_is, [300, 300 + (with_all - 300) / 2, with_all, 310]);
        assert_eq!((all.rows.len(), all.not.len()), (1, 0), "{all:?}");
        let row = &all.rows[0];
        assert!(row.agrees, "{row:?}");
        assert_eq!(row.predicted, Amount::whole(1230));
        assert_eq!(
            (row.between.least, row.between.most),
            (Amount::whole(1200), Amount::whole(1275))
        );
    }
}

#[test]
fn a_false_cost_is_found() {
    // They take 12.3 each, and the model says something else.
    let seen = [300, 915, 1530, 300];
    for wrong in [11_000, 14_000] {
        let all = threads(falsified(wrong), seen);
        assert_eq!(all.rows.len(), 1, "{all:?}");
        assert!(!all.rows[0].agrees, "{wrong}: {all:?}");
    }
    assert!(threads(falsified(12_500), seen).rows[0].agrees);
    // Nor is nothing at all overlooked.
    assert!(!threads(falsified(0), seen).rows[0].agrees);
}

#[test]
fn what_others_take_meanwhile_is_not_the_models_fault() {
    // A build of 200 threads begins after the half, and one that is there until the end.
    let late = threads(as_it_is, [300, 915, 1730, 300]);
    let why = &late.not[0].why;
    assert!(why.starts_with("it differs in one half"), "{why}");
    let stays = threads(as_it_is, [300, 1015, 1730, 500]);
    let why = &stays.not[0].why;
    assert!(why.starts_with("it agrees with what is left"), "{why}");
    assert!(late.rows.is_empty() && stays.rows.is_empty());
}

#[test]
fn what_is_lost_among_others_is_no_agreement() {
    let few = |place: &mut Place| {
        place.takes = Cost::exact(model::Charge::each(Amount::thousandths(500)), "")
    };
    let all = threads(few, [300, 325, 350, 300]);
    assert!(all.rows.is_empty());
    assert!(all.not[0].why.starts_with("so little of it"), "{all:?}");
}

/// A plan of which one place refuses.
fn bounded(max: u64) -> Plan {
    let mut plan = Plan::new(&readings(300), None, &CONTAINERS, true);
    for place in &mut plan.places {
        if place.limit.id == "kernel.threads-max" {
            place.ceiling.max = Bound::Finite(Amount::whole(max));
        }
    }
    plan
}

fn refused(reached: u64, limit: &str) -> Course {
    Course {
        ending: Ending::Refused,
        refusal: Some(refusal(reached + 1, limit)),
        ..course(reached)
    }
}

#[test]
fn it_stops_where_the_bounds_of_the_cost_say() {
    // 600 are free, 116 of them for starts: 39.3 by the average, 36 to 40.6 by the edges.
    let plan = bounded(900);
    let row = |reached| {
        stop(
            &plan,
            &refused(reached, "kernel.threads-max@host"),
            &CONTAINERS,
        )
    };
    for (reached, agrees) in [(34, false), (35, true), (39, true), (41, true), (42, false)] {
        assert_eq!(
            row(reached).unwrap().agrees,
            agrees,
            "{reached}: {:?}",
            row(reached)
        );
    }
    assert_eq!(row(39).unwrap().predicted, Amount::whole(39));
    // It was to be refused and was not.
    let ran = stop(&plan, &course(100), &CONTAINERS).unwrap();
    assert!(!ran.agrees, "{ran:?}");
    assert_eq!(stop(&plan, &course(30), &CONTAINERS), None);
}

#[test]
fn a_refusal_that_nobody_predicted_is_the_models() {
    let plan = bounded(4000);
    let row = stop(&plan, &refused(60, "fs.file-max@host"), &CONTAINERS).unwrap();
    assert!(!row.agrees, "{row:?}");
    assert_eq!(row.predicted, Amount::whole(100));
}

#[test]
fn where_stand_ins_are_alone_nothing_comes_and_goes() {
    let alone = |observed| Seen {
        predicted: Between::one(Amount::whole(40)),
        observed: Amount::whole(observed),
        each: Amount::whole(2),
        others: Others::Nobody,
    };
    let agrees = |observed| {
        judge("x@y", &alone(observed), &mut |_| None)
            .unwrap()
            .agrees
    };
    assert!(agrees(40) && agrees(44) && !agrees(45));
}

#[test]
fn a_place_is_named_as_in_preflight() {
    let ceiling = Ceiling::new("host", Cost::NOTHING);
    let place = Place {
        limit: &LIMITS[0].limit,
        needs: Needs::of(&workload(), &ceiling),
        takes: ceiling.cost.clone(),
        ceiling,
        exercise: Exercise::OfHost,
    };
    assert_eq!(place.name(), format!("{}@host", LIMITS[0].limit.id));
}
