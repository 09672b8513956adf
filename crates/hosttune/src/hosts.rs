//! Which host is asked: this machine, a file tree or a recording; and what is kept of the answers.

use crate::args::HostArgs;
use crate::envelope::Report;
use crate::failure::Failure;
use facts::{Facts, FactsError, Recorder, Replay};
use host::Door;
use model::{Host, Problem};

/// No recording is longer: one of 1,000 containers takes less than 1 MiB.
const LONGEST: u64 = 16 << 20;

/// Has `run` ask the host that the command line names, and gives its boot id with what it comes to.
pub(crate) fn ask(
    door: &Door,
    args: &HostArgs,
    command: &'static str,
    run: impl FnOnce(&dyn Host) -> Result<Report, Failure>,
) -> (Result<Report, Failure>, String) {
    let replay = match args.facts.as_deref().map(open).transpose() {
        Ok(replay) => replay,
        Err(failure) => return (Err(failure), String::new()),
    };
    let host: &dyn Host = match &replay {
        Some(replay) => replay,
        None => door,
    };
    let Some(path) = &args.record else {
        return (run(host), host.boot_id());
    };
    if let Err(error) = host::refuse_existing(path) {
        return (Err(error.into()), host.boot_id());
    }
    let recorder = Recorder::new(host);
    let outcome = run(&recorder);
    let boot_id = recorder.boot_id();
    let outcome = outcome.and_then(|report| {
        write(
            &recorder.facts(env!("CARGO_PKG_VERSION"), command),
            path,
            false,
        )?;
        Ok(report)
    });
    (outcome, boot_id)
}

/// Opens a recording.
pub(crate) fn open(path: &str) -> Result<Replay, Failure> {
    let content = host::read_named_up_to(path, LONGEST)?;
    let refuse = |error: FactsError| {
        let help = match &error {
            FactsError::Newer(_) => "read it with the hosttune that wrote it, or a later one",
            _ => "record it anew with `hosttune facts` or --record",
        };
        let message = format!("{path}: {error}");
        Failure::usage(Problem::new("facts", message).help(help))
    };
    let wrong = |why: &str| refuse(FactsError::Wrong(why.to_owned()));
    if content.len() as u64 > LONGEST {
        return Err(wrong("is larger than 16 MiB"));
    }
    let text = String::from_utf8(content).map_err(|_| wrong("is no UTF-8"))?;
    Facts::parse(&text).map(Replay::new).map_err(refuse)
}

/// Writes a recording, for its owner alone to read; gives how many bytes it has.
pub(crate) fn write(facts: &Facts, path: &str, overwrite: bool) -> Result<usize, Failure> {
    let text = facts.to_json();
    let text = text.map_err(|error| Failure::usage(Problem::new("facts", error.to_string())))?;
    host::write_private(path, text.as_bytes(), overwrite)?;
    Ok(text.len())
}
