//! Which of several causes is the one, by what the host shows now.

use crate::{Confidence, Live, Match, fix, looks};
use limits::{Scene, judge};
use model::{Amount, Effect, Fate, Host, LimitAnswer, Network, Unread, Workload};

/// The same with what the host shows: a ceiling that leaves no room for one more start proves its limit,
/// one that leaves room speaks against it.
pub(crate) fn prove(mut matches: Vec<Match>, host: Option<&dyn Host>, text: &str) -> Vec<Match> {
    let Some(host) = host else {
        return matches;
    };
    for found in &mut matches {
        let workload = one_start(&found.limit, text);
        let pace = Err(Unread::because("not measured for one message"));
        let scene = Scene::new(host, &workload, pace);
        let answers = ask(&scene, &workload, &found.limit, text);
        weigh(found, &answers);
    }
    // Stable: what nothing tells apart stays as the words have it.
    matches.sort_by_key(|found| std::cmp::Reverse(found.confidence));
    name_the_twins(&mut matches);
    matches
}

/// One container that is about to start, on the network that the message names or on docker0, and
/// such as takes of the limit: with a port, a terminal or a network of its own where only those do.
fn one_start(id: &str, text: &str) -> Workload {
    let mut workload = Workload {
        nodes: 1,
        jobs_per_node: 0,
        ..Workload::default()
    };
    workload.node.tty = id == "kernel.pty.max";
    workload.node.published_ports = u64::from(id == "docker.ports");
    if id == "docker.address-pools" {
        workload.node_network = Network::PerNode;
    } else if let Some(name) = network_in(text) {
        workload.node_network = Network::Named(name.to_owned());
    }
    workload
}

/// The network of the user's that Docker's words name, if they do.
fn network_in(text: &str) -> Option<&str> {
    let after = ["on network ", "network's address pools: "];
    let rest = after
        .iter()
        .find_map(|words| Some(text.split_once(words)?.1))?;
    let end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let name = rest.split(end).next()?;
    (!name.is_empty() && name != "bridge").then_some(name)
}

/// What each place of a limit shows, the one that a message names first.
fn ask(scene: &Scene<'_>, workload: &Workload, id: &str, text: &str) -> Vec<LimitAnswer> {
    let Some(row) = limits::LIMITS.iter().find(|row| row.limit.id == id) else {
        return Vec::new();
    };
    let mut ceilings = (row.read)(scene);
    if id == "cgroup.pids.max" {
        ceilings.extend(limits::task_groups(scene, text));
    }
    let judged = ceilings
        .into_iter()
        .map(|ceiling| judge(&row.limit, ceiling, workload));
    let mut answers: Vec<LimitAnswer> = judged.collect();
    answers.sort_by_key(|answer| {
        !(answer.place.len() > 1 && text.contains(&answer.place.to_lowercase()))
    });
    answers
}

/// Takes what is known of the places into a match.
fn weigh(found: &mut Match, answers: &[LimitAnswer]) {
    let full = answers.iter().find(|answer| is_full(answer));
    let known = |answer: &&LimitAnswer| answer.ceiling.is_some() && answer.used.is_some();
    let told = full
        .or_else(|| fullest(answers))
        .or_else(|| answers.iter().find(|a| known(a) || a.unlimited));
    let Some(answer) = told else {
        if let Some(note) = answers.iter().find_map(|answer| answer.note.as_deref()) {
            found
                .evidence
                .push(format!("this host does not show it: {note}"));
        }
        return;
    };
    found.live = Some(Live {
        place: answer.place.clone(),
        ceiling: answer.ceiling,
        used: answer.used,
    });
    if full.is_some() {
        found.confidence = Confidence::Proven;
        found
            .evidence
            .push(format!("{}: now {}", answer.place, use_of(answer)));
        found.fix = fix::live(answer).unwrap_or_else(|| std::mem::take(&mut found.fix));
        return;
    }
    // What is exhausted only for a moment has room again when it is looked at.
    let has_room = answers.iter().all(|answer| {
        matches!(
            answer.verdict,
            Fate::Fits | Fate::NotApplicable | Fate::NotEnforced
        )
    });
    if has_room {
        found.evidence.push(format!(
            "{}: {}, so there is room now",
            answer.place,
            use_of(answer)
        ));
        if found.confidence == Confidence::Likely {
            found.confidence = Confidence::Possible;
        }
    }
}

/// No room for one more start, or none at all: what a start does not take, something else has asked for.
/// Where starts were seen to take more or less, the most counts: this one was refused.
fn is_full(answer: &LimitAnswer) -> bool {
    let none_left = answer.ceiling.is_some() && answer.used >= answer.ceiling;
    let refuses = matches!(
        (answer.verdict, answer.effect),
        (Fate::Stops, Effect::Stops) | (Fate::Degrades, _)
    );
    let narrow = answer.verdict == Fate::Unknown
        && answer.effect == Effect::Stops
        && answer
            .nodes_fit_between
            .is_some_and(|(fewest, _)| fewest == 0);
    refuses || narrow || none_left && answer.verdict != Fate::NotApplicable
}

/// Of the places with a number, the one with the least room for its height.
fn fullest(answers: &[LimitAnswer]) -> Option<&LimitAnswer> {
    let share = |answer: &LimitAnswer| {
        let (max, used) = (
            answer.ceiling?.as_thousandths(),
            answer.used?.as_thousandths(),
        );
        Some(used.saturating_mul(1000) / max.max(1))
    };
    answers
        .iter()
        .filter(|answer| share(answer).is_some())
        .max_by_key(|answer| share(answer))
}

fn use_of(answer: &LimitAnswer) -> String {
    let need = answer.need.filter(|need| *need > Amount::ZERO);
    let need = need.map_or_else(String::new, |need| format!(", and a start takes {need}"));
    match (answer.used, answer.ceiling) {
        (Some(used), Some(ceiling)) => format!("{used} of {ceiling} are taken{need}"),
        (None, Some(ceiling)) => format!("{ceiling} in all{need}"),
        _ => "unlimited".to_owned(),
    }
}

/// A proven limit is told from the others by their room, the others from each other by a command.
fn name_the_twins(matches: &mut [Match]) {
    let proven = |found: &&Match| found.confidence == Confidence::Proven;
    let ids = |matches: &[Match], full: bool| {
        let of = matches.iter().filter(|found| proven(found) == full);
        let of: Vec<String> = of.map(|found| found.limit.clone()).collect();
        of.join(", ")
    };
    let (full, others) = (ids(matches, true), ids(matches, false));
    for found in matches {
        if found.confidence == Confidence::Proven {
            let told = match others.as_str() {
                "" => "its ceiling is reached".to_owned(),
                others => {
                    format!("its ceiling is reached; {others} print the same and are not full")
                }
            };
            found.told_apart = Some(told);
        } else if !full.is_empty() {
            let look = looks::look(&found.limit)
                .map_or_else(String::new, |look| format!("; `{look}` shows this one"));
            found.told_apart = Some(format!("{full} is full now{look}"));
        }
    }
}
