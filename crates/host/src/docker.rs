//! Docker's socket: GET under HTTP/1.0, where the daemon sends a plain body and closes. An answer
//! is kept until told to forget.

use crate::deadline::within;
use crate::fault::{failed, fault, unavailable};
use model::{HostError, HostResult};
use std::collections::BTreeMap;
use std::env;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where the daemon listens unless `DOCKER_HOST` says otherwise.
const SOCKET: &str = "/var/run/docker.sock";
/// No answer that hosttune has business with is larger.
const LARGEST: u64 = 16 << 20;
/// Who may talk to the daemon.
const NEEDS: &str = "root or membership in the group docker";

/// The daemon, each question asked once.
#[derive(Debug)]
pub(crate) struct Docker {
    /// Another socket than the environment's.
    pub(crate) socket: Option<String>,
    /// How long one question may take, connecting included.
    pub(crate) patience: Duration,
    calls: AtomicUsize,
    known: Mutex<BTreeMap<String, HostResult<String>>>,
}

impl Docker {
    /// The daemon of this machine.
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            socket: None,
            patience,
            calls: AtomicUsize::new(0),
            known: Mutex::default(),
        }
    }

    /// Forgets the answers.
    pub(crate) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, HostResult<String>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body of the answer to `GET path`; a failure is kept like an answer, so that nobody waits
    /// twice.
    pub(crate) fn get(&self, path: &str) -> HostResult<String> {
        if let Some(known) = self.known().get(path) {
            return known.clone();
        }
        let answer = self.fetch(path);
        self.known().insert(path.to_owned(), answer.clone());
        answer
    }

    fn fetch(&self, path: &str) -> HostResult<String> {
        if !path.starts_with('/') || path.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(failed(path, "is no path to ask Docker for"));
        }
        let what = format!("docker {path}");
        let socket = match &self.socket {
            Some(socket) => socket.clone(),
            None => socket(env::var("DOCKER_HOST").ok().as_deref())?,
        };
        let patience = self.patience;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let request = format!("GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n");
        let answer = within(patience, move || ask(&socket, &request, patience));
        match answer {
            None => Err(timed_out(what, patience)),
            Some(Ok(answer)) => body(&what, answer),
            Some(Err(error)) => Err(match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                    unavailable(&what, "nothing listens on Docker's socket")
                }
                // A read timeout of a socket shows as EAGAIN (socket(7), SO_RCVTIMEO).
                io::ErrorKind::WouldBlock => timed_out(what, patience),
                _ => fault(&what, NEEDS, error),
            }),
        }
    }

    /// How many questions were asked.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

fn timed_out(what: String, patience: Duration) -> HostError {
    HostError::TimedOut {
        what,
        seconds: patience.as_secs(),
    }
}

fn socket(host: Option<&str>) -> HostResult<String> {
    match host {
        None | Some("") => Ok(SOCKET.to_owned()),
        Some(host) => match host.strip_prefix("unix://") {
            Some(path) if path.starts_with('/') => Ok(path.to_owned()),
            _ => Err(unavailable(
                "docker",
                format!("DOCKER_HOST is {host}, and only unix:///PATH is on this host"),
            )),
        },
    }
}

fn ask(socket: &str, request: &str, patience: Duration) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut answer)?;
    Ok(answer)
}

fn body(what: &str, answer: Vec<u8>) -> HostResult<String> {
    if answer.len() as u64 > LARGEST {
        return Err(failed(what, "the answer is larger than 16 MiB"));
    }
    let answer = String::from_utf8(answer).map_err(|_| failed(what, "the answer is not UTF-8"))?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| failed(what, "the answer is not HTTP"))?;
    let mut lines = head.lines();
    let mut status = lines.next().unwrap_or_default().split(' ');
    let version = status.next().unwrap_or_default();
    let chunked = lines.any(|line| line.to_ascii_lowercase().starts_with("transfer-encoding:"));
    match status.next() {
        _ if !version.starts_with("HTTP/1.") => Err(failed(what, "the answer is not HTTP")),
        Some("200") if chunked => Err(failed(what, "the answer is in chunks, against HTTP/1.0")),
        Some("200") => Ok(body.to_owned()),
        Some("404") => Err(HostError::NotFound(what.to_owned())),
        Some(code) => Err(failed(what, format!("status {code}: {}", body.trim()))),
        None => Err(failed(what, "the answer has no status")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Result<String, String> {
        body("docker /info", answer.into()).map_err(|error| error.to_string())
    }

    #[test]
    fn only_a_plain_200_is_an_answer() {
        assert_eq!(
            read("HTTP/1.0 200 OK\r\nA: b\r\n\r\n{}"),
            Ok("{}".to_owned())
        );
        assert_eq!(
            read("HTTP/1.1 503 Down\r\n\r\nbusy\n").unwrap_err(),
            "docker /info: status 503: busy"
        );
        assert_eq!(
            read("HTTP/1.0 404 No\r\n\r\n").unwrap_err(),
            "docker /info: not found"
        );
        assert!(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2").is_err());
        assert!(read("SSH-2.0-OpenSSH\r\n\r\n").is_err());
        assert!(read("HTTP/1.0 200 OK\r\n").is_err());
    }

    #[test]
    fn only_a_unix_socket_is_on_this_host() {
        assert_eq!(socket(None), Ok(SOCKET.to_owned()));
        assert_eq!(socket(Some("unix:///x/y")), Ok("/x/y".to_owned()));
        for elsewhere in ["tcp://10.0.0.1:2375", "ssh://h", "unix://x"] {
            assert!(socket(Some(elsewhere)).is_err(), "{elsewhere}");
        }
    }
}
