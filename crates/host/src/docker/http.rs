//! HTTP as Docker's socket speaks it: a request under HTTP/1.0 out, a plain body back.

use crate::fault::failed;
use model::HostResult;

/// What is asked of the daemon.
#[derive(Debug, Clone)]
pub(super) struct Request<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    /// What the body is, and the body.
    pub(super) body: Option<(&'static str, Vec<u8>)>,
}

impl<'a> Request<'a> {
    pub(super) fn new(method: &'static str, path: &'a str) -> Self {
        Self {
            method,
            path,
            body: None,
        }
    }

    pub(super) fn with(mut self, kind: &'static str, body: Vec<u8>) -> Self {
        self.body = Some((kind, body));
        self
    }

    /// How it is spoken of in errors.
    pub(super) fn name(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        match self.method {
            "GET" => format!("docker {path}"),
            method => format!("docker {method} {path}"),
        }
    }

    pub(super) fn bytes(&self) -> HostResult<Vec<u8>> {
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if !self.path.starts_with('/') || self.path.contains(odd) {
            return Err(failed(self.path, "is no path to ask Docker for"));
        }
        let mut head = format!("{} {} HTTP/1.0\r\nHost: docker\r\n", self.method, self.path);
        if let Some((kind, body)) = &self.body {
            let length = body.len();
            head.push_str(&format!(
                "Content-Type: {kind}\r\nContent-Length: {length}\r\n"
            ));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend(self.body.iter().flat_map(|(_, body)| body));
        Ok(bytes)
    }
}

/// What the daemon answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The answer in `bytes` to what is spoken of as `what`.
    pub(super) fn read(what: &str, bytes: &[u8]) -> HostResult<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.ok_or_else(|| failed(what, "the answer is not HTTP"))?;
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        if !words.next().unwrap_or_default().starts_with("HTTP/1.") {
            return Err(failed(what, "the answer is not HTTP"));
        }
        let status = words.next().and_then(|code| code.parse().ok());
        let status: u16 = status.ok_or_else(|| failed(what, "the answer has no status"))?;
        let chunked = |line: &str| line.to_ascii_lowercase().starts_with("transfer-encoding:");
        if (200..300).contains(&status) && lines.any(chunked) {
            return Err(failed(what, "the answer is in chunks, against HTTP/1.0"));
        }
        Ok(Self {
            status,
            body: bytes[end + 4..].to_vec(),
        })
    }

    /// What the daemon says in it: the sentence of an error, or the whole.
    pub(super) fn says(&self) -> String {
        let said = serde_json::from_slice::<serde_json::Value>(&self.body).ok();
        let sentence = said.and_then(|json| Some(json["message"].as_str()?.to_owned()));
        let text = sentence.unwrap_or_else(|| String::from_utf8_lossy(&self.body).into_owned());
        text.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_with_its_length() {
        let request = Request::new("POST", "/containers/create?name=x")
            .with("application/json", b"{}".to_vec());
        assert_eq!(request.name(), "docker POST /containers/create");
        let text = String::from_utf8(request.bytes().unwrap()).unwrap();
        assert_eq!(
            text,
            "POST /containers/create?name=x HTTP/1.0\r\nHost: docker\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        );
    }

    #[test]
    fn an_answer_may_be_no_text() {
        let answer = Answer::read("x", b"HTTP/1.0 200 OK\r\nA: b\r\n\r\n\x01\xff").unwrap();
        assert_eq!((answer.status, answer.body), (200, b"\x01\xff".to_vec()));
        let answer =
            Answer::read("x", b"HTTP/1.0 409 C\r\n\r\n{\"message\":\"in use\"}\n").unwrap();
        assert_eq!((answer.status, answer.says().as_str()), (409, "in use"));
    }
}
