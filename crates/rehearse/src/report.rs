//! The report: what a rehearsal came to, in a sentence and in numbers.

use crate::{Clip, Compared, Comparison, Course, Ending, Engine, NotCompared, Plan, Refusal};
use serde::Serialize;
use std::time::Duration;

/// What a rehearsal came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Who started the stand-ins.
    pub engine: &'static str,
    /// The answer in one sentence.
    pub headline: String,
    /// How it ended.
    pub ended: Ending,
    /// Containers that were asked for.
    pub asked: u64,
    /// Stand-ins that were meant to run.
    pub target: u64,
    /// Why these are fewer.
    pub clip: Option<Clip>,
    /// Stand-ins that ran together.
    pub reached: u64,
    /// Nodes that were whole among them.
    pub nodes: u64,
    /// Starts in flight together that the predictions reckon with.
    pub starts_at_once: Option<u64>,
    /// What refused the next one.
    pub refusal: Option<Refusal>,
    /// What was lost while stand-ins still started.
    pub degraded: Vec<Refusal>,
    /// What was too much for the host.
    pub pressure: Option<String>,
    /// What preflight said and what was seen.
    pub comparisons: Vec<Comparison>,
    /// Uses that tell nothing of the model.
    pub not_compared: Vec<NotCompared>,
    /// Whether some of these differ by more than they may.
    pub model_wrong: bool,
    /// Places where the stand-ins met the host's bound in a namespace or group of their own.
    pub apart: Vec<String>,
    /// Limits that the workload takes of and no stand-in met.
    pub not_rehearsed: Vec<&'static str>,
    /// Seconds until all ran.
    pub seconds_up: f64,
    /// Seconds until nothing was left.
    pub seconds_down: f64,
    /// How long starts took; none where the engine does not time them one by one.
    pub starts: Option<Latency>,
}

/// How long starts took, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Latency {
    /// Half of them took no longer.
    pub p50: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
    /// All but one of a hundred took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
    /// The same as the count grew, in tenths of what was reached: stand-ins that ran by then, and the
    /// median of the starts among the last tenth.
    pub curve: Vec<(u64, f64)>,
    /// The same for each hundred of them.
    pub hundreds: Vec<Hundred>,
}

/// How long the starts of one hundred took, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hundred {
    /// Stand-ins that ran after it.
    pub count: u64,
    /// Half of them took no longer.
    pub p50: f64,
    /// All but five took no longer.
    pub p95: f64,
    /// All but one took no longer.
    pub p99: f64,
}

impl Report {
    /// Puts it together. `down` is how long it took to take everything away.
    pub fn new(
        plan: &Plan,
        course: &Course,
        engine: &dyn Engine,
        compared: Compared,
        down: Duration,
    ) -> Self {
        let apart = plan.met().filter(|place| place.exercise.is_apart());
        let counted = plan.places.first().map(|place| &place.needs);
        Self {
            engine: engine.name(),
            headline: headline(plan, course),
            ended: course.ending,
            asked: plan.asked,
            target: plan.target,
            clip: plan.clip.clone(),
            reached: course.reached,
            nodes: counted.map_or(0, |needs| needs.whole_nodes(course.reached)),
            starts_at_once: plan.workload.starts_at_once,
            refusal: course.refusal.clone(),
            degraded: course.degraded.clone(),
            pressure: course.pressure.clone(),
            model_wrong: compared.rows.iter().any(|row| !row.agrees),
            comparisons: compared.rows,
            not_compared: compared.not,
            apart: apart.map(crate::Place::name).collect(),
            not_rehearsed: plan.not_rehearsed(),
            seconds_up: course.took.as_secs_f64(),
            seconds_down: down.as_secs_f64(),
            starts: Latency::of(&course.starts),
        }
    }
}

fn headline(plan: &Plan, course: &Course) -> String {
    let (ran, asked) = (course.reached, plan.asked);
    match (course.ending, &course.refusal, &plan.clip) {
        (Ending::Refused, Some(refusal), _) => {
            let limit = refusal.limit.as_ref();
            let by = limit.map_or_else(String::new, |limit| format!(" by {limit}"));
            format!(
                "{ran} of {asked} stand-ins ran together; number {} was refused{by}: {}",
                refusal.count, refusal.message
            )
        }
        (Ending::AtTarget, _, Some(clip)) => format!(
            "{ran} of {asked} stand-ins ran together and nothing was refused; more would leave less \
             than {} % of what was free at {}",
            clip.leaves_percent, clip.by
        ),
        (Ending::AtTarget, ..) | (Ending::Refused, None, _) => {
            format!("{ran} of {asked} stand-ins ran together and nothing was refused")
        }
        (Ending::Budget, ..) => format!(
            "{ran} of {asked} stand-ins ran together when the time was over; nothing was refused"
        ),
        (Ending::Interrupted, ..) => {
            format!("{ran} of {asked} stand-ins ran together when a signal asked for the end")
        }
        (Ending::Pressure, ..) => format!(
            "{ran} of {asked} stand-ins ran together, and no more are asked of this host: {}",
            course.pressure.as_deref().unwrap_or("it is under pressure")
        ),
    }
}

