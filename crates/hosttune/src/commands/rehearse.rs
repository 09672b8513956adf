//! `rehearse`: a workload's footprint taken for real, held against what preflight says.

use super::Outcome;
use crate::args::{EngineKind, GuardArgs, RehearseArgs};
use crate::asked::workload;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::rehearsed;
use crate::ui::Ui;
use host::{Door, Held};
use limits::{COSTS, Counters, Moment, Readings, costs};
use model::{Host, Machine, Problem, Scope, Workload};
use rehearse::{Bounds, Ending, Engine, Plan, compare, drive, observe, resolve, taken_now};
use std::thread::sleep;
use std::time::{Duration, Instant};

const TOO_FEW: &str = "nothing is kept: too few stand-ins ran, or the versions here are not known";
/// Groups, keys and namespaces are given back by the kernel's workers some time after their last user.
const SETTLES: Duration = Duration::from_secs(3);
const CIRCULAR: &str =
    "the kernel engine takes what the costs say, so nothing can be measured by it";

/// What the host shows halfway, and the counters that costs are measured by.
struct Looks<'a> {
    door: &'a Door,
    workload: &'a Workload,
    half: Option<rehearse::Moment>,
    /// Before the first stand-in, halfway and with all, where costs are to be kept.
    counters: Option<Vec<Moment>>,
}

impl<'a> Looks<'a> {
    fn begin(door: &'a Door, workload: &'a Workload, calibrate: bool) -> Self {
        Self {
            door,
            workload,
            half: None,
            counters: calibrate.then(|| vec![(0, Counters::read(fresh(door)))]),
        }
    }

    fn half(&mut self, running: u64, target: u64) {
        if self.half.is_some() || running.saturating_mul(2) < target || running >= target {
            return;
        }
        let readings = Readings::take(fresh(self.door), self.workload);
        self.half = Some((running, readings));
        self.count(running);
    }

    /// Counts what the host has taken now that so many run; it has just been looked at.
    fn count(&mut self, running: u64) {
        if let Some(moments) = &mut self.counters {
            moments.push((running, Counters::read(self.door)));
        }
    }

    /// What is to be kept, now that all are gone.
    fn costs(self, engine: &dyn Engine) -> Option<String> {
        let bare = |(count, counters): Moment| {
            let with_name_server = engine.with_name_server(count);
            (count, counters.less_name_servers(with_name_server))
        };
        let moments: Vec<Moment> = self.counters?.into_iter().map(bare).collect();
        let moments: [Moment; 3] = moments.try_into().ok()?;
        costs(self.door, &moments, &Counters::read(fresh(self.door)))
    }
}

/// The same door, which has forgotten what it saw.
fn fresh(door: &Door) -> &Door {
    door.refresh();
    door
}

pub(super) fn run(door: &Door, ui: &Ui, args: &RehearseArgs) -> Outcome {
    let usage = |what: &str, at: &str| Problem::new("usage", what).at(at);
    if door.scope() == Scope::Tree {
        return Err(Failure::usage(usage(
            "nothing runs in a file tree",
            "--root",
        )));
    }
    if args.calibrate && args.engine == EngineKind::Kernel {
        let problem = usage(CIRCULAR, "--calibrate").help("add `--engine docker`");
        return Err(Failure::usage(problem));
    }
    let mut engine = engine(args.engine, door)?;
    if args.clean {
        return clean(&mut *engine);
    }
    let (mut workload, notes) = workload(door, &args.asked)?;
    workload.starts_at_once.get_or_insert(engine.at_once());
    let readings = Readings::take(door, &workload);
    let made = engine.as_made(&workload);
    let made = (made != workload).then(|| Readings::take(door, &made));
    let plan = Plan::new(&readings, made.as_ref(), &*engine, args.to_the_limit);
    if let Some(clip) = &plan.clip {
        ui.progress(&rehearsed::clipped(&plan, clip));
    }
    // What the stand-ins hold is taken away before a signal ends this.
    let held = Held::begin()?;
    let mut looks = Looks::begin(door, &workload, args.calibrate);
    let mut progress = |running: u64, took: Duration| {
        looks.half(running, plan.target);
        ui.progress(&rehearsed::progress(running, plan.target, took));
    };
    let mut bounds = Bounds {
        budget: args.budget,
        interrupted: &|| held.came(),
        progress: &mut progress,
    };
    let mut course = drive(door, &mut *engine, &plan, &mut bounds);
    let seen = course.as_mut().ok().map(|course| {
        let after = Readings::take(fresh(door), &workload);
        resolve(&plan, course, &mut *engine, &after);
        looks.count(course.reached);
        observe(&plan, course, &mut *engine, looks.half.as_ref(), &after)
    });
    let begun = Instant::now();
    let closed = engine.close();
    let course = course?;
    closed?;
    let down = begun.elapsed();
    held.let_go();
    let mut left = None;
    let mut gone = |name: &str| {
        let take = || {
            sleep(SETTLES);
            Readings::take(fresh(door), &workload)
        };
        taken_now(name, left.get_or_insert_with(take))
    };
    let seen = seen.unwrap_or_default();
    let compared = compare(&plan, &course, &*engine, &seen, &mut gone);
    let found = rehearse::Report::new(&plan, &course, &*engine, compared, down);
    let exit = match (course.ending, found.model_wrong) {
        (Ending::AtTarget, false) => Exit::Good,
        (Ending::AtTarget, true) | (Ending::Refused, _) => Exit::Findings,
        (Ending::Budget | Ending::Interrupted | Ending::Pressure, _) => Exit::Unknown,
    };
    let mut report = Report::new(course.ending.name(), exit);
    report.problems = notes;
    if args.calibrate {
        match looks.costs(&*engine) {
            Some(costs) => door.save(COSTS, &costs)?,
            None => report.problems.push(Problem::new("calibrate", TOO_FEW)),
        }
    }
    report.text = rehearsed::text(&found, ui.verbose);
    report.payload = serde_json::to_value(&found).unwrap_or_default();
    Ok(report)
}

/// Holds the stand-ins; the connection to whoever asked for them is all it is told.
pub(super) fn guard(ui: &Ui, args: &GuardArgs) -> Exit {
    match rehearse::guard(args.socket.as_deref()) {
        Ok(()) => Exit::Good,
        Err(error) => {
            let failure = Failure::from(error);
            ui.failure("rehearse-guard", String::new(), &failure);
            failure.exit
        }
    }
}

fn engine<'a>(kind: EngineKind, door: &'a Door) -> Result<Box<dyn Engine + 'a>, Failure> {
    match kind {
        EngineKind::Kernel => Ok(Box::new(rehearse::Kernel::new(door)?)),
        EngineKind::Docker => Ok(Box::new(rehearse::Docker::new(door)?)),
    }
}

fn clean(engine: &mut dyn Engine) -> Outcome {
    let gone = engine.clean()?;
    let mut report = Report::new("clean", Exit::Good);
    report.text = rehearsed::cleaned(&gone);
    report.payload = serde_json::json!({ "engine": engine.name(), "removed": gone });
    Ok(report)
}
