//! A dbus-daemon of its own for one test.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use zbus::Connection;
use zbus::connection::Builder;

#[derive(Debug)]
pub(super) struct Daemon {
    child: Child,
    address: String,
}

impl Daemon {
    /// Starts one in `directory`, if it is installed.
    #[expect(clippy::disallowed_methods, reason = "a test's own daemon")]
    pub(super) fn start(directory: &Path) -> Option<Self> {
        let file = directory.join("bus.conf");
        let config = format!(
            "<busconfig><type>system</type><listen>unix:path={}/bus</listen>\
             <policy context='default'><allow user='*'/><allow own='*'/>\
             <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/>\
             </policy></busconfig>",
            directory.display()
        );
        std::fs::write(&file, config).unwrap();
        let mut child = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", file.display()))
            .args(["--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            // It complains that it may not raise its own limits.
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut address = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        Some(Self { child, address })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Connects the fake systemd, which has its name when this returns.
pub(super) async fn connect(address: &str) -> Connection {
    let builder = Builder::address(address).name("org.freedesktop.systemd1");
    builder.build().await.unwrap()
}
