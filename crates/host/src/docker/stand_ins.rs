//! Stand-ins: containers made through Docker's API in place of a workload's, of an image that is this
//! program alone, on networks of their own, with a guard that takes them away if this process dies.

use super::http::Request;
use super::labelled::{CONTAINERS, IMAGES, JSON, Labelled, NETWORKS, field};
use super::{Docker, program};
use crate::fault::{AboutPath, failed};
use crate::process::of_this_process;
use crate::root::Root;
use model::{HostError, HostResult};
use serde_json::json;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Whose a stand-in is.
const LABEL: &str = "hosttune.rehearse";
/// How their names and those of their networks begin.
const NAME: &str = "hosttune-rehearse";
/// runc waits 30 s for systemd, and dockerd for runc; what takes longer than this is stuck.
const START: Duration = Duration::from_secs(240);
/// What the daemon still makes when its client is gone appears at the latest so long after what was last
/// seen: it unpacks an image to a slow disk, or waits for its turn.
const LATE: Duration = Duration::from_secs(10);
/// So long the guard goes on where the daemon refuses or does not answer.
const GIVES_UP: Duration = Duration::from_secs(300);
/// Between two looks of the guard.
const LOOKS: Duration = Duration::from_millis(250);
/// This program, as a guard calls it.
const PROGRAM: &str = "/proc/self/exe";
/// What the guard is told when there is nothing left for it to do.
const DONE: &[u8] = b"done";

/// What a stand-in is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Like<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// Its network: `host`, `none`, or the id of one.
    pub network: &'a str,
    /// Whether it has a terminal.
    pub terminal: bool,
}

/// Containers, networks and the image of one rehearsal.
#[derive(Debug)]
pub struct StandIns<'a> {
    labelled: Labelled<'a>,
    root: &'a Root,
    image: String,
    arguments: Vec<String>,
    guard: Option<Child>,
}

impl<'a> StandIns<'a> {
    pub(crate) fn new(docker: &'a Docker, root: &'a Root) -> HostResult<Self> {
        Ok(Self {
            labelled: Labelled {
                docker,
                label: LABEL,
                kinds: &[CONTAINERS, NETWORKS, IMAGES],
                owner: of_this_process(root)?,
            },
            root,
            image: String::new(),
            arguments: Vec::new(),
            guard: None,
        })
    }

    /// Takes away what rehearsals left whose process is gone, and says what that was.
    pub fn sweep(&self) -> HostResult<Vec<String>> {
        let mut gone = Vec::new();
        for owner in self.labelled.lost(self.root)? {
            let count = self.labelled.remove(&owner, 4)?;
            gone.push(format!(
                "{count} containers, networks and images of {owner}"
            ));
        }
        Ok(gone)
    }

    /// Starts the guard and makes the image. The program is called with `arguments` in a stand-in, and
    /// must stay; and as a guard with `guard` and the owner's name.
    pub fn open(&mut self, arguments: &[&str], guard: &[&str]) -> HostResult<()> {
        self.arguments = arguments.iter().map(|&word| word.to_owned()).collect();
        let archive = program::archive()?;
        let child = Command::new(PROGRAM)
            .args(guard)
            .arg(&self.labelled.owner)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // What a terminal sends to whoever is in front of it is not for the guard.
            .process_group(0)
            .spawn();
        self.guard = Some(child.reading(PROGRAM)?);
        self.image = self.labelled.import(archive)?;
        Ok(())
    }

    /// Makes a bridge network, and returns its id. Its bridge is called `br-` and the id's first 12 digits
    /// (moby libnetwork/drivers/bridge).
    pub fn network(&self, number: u64) -> HostResult<String> {
        let body = json!({
            "Name": format!("{NAME}-{}-{number}", self.labelled.owner),
            "Driver": "bridge",
            "Labels": { LABEL: self.labelled.owner },
        });
        let request = Request::new("POST", "/networks/create");
        let request = request.with(JSON, body.to_string().into_bytes());
        let answer = self.labelled.ask(request)?;
        let id = field(&answer, "Id");
        id.ok_or_else(|| failed("docker POST /networks/create", "the answer has no Id"))
    }

    /// Makes one and starts it; with the daemon's own words if it refuses.
    pub fn start(&self, like: &Like<'_>) -> HostResult<()> {
        let mut words = vec![format!("/{}", program::NAME)];
        words.extend_from_slice(&self.arguments);
        let body = json!({
            "Image": self.image,
            "Entrypoint": words,
            "Tty": like.terminal,
            "Labels": { LABEL: self.labelled.owner },
            "HostConfig": { "NetworkMode": like.network },
        });
        let path = format!(
            "/containers/create?name={NAME}-{}-{}",
            self.labelled.owner, like.number
        );
        let request = Request::new("POST", &path).with(JSON, body.to_string().into_bytes());
        let answer = self.labelled.ask_within(START, request)?;
        let id = field(&answer, "Id")
            .ok_or_else(|| failed("docker POST /containers/create", "the answer has no Id"))?;
        let path = format!("/containers/{id}/start");
        self.labelled
            .ask_within(START, Request::new("POST", &path))?;
        Ok(())
    }

    /// Takes everything of this rehearsal away, so many things at once, and dismisses the guard.
    pub fn close(&mut self, at_once: usize) -> HostResult<()> {
        self.labelled.remove(&self.labelled.owner, at_once)?;
        let Some(mut guard) = self.guard.take() else {
            return Ok(());
        };
        let told = guard.stdin.take().map(|mut input| input.write_all(DONE));
        let ended = guard.wait().reading("the guard of the rehearsal");
        match told {
            Some(Err(error)) => Err(failed("the guard of the rehearsal", error.to_string())),
            _ => ended.map(|_| ()),
        }
    }

    /// What the guard does: it waits until `told` ends, and unless that was with the word that all is
    /// gone, it takes away what `owner` has made.
    pub fn guard(&self, owner: &str, told: &mut dyn Read) -> HostResult<()> {
        let mut word = Vec::new();
        // An end in the middle is an end.
        let _ = told.read_to_end(&mut word);
        if word == DONE {
            return Ok(());
        }
        let begun = Instant::now();
        let mut seen = begun;
        loop {
            let removed = self.labelled.remove(owner, 4);
            if !matches!(removed, Ok(0)) {
                seen = Instant::now();
            }
            if seen.elapsed() >= LATE {
                return Ok(());
            }
            if begun.elapsed() >= GIVES_UP {
                return removed.map(|_| ());
            }
            sleep(LOOKS);
        }
    }
}

/// What the daemon said when it refused, without what was asked; none where it is an error of another
/// sort: nobody listens, or the caller may not.
pub fn said(error: &HostError) -> Option<&str> {
    match error {
        HostError::Failed { why, .. } => {
            let (_, words) = why.strip_prefix("status ")?.split_once(": ")?;
            Some(words)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_what_the_daemon_said() {
        let refused = failed(
            "docker POST /containers/x/start",
            "status 500: exchange full",
        );
        assert_eq!(said(&refused), Some("exchange full"));
        assert_eq!(said(&failed("x", "no answer")), None);
        assert_eq!(said(&HostError::NotFound("x".to_owned())), None);
    }
}
