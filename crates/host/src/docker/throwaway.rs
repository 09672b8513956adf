//! A container for one look: made through Docker's API with its image, run, read, and taken away.

use super::http::Request;
use super::labelled::{CONTAINERS, IMAGES, JSON, Labelled, PATIENCE, PAUSE, field};
use super::{Docker, program};
use crate::fault::failed;
use crate::held::Held;
use crate::process::of_this_process;
use crate::root::Root;
use model::{HostError, HostResult, Inside, Probe};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::Instant;

/// Whose it is: process number and start, as in `4711-8042`.
const LABEL: &str = "hosttune.probe";
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
        labelled: Labelled {
            docker,
            label: LABEL,
            kinds: &[CONTAINERS, IMAGES],
            owner: of_this_process(root)?,
        },
    };
    for owner in maker.labelled.lost(root)? {
        said(&format!(
            "removing what a probe that was killed left ({owner})"
        ));
        maker.labelled.remove(&owner, 1)?;
    }
    let seen = maker.look(archive, arguments, held, said);
    let removed = maker.labelled.remove(&maker.labelled.owner, 1);
    if removed.is_ok() {
        said("the container and its image are removed");
    }
    let seen = seen?;
    removed.map(|_| seen)
}

struct Maker<'a> {
    labelled: Labelled<'a>,
}

impl Maker<'_> {
    fn look(
        &self,
        archive: Vec<u8>,
        arguments: &[String],
        held: &Held,
        said: &mut dyn FnMut(&str),
    ) -> Probe {
        let image = self.labelled.import(archive)?;
        said(&format!("image {} is made of this program", short(&image)));
        go_on(held)?;
        let container = self.create(&image, arguments)?;
        said(&format!("container {} is made", short(&container)));
        go_on(held)?;
        self.labelled.ask(Request::new(
            "POST",
            &format!("/containers/{container}/start"),
        ))?;
        self.wait(&container, held)?;
        let path = format!("/containers/{container}/logs?stdout=1");
        let printed = unframed(&self.labelled.ask(Request::new("GET", &path))?.body);
        serde_json::from_slice::<Inside>(&printed).map_err(|error| {
            let text = String::from_utf8_lossy(&printed);
            let why = format!("printed no report: {error}: {}", text.trim());
            failed("the program of the probe", why)
        })
    }

    /// As any container, but that it has no network and keeps its output where it can be read.
    fn create(&self, image: &str, arguments: &[String]) -> HostResult<String> {
        let mut words = vec![format!("/{}", program::NAME)];
        words.extend_from_slice(arguments);
        let body = json!({
            "Image": image,
            "Entrypoint": words,
            "Labels": { LABEL: self.labelled.owner },
            "HostConfig": { "NetworkMode": "none", "LogConfig": { "Type": "json-file" } },
        });
        let request = Request::new("POST", "/containers/create");
        let answer = self
            .labelled
            .ask(request.with(JSON, body.to_string().into_bytes()))?;
        let id = field(&answer, "Id");
        id.ok_or_else(|| failed("docker POST /containers/create", "the answer has no Id"))
    }

    /// Until the program has ended.
    fn wait(&self, container: &str, held: &Held) -> HostResult<()> {
        let began = Instant::now();
        let path = format!("/containers/{container}/json");
        loop {
            let answer = self.labelled.ask(Request::new("GET", &path))?;
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
}

fn go_on(held: &Held) -> HostResult<()> {
    match held.came() {
        false => Ok(()),
        true => Err(failed("the probe", "was interrupted")),
    }
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
}
