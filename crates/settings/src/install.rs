//! An install as a transaction: hosttune's own files, journalled so that what was there before comes
//! back exactly, and folded with the install before it so that one record undoes both.

use crate::apply::{ApplyError, undo};
use crate::install_plan::{InstallPlan, KEPT};
use crate::journal::{Before, Done, Journal, Purpose, Record, State};
use crate::restore::subject;
use crate::standing::Standing;
use model::{Action, HostError, HostResult, Image, Machine};

/// The install that a record is of.
#[derive(Debug, Clone)]
pub struct Release {
    /// The version.
    pub version: String,
    /// Where it goes.
    pub prefix: String,
}

/// Carries out `plan`, reads it back, and takes over the record of the install before it.
pub fn install(
    machine: &dyn Machine,
    release: &Release,
    plan: &InstallPlan,
    journal: &mut Journal,
    progress: &mut dyn FnMut(&Action),
) -> Result<u32, ApplyError> {
    let id = journal.next_id();
    let mut record = Record::begin(machine, id, &release.version, &release.prefix, &[]);
    record.purpose = Purpose::Install;
    record.done = plan
        .actions
        .iter()
        .map(|planned| Done {
            action: planned.action.clone(),
            key: None,
            before: planned.before.clone(),
            after: None,
        })
        .collect();
    record.save(machine)?;
    let _ = Standing::publish(machine);
    for planned in &plan.actions {
        progress(&planned.action);
        let acted = machine.act(&planned.action);
        if let Err(error) = acted.and_then(|()| read_back(machine, &planned.action)) {
            return Err(undo(machine, &mut record, error.to_string()));
        }
    }
    let as_done = record.done.clone();
    record.done = fold(&journal.applied(Purpose::Install), &record.done);
    if let Err(error) = record.save_as(machine, State::Applied) {
        record.done = as_done;
        return Err(undo(machine, &mut record, error.to_string()));
    }
    // From here on the new record undoes all of it; going on twice, or never, does no harm.
    for former in &mut journal.records {
        if (former.purpose, former.state) == (Purpose::Install, State::Applied) {
            let _ = former.save_as(machine, State::Superseded);
        }
    }
    journal.records.push(record);
    forget_copies(machine, journal);
    Ok(id)
}

fn read_back(machine: &dyn Machine, action: &Action) -> HostResult<()> {
    let holds = match action {
        Action::Replace { path, image } => match image {
            Image::File { content, .. } => machine.image(path)?.content() == Some(content),
            image => machine.image(path)? == *image,
        },
        Action::CopyFile { path, file, .. } => machine.fingerprint(path)?.same_content(file),
        _ => true,
    };
    match holds {
        true => Ok(()),
        false => Err(HostError::Failed {
            what: action.to_string(),
            why: "something else stands there right after it".to_owned(),
        }),
    }
}

/// What undoes several installs at once: of each thing, what was there before the first, and what the
/// last put there.
fn fold(former: &[&Record], last: &[Done]) -> Vec<Done> {
    let mut folded: Vec<Done> = Vec::new();
    let all = former.iter().flat_map(|record| &record.done).chain(last);
    for one in all.filter(|one| !is_only_kept(one)) {
        let same = |known: &&mut Done| {
            subject(&known.action).is_some() && subject(&known.action) == subject(&one.action)
        };
        let known = folded.iter_mut().find(same);
        match known {
            Some(known) => known.action = one.action.clone(),
            None => folded.push(one.clone()),
        }
    }
    folded
}

/// A copy that served while the install could still fail, or that the record of another names.
fn is_only_kept(done: &Done) -> bool {
    matches!(&done.action, Action::CopyFile { path, .. } if path.starts_with(KEPT))
}

/// Removes the copies that no record needs any more.
fn forget_copies(machine: &dyn Machine, journal: &Journal) {
    let needed = |path: &str| {
        let records = journal.records.iter();
        let open = records.filter(|r| !matches!(r.state, State::Reverted | State::Superseded));
        open.flat_map(|record| &record.done)
            .any(|done| matches!(&done.before, Before::Kept { copy, .. } if copy == path))
    };
    for name in machine.list(KEPT).unwrap_or_default() {
        let path = format!("{KEPT}/{name}");
        if !needed(&path) {
            let image = Image::Absent;
            let _ = machine.act(&Action::Replace { path, image });
        }
    }
    let _ = machine.remove_empty_directory(KEPT);
}
