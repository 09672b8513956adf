//! A fake Docker behind a Unix socket: bodies by path, questions counted.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use tempfile::TempDir;

/// A daemon that ends with the test. What it has no body for, with its query or without, is 404; a
/// body of `None` is asked for in vain, since no answer ever comes. What is no GET goes by its method
/// and its path. A path that is given
/// several times is answered in that order, the last from then on.
#[derive(Debug)]
pub struct FakeDocker {
    socket: String,
    asked: Arc<Mutex<Vec<String>>>,
    _directory: TempDir,
}

impl FakeDocker {
    /// Answers each path with its body.
    pub fn start<const N: usize>(bodies: [(&str, Option<&str>); N]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join("docker.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let noted = Arc::clone(&asked);
        let owned = |(path, body): (&str, Option<&str>)| (path.to_owned(), body.map(str::to_owned));
        let mut queues: HashMap<String, VecDeque<Option<String>>> = HashMap::new();
        for (path, body) in bodies.into_iter().map(owned) {
            queues.entry(path).or_default().push_back(body);
        }
        thread::spawn(move || {
            let mut held = Vec::new();
            for mut stream in listener.incoming().map_while(Result::ok) {
                let path = path_of(&request(&mut stream));
                noted
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(path.clone());
                let bare = path.split('?').next().unwrap_or_default();
                let known = match queues.contains_key(&path) {
                    true => &path,
                    false => bare,
                };
                let queue = queues.get_mut(known);
                let body = queue.and_then(|queue| match queue.len() {
                    1 => queue.front().cloned(),
                    _ => queue.pop_front(),
                });
                match body {
                    Some(Some(body)) => respond(stream, "200 OK", &body),
                    Some(None) => held.push(stream),
                    None => respond(stream, "404 Not Found", "{\"message\":\"page not found\"}"),
                }
            }
        });
        Self {
            socket: socket.display().to_string(),
            asked,
            _directory: directory,
        }
    }

    /// The path of its socket.
    pub fn socket(&self) -> &str {
        &self.socket
    }

    /// The paths asked for so far, in their order.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn request(stream: &mut UnixStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        text.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&text).into_owned();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "));
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    // A client that has not sent its body away would see a broken pipe.
    let _ = io::copy(&mut stream.take(length), &mut io::sink());
    head
}

/// The path of a request as the client must make it, under HTTP/1.0; before it the method, if that is
/// another than GET.
fn path_of(request: &str) -> String {
    let line = request.lines().next().unwrap_or_default();
    let path = line.strip_suffix(" HTTP/1.0").unwrap_or(line);
    path.strip_prefix("GET ").unwrap_or(path).to_owned()
}

fn respond(mut stream: UnixStream, status: &str, body: &str) {
    let head = format!("HTTP/1.0 {status}\r\nApi-Version: 1.45\r\n\r\n");
    // A client that went away in between is its own test's matter.
    let _ = stream.write_all((head + body).as_bytes());
}
