//! What carries a label of ours in Docker: made, found and taken away by it.
//!
//! The label names the process which made it. So what is taken away is found by the label and not by
//! what a process remembers, and what a killed one left is known to be nobody's.

use super::http::{Answer, Request};
use super::{Docker, NEEDS};
use crate::fault::failed;
use crate::root::Root;
use model::{HostError, HostResult};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

/// A start on a host that has come to its limits takes long, and a busy one pauses.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at what is under way.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// How long a removal is tried while nothing becomes less: a busy daemon hears late that a container has ended,
/// and until then it has its network.
const STUCK: Duration = Duration::from_secs(60);
/// Says that a network has containers. Docker answers as if the caller might not (moby libnetwork/error.go,
/// ActiveEndpointsError is Forbidden).
const IN_USE: &str = "has active endpoints";
pub(super) const JSON: &str = "application/json";
pub(super) const CONTAINERS: &str = "containers";
pub(super) const IMAGES: &str = "images";
pub(super) const NETWORKS: &str = "networks";

/// What one process has made under one label.
#[derive(Debug)]
pub(super) struct Labelled<'a> {
    pub(super) docker: &'a Docker,
    pub(super) label: &'static str,
    /// What it is put on, in the order in which it can be taken away: a container holds its image and
    /// its network.
    pub(super) kinds: &'static [&'static str],
    /// Whose it is: process number and start, as in `4711-8042`.
    pub(super) owner: String,
}

impl Labelled<'_> {
    /// One request; whatever is no success is an error, with what the daemon says.
    pub(super) fn ask(&self, request: Request<'_>) -> HostResult<Answer> {
        self.ask_within(PATIENCE, request)
    }

    /// The same with another patience.
    pub(super) fn ask_within(
        &self,
        patience: Duration,
        request: Request<'_>,
    ) -> HostResult<Answer> {
        let answer = self.docker.exchange(&request, patience)?;
        match answer.status {
            200..300 => Ok(answer),
            404 => Err(HostError::NotFound(request.name())),
            // A plugin of the daemon that decides who may do what answers so.
            403 => Err(HostError::Denied {
                what: format!("{}: {}", request.name(), answer.says()),
                needs: NEEDS.to_owned(),
            }),
            code => {
                let why = format!("status {code}: {}", answer.says());
                Err(failed(&request.name(), why))
            }
        }
    }

    /// An image without a name: nobody pulls it, and nobody else's can be meant.
    pub(super) fn import(&self, archive: Vec<u8>) -> HostResult<String> {
        let label = format!("LABEL%20{}%3D{}", self.label, self.owner);
        let path = format!("/images/create?fromSrc=-&changes={label}");
        let request = Request::new("POST", &path).with("application/x-tar", archive);
        let answer = self.ask(request)?;
        // A line of JSON for each thing it says, errors included, the last with the image's id.
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        let last: Value = last
            .and_then(|line| serde_json::from_str(line).ok())
            .unwrap_or_default();
        match last["status"].as_str() {
            Some(id) if id.starts_with("sha256:") => Ok(id.to_owned()),
            _ => Err(failed("docker POST /images/create", text.trim())),
        }
    }

    /// Whoever has something here, each once.
    fn owners(&self) -> HostResult<Vec<String>> {
        let mut owners: Vec<String> = Vec::new();
        for kind in self.kinds {
            let found = self.list(kind, self.label)?;
            let owner = |one: &Value| Some(one["Labels"][self.label].as_str()?.to_owned());
            owners.extend(found.iter().filter_map(owner));
        }
        owners.sort_unstable();
        owners.dedup();
        Ok(owners)
    }

    /// Those of them whose process is gone.
    pub(super) fn lost(&self, root: &Root) -> HostResult<Vec<String>> {
        let mut owners = self.owners()?;
        owners.retain(|owner| !owner_lives(root, owner));
        Ok(owners)
    }

    /// Takes away everything of one owner, so many things at once, until nothing is left: what the daemon
    /// was still making, or is removing itself, may need another try. Returns how much that was.
    pub(super) fn remove(&self, owner: &str, at_once: usize) -> HostResult<usize> {
        let (mut most, mut fewest) = (0, usize::MAX);
        let mut since = Instant::now();
        loop {
            let mut found = 0;
            let mut refused = None;
            for kind in self.kinds {
                let all = self.list(kind, &format!("{}={owner}", self.label))?;
                found += all.len();
                refused = self.remove_all(kind, &all, at_once).err().or(refused);
            }
            most = most.max(found);
            if found == 0 {
                return Ok(most);
            }
            if found < fewest {
                (fewest, since) = (found, Instant::now());
            }
            let denied = matches!(refused, Some(HostError::Denied { .. }));
            if denied || since.elapsed() >= STUCK {
                let still = || {
                    failed(
                        "what was made in Docker",
                        "is still there after it was removed",
                    )
                };
                return Err(refused.unwrap_or_else(still));
            }
            sleep(if refused.is_some() { PAUSE * 10 } else { PAUSE });
        }
    }

    /// One try at each; the error is the last that was met.
    fn remove_all(&self, kind: &str, all: &[Value], at_once: usize) -> HostResult<()> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut refused = Ok(());
            while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                let id = one["Id"].as_str().unwrap_or_default();
                if let Err(error) = self.remove_one(kind, id) {
                    refused = Err(error);
                }
            }
            refused
        };
        scope(|scope| {
            let others: Vec<_> = (1..at_once.min(all.len()))
                .map(|_| scope.spawn(work))
                .collect();
            let first = work();
            let broke = || failed("what removes containers", "broke down");
            let others = others
                .into_iter()
                .map(|other| other.join().map_err(|_| broke())?);
            others.fold(first, Result::and)
        })
    }

    fn remove_one(&self, kind: &str, id: &str) -> HostResult<()> {
        let path = format!("/{kind}/{id}?force=1");
        match self.ask(Request::new("DELETE", &path)) {
            Ok(_) | Err(HostError::NotFound(_)) => Ok(()),
            Err(HostError::Denied { what, .. }) if what.contains(IN_USE) => {
                self.empty(id)?;
                Err(failed("what was made in Docker", what))
            }
            Err(error) => Err(error),
        }
    }

    /// Takes everybody off a network of ours; Docker may keep one whose container is gone.
    fn empty(&self, network: &str) -> HostResult<()> {
        let path = format!("/networks/{network}");
        let answer = match self.ask(Request::new("GET", &path)) {
            Err(HostError::NotFound(_)) => return Ok(()),
            answer => answer?,
        };
        let path = format!("/networks/{network}/disconnect");
        for name in members(&answer.body) {
            let body = json!({ "Container": name, "Force": true }).to_string();
            // Who is gone meanwhile is no error, and whoever stays is met by the next try.
            let _ = self.ask(Request::new("POST", &path).with(JSON, body.into_bytes()));
        }
        Ok(())
    }

    pub(super) fn list(&self, kind: &str, label: &str) -> HostResult<Vec<Value>> {
        let filters = format!(
            "%7B%22label%22%3A%5B%22{}%22%5D%7D",
            label.replace('=', "%3D")
        );
        let path = match kind {
            // Those that do not run too.
            CONTAINERS => format!("/containers/json?all=1&filters={filters}"),
            NETWORKS => format!("/networks?filters={filters}"),
            _ => format!("/{kind}/json?filters={filters}"),
        };
        let answer = self.ask(Request::new("GET", &path))?;
        serde_json::from_slice(&answer.body)
            .map_err(|error| failed(&format!("docker /{kind}"), error.to_string()))
    }
}

