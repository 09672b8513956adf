//! A host in memory: files, units and Docker answers put there by the test.

use crate::fake_census;
use model::{
    Census, Fingerprint, Host, HostError, HostResult, Image, Property, Scope, Space, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// A host made by a test. Building methods take and return it; the state behind is shared and
/// changes as actions are carried out.
pub struct FakeHost {
    scope: Scope,
    uid: u32,
    pub(crate) state: Mutex<State>,
}

/// What the host consists of.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) files: BTreeMap<String, Image>,
    pub(crate) denied: BTreeSet<String>,
    pub(crate) rounding: BTreeMap<String, String>,
    pub(crate) counting: BTreeMap<String, (u64, u64)>,
    /// Units as their own files have them; drop-ins are laid over at each reload.
    pub(crate) units: BTreeMap<String, Unit>,
    pub(crate) loaded: BTreeMap<String, Unit>,
    pub(crate) docker: BTreeMap<String, String>,
    /// The manager's defaults as built in; system.conf.d is laid over at each reload.
    pub(crate) built_in: Unit,
    /// What Docker answers once an action, named in words, was carried out.
    pub(crate) docker_after: Vec<(String, String, String)>,
    pub(crate) manager: Unit,
    pub(crate) modified: BTreeMap<String, Duration>,
    pub(crate) space: BTreeMap<String, Space>,
    pub(crate) modules: BTreeMap<String, Vec<(String, String)>>,
    /// The units that were started and not stopped.
    pub(crate) active: BTreeSet<String>,
    pub(crate) program: Vec<u8>,
    pub(crate) acted: Vec<String>,
    pub(crate) fail_after: Option<usize>,
    pub(crate) crash_after: Option<usize>,
    pub(crate) locked: bool,
    pub(crate) now: u64,
}

impl Default for FakeHost {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeHost {
    /// An empty running machine, seen as root.
    pub fn new() -> Self {
        Self {
            scope: Scope::Live,
            uid: 0,
            state: Mutex::default(),
        }
        .file("/proc/sys/kernel/random/boot_id", "boot-1\n")
    }

    /// The same as a file tree.
    #[must_use]
    pub fn tree(mut self) -> Self {
        self.scope = Scope::Tree;
        self
    }

    /// The same seen by another user.
    #[must_use]
    pub fn user(mut self, uid: u32) -> Self {
        self.uid = uid;
        self
    }

    /// With a file.
    #[must_use]
    pub fn file(self, path: &str, text: &str) -> Self {
        self.put(path, Image::text(text));
        self
    }

    /// With a symbolic link.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        let target = target.to_owned();
        self.put(path, Image::Link { target });
        self
    }

    /// With an empty directory.
    #[must_use]
    pub fn directory(self, path: &str) -> Self {
        self.put(path, Image::Directory);
        self
    }

    /// With a file that holds a number which grows by `step` at each reading.
    #[must_use]
    pub fn counting(self, path: &str, step: u64) -> Self {
        self.state().counting.insert(path.to_owned(), (0, step));
        self
    }

    /// With a kernel file that shows `value` whatever larger value is written to it.
    #[must_use]
    pub fn rounding(self, path: &str, value: &str) -> Self {
        self.state()
            .rounding
            .insert(path.to_owned(), value.to_owned());
        self
    }

    /// With a path that may not be read.
    #[must_use]
    pub fn denied(self, path: &str) -> Self {
        self.state().denied.insert(path.to_owned());
        self
    }

    /// With a unit of these properties, loaded from a file of its own.
    #[must_use]
    pub fn unit_with(self, name: &str, properties: &[(&str, Property)]) -> Self {
        let mut unit = Unit::default();
        let loaded = Property::Text("loaded".to_owned());
        unit.properties.insert("LoadState".to_owned(), loaded);
        for (key, value) in properties {
            unit.properties.insert((*key).to_owned(), value.clone());
        }
        {
            let mut state = self.state();
            state.units.insert(name.to_owned(), unit.clone());
            state.loaded.insert(name.to_owned(), unit);
        }
        self
    }

    /// With a default of systemd's manager.
    #[must_use]
    pub fn default_of_units(self, name: &str, value: Property) -> Self {
        {
            let mut state = self.state();
            let State {
                built_in, manager, ..
            } = &mut *state;
            for unit in [built_in, manager] {
                unit.properties.insert(name.to_owned(), value.clone());
            }
        }
        self
    }

