//! Where a command's profile comes from: a name, a path, or the one in force.

use crate::failure::Failure;
use model::{Entry, Host, Problem, Rejection, Scope, Workload};
use profile::{LibraryError, SectionSpec, Source};
use settings::{Profile, SUPPRESS, Standing, Suppressions};

/// The host's library, as the profile reader sees it.
struct Shelf {
    library: host::Library,
}

impl profile::Library for Shelf {
    fn open(&self, reference: &str, from: Option<&str>) -> Result<Source, LibraryError> {
        use host::LibraryError as Found;
        let found = self.library.open(reference, from);
        found
            .map(|found| Source {
                path: found.path,
                content: found.content,
            })
            .map_err(|error| match error {
                Found::BadName(_) | Found::Unknown { .. } => LibraryError::NotFound,
                Found::Unreadable { path, why } => LibraryError::Refused {
                    path,
                    message: why,
                    help: None,
                },
                Found::Untrusted(message) => LibraryError::Refused {
                    path: reference.to_owned(),
                    message,
                    help: None,
                },
            })
    }

    fn names(&self) -> Vec<String> {
        self.library.names()
    }
}

/// A profile read from its file, and its workload.
pub(crate) struct Loaded {
    /// The profile.
    pub(crate) profile: Profile,
    /// Its one-line summary.
    pub(crate) summary: Option<String>,
    /// What it is for; none where it does not say.
    pub(crate) workload: Option<Workload>,
    /// Findings that do not count.
    pub(crate) suppressions: Suppressions,
    /// Since when it is in force, if it was taken from there.
    pub(crate) since: Option<u64>,
}

/// Reads the profile `reference`. Where root acts on it, it must be root's own or the sudo caller's.
pub(crate) fn load(reference: &str, must_be_trusted: bool) -> Result<Loaded, Failure> {
    let read = read(reference, must_be_trusted)?;
    // It goes into the journal, and the next apply may start in another folder.
    let path = absolute(&read.path);
    let mut loaded = interpret(read.name, path, read.entries)?;
    loaded.summary = read.summary;
    Ok(loaded)
}

/// Reads the lines of a profile and of what it includes; what they mean is not asked.
pub(crate) fn read(reference: &str, must_be_trusted: bool) -> Result<profile::Profile, Failure> {
    let library = match must_be_trusted {
        true => host::Library::standard().only_trusted(),
        false => host::Library::standard(),
    };
    let sections: Vec<SectionSpec> = settings::sections()
        .into_iter()
        .map(|(kind, named)| SectionSpec { kind, named })
        .chain([
            SectionSpec {
                kind: WORKLOAD,
                named: false,
            },
            SectionSpec {
                kind: SUPPRESS,
                named: true,
            },
        ])
        .collect();
    Ok(profile::load(&Shelf { library }, reference, &sections)?)
}

/// A path that means the same in every folder.
pub(crate) fn absolute(path: &str) -> String {
    let absolute = std::path::absolute(path);
    absolute.map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

/// What an entry is about, however its key is spelled: `kind:name`. An entry that means nothing
/// says why.
pub(crate) fn identity(entry: &Entry) -> Result<String, Rejection> {
    let known = settings::sections();
    let known = known.iter().any(|(section, _)| *section == entry.kind);
    let parsed =
        settings::parse(std::slice::from_ref(entry)).map_err(|mut all| all.swap_remove(0))?;
    Ok(match parsed.first() {
        Some(setting) if known => setting.key.to_string(),
        _ => {
            let name = entry.name.as_deref().unwrap_or_default();
            let slash = if name.is_empty() { "" } else { "/" };
            format!("{}:{name}{slash}{}", entry.kind, entry.key)
        }
    })
}

const WORKLOAD: &str = "workload";

/// What the entries mean; everything wrong is reported together.
fn interpret(name: String, path: String, entries: Vec<Entry>) -> Result<Loaded, Failure> {
    let of_workload: Vec<Entry> = entries
        .iter()
        .filter(|entry| entry.kind == WORKLOAD)
        .cloned()
        .collect();
    let settings = settings::parse(&entries);
    let workload = Workload::parse(&of_workload);
    // What there is to suppress is known only once every setting is.
    let suppressions = match &settings {
        Ok(settings) => Suppressions::parse(&entries, settings),
        Err(_) => Ok(Suppressions::default()),
    };
    match (settings, workload, suppressions) {
        (Ok(settings), Ok(workload), Ok(suppressions)) => Ok(Loaded {
            profile: Profile {
                name,
                path,
                entries,
                settings,
            },
            summary: None,
            workload: (!of_workload.is_empty()).then_some(workload),
            suppressions,
            since: None,
        }),
        (settings, workload, suppressions) => {
            let mut rejections = settings.err().unwrap_or_default();
            rejections.extend(workload.err().unwrap_or_default());
            rejections.extend(suppressions.err().unwrap_or_default());
            rejections.sort_by(|a, b| a.span.cmp(&b.span));
            Err(rejections.into())
        }
    }
}

/// The profile asked for, or the one in force as it was applied.
pub(crate) fn asked_or_in_force(
    host: &dyn Host,
    reference: Option<&str>,
) -> Result<Loaded, Failure> {
    if let Some(reference) = reference {
        return load(reference, false);
    }
    let in_force = Standing::load(host)?
        .in_force
        .ok_or_else(|| Failure::usage(none_in_force()))?;
    let entries = in_force.entries();
    let mut loaded = interpret(in_force.profile, in_force.path, entries)?;
    loaded.since = Some(in_force.since);
    Ok(loaded)
}

fn none_in_force() -> Problem {
    Problem::new("profile", "no profile is in force").help(format!(
        "name one with --profile; there is {}",
        match host::Library::standard().names() {
            names if names.is_empty() => "none in the search path, so give a path".to_owned(),
            names => names.join(", "),
        }
    ))
}

/// Whether a profile that is about to change this host must be trusted first.
pub(crate) fn must_be_trusted(host: &dyn Host) -> bool {
    host.scope() == Scope::Live && host.uid() == 0
}
