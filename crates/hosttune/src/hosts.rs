//! Which host is asked: this machine, a file tree or a recording, perhaps of another size; and what
//! is kept of the answers.

use crate::args::HostArgs;
use crate::envelope::Report;
use crate::failure::Failure;
use crate::render::assumed;
use facts::{Assumed, Assumption, Facts, FactsError, Recorder, Replay, Supposed};
use host::Door;
use model::{Host, Problem};

/// No recording is longer: one of 1,000 containers takes less than 1 MiB.
const LONGEST: u64 = 16 << 20;

/// Has `run` ask the host that the command line names, and gives its boot id with what it comes to.
pub(crate) fn ask(
    door: &Door,
    args: &HostArgs,
    command: &'static str,
    verbose: bool,
    run: impl FnOnce(&dyn Host) -> Result<Report, Failure>,
) -> (Result<Report, Failure>, String) {
    let mut boot_id = String::new();
    if args.facts.len() > 1 {
        let problem = Problem::new("usage", format!("{command} answers for one host"));
        let problem = problem.at("--facts").help("name one recording");
        return (Err(Failure::usage(problem)), boot_id);
    }
    let outcome = with(
        door,
        args.facts.first().map(String::as_str),
        args.assume.as_ref(),
        |host| {
            if let Some(path) = &args.record {
                host::refuse_existing(path)?;
            }
            let recorder = args.record.as_ref().map(|_| Recorder::new(host.host));
            let asked = match &recorder {
                Some(recorder) => recorder,
                None => host.host,
            };
            let outcome = run(asked);
            boot_id = asked.boot_id();
            let mut report = outcome?;
            let supposed = host.supposed();
            if let (Some(recorder), Some(path)) = (&recorder, &args.record) {
                let mut facts = recorder.facts(env!("CARGO_PKG_VERSION"), command);
                facts.assumed.clone_from(&supposed);
                write(&facts, path, false)?;
            }
            if let Some(supposed) = supposed {
                assumed::add(&mut report, &supposed, verbose);
            }
            Ok(report)
        },
    );
    (outcome, boot_id)
}

/// A host, and what is assumed of it.
pub(crate) struct Named<'a> {
    /// The host.
    pub(crate) host: &'a dyn Host,
    assumed: Option<&'a Assumed<'a>>,
    /// The recording that it answers from.
    pub(crate) replay: Option<&'a Replay>,
}

impl Named<'_> {
    /// What is assumed of it, now or when it was recorded.
    pub(crate) fn supposed(&self) -> Option<Supposed> {
        let now = self.assumed.map(Assumed::supposed);
        now.or_else(|| {
            self.replay
                .and_then(|replay| replay.facts().assumed.clone())
        })
    }
}

/// Opens the host that is named, and does `work` with it.
pub(crate) fn with<T>(
    door: &Door,
    facts: Option<&str>,
    assumption: Option<&Assumption>,
    work: impl FnOnce(&Named<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let replay = facts.map(open).transpose()?;
    let host: &dyn Host = match &replay {
        Some(replay) => replay,
        None => door,
    };
    let before = replay
        .as_ref()
        .and_then(|replay| replay.facts().assumed.as_ref());
    if let (Some(_), Some(before)) = (assumption, before) {
        let message = format!("the recording was made with --assume {}", before.assumption);
        let problem =
            Problem::new("facts", message).help("assume of the recording it was made from");
        return Err(Failure::usage(problem));
    }
    let assumed = assumption
        .map(|assumption| Assumed::new(host, assumption))
        .transpose()?;
    let named = match &assumed {
        Some(assumed) => assumed,
        None => host,
    };
    work(&Named {
        host: named,
        assumed: assumed.as_ref(),
        replay: replay.as_ref(),
    })
}

/// Opens a recording.
fn open(path: &str) -> Result<Replay, Failure> {
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
