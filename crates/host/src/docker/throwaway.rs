//! A container for one look: made through Docker's API with its image, run, read, and taken away.
//!
//! Both carry a label that names the process which made them. So what is taken away is found by the
//! label and not by what this process remembers, and what a killed one left is known to be nobody's.

use super::http::{Answer, Request};
use super::{Docker, NEEDS, program};
use crate::fault::failed;
use crate::held::Held;
use crate::process::of_this_process;
use crate::root::Root;
use model::{HostError, HostResult, Inside, Probe};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Whose it is: process number and start, as in `4711-8042`.
const LABEL: &str = "hosttune.probe";
/// A start on a host that has come to its limits takes long, and a busy one pauses.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// How often a removal is tried.
const REMOVALS: u32 = 20;
const JSON: &str = "application/json";

/// Makes it, and returns what the program in it saw. `arguments` are the program's.
pub(crate) fn probe(
    docker: &Docker,
    root: &Root,
    arguments: &[String],
    held: &Held,
    said: &mut dyn FnMut(&str),
) -> Probe {
    let archive = program::archive()?;
    let maker = Maker {
        docker,
        owner: of_this_process(root)?,
    };
    for owner in maker.owners()? {
        if !owner_lives(root, &owner) {
            said(&format!(
                "removing what a probe that was killed left ({owner})"
            ));
            maker.remove(&owner)?;
        }
    }
    let seen = maker.look(archive, arguments, held, said);
    let removed = maker.remove(&maker.owner);
    if removed.is_ok() {
        said("the container and its image are removed");
    }
    let seen = seen?;
    removed.map(|()| seen)
}

struct Maker<'a> {
    docker: &'a Docker,
    owner: String,
}

