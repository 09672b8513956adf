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
use model::{Host, Machine, Problem, Scope};
use rehearse::{Bounds, Ending, Engine, Plan, compare, drive, resolve};
use std::time::{Duration, Instant};

const TOO_FEW: &str = "nothing is kept: too few stand-ins ran, or the versions here are not known";

/// Counters before the first stand-in, halfway and at the end.
struct Moments {
    before: Counters,
    half: Option<Moment>,
}

impl Moments {
    fn begin(door: &Door) -> Self {
        Self {
            before: Self::counters(door),
            half: None,
        }
    }

    fn half(&mut self, door: &Door, running: u64, target: u64) {
        if self.half.is_none() && running.saturating_mul(2) >= target && running < target {
            self.half = Some((running, Self::counters(door)));
        }
    }

    /// What is to be kept.
    fn end(self, door: &Door, reached: u64) -> Option<String> {
        let all = (reached, Self::counters(door));
        costs(door, &[(0, self.before), self.half?, all])
    }

    fn counters(door: &Door) -> Counters {
        door.refresh();
        Counters::read(door)
    }
}

pub(super) fn run(door: &Door, ui: &Ui, args: &RehearseArgs) -> Outcome {
    if door.scope() == Scope::Tree {
        let problem = Problem::new("usage", "nothing runs in a file tree").at("--root");
        return Err(Failure::usage(problem));
    }
    let mut engine = engine(args.engine, door)?;
    if args.clean {
        return clean(&mut *engine);
    }
    let (mut workload, notes) = workload(door, &args.asked)?;
    workload.starts_at_once.get_or_insert(engine.at_once());
    let readings = Readings::take(door, &workload);
    let plan = Plan::new(&readings, &*engine, args.to_the_limit);
    if let Some(clip) = &plan.clip {
        ui.progress(&rehearsed::clipped(&plan, clip));
    }
    // What the stand-ins hold is taken away before a signal ends this.
    let held = Held::begin()?;
    let mut moments = args.calibrate.then(|| Moments::begin(door));
    let mut progress = |running: u64, took: Duration| {
        if let Some(moments) = &mut moments {
            moments.half(door, running, plan.target);
        }
        ui.progress(&rehearsed::progress(running, plan.target, took));
    };
    let mut bounds = Bounds {
        budget: args.budget,
        interrupted: &|| held.came(),
        progress: &mut progress,
    };
    let mut course = drive(door, &mut *engine, &plan, &mut bounds);
    let mut kept = None;
    let comparisons = course.as_mut().ok().map(|course| {
        door.refresh();
        let after = Readings::take(door, &workload);
        resolve(&plan, course, &mut *engine, &after);
        kept = moments
            .take()
            .and_then(|moments| moments.end(door, course.reached));
        compare(&plan, course, &mut *engine, &after)
    });
    let begun = Instant::now();
    let closed = engine.close();
    let course = course?;
    closed?;
    held.let_go();
    let comparisons = comparisons.unwrap_or_default();
    let found = rehearse::Report::new(&plan, &course, &*engine, comparisons, begun.elapsed());
    let exit = match (course.ending, found.model_wrong) {
        (Ending::AtTarget, false) => Exit::Good,
        (Ending::AtTarget, true) | (Ending::Refused, _) => Exit::Findings,
        (Ending::Budget | Ending::Interrupted | Ending::Pressure, _) => Exit::Unknown,
    };
    let mut report = Report::new(course.ending.name(), exit);
    report.problems = notes;
    if args.calibrate {
        match &kept {
            Some(costs) => door.save(COSTS, costs)?,
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