    /// With a file that last changed so many seconds after 1970.
    #[must_use]
    pub fn modified_at(self, path: &str, seconds: u64) -> Self {
        let at = Duration::from_secs(seconds);
        self.state().modified.insert(path.to_owned(), at);
        self
    }

    /// With a file system of this room at a path.
    #[must_use]
    pub fn room(self, path: &str, space: Space) -> Self {
        self.state().space.insert(path.to_owned(), space);
        self
    }

    /// With an answer of Docker's to a GET.
    #[must_use]
    pub fn docker_answer(self, path: &str, json: &str) -> Self {
        self.state().docker.insert(path.to_owned(), json.to_owned());
        self
    }

    /// With another answer once an action (`reload docker.service`) was carried out.
    #[must_use]
    pub fn docker_answer_after(self, action: &str, path: &str, json: &str) -> Self {
        let later = [action, path, json].map(str::to_owned);
        self.state().docker_after.push(later.into());
        self
    }

    /// With a module that brings these files when it is loaded.
    #[must_use]
    pub fn module(self, name: &str, files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        self.state().modules.insert(name.to_owned(), files);
        self
    }

    /// With a program of this content running.
    #[must_use]
    pub fn program(self, content: &str) -> Self {
        self.state().program = content.into();
        self
    }

    /// What the running program consists of.
    pub fn program_fingerprint(&self) -> Fingerprint {
        fingerprint_of(&Image::text(self.state().program.clone())).expect("a file")
    }

    /// Whether a unit was started and not stopped.
    pub fn is_active(&self, unit: &str) -> bool {
        self.state().active.contains(unit)
    }

    /// Puts something at a path, while the test runs too.
    pub fn put(&self, path: &str, image: Image) {
        self.state().files.insert(path.to_owned(), image);
    }

    /// Takes what is at a path away.
    pub fn take(&self, path: &str) {
        self.state().files.remove(path);
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<String> {
        self.read_text(path).ok()
    }

    /// Every file below `/etc`, to compare before and after.
    pub fn etc(&self) -> BTreeMap<String, Image> {
        let state = self.state();
        let below = |path: &&String| path.starts_with("/etc/");
        let keys: Vec<String> = state.files.keys().filter(below).cloned().collect();
        keys.into_iter()
            .map(|key| (key.clone(), state.files[&key].clone()))
            .collect()
    }

    /// What was done, in words.
    pub fn acted(&self) -> Vec<String> {
        self.state().acted.clone()
    }

    /// Has the action or save of that number, from 1, fail once; what follows succeeds.
    pub fn fail_after(&self, count: usize) {
        self.state().fail_after = Some(count);
    }

    /// Lets so many actions and saves succeed, then refuses all as after a kill; `revive` ends it.
    pub fn crash_after(&self, count: usize) {
        self.state().crash_after = Some(count);
    }

    /// Ends the failing: the next process starts.
    pub fn revive(&self) {
        let mut state = self.state();
        state.fail_after = None;
        state.crash_after = None;
        state.locked = false;
    }

    /// A reboot as far as memory goes: another boot id.
    pub fn reboot(&self, boot_id: &str) {
        self.state().active.clear();
        self.put(
            "/proc/sys/kernel/random/boot_id",
            Image::text(format!("{boot_id}\n")),
        );
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a test panicked with the host")
    }

    /// Follows links in the last part of a path, as often as a kernel would.
    fn follow(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for _ in 0..8 {
            match self.state().files.get(&path) {
                Some(Image::Link { target }) if target.starts_with('/') => path = target.clone(),
                _ => break,
            }
        }
        path
    }

    fn refuse_denied(&self, path: &str) -> HostResult<()> {
        if self.state().denied.contains(path) {
            return Err(HostError::Denied {
                what: path.to_owned(),
                needs: "root".to_owned(),
            });
        }
        Ok(())
    }
}

impl Host for FakeHost {
    fn scope(&self) -> Scope {
        self.scope
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        self.refuse_denied(path)?;
        if let Some((count, step)) = self.state().counting.get_mut(path) {
            *count += *step;
            return Ok(format!("{count} 0 0\n").into_bytes());
        }
        let path = self.follow(path);
        match self.state().files.get(&path) {
            Some(Image::File { content, .. }) => Ok(content.clone()),
            Some(_) => Err(HostError::Failed {
                what: path,
                why: "is not a regular file".to_owned(),
            }),
            None => Err(HostError::NotFound(path)),
        }
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        self.refuse_denied(directory)?;
        let prefix = format!("{}/", directory.trim_end_matches('/'));
        let state = self.state();
        let names: BTreeSet<String> = state
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .filter_map(|rest| rest.split('/').next())
            .map(ToOwned::to_owned)
            .collect();
        let exists = !names.is_empty() || state.files.contains_key(directory);
        if exists {
            Ok(names.into_iter().collect())
        } else {
            Err(HostError::NotFound(directory.to_owned()))
        }
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        self.refuse_denied(path)?;
        let prefix = format!("{path}/");
        let state = self.state();
        Ok(match state.files.get(path) {
            Some(image) => image.clone(),
            None if state.files.keys().any(|key| key.starts_with(&prefix)) => Image::Directory,
            None => Image::Absent,
        })
    }

