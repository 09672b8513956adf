//! The host as it would be without the profiles in force.
//!
//! What a bound asks of a host is worked out against this: what an earlier profile raised is no value
//! that the host came with, and must not stay when the next one asks for less.

use crate::changes::{Change, changes, is_ours};
use crate::journal::{Before, Journal};
use crate::restore::{kernel, rlimit, successor, words};
use model::{
    Action, Census, Host, HostError, HostResult, Image, Property, Rlimit, Scope, Space, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// A host seen through the journal. What somebody else has changed since is seen as it is.
pub(crate) struct Undone<'a> {
    host: &'a dyn Host,
    files: BTreeMap<String, Image>,
    kernel: BTreeMap<String, String>,
    /// By the path of a process's limits.
    limits: BTreeMap<String, Vec<(String, Rlimit)>>,
    /// By unit.
    properties: BTreeMap<String, Vec<(String, u64)>>,
}

impl<'a> Undone<'a> {
    /// `host` without what the profiles in force did to it.
    pub(crate) fn new(host: &'a dyn Host, journal: &Journal) -> HostResult<Self> {
        let mut undone = Self {
            host,
            files: BTreeMap::new(),
            kernel: BTreeMap::new(),
            limits: BTreeMap::new(),
            properties: BTreeMap::new(),
        };
        for change in changes(journal) {
            undone.take(&change)?;
        }
        Ok(undone)
    }

    fn take(&mut self, change: &Change<'_>) -> HostResult<()> {
        let Change { first, last, .. } = change;
        let unit_key = first.key.as_deref().and_then(|key| {
            let (unit, name) = key.strip_prefix("unit:")?.rsplit_once('/')?;
            Some((unit.to_owned(), name.to_owned()))
        });
        match (&first.action, &first.before) {
            (Action::Replace { path, .. }, Before::Image(was)) => {
                let now = Before::Image(self.host.image(path)?);
                if is_ours(self.host, last, &now) {
                    self.files.insert(path.clone(), was.clone());
                }
            }
            (Action::WriteKernel { path, .. }, Before::Kernel(Some(was))) => {
                let now = Before::Kernel(kernel(self.host, path)?);
                if !is_ours(self.host, last, &now) {
                    return Ok(());
                }
                if let Some((unit, name)) = unit_key {
                    let number = words(was).parse().unwrap_or(u64::MAX);
                    let properties = self.properties.entry(unit).or_default();
                    properties.push((name, number));
                }
                self.kernel.insert(path.clone(), was.clone());
            }
            (
                Action::SetRlimit {
                    unit,
                    process,
                    resource,
                    ..
                },
                Before::Rlimit(was),
            ) => {
                let Some(process) = successor(self.host, unit, *process)? else {
                    return Ok(());
                };
                let Some(now) = rlimit(self.host, process.pid, resource)? else {
                    return Ok(());
                };
                if !is_ours(self.host, last, &Before::Rlimit(now)) {
                    return Ok(());
                }
                if let Some((unit, name)) = unit_key {
                    let properties = self.properties.entry(unit).or_default();
                    properties.push((format!("{name}Soft"), was.soft.unwrap_or(u64::MAX)));
                    properties.push((name, was.hard.unwrap_or(u64::MAX)));
                }
                let path = format!("/proc/{}/limits", process.pid);
                let limits = self.limits.entry(path).or_default();
                limits.push((resource.clone(), *was));
            }
            _ => {}
        }
        Ok(())
    }

    /// The names below a directory that are there only with the profiles, or only without them.
    fn differing(&self, directory: &str) -> impl Iterator<Item = (&str, &Image)> {
        let prefix = format!("{}/", directory.trim_end_matches('/'));
        self.files.iter().filter_map(move |(path, image)| {
            let name = path.strip_prefix(&prefix)?;
            (!name.contains('/')).then_some((name, image))
        })
    }
}

impl Host for Undone<'_> {
    fn scope(&self) -> Scope {
        self.host.scope()
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        if let Some(value) = self.kernel.get(path) {
            return Ok(format!("{value}\n").into_bytes());
        }
        if let Some(limits) = self.limits.get(path) {
            let text = self.host.read_text(path)?;
            return Ok(with_limits(&text, limits).into_bytes());
        }
        match self.files.get(path) {
            Some(Image::File { content, .. }) => Ok(content.clone()),
            Some(Image::Link { target }) if target.starts_with('/') => self.host.read(target),
            Some(Image::Absent) => Err(HostError::NotFound(path.to_owned())),
            _ => self.host.read(path),
        }
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        let mut names: BTreeSet<String> = match self.host.list(directory) {
            Ok(names) => names.into_iter().collect(),
            Err(error) if !error.is_not_found() || self.differing(directory).next().is_none() => {
                return Err(error);
            }
            Err(_) => BTreeSet::new(),
        };
        for (name, image) in self.differing(directory) {
            match image {
                Image::Absent => names.remove(name),
                _ => names.insert(name.to_owned()),
            };
        }
        Ok(names.into_iter().collect())
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        match self.files.get(path) {
            Some(image) => Ok(image.clone()),
            None => self.host.image(path),
        }
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        match self.files.get(path) {
            Some(Image::Link { target }) => Ok(target.clone()),
            Some(_) => Err(HostError::NotFound(path.to_owned())),
            None => self.host.read_link(path),
        }
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        let unit = self.host.unit(name)?;
        let Some(properties) = self.properties.get(name) else {
            return Ok(unit);
        };
        let mut unit = Unit::clone(&unit);
        for (name, number) in properties {
            unit.properties
                .insert(name.clone(), Property::Number(*number));
        }
        Ok(Arc::new(unit))
    }

    fn expect_units(&self, names: &[&str]) {
        self.host.expect_units(names);
    }

    fn manager(&self) -> HostResult<Arc<Unit>> {
        self.host.manager()
    }

    fn modified(&self, path: &str) -> HostResult<Duration> {
        self.host.modified(path)
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        self.host.space(path)
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        self.host.docker(path)
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        self.host.census()
    }

    fn expect_census(&self) {
        self.host.expect_census();
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        self.host.namespaces(kind)
    }

    fn uid(&self) -> u32 {
        self.host.uid()
    }

    fn now(&self) -> u64 {
        self.host.now()
    }
}

/// `/proc/PID/limits` with other numbers in some of its rows.
fn with_limits(text: &str, limits: &[(String, Rlimit)]) -> String {
    let word = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |n| n.to_string());
    let lines = text.lines().map(|line| {
        let row = limits
            .iter()
            .find_map(|(label, limit)| Some((label, limit, line.strip_prefix(label.as_str())?)));
        match row {
            Some((label, limit, rest)) => {
                let unit = rest.split_whitespace().nth(2).unwrap_or_default();
                let (soft, hard) = (word(limit.soft), word(limit.hard));
                format!("{label:<25} {soft:<20} {hard:<20} {unit}\n")
            }
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}
