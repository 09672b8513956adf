//! The connection to the guard, from hosttune's side.

use super::footprint::Script;
use super::words::{Order, Started, Told, Word, hear, say};
use crate::RehearseError;
use host::{Door, Transient};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{getsockopt, sockopt::PeerCredentials};
use nix::unistd::Uid;
use std::io::{self, BufReader};
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The hidden command that is the guard.
const COMMAND: &str = "rehearse-guard";
/// How long systemd may take to start it.
const STARTS: u16 = 60_000;
/// How long it may be silent: a batch on a slow machine, or the end of thousands of processes.
const SILENT: Duration = Duration::from_secs(300);

/// A guard that listens.
pub(super) struct Connection {
    heard: BufReader<UnixStream>,
    said: UnixStream,
    /// The guard where it is this process's child.
    child: Option<Child>,
    process: i32,
}

impl Connection {
    /// Starts a guard: as the service of that name in a slice, else as a process of its own.
    pub(super) fn open(door: &Door, service: Option<(&str, &str)>) -> Result<Self, RehearseError> {
        let (stream, child) = match service {
            Some((name, slice)) => (as_service(door, name, slice)?, None),
            None => {
                let (stream, child) = as_process().map_err(broken)?;
                (stream, Some(child))
            }
        };
        stream.set_read_timeout(Some(SILENT)).map_err(broken)?;
        Ok(Self {
            heard: BufReader::new(stream.try_clone().map_err(broken)?),
            said: stream,
            child,
            process: 0,
        })
    }

    /// Has it make ready for a script; gives the call that failed.
    pub(super) fn make_ready(&mut self, script: Script) -> Result<(), Told> {
        let silent = |error: String| Told {
            number: 0,
            call: format!("the rehearsal's guard: {error}"),
            errno: 0,
        };
        match self.ask(&Order::Open(Box::new(script))) {
            Ok(Word::Ready(process)) => {
                self.process = process;
                Ok(())
            }
            Ok(Word::Failed(told)) => Err(told),
            Ok(other) => Err(silent(format!("{other:?}"))),
            Err(error) => Err(silent(error.to_string())),
        }
    }

    /// Has it start stand-ins.
    pub(super) fn start(&mut self, wanted: Range<u64>) -> Result<Started, RehearseError> {
        match self.ask(&Order::Start(wanted.start, wanted.end))? {
            Word::Started(started) => Ok(started),
            other => Err(RehearseError::Guard(format!("{other:?}"))),
        }
    }

    /// Has it take everything away; gives what is still there.
    pub(super) fn close(mut self) -> Result<Vec<String>, RehearseError> {
        let closed = match self.ask(&Order::Close) {
            Ok(Word::Closed(left)) => Ok(left),
            Ok(other) => Err(RehearseError::Guard(format!("{other:?}"))),
            // One that could not make ready is gone already.
            Err(_) if self.process == 0 => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        if let Some(child) = &mut self.child {
            let _ = child.wait();
        } else {
            // Its end of the connection closes when it ends.
            let _ = io::copy(&mut self.heard, &mut io::sink());
        }
        closed
    }

    /// The guard's process.
    pub(super) fn process(&self) -> i32 {
        self.process
    }

    fn ask(&mut self, order: &Order) -> Result<Word, RehearseError> {
        say(&mut self.said, order).map_err(broken)?;
        let word = hear(&mut self.heard).map_err(broken)?;
        word.ok_or_else(|| RehearseError::Guard("it is gone".to_owned()))
    }
}

fn broken(error: io::Error) -> RehearseError {
    RehearseError::Guard(error.to_string())
}

/// A child that stays when this process is killed: it sees its standard input end and cleans up.
fn as_process() -> io::Result<(UnixStream, Child)> {
    let (ours, theirs) = UnixStream::pair()?;
    let child = Command::new("/proc/self/exe")
        .arg(COMMAND)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok((ours, child))
}

/// A service that connects to a socket without a file, so that nothing of it can be left.
fn as_service(door: &Door, name: &str, slice: &str) -> Result<UnixStream, RehearseError> {
    let program = std::env::current_exe().map_err(broken)?;
    let address = SocketAddr::from_abstract_name(name).map_err(broken)?;
    let listener = UnixListener::bind_addr(&address).map_err(broken)?;
    let command = [
        program.display().to_string(),
        COMMAND.to_owned(),
        "--socket".to_owned(),
        name.to_owned(),
    ];
    door.start_transient(&Transient {
        unit: &format!("{name}.service"),
        description: "hosttune rehearse: stand-ins for containers",
        slice,
        command: &command,
    })?;
    let mut ready = [PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
    let came = poll(&mut ready, PollTimeout::from(STARTS)).unwrap_or(0);
    if came == 0 {
        let why = format!("{name}.service did not start; see `journalctl -u {name}`");
        return Err(RehearseError::Guard(why));
    }
    let (stream, _) = listener.accept().map_err(broken)?;
    let peer = getsockopt(&stream, PeerCredentials);
    match peer.is_ok_and(|peer| Uid::from_raw(peer.uid()).is_root()) {
        true => Ok(stream),
        false => Err(RehearseError::Guard(
            "somebody else answered in its place".to_owned(),
        )),
    }
}
