//! Logs as streams: a file, standard input, or the journal; read once, from the beginning.

use crate::fault::{AboutPath, failed, fault};
use model::{HostError, HostResult};
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};

const JOURNALCTL: &str = "journalctl";
/// How files of gzip(1), zstd(1) and xz(1) begin.
const COMPRESSED: [(&[u8], &str); 3] = [
    (b"\x1f\x8b", "zcat"),
    (b"\x28\xb5\x2f\xfd", "zstdcat"),
    (b"\xfd7zXZ", "xzcat"),
];
/// What is kept of what journalctl says beside the journal.
const MOST_SAID: u64 = 4096;

/// A file or a pipe by its path on this machine.
pub fn log_file(path: &str) -> HostResult<impl Read> {
    // Whether a pipe has a writer yet is waited for, as `cat` does.
    let flags = OFlag::O_RDONLY | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let file = File::from(
        open(Path::new(path), flags, Mode::empty())
            .map_err(io::Error::from)
            .reading(path)?,
    );
    let kind = file.metadata().reading(path)?.file_type();
    if !(kind.is_file() || kind.is_fifo()) {
        return Err(failed(path, "is neither a file nor a pipe"));
    }
    let mut head = [0; 6];
    let begun = if kind.is_file() {
        file.read_at(&mut head, 0).unwrap_or(0)
    } else {
        0
    };
    let packed = COMPRESSED
        .iter()
        .find(|(magic, _)| head[..begun].starts_with(magic));
    match packed {
        Some((_, program)) => Err(failed(
            path,
            format!("is compressed; run `{program} {path} | hosttune explain -`"),
        )),
        None => Ok(file),
    }
}

/// Standard input, and whether somebody types it.
pub fn log_input() -> (impl Read, bool) {
    let input = io::stdin().lock();
    let typed = input.is_terminal();
    (input, typed)
}

/// The journal since a moment, as JSON lines.
pub struct Journal {
    child: Child,
    lines: ChildStdout,
    said: Option<JoinHandle<String>>,
}

impl Journal {
    /// Has journalctl write it, which knows what a moment may look like.
    pub fn since(since: &str) -> HostResult<Self> {
        let mut child = Command::new(JOURNALCTL)
            .args(["--output=json", "--all", "--no-pager"])
            .arg("--output-fields=MESSAGE,SYSLOG_IDENTIFIER")
            .arg(format!("--since={since}"))
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| fault(JOURNALCTL, "the right to run it", error))?;
        let streams = (child.stdout.take(), child.stderr.take());
        let (Some(lines), Some(beside)) = streams else {
            return Err(failed(JOURNALCTL, "has no output"));
        };
        let said = thread::Builder::new().spawn(move || listen(beside)).ok();
        Ok(Self { child, lines, said })
    }

    /// Ends the reading; the error is what kept the journal from being read.
    pub fn end(mut self) -> HostResult<Seen> {
        let ended = self
            .child
            .wait()
            .map_err(|error| failed(JOURNALCTL, error.to_string()))?;
        let said = self
            .said
            .take()
            .and_then(|said| said.join().ok())
            .unwrap_or_default();
        let line = said
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        // Both are sentences of journalctl's own (systemd src/shared/journal-util.c).
        let denied = said.contains("insufficient permissions");
        let partly = said.contains("not seeing messages");
        match (ended.success(), denied) {
            (_, true) => Err(HostError::Denied {
                what: "the journal".to_owned(),
                needs: RIGHT.to_owned(),
            }),
            (false, false) => Err(failed(JOURNALCTL, line)),
            (true, false) if partly => Ok(Seen::OwnOnly(RIGHT)),
            (true, false) => Ok(Seen::All),
        }
    }
}

/// Who may read the whole journal (systemd-journald.service(8), Access Control).
const RIGHT: &str = "root or a member of systemd-journal or adm";

/// How much of the journal could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// All of it.
    All,
    /// Only what the caller's own programs wrote; the rest needs this.
    OwnOnly(&'static str),
}

impl Read for Journal {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.lines.read(buffer)
    }
}

/// Without a reader left, journalctl would wait for one for ever.
impl Drop for Journal {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Takes in everything, so that the writer never waits, and keeps the beginning.
fn listen(mut beside: ChildStderr) -> String {
    let mut kept = Vec::new();
    let _ = beside.by_ref().take(MOST_SAID).read_to_end(&mut kept);
    let _ = io::copy(&mut beside, &mut io::sink());
    String::from_utf8_lossy(&kept).into_owned()
}

/// Why a stream broke off.
pub fn broke_off(what: &str, error: &io::Error) -> HostError {
    match error.kind() {
        ErrorKind::IsADirectory => failed(what, "is a directory"),
        _ => failed(what, crate::fault::words(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_log_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.gz").display().to_string();
        std::fs::write(&path, b"\x1f\x8b\x08\0\0\0").unwrap();
        let refused = |path: &str| log_file(path).err().unwrap().to_string();
        assert!(refused(&path).contains("zcat"));
        assert!(refused("/dev/zero").contains("neither a file nor a pipe"));
        assert!(refused(&folder.path().display().to_string()).contains("neither"));
        assert!(refused("/nonexistent/log").contains("not found"));
    }
}
