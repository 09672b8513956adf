//! The guard: a process of its own that starts stand-ins and takes them away, whatever becomes of
//! hosttune.

use super::footprint::Script;
use super::groups::put;
use super::hub::{Failed, Hub, at};
use super::keeper::Keeper;
use super::words::{Order, Told, Word, hear, say};
use crate::RehearseError;
use nix::fcntl::OFlag;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{getpid, pipe2, setsid};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;

/// Holds stand-ins for the program at the other end of a connection: the abstract socket of that
/// name, or standard input.
pub fn guard(socket: Option<&str>) -> Result<(), RehearseError> {
    let broken = |error: std::io::Error| RehearseError::Guard(error.to_string());
    let stream = match socket {
        Some(name) => SocketAddr::from_abstract_name(name)
            .and_then(|address| UnixStream::connect_addr(&address)),
        None => std::io::stdin()
            .as_fd()
            .try_clone_to_owned()
            .map(UnixStream::from),
    };
    let stream = stream.map_err(broken)?;
    let mut lines = BufReader::new(stream.try_clone().map_err(broken)?);
    let mut answers = stream.try_clone().map_err(broken)?;
    let Some(Order::Open(script)) = hear(&mut lines).map_err(broken)? else {
        return Ok(());
    };
    let (hub, heard, reports) = match prepare(&script) {
        Ok(ready) => ready,
        Err((call, error)) => {
            let left = script.groups.map(|groups| groups.remove());
            drop(left);
            let told = Told {
                number: 0,
                call,
                errno: error as i32,
            };
            return say(&mut answers, &Word::Failed(told)).map_err(broken);
        }
    };
    let mut keeper = Keeper {
        script: *script,
        hub,
        connection: stream,
        reports,
        heard,
        running: BTreeMap::new(),
    };
    let _ = say(&mut answers, &Word::Ready(getpid().as_raw()));
    keeper.serve(&mut lines, &mut answers);
    let left = keeper.close();
    // Nobody may listen any more.
    let _ = say(&mut answers, &Word::Closed(left));
    Ok(())
}

/// Makes ready what all stand-ins share.
fn prepare(script: &Script) -> Result<(Hub, BufReader<File>, OwnedFd), Failed> {
    // A terminal's signals are for hosttune, which ends this by closing the connection.
    let _ = setsid();
    set_child_subreaper(true).map_err(at("prctl"))?;
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
    // If memory runs out, this is what goes first (proc_pid_oom_score_adj(5)).
    let _ = put(Path::new("/proc/self/oom_score_adj"), "1000");
    if let Some(groups) = &script.groups {
        groups.enter(script.shims_max)?;
    }
    let hub = Hub::enter(script)?;
    let (heard, reports) = pipe2(OFlag::O_CLOEXEC).map_err(at("pipe"))?;
    Ok((hub, BufReader::new(File::from(heard)), reports))
}
