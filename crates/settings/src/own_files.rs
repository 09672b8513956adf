//! The files of ours that lines are stored in: what they will hold, and what it takes to get there.

use crate::journal::{Before, Journal};
use crate::kinds::{FileOfLines, Kind, Line, Look, look_at};
use crate::leftovers;
use crate::plan::{Planned, StepLine};
use model::{Action, Host, HostError, HostResult, Image, Layer, Scope, Setting};
use std::collections::BTreeMap;

/// The files that lines are stored in, as they shall be.
#[derive(Default)]
pub(crate) struct Files {
    files: BTreeMap<String, OneFile>,
}

struct OneFile {
    kind: &'static dyn Kind,
    lines: Vec<(Setting, Line)>,
}

/// What it takes to have the files as they shall be.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) actions: Vec<Planned>,
    pub(crate) warnings: Vec<String>,
}

impl Files {
    /// Takes a line in; says what changes for its setting.
    pub(crate) fn add(
        &mut self,
        host: &dyn Host,
        kind: &'static dyn Kind,
        setting: &Setting,
        line: &Line,
        looks: &[Look],
    ) -> HostResult<Option<StepLine>> {
        let old = current_text(host, &line.path)?;
        let lines = Vec::new();
        let file = self.files.entry(line.path.clone());
        let file = file.or_insert(OneFile { kind, lines });
        file.lines.push((setting.clone(), line.clone()));
        if kind.holds(&old, line) {
            return Ok(None);
        }
        let stored = look_at(looks, Layer::Stored);
        Ok(Some(StepLine {
            layer: Layer::Stored,
            now: stored.map_or_else(
                || "absent".to_owned(),
                |look| look.observed.describe(&setting.shape),
            ),
            then: line.value.clone(),
            place: line.path.clone(),
            takes: line.takes.clone(),
            note: None,
        }))
    }

    /// Where they are.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// The keys that each file keeps.
    pub(crate) fn keys(&self) -> BTreeMap<String, Vec<String>> {
        let keys =
            |lines: &[(Setting, Line)]| lines.iter().map(|(s, _)| s.key.to_string()).collect();
        let files = self.files.iter();
        files
            .map(|(path, file)| (path.clone(), keys(&file.lines)))
            .collect()
    }

    /// The replacements for the files that differ, missing directories first.
    pub(crate) fn actions(
        &self,
        host: &dyn Host,
        profile: &str,
        journal: &Journal,
    ) -> HostResult<Written> {
        let mut written = Written::default();
        for (path, OneFile { kind, lines }) in &self.files {
            let before = host.image(path)?;
            let base = leftovers::base(host, journal, path)?;
            if base.edited && kind.merges() {
                written.warnings.push(format!(
                    "{path} was changed since hosttune wrote it; what it set there and this profile \
                     does not name stays"
                ));
            }
            let content = kind.write(&FileOfLines {
                path,
                base: &base.image,
                profile,
                lines,
            })?;
            if before.content() == Some(content.as_bytes()) {
                continue;
            }
            refuse_strange(path, &before)?;
            if host.scope() == Scope::Live
                && let Some(action) = kind.validate(host, path, &content)
            {
                let validate = Planned::shared(action, Before::Nothing);
                written.actions.push(validate);
            }
            for path in missing_parents(host, path)? {
                let make = Planned::shared(Action::MakeDirectory { path }, Before::Existed(false));
                if !written.actions.contains(&make) {
                    written.actions.push(make);
                }
            }
            let replace = Action::Replace {
                path: path.clone(),
                image: before.with_content(content.into_bytes()),
            };
            written
                .actions
                .push(Planned::shared(replace, Before::Image(before)));
        }
        Ok(written)
    }
}

/// A link at our file's place is the operator's way of masking it; a directory is a mistake.
fn refuse_strange(path: &str, image: &Image) -> HostResult<()> {
    let why = match image {
        Image::Absent | Image::File { .. } => return Ok(()),
        Image::Link { target } => {
            format!("is a link to {target}; remove it to let hosttune write here")
        }
        Image::Directory | Image::Other => "is no regular file".to_owned(),
    };
    Err(HostError::Failed {
        what: path.to_owned(),
        why,
    })
}

/// The directories above a path that are not there, the highest first.
pub(crate) fn missing_parents(host: &dyn Host, path: &str) -> HostResult<Vec<String>> {
    let mut missing = Vec::new();
    let mut rest = path;
    while let Some((parent, _)) = rest.rsplit_once('/') {
        if parent.is_empty() || host.image(parent)? != Image::Absent {
            break;
        }
        missing.push(parent.to_owned());
        rest = parent;
    }
    missing.reverse();
    Ok(missing)
}

fn current_text(host: &dyn Host, path: &str) -> HostResult<String> {
    let image = host.image(path)?;
    let bytes = image.content().unwrap_or_default();
    Ok(String::from_utf8_lossy(bytes).into_owned())
}
