//! The workload that is asked about: a profile's or a Compose project's, with what the command line
//! says instead.

use crate::args::AskedArgs;
use crate::failure::Failure;
use crate::sources::{Loaded, absolute, asked_or_in_force, load};
use compose::Scaling;
use model::{Host, Problem, Workload};

/// Reads it, and what is worth knowing about how it was read.
pub(crate) fn workload(
    host: &dyn Host,
    args: &AskedArgs,
) -> Result<(Workload, Vec<Problem>), Failure> {
    read(Some(host), args)
}

/// The same for several hosts at once: what is in force on one of them says nothing of the others.
pub(crate) fn workload_of_fleet(args: &AskedArgs) -> Result<(Workload, Vec<Problem>), Failure> {
    read(None, args)
}

fn read(host: Option<&dyn Host>, args: &AskedArgs) -> Result<(Workload, Vec<Problem>), Failure> {
    let (mut workload, notes) = match (&args.compose, &args.profile, host) {
        (Some(file), ..) => project(file, args)?,
        (None, Some(reference), _) => (of(&load(reference, false)?, args)?, Vec::new()),
        (None, None, Some(host)) => (in_force(host, args)?, Vec::new()),
        (None, None, None) if args.workload.nodes.is_some() => (Workload::default(), Vec::new()),
        (None, None, None) => {
            let problem = Problem::new("usage", "nothing says what several hosts are to run");
            return Err(Failure::usage(
                problem.help("give --nodes N, --compose FILE or --profile PROFILE"),
            ));
        }
    };
    said(&mut workload, args)?;
    Ok((workload, notes))
}

/// The workload of the profile in force. A node count alone is a question of its own, to which that
/// profile adds its shape if it can.
fn in_force(host: &dyn Host, args: &AskedArgs) -> Result<Workload, Failure> {
    match (asked_or_in_force(host, None), &args.workload.nodes) {
        (Ok(loaded), _) => of(&loaded, args),
        (Err(_), Some(_)) => Ok(Workload::default()),
        (Err(failure), None) => Err(hint(failure)),
    }
}

/// The workload of a profile; one that says nothing of it needs a node count.
fn of(loaded: &Loaded, args: &AskedArgs) -> Result<Workload, Failure> {
    match (&loaded.workload, &args.workload.nodes) {
        (Some(workload), _) => Ok(workload.clone()),
        (None, Some(_)) => Ok(Workload::default()),
        (None, None) => {
            let problem = Problem::new("workload", "the profile says nothing about a workload")
                .at(loaded.profile.path.clone());
            Err(Failure::usage(problem.help(
                "add a [workload] section with `nodes`, or give --nodes",
            )))
        }
    }
}

/// Keys that a Compose file says something of.
const OF_COMPOSE: [&str; 7] = [
    "nodes",
    "node-network",
    "published-ports",
    "tty",
    "restart",
    "node-memory",
    "node-cpus",
];

/// The workload of a Compose project: as Compose itself puts it together, else as the file stands.
fn project(file: &str, args: &AskedArgs) -> Result<(Workload, Vec<Problem>), Failure> {
    let path = absolute(file);
    let config = host::compose_config(&path).map_err(|error| refused(error.to_string(), None))?;
    let read = match &config {
        Some(json) => compose::from_config(json),
        None => {
            let content =
                host::read_named(&path).map_err(|error| refused(error.to_string(), None))?;
            compose::from_file(&String::from_utf8_lossy(&content), &path)
        }
    };
    let scale = args.scale.iter().map(|word| scaled(word));
    let scaling = Scaling {
        scale: scale.collect::<Result<_, _>>()?,
        dind: args.dind.clone(),
    };
    let made = read.and_then(|project| project.workload(&scaling));
    let (mut workload, notes) = made.map_err(|error| refused(error.message, error.help))?;
    for key in OF_COMPOSE {
        let origin = match (key, args.scale.is_empty()) {
            ("nodes", false) => "--scale".to_owned(),
            _ => path.clone(),
        };
        workload.origins.insert(key.to_owned(), origin);
    }
    let note = |note: String| Problem::new("compose", note).at(path.clone());
    let mut notes: Vec<Problem> = notes.into_iter().map(note).collect();
    if config.is_none() {
        let read = "read as it stands: there is no Compose plugin to ask".to_owned();
        notes.push(note(read));
    }
    Ok((workload, notes))
}

/// `SERVICE=N`.
fn scaled(word: &str) -> Result<(String, u64), Failure> {
    const MOST: u64 = 1_000_000;
    let pair = word.split_once('=');
    let read = pair.and_then(|(name, count)| Some((name, count.parse::<u64>().ok()?)));
    match read.filter(|(name, count)| !name.is_empty() && *count <= MOST) {
        Some((name, count)) => Ok((name.to_owned(), count)),
        None => {
            let message = format!("`{word}` does not scale a service");
            let problem = Problem::new("usage", message).at("--scale");
            Err(Failure::usage(problem.help(format!(
                "write `--scale SERVICE=N` with N up to {MOST}"
            ))))
        }
    }
}

fn refused(message: String, help: Option<String>) -> Failure {
    let mut problem = Problem::new("compose", message);
    problem.help = help;
    Failure::usage(problem)
}

/// What the flags say, over what was said before.
fn said(workload: &mut Workload, args: &AskedArgs) -> Result<(), Failure> {
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
