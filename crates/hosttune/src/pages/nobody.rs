//! Nobody: a host that answers nothing, for what is known without one.

use model::{Census, Host, HostError, HostResult, Image, Scope, Space, Unit};
use std::sync::Arc;
use std::time::Duration;

/// A host that is not there.
pub(super) struct Nobody;

fn none<T>(what: &str) -> HostResult<T> {
    Err(HostError::Unavailable {
        what: what.to_owned(),
        why: "no host is asked".to_owned(),
    })
}

impl Host for Nobody {
    fn scope(&self) -> Scope {
        Scope::Tree
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        none(path)
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        none(directory)
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        none(path)
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        none(path)
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        none(name)
    }

    fn expect_units(&self, _names: &[&str]) {}

    fn manager(&self) -> HostResult<Arc<Unit>> {
        none("systemd")
    }

    fn modified(&self, path: &str) -> HostResult<Duration> {
        none(path)
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        none(path)
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        none(path)
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        none("processes")
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        none(kind)
    }

    fn uid(&self) -> u32 {
        0
    }

    fn now(&self) -> u64 {
        0
    }
}
