//! Connected unix sockets of the host, by the path of the one that listens.

use model::{Host, Unread};
use procfs::FromBufRead;
use procfs::net::{UnixNetEntries, UnixState};
use std::collections::BTreeMap;

/// Where the kernel lists them.
pub(crate) const SOCKETS: &str = "/proc/net/unix";

/// How many there are for each path: accepted sockets carry the path of the one that listens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sockets(BTreeMap<String, u64>);

impl Sockets {
    /// Reads the list.
    pub(crate) fn read(host: &dyn Host) -> Result<Self, Unread> {
        let entries = UnixNetEntries::from_buf_read(host.read(SOCKETS)?.as_slice())
            .map_err(|error| Unread::because(format!("{SOCKETS}: {error}")))?;
        let mut sockets = Self::default();
        let connected = entries
            .0
            .into_iter()
            .filter(|e| e.state == UnixState::CONNECTED);
        for path in connected.filter_map(|entry| entry.path) {
            *sockets
                .0
                .entry(path.to_string_lossy().into_owned())
                .or_default() += 1;
        }
        Ok(sockets)
    }

    /// Connections to a path.
    pub(crate) fn to(&self, path: &str) -> u64 {
        self.0.get(path).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn connected_sockets_of_a_path_are_counted() {
        let text = "Num       RefCount Protocol Flags    Type St Inode Path\n\
             0000000000000000: 00000002 00000000 00010000 0001 01 11 /run/bus\n\
             0000000000000000: 00000003 00000000 00000000 0001 03 12 /run/bus\n\
             0000000000000000: 00000003 00000000 00000000 0001 03 13\n";
        let sockets = Sockets::read(&FakeHost::new().file(SOCKETS, text)).unwrap();
        assert_eq!((sockets.to("/run/bus"), sockets.to("/run/other")), (1, 0));
        assert!(Sockets::read(&FakeHost::new().file(SOCKETS, "x y\nz\n")).is_err());
    }
}
