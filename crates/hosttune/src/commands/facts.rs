//! `facts`: everything that check, status and preflight read of a host, kept in one file.

use super::{Outcome, status};
use crate::args::FactsArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosts;
use crate::sources::asked_or_in_force;
use crate::survey::Survey;
use ::facts::Recorder;
use host::{Door, Library};
use model::{Host, Network, Problem, Workload};
use serde_json::json;

/// The networks that a question may be about; each has readings of its own.
const NETWORKS: [Network; 3] = [Network::Bridge, Network::Host, Network::None];

pub(super) fn run(door: &Door, args: &FactsArgs) -> Outcome {
    let (path, assumption) = (args.facts.as_deref(), args.assume.as_ref());
    let facts = hosts::with(door, path, assumption, |named| {
        let recorder = Recorder::new(named.host);
        match named.replay {
            Some(replay) => replay.facts().ask_all(&recorder),
            None => ask_all(&recorder, &args.profile)?,
        }
        let mut facts = recorder.facts(env!("CARGO_PKG_VERSION"), "facts");
        facts.assumed = named.supposed();
        Ok(facts)
    })?;
    let mut report = Report::new("recorded", Exit::Good);
    match &args.output {
        Some(path) => {
            let size = hosts::write(&facts, path, args.force)?;
            report.text = format!("{path}: {} readings, {size} bytes\n", facts.readings());
            report.payload = json!({ "output": path, "readings": facts.readings(), "bytes": size });
        }
        None => {
            let wrong = |error: ::facts::FactsError| {
                Failure::usage(Problem::new("facts", error.to_string()))
            };
            report.text = facts.to_json().map_err(wrong)?;
            report.payload = json!({ "facts": facts });
        }
    }
    Ok(report)
}

/// Asks what check, status and preflight may ask; what comes of it does not matter here.
fn ask_all(host: &dyn Host, profiles: &[String]) -> Result<(), Failure> {
    // First: the pace of PID 1 is taken from the first calls on the bus.
    for network in NETWORKS {
        let workload = Workload {
            node_network: network.clone(),
            job_network: network,
            ..Workload::default()
        };
        limits::preflight(host, &workload);
    }
    let _ = status::run(host);
    for profile in profiles {
        let loaded = asked_or_in_force(host, Some(profile))?;
        Survey::of(host, &loaded);
    }
    // A profile of the library that does not load can be checked nowhere.
    for profile in Library::standard().names() {
        if let Ok(loaded) = asked_or_in_force(host, Some(&profile)) {
            Survey::of(host, &loaded);
        }
    }
    // What is asked for only under some circumstances, a question of later may be about.
    let _ = (host.census(), host.boot_id());
    Ok(())
}
