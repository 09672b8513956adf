//! A host that is read once: what several settings and rules ask for again is remembered.

use model::{Census, Host, HostResult, Image, Scope, Space, Unit};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A host as it was when each thing was first asked for. Good for one look, and for none after a
/// change.
pub struct Memo<'a> {
    host: &'a dyn Host,
    files: Known<Vec<u8>>,
    folders: Known<Vec<String>>,
    images: Known<Image>,
}

type Known<T> = Mutex<BTreeMap<String, HostResult<T>>>;

impl<'a> Memo<'a> {
    /// A memory of `host`, empty.
    pub fn new(host: &'a dyn Host) -> Self {
        Self {
            host,
            files: Mutex::default(),
            folders: Mutex::default(),
            images: Mutex::default(),
        }
    }
}

fn remember<T: Clone>(
    known: &Known<T>,
    path: &str,
    ask: impl FnOnce() -> HostResult<T>,
) -> HostResult<T> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    match known.get(path) {
        Some(answer) => answer.clone(),
        None => {
            let answer = ask();
            known.insert(path.to_owned(), answer.clone());
            answer
        }
    }
}

impl Host for Memo<'_> {
    fn scope(&self) -> Scope {
        self.host.scope()
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        remember(&self.files, path, || self.host.read(path))
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        remember(&self.folders, directory, || self.host.list(directory))
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        remember(&self.images, path, || self.host.image(path))
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        self.host.read_link(path)
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        self.host.unit(name)
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

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn a_file_is_read_once() {
        let host = FakeHost::new().counting("/proc/count", 1);
        let memo = Memo::new(&host);
        assert_eq!(memo.read("/proc/count"), memo.read("/proc/count"));
        assert_ne!(host.read("/proc/count"), host.read("/proc/count"));
    }

    #[test]
    fn what_is_not_there_is_asked_for_once_too() {
        let host = FakeHost::new();
        let memo = Memo::new(&host);
        assert!(memo.read("/etc/later").is_err());
        host.put("/etc/later", Image::text("x"));
        assert!(memo.read("/etc/later").is_err());
        assert!(Memo::new(&host).read("/etc/later").is_ok());
    }
}
