//! `preflight` of several recorded hosts: how many nodes each takes, who gets how many, and how Swarm
//! places them so.

use super::Outcome;
use crate::args::PreflightArgs;
use crate::asked::workload_of_fleet;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosts;
use crate::render::fleet;
use facts::Supposed;
use host::Door;
use limits::{Member, Room, Share, Swarm};
use model::{Fate, Problem, Workload};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;

/// What a fleet comes to.
#[derive(Debug, Serialize)]
pub(crate) struct Fleet {
    /// Nodes that are asked for.
    pub(crate) nodes: u64,
    /// Those that have a host.
    pub(crate) placed: u64,
    /// Those that have none.
    pub(crate) left_over: u64,
    /// Nodes that the hosts take beyond those.
    pub(crate) spare: u64,
    /// The hosts, in the order in which they were named.
    pub(crate) hosts: Vec<Seat>,
    /// How Swarm is told.
    pub(crate) swarm: Swarm,
}

/// One host of a fleet.
#[derive(Debug, Serialize)]
pub(crate) struct Seat {
    /// Its name: that of its recording, which does not keep the host's.
    pub(crate) host: String,
    /// What it takes.
    #[serde(flatten)]
    pub(crate) room: Room,
    /// What it is given.
    pub(crate) share: Share,
    /// What was assumed of it.
    pub(crate) assumed: Option<Supposed>,
}

pub(super) fn run(door: &Door, args: &PreflightArgs) -> Outcome {
    for (said, flag) in [
        (args.why.is_some(), "--why"),
        (args.with_profile.is_some(), "--with-profile"),
        (args.host.record.is_some(), "--record"),
    ] {
        if said {
            let problem = Problem::new("usage", format!("{flag} is about one host"));
            return Err(Failure::usage(problem.at(flag).help("name one recording")));
        }
    }
    let (workload, notes) = workload_of_fleet(&args.asked)?;
    if !limits::can_be_shared(&workload) {
        let problem = Problem::new("usage", "several hosts can share nodes of one sort only");
        return Err(Failure::usage(problem.help(
            "ask for each sort of node apart, with the others as they will be",
        )));
    }
    let fleet = place(door, args, &workload)?;
    let (verdict, exit) = verdict(&fleet);
    let mut report = Report::new(verdict.name(), exit);
    report.problems = notes;
    report.text = fleet::text(&fleet, &workload, verdict);
    report.payload = json!({ "workload": workload, "fleet": fleet });
    Ok(report)
}

/// Asks each host what it takes, shares the nodes out, and asks each about its share.
fn place(door: &Door, args: &PreflightArgs, workload: &Workload) -> Result<Fleet, Failure> {
    let paths = &args.host.facts;
    let names = names(paths)?;
    let assumption = args.host.assume.as_ref();
    let room = |path: &String| {
        hosts::with(door, Some(path), assumption, |named| {
            Ok(Member::new(named.host).room(workload))
        })
    };
    let rooms: Vec<Room> = paths.iter().map(room).collect::<Result<_, _>>()?;
    let fits: Vec<u64> = rooms
        .iter()
        .map(|room| room.nodes_fit.unwrap_or(0))
        .collect();
    let shares = limits::shares(workload.nodes, &fits);
    let mut seats = Vec::new();
    for (((path, host), room), nodes) in paths.iter().zip(names).zip(rooms).zip(&shares) {
        // Opened anew: a recording tells the time that PID 1 took in the order in which it is asked.
        let seat = hosts::with(door, Some(path), assumption, |named| {
            let share = Member::new(named.host).share(workload, *nodes);
            Ok((share, named.supposed()))
        });
        let (share, assumed) = seat?;
        seats.push(Seat {
            host,
            room,
            share,
            assumed,
        });
    }
    let placed: u64 = shares.iter().sum();
    let told: Vec<_> = seats
        .iter()
        .map(|seat| {
            let fit = seat.room.nodes_fit.unwrap_or(0);
            (seat.host.clone(), fit, seat.share.nodes)
        })
        .collect();
    let parts = workload.parts();
    let part = parts.iter().find(|part| !part.beside);
    Ok(Fleet {
        nodes: workload.nodes,
        placed,
        left_over: workload.nodes - placed,
        spare: fits.iter().sum::<u64>() - placed,
        swarm: limits::swarm(part.map_or("node", |part| part.name.as_str()), &told),
        hosts: seats,
    })
}

/// The hosts' names: those of the files. Labels go by them, so no two may be the same.
fn names(paths: &[String]) -> Result<Vec<String>, Failure> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for path in paths {
        let file = path.rsplit('/').next().unwrap_or(path);
        let name = file.strip_suffix(".json").unwrap_or(file).to_owned();
        if !seen.insert(name.clone()) {
            let problem = Problem::new("usage", format!("two recordings are called `{name}`"));
            return Err(Failure::usage(problem.at("--facts").help(
                "name each file as Swarm names the host, for hosts are told apart by that",
            )));
        }
        names.push(name);
    }
    Ok(names)
}

/// Nodes without a host are refused, unless a host of which it is not known could take them.
fn verdict(fleet: &Fleet) -> (Fate, Exit) {
    let unknown = fleet
        .hosts
        .iter()
        .filter(|seat| seat.room.nodes_fit.is_none());
    let most = unknown.map(|seat| seat.room.nodes_at_most.unwrap_or(u64::MAX));
    let most = most.fold(0_u64, u64::saturating_add);
    let verdict = match fleet.left_over {
        0 => {
            let shares = fleet.hosts.iter().map(|seat| seat.share.verdict);
            shares.max().unwrap_or(Fate::Unknown)
        }
        left if left <= most => Fate::Unknown,
        _ => Fate::Stops,
    };
    (verdict, Exit::from(verdict))
}
