//! The workload that is asked about: a profile's, with what the command line says instead.

use crate::args::PreflightArgs;
use crate::failure::Failure;
use crate::sources::asked_or_in_force;
use host::Door;
use model::{Problem, Workload};

/// Reads it.
pub(crate) fn workload(door: &Door, args: &PreflightArgs) -> Result<Workload, Failure> {
    let nodes = &args.workload.nodes;
    let from_profile = match (&args.profile, nodes) {
        (Some(reference), _) => Some(asked_or_in_force(door, Some(reference))?),
        (None, None) => Some(asked_or_in_force(door, None).map_err(hint)?),
        // A node count alone is a question of its own; the profile in force adds its shape if it can.
        (None, Some(_)) => asked_or_in_force(door, None).ok(),
    };
    let known = from_profile
        .as_ref()
        .and_then(|loaded| loaded.workload.clone());
    if known.is_none() && nodes.is_none() {
        let path = from_profile.map_or_else(String::new, |loaded| loaded.profile.path);
        let problem =
            Problem::new("workload", "the profile says nothing about a workload").at(path);
        return Err(Failure::usage(
            problem.help("add a [workload] section with `nodes`, or give --nodes"),
        ));
    }
    let mut workload = known.unwrap_or_default();
    said(&mut workload, args)?;
    Ok(workload)
}

/// What the flags say, over what was said before.
fn said(workload: &mut Workload, args: &PreflightArgs) -> Result<(), Failure> {
    for (key, value) in args.workload.all() {
        let Some(value) = value else {
            continue;
        };
        let flag = format!("--{key}");
        workload.set(key, value).map_err(|error| {
            let mut problem = Problem::new("usage", error.message).at(flag.clone());
            problem.help = error.help;
            Failure::usage(problem)
        })?;
        workload.origins.insert(key.to_owned(), flag);
    }
    Ok(())
}

fn hint(mut failure: Failure) -> Failure {
    if let Some(problem) = failure.problems.first_mut().filter(|p| p.kind == "profile") {
        problem.help = Some("give --nodes N, or name a profile with --profile".to_owned());
    }
    failure
}