impl Maker<'_> {
    fn look(
        &self,
        archive: Vec<u8>,
        arguments: &[String],
        held: &Held,
        said: &mut dyn FnMut(&str),
    ) -> Probe {
        let image = self.import(archive)?;
        said(&format!("image {} is made of this program", short(&image)));
        go_on(held)?;
        let container = self.create(&image, arguments)?;
        said(&format!("container {} is made", short(&container)));
        go_on(held)?;
        self.ask(Request::new(
            "POST",
            &format!("/containers/{container}/start"),
        ))?;
        self.wait(&container, held)?;
        let path = format!("/containers/{container}/logs?stdout=1");
        let printed = unframed(&self.ask(Request::new("GET", &path))?.body);
        serde_json::from_slice::<Inside>(&printed).map_err(|error| {
            let text = String::from_utf8_lossy(&printed);
            let why = format!("printed no report: {error}: {}", text.trim());
            failed("the program of the probe", why)
        })
    }

    /// One request; whatever is no success is an error, with what the daemon says.
    fn ask(&self, request: Request<'_>) -> HostResult<Answer> {
        let answer = self.docker.exchange(&request, PATIENCE)?;
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
    fn import(&self, archive: Vec<u8>) -> HostResult<String> {
        let label = format!("LABEL%20{LABEL}%3D{}", self.owner);
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

    /// As any container, but that it has no network and keeps its output where it can be read.
    fn create(&self, image: &str, arguments: &[String]) -> HostResult<String> {
        let mut words = vec![format!("/{}", program::NAME)];
        words.extend_from_slice(arguments);
        let body = json!({
            "Image": image,
            "Entrypoint": words,
            "Labels": { LABEL: self.owner },
            "HostConfig": { "NetworkMode": "none", "LogConfig": { "Type": "json-file" } },
        });
        let request = Request::new("POST", "/containers/create");
        let answer = self.ask(request.with(JSON, body.to_string().into_bytes()))?;
        let id = field(&answer, "Id");
        id.ok_or_else(|| failed("docker POST /containers/create", "the answer has no Id"))
    }

    /// Until the program has ended.
    fn wait(&self, container: &str, held: &Held) -> HostResult<()> {
        let began = Instant::now();
        let path = format!("/containers/{container}/json");
        loop {
            let answer = self.ask(Request::new("GET", &path))?;
            let found: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let state = &found["State"];
            if state["Status"] == "exited" {
                return match state["ExitCode"].as_i64() {
                    Some(0) => Ok(()),
                    code => Err(failed(
                        "the program of the probe",
                        format!("ended with {}", code.unwrap_or(-1)),
                    )),
                };
            }
            go_on(held)?;
            if began.elapsed() > PATIENCE {
                return Err(HostError::TimedOut {
                    what: "the program of the probe".to_owned(),
                    seconds: PATIENCE.as_secs(),
                });
            }
            sleep(PAUSE);
        }
    }

    /// Whoever has something here, each once.
    fn owners(&self) -> HostResult<Vec<String>> {
        let mut owners: Vec<String> = Vec::new();
        for kind in [CONTAINERS, IMAGES] {
            let found = self.list(kind, LABEL)?;
            let owner = |one: &Value| Some(one["Labels"][LABEL].as_str()?.to_owned());
            owners.extend(found.iter().filter_map(owner));
        }
        owners.sort_unstable();
        owners.dedup();
        Ok(owners)
    }

    /// Takes away everything of one owner, until nothing is left: what the daemon was still making, or
    /// is removing itself, may need another try.
    fn remove(&self, owner: &str) -> HostResult<()> {
        let mut refused = None;
        for _ in 0..REMOVALS {
            let mut found = 0;
            // The container first, since it holds the image.
            for kind in [CONTAINERS, IMAGES] {
                for one in self.list(kind, &format!("{LABEL}={owner}"))? {
                    found += 1;
                    let id = one["Id"].as_str().unwrap_or_default();
                    let path = format!("/{kind}/{id}?force=1");
                    refused = match self.ask(Request::new("DELETE", &path)) {
                        Ok(_) | Err(HostError::NotFound(_)) => refused,
                        Err(error) => Some(error),
                    };
                }
            }
            match (found, &refused) {
                (0, _) => return Ok(()),
                (_, None) => {}
                (_, Some(_)) => sleep(PAUSE * 10),
            }
        }
        let still = failed("what the probe made", "is still there after it was removed");
        Err(refused.unwrap_or(still))
    }

    fn list(&self, kind: &str, label: &str) -> HostResult<Vec<Value>> {
        let filters = format!(
            "%7B%22label%22%3A%5B%22{}%22%5D%7D",
            label.replace('=', "%3D")
        );
        // `all` of containers are those that do not run too; of images, layers of others.
        let all = u8::from(kind == CONTAINERS);
        let path = format!("/{kind}/json?all={all}&filters={filters}");
        let answer = self.ask(Request::new("GET", &path))?;
        serde_json::from_slice(&answer.body)
            .map_err(|error| failed(&format!("docker /{kind}/json"), error.to_string()))
    }
}

const CONTAINERS: &str = "containers";
const IMAGES: &str = "images";

fn go_on(held: &Held) -> HostResult<()> {
    match held.came() {
        false => Ok(()),
        true => Err(failed("the probe", "was interrupted")),
    }
}

fn owner_lives(root: &Root, owner: &str) -> bool {
    let numbers = owner.split_once('-');
    let pid = numbers.and_then(|(pid, _)| pid.parse().ok());
    let alive = pid.and_then(|pid| crate::process::started(root, pid).ok());
    let meant = numbers.and_then(|(_, started)| started.parse::<u64>().ok());
    alive.is_some() && alive == meant
}

fn field(answer: &Answer, name: &str) -> Option<String> {
    let found: Value = serde_json::from_slice(&answer.body).ok()?;
    Some(found[name].as_str()?.to_owned())
}

fn short(id: &str) -> String {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    id.chars().take(12).collect()
}

/// Without a terminal, output comes in frames: a stream, three zeros, a length of four bytes, and so
/// many bytes (Docker Engine API, ContainerAttach).
fn unframed(mut bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        let length = usize::try_from(length)
            .unwrap_or(usize::MAX)
            .min(rest.len());
        text.extend_from_slice(&rest[..length]);
        bytes = &rest[length..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_put_together() {
        let framed = b"\x01\0\0\0\0\0\0\x02{\"\x01\0\0\0\0\0\0\x03a\":";
        assert_eq!(unframed(framed), b"{\"a\":");
        assert_eq!(unframed(b"\x01\0\0\0\0\0\0\xffcut"), b"cut");
        assert!(unframed(b"short").is_empty());
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