impl Latency {
    fn of(starts: &[Duration]) -> Option<Self> {
        const PARTS: usize = 10;
        if starts.is_empty() {
            return None;
        }
        let at = |part: &[Duration], percent: usize| {
            let mut sorted = part.to_vec();
            sorted.sort_unstable();
            let index = (sorted.len() * percent).div_ceil(100).max(1) - 1;
            sorted
                .get(index)
                .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
        };
        let size = starts.len().div_ceil(PARTS);
        let mut count = 0;
        let curve = starts.chunks(size).map(|part| {
            count += part.len() as u64;
            (count, at(part, 50))
        });
        let curve = curve.collect();
        let mut count = 0;
        let hundreds = starts.chunks(100).map(|part| {
            count += part.len() as u64;
            Hundred {
                count,
                p50: at(part, 50),
                p95: at(part, 95),
                p99: at(part, 99),
            }
        });
        let hundreds = hundreds.collect();
        Some(Self {
            hundreds,
            p50: at(starts, 50),
            p90: at(starts, 90),
            p99: at(starts, 99),
            max: at(starts, 100),
            curve,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, refusal};
    use limits::Readings;
    use model::Workload;
    use testkit::FakeHost;

    fn ended(ending: Ending) -> Report {
        let workload = Workload {
            nodes: 100,
            jobs_per_node: 0,
            ..Workload::default()
        };
        let engine = Fake::default();
        let readings = Readings::take(&FakeHost::new(), &workload);
        let plan = Plan::new(&readings, None, &engine, true);
        let course = Course {
            reached: 40,
            ending,
            refusal: (ending == Ending::Refused).then(|| refusal(41, "bridge.ports@docker0")),
            pressure: (ending == Ending::Pressure).then(|| "68 MiB of memory are available".into()),
            took: Duration::from_secs(4),
            ..Course::begun()
        };
        Report::new(&plan, &course, &engine, Compared::default(), Duration::ZERO)
    }

    #[test]
    fn every_ending_has_its_sentence() {
        for (ending, says) in [
            (Ending::AtTarget, "and nothing was refused"),
            (
                Ending::Refused,
                "number 41 was refused by bridge.ports@docker0: exchange full",
            ),
            (
                Ending::Budget,
                "when the time was over; nothing was refused",
            ),
            (Ending::Interrupted, "when a signal asked for the end"),
            (
                Ending::Pressure,
                "and no more are asked of this host: 68 MiB of memory are available",
            ),
        ] {
            let report = ended(ending);
            let headline = &report.headline;
            assert!(
                headline.starts_with("40 of 100 stand-ins ran together"),
                "{headline}"
            );
            assert!(headline.ends_with(says), "{headline}");
            let json = serde_json::to_value(&report).unwrap();
            assert_eq!(json["ended"], ending.name());
            assert_eq!(json["pressure"].is_string(), ending == Ending::Pressure);
            assert_eq!(json["refusal"].is_object(), ending == Ending::Refused);
        }
    }

    #[test]
    fn percentiles_are_starts_that_were_seen() {
        let starts: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        let latency = Latency::of(&starts).unwrap();
        assert_eq!((latency.p50, latency.p90), (100.0, 180.0));
        assert_eq!((latency.p99, latency.max), (198.0, 200.0));
        assert_eq!(latency.curve.len(), 10);
        assert_eq!((latency.curve[0], latency.curve[9].0), ((20, 10.0), 200));
        let second = &latency.hundreds[1];
        assert_eq!((second.count, second.p50, second.p95), (200, 150.0, 195.0));
        assert_eq!(Latency::of(&[]), None);
        let one = Latency::of(&[Duration::from_millis(7)]).unwrap();
        assert_eq!((one.p50, one.max, one.curve), (7.0, 7.0, vec![(1, 7.0)]));
    }
}
