//! What no hosttune can have recorded: such a file was edited, and nothing is answered from it.

use crate::assume::{Assumption, CLOCK};
use crate::facts::Facts;
use crate::kept;
use crate::told::Told;
use model::{Census, Property, Space, Tally};

/// No moment after the year 9999 is one.
const LATEST: u64 = 253_402_300_799;

/// The first thing that is wrong, in words.
pub(crate) fn look(facts: &Facts) -> Result<(), String> {
    if facts.now > LATEST {
        return Err(format!("`now` is no time: {}", facts.now));
    }
    if let Some(supposed) = &facts.assumed {
        let said = supposed.assumption.to_string();
        if said.parse::<Assumption>().as_ref() != Ok(&supposed.assumption) {
            return Err(format!("`assumed`: nobody can assume `{said}`"));
        }
    }
    let paths = facts.files.keys().chain(facts.folders.keys());
    let paths = paths.chain(facts.links.keys()).chain(facts.images.keys());
    let paths = paths.chain(facts.modified.keys()).chain(facts.space.keys());
    for path in paths {
        let steps_out = path.split('/').any(|part| part == "..");
        if !path.starts_with('/') || steps_out || path.contains('\0') {
            return Err(format!("`{path}` is no path of a host"));
        }
    }
    for (path, reading) in &facts.files {
        if reading.answers().is_empty() {
            return Err(format!("`files`, {path}: has no answer"));
        }
        if path == CLOCK && !runs_forward(reading.answers()) {
            return Err(format!("`files`, {path}: the time of PID 1 runs backwards"));
        }
    }
    for (path, names) in values(&facts.folders) {
        let sorted = names.is_sorted_by(|one, next| one < next);
        let named = names
            .iter()
            .all(|name| !name.is_empty() && !name.contains('/'));
        if !sorted || !named {
            return Err(format!("`folders`, {path}: is no sorted list of names"));
        }
    }
    for (path, space) in values(&facts.space) {
        space_adds_up(*space).map_err(|why| format!("`space`, {path}: {why}"))?;
    }
    for (path, json) in values(&facts.docker) {
        match kept::docker(path, json) {
            Ok(kept) if kept == *json => {}
            _ => return Err(format!("`docker`, {path}: is no answer as it is kept")),
        }
    }
    for (name, unit) in values(&facts.units) {
        let pid = unit.properties.get("MainPID");
        if !matches!(pid, None | Some(Property::Number(0..=0x7fff_ffff))) {
            return Err(format!("`units`, {name}: MainPID is no process number"));
        }
    }
    match facts.census.as_ref().and_then(Told::value) {
        Some(census) => census_adds_up(census).map_err(|why| format!("`census`: {why}")),
        None => Ok(()),
    }
}

/// Whether each number that can be read is at least the one before.
fn runs_forward(answers: &[Told<String>]) -> bool {
    let times = answers.iter().filter_map(Told::value);
    let times = times.filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok());
    times.collect::<Vec<_>>().is_sorted()
}

fn values<T>(
    known: &std::collections::BTreeMap<String, Told<T>>,
) -> impl Iterator<Item = (&String, &T)> {
    known
        .iter()
        .filter_map(|(name, told)| Some((name, told.value()?)))
}

fn space_adds_up(space: Space) -> Result<(), String> {
    let fits = space.bytes_free <= space.bytes && space.inodes_free <= space.inodes;
    match fits {
        true => Ok(()),
        false => Err("more is free than there is".to_owned()),
    }
}

fn census_adds_up(census: &Census) -> Result<(), String> {
    let mut processes: u64 = 0;
    for (uid, held) in &census.users {
        if held.processes == 0 || held.closed > held.processes {
            return Err(format!("uid {uid} has {} processes", held.processes));
        }
        processes = processes.saturating_add(held.processes);
    }
    let shims = census.shims;
    if shims.unwatched.saturating_add(shims.closed) > shims.running || shims.running > processes {
        return Err(format!("{} shims of {processes} processes", shims.running));
    }
    let tallies = [
        shims.threads,
        shims.descriptors,
        shims.inotify_instances,
        shims.inotify_watches,
        shims.pipes,
    ];
    let adds_up = |tally: &Tally| tally.adds_up() && tally.count <= shims.running;
    if !tallies.iter().all(adds_up) {
        return Err("what shims hold does not add up".to_owned());
    }
    match census.daemons.keys().find(|pid| **pid <= 0) {
        Some(pid) => Err(format!("{pid} is no process number")),
        None => Ok(()),
    }
}
