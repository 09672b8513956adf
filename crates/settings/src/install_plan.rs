//! What an install would do: which of hosttune's files are missing, which are of an earlier install,
//! and which are somebody else's.

use crate::copied::{There, there};
use crate::journal::{Before, Done, Journal, Purpose};
use crate::kinds::rereads;
use crate::own_files::missing_parents;
use crate::plan::Planned;
use crate::restore::subject;
use model::{Action, Fingerprint, Host, HostError, HostResult, Image, Origin};

/// Where a file that an install replaces is kept if it is too large for the journal.
pub(crate) const KEPT: &str = "/var/lib/hosttune/kept";

/// What stands at one place once hosttune is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The place.
    pub path: String,
    /// What stands there.
    pub content: Content,
}

/// What an install puts at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The running program.
    Program(Fingerprint),
    /// A small file, or a link.
    Image(Image),
}

/// What an install would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstallPlan {
    /// Everything to be done, in order.
    pub actions: Vec<Planned>,
    /// What stands in the way and is not of an earlier install.
    pub foreign: Vec<String>,
}

impl InstallPlan {
    /// Works out what it takes to have `items` on `host`.
    pub fn new(host: &dyn Host, journal: &Journal, items: &[Item]) -> HostResult<Self> {
        let mut plan = Self::default();
        let former = journal.applied(Purpose::Install);
        let former: Vec<&Done> = former.iter().flat_map(|record| &record.done).collect();
        for item in items {
            // The last install to put something there counts.
            let mut ours = former.iter().rev();
            let ours = ours.find(|done| subject(&done.action).as_ref() == Some(&item.path));
            match &item.content {
                Content::Image(image) => plan.small(host, &item.path, image, ours)?,
                Content::Program(file) => {
                    plan.program(host, &item.path, file, ours, journal.next_id())?;
                }
            }
        }
        let paths: Vec<String> = items.iter().map(|item| item.path.clone()).collect();
        if !plan.actions.is_empty() {
            let rereads = rereads(host, &paths).into_iter();
            let rereads = rereads.map(|action| Planned::shared(action, Before::Nothing));
            plan.actions.extend(rereads);
        }
        Ok(plan)
    }

    fn small(
        &mut self,
        host: &dyn Host,
        path: &str,
        wanted: &Image,
        ours: Option<&&Done>,
    ) -> HostResult<()> {
        let now = host.image(path)?;
        let same = |image: &Image| match wanted {
            Image::File { .. } => image.content() == wanted.content(),
            _ => image == wanted,
        };
        if same(&now) {
            return Ok(());
        }
        refuse_strange(path, &now)?;
        let wrote = ours.and_then(|done| match &done.action {
            Action::Replace { image, .. } => Some(image),
            _ => None,
        });
        let is_ours = wrote.is_some_and(|wrote| match wrote {
            Image::File { .. } => wrote.content() == now.content(),
            _ => *wrote == now,
        });
        if now != Image::Absent && !is_ours {
            self.foreign.push(path.to_owned());
        }
        self.make_parents(host, path)?;
        let replace = Action::Replace {
            path: path.to_owned(),
            image: wanted.clone(),
        };
        let planned = Planned::shared(replace, Before::Image(now));
        self.actions.push(planned);
        Ok(())
    }

    fn program(
        &mut self,
        host: &dyn Host,
        path: &str,
        wanted: &Fingerprint,
        ours: Option<&&Done>,
        id: u32,
    ) -> HostResult<()> {
        let before = match there(host, path)? {
            There::File(now) if now.same_content(wanted) => return Ok(()),
            There::Nothing => Before::Image(Image::Absent),
            There::Link(target) => {
                self.foreign.push(path.to_owned());
                Before::Image(Image::Link { target })
            }
            There::File(now) => {
                let is_ours = ours.is_some_and(|done| {
                    matches!(&done.action, Action::CopyFile { file, .. } if file.same_content(&now))
                });
                if !is_ours {
                    self.foreign.push(path.to_owned());
                }
                self.keep(host, path, now, id)?
            }
        };
        self.make_parents(host, path)?;
        let copy = Action::CopyFile {
            from: Origin::Program,
            path: path.to_owned(),
            file: wanted.clone(),
        };
        self.actions.push(Planned::shared(copy, before));
        Ok(())
    }

    /// Has a file copied aside before it is replaced.
    fn keep(
        &mut self,
        host: &dyn Host,
        path: &str,
        file: Fingerprint,
        id: u32,
    ) -> HostResult<Before> {
        // The state directory itself is there as soon as there is a journal.
        if host.image(KEPT)? == Image::Absent {
            self.make(KEPT.to_owned());
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let copy = format!("{KEPT}/{id:04}-{name}");
        let action = Action::CopyFile {
            from: Origin::File(path.to_owned()),
            path: copy.clone(),
            file: file.clone(),
        };
        self.actions.push(Planned::shared(action, Before::Nothing));
        Ok(Before::Kept { copy, file })
    }

    fn make_parents(&mut self, host: &dyn Host, path: &str) -> HostResult<()> {
        for directory in missing_parents(host, path)? {
            self.make(directory);
        }
        Ok(())
    }

    fn make(&mut self, path: String) {
        let make = Planned::shared(Action::MakeDirectory { path }, Before::Existed(false));
        if !self.actions.contains(&make) {
            self.actions.push(make);
        }
    }
}

fn refuse_strange(path: &str, image: &Image) -> HostResult<()> {
    match image {
        Image::Absent | Image::File { .. } | Image::Link { .. } => Ok(()),
        Image::Directory | Image::Other => Err(HostError::Failed {
            what: path.to_owned(),
            why: "is no regular file".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::STATE_DIRECTORY;

    #[test]
    fn copies_are_kept_with_the_journal() {
        assert!(KEPT.starts_with(STATE_DIRECTORY));
    }
}