    fn fingerprint(&self, path: &str) -> HostResult<Fingerprint> {
        let print = fingerprint_of(&self.image(path)?);
        print.ok_or_else(|| HostError::NotFound(path.to_owned()))
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        match self.image(path)? {
            Image::Link { target } => Ok(target),
            _ => Err(HostError::NotFound(path.to_owned())),
        }
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        self.no_tree(name)?;
        if self.state().denied.contains(name) {
            return Err(HostError::Unavailable {
                what: name.to_owned(),
                why: "no system bus".to_owned(),
            });
        }
        let missing = || {
            let text = Property::Text("not-found".to_owned());
            Unit {
                properties: BTreeMap::from([("LoadState".to_owned(), text)]),
            }
        };
        let state = self.state();
        let mut unit = state.loaded.get(name).cloned().unwrap_or_else(missing);
        if state.active.contains(name) {
            let active = Property::Text("active".to_owned());
            unit.properties.insert("ActiveState".to_owned(), active);
        }
        Ok(Arc::new(unit))
    }

    fn expect_units(&self, _names: &[&str]) {}

    fn manager(&self) -> HostResult<Arc<Unit>> {
        self.no_tree("systemd's manager")?;
        Ok(Arc::new(self.state().manager.clone()))
    }

    /// Right after 1970, where the test does not say otherwise.
    fn modified(&self, path: &str) -> HostResult<Duration> {
        self.refuse_denied(path)?;
        if self.image(path)? == Image::Absent {
            return Err(HostError::NotFound(path.to_owned()));
        }
        let at = self.state().modified.get(path).copied();
        Ok(at.unwrap_or_default())
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        self.refuse_denied(path)?;
        let space = self.state().space.get(path).copied();
        space.ok_or_else(|| HostError::NotFound(path.to_owned()))
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        self.no_tree(path)?;
        let answer = self.state().docker.get(path).cloned();
        answer.ok_or_else(|| HostError::Unavailable {
            what: format!("Docker {path}"),
            why: "no daemon".to_owned(),
        })
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        self.no_tree("the processes")?;
        fake_census::census(self).map(Arc::new)
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        self.no_tree("the processes")?;
        fake_census::namespaces(self, kind)
    }

    fn uid(&self) -> u32 {
        self.uid
    }

    fn now(&self) -> u64 {
        let mut state = self.state();
        state.now += 1;
        1_700_000_000 + state.now
    }
}

/// A file in short: not SHA-256, but as good for telling a test's files apart.
pub(crate) fn fingerprint_of(image: &Image) -> Option<Fingerprint> {
    let Image::File {
        content,
        mode,
        uid,
        gid,
        ..
    } = image
    else {
        return None;
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    Some(Fingerprint {
        size: content.len() as u64,
        sha256: format!("{:064x}", hasher.finish()),
        mode: *mode,
        uid: *uid,
        gid: *gid,
    })
}

impl FakeHost {
    pub(crate) fn no_tree(&self, what: &str) -> HostResult<()> {
        match self.scope {
            Scope::Live => Ok(()),
            Scope::Tree => Err(HostError::Unavailable {
                what: what.to_owned(),
                why: "a file tree has nothing that runs".to_owned(),
            }),
        }
    }
}
