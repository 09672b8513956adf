//! Docker's socket: requests under HTTP/1.0, where the daemon sends a plain body and closes. What a
//! GET was answered is kept until told to forget.

mod http;
mod labelled;
mod program;
mod stand_ins;
mod throwaway;

pub use stand_ins::{Like, StandIns, said};
pub(crate) use throwaway::probe;

use self::http::{Answer, Request};
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
        let request = Request::new("GET", path);
        let answer = self.exchange(&request, self.patience)?;
        body(&request.name(), answer)
    }

    /// Sends one request, and waits for the whole answer.
    fn exchange(&self, request: &Request<'_>, patience: Duration) -> HostResult<Answer> {
        let what = request.name();
        let bytes = request.bytes()?;
        let socket = match &self.socket {
            Some(socket) => socket.clone(),
            None => socket(env::var("DOCKER_HOST").ok().as_deref())?,
        };
        self.calls.fetch_add(1, Ordering::Relaxed);
        let answer = within(patience, move || ask(&socket, &bytes, patience));
        match answer {
            None => Err(timed_out(what, patience)),
            Some(Ok(answer)) if answer.len() as u64 > LARGEST => {
                Err(failed(&what, "the answer is larger than 16 MiB"))
            }
            Some(Ok(answer)) => Answer::read(&what, &answer),
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

fn ask(socket: &str, request: &[u8], patience: Duration) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut answer)?;
    Ok(answer)
}

/// The text of an answer that is what was asked for.
fn body(what: &str, answer: Answer) -> HostResult<String> {
    match answer.status {
        200 => String::from_utf8(answer.body).map_err(|_| failed(what, "the answer is not UTF-8")),
        404 => Err(HostError::NotFound(what.to_owned())),
        code => {
            let text = String::from_utf8_lossy(&answer.body);
            Err(failed(what, format!("status {code}: {}", text.trim())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Result<String, String> {
        let what = "docker /info";
        let answer = Answer::read(what, answer.as_bytes());
        let text = answer.and_then(|answer| body(what, answer));
        text.map_err(|error| error.to_string())
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