/// The names of those on a network, as its description has them.
fn members(description: &[u8]) -> Vec<String> {
    let found: Value = serde_json::from_slice(description).unwrap_or_default();
    let members = found["Containers"].as_object().into_iter().flatten();
    let names = members.filter_map(|(_, member)| member["Name"].as_str());
    names.map(ToOwned::to_owned).collect()
}

fn owner_lives(root: &Root, owner: &str) -> bool {
    let numbers = owner.split_once('-');
    let pid = numbers.and_then(|(pid, _)| pid.parse().ok());
    let alive = pid.and_then(|pid| crate::process::started(root, pid).ok());
    let meant = numbers.and_then(|(_, started)| started.parse::<u64>().ok());
    alive.is_some() && alive == meant
}

pub(super) fn field(answer: &Answer, name: &str) -> Option<String> {
    let found: Value = serde_json::from_slice(&answer.body).ok()?;
    Some(found[name].as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::of_this_process;

    #[test]
    fn members_of_a_network_are_told_by_their_names() {
        let left = br#"{"Id": "n", "Containers": {"ep-7": {"Name": "hosttune-rehearse-1-2-3"}}}"#;
        assert_eq!(members(left), ["hosttune-rehearse-1-2-3"]);
        assert!(members(b"{}").is_empty() && members(b"no answer").is_empty());
    }

    #[test]
    fn an_owner_is_a_process_that_started_then() {
        let root = Root::open(None).unwrap();
        let own = of_this_process(&root).unwrap();
        assert!(owner_lives(&root, &own));
        let (pid, started) = own.split_once('-').unwrap();
        let later: u64 = started.parse::<u64>().unwrap() + 1;
        assert!(!owner_lives(&root, &format!("{pid}-{later}")));
        assert!(!owner_lives(&root, "4000000-1"));
        assert!(!owner_lives(&root, "somebody"));
    }
}
