//! How long a long log takes, and how much memory.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests prepare and look at files themselves, and say what they measured"
)]

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Of the log and, as is promised, of the program.
const LONG: usize = 100 << 20;
const TIME: Duration = Duration::from_secs(2);
const MEMORY: u64 = 50 << 10;

/// Numbers that look random and are the same in each run (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Sixteen hexadecimal digits.
    fn id(&mut self) -> String {
        format!("{:016x}", self.next())
    }

    /// A name of letters alone.
    fn name(&mut self) -> String {
        let mut number = self.next();
        let mut name = String::new();
        while number > 0 {
            name.push(char::from(b'g' + (number % 20) as u8));
            number /= 20;
        }
        name
    }
}

/// What a daemon and its containers write on an ordinary bad day.
fn ordinary(numbers: &mut Numbers) -> String {
    let (id, other) = (numbers.id(), numbers.id());
    match numbers.next() % 20 {
        0 => format!(
            "time=\"2026-05-01T10:00:00Z\" level=error msg=\"Handler for POST /v1.45/containers/{id}/start returned \
             error: unable to apply cgroup configuration: mkdir /sys/fs/cgroup/system.slice/docker-{other}.scope: \
             resource temporarily unavailable: unknown\""
        ),
        1..8 => format!(
            "time=\"2026-05-01T10:00:00Z\" level=info msg=\"ignoring event\" container={id}{other}"
        ),
        8..14 => format!(
            "{{\"log\":\"job {id} is done\\n\",\"stream\":\"stdout\",\"time\":\"2026-05-01T10:00:00Z\"}}"
        ),
        _ => format!("node-7  | GET /items/{id} 200 in 12 ms, agent {other}"),
    }
}

/// Nothing but errors, no two of them alike.
fn hostile(numbers: &mut Numbers) -> String {
    let (name, other) = (numbers.name(), numbers.name());
    format!("{name} could not write {other}: no space left on device")
}

/// Nothing but lines that could be errors and are none.
fn vexing(numbers: &mut Numbers) -> String {
    let (name, other) = (numbers.name(), numbers.name());
    format!("{name} says that {other} has permission denied no more")
}

fn lines(line: fn(&mut Numbers) -> String, length: usize) -> Vec<u8> {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut log = Vec::with_capacity(length + 1000);
    while log.len() < length {
        log.extend_from_slice(line(&mut numbers).as_bytes());
        log.push(b'\n');
    }
    log
}

fn random(length: usize) -> Vec<u8> {
    let mut numbers = Numbers(1);
    (0..length / 8)
        .flat_map(|_| numbers.next().to_le_bytes())
        .collect()
}

/// How long the program reads, and the most memory it had, in KiB.
fn measure(log: &[u8]) -> (Duration, u64) {
    let program = std::env::var("HOSTTUNE_PROGRAM");
    let program = program.unwrap_or_else(|_| env!("CARGO_BIN_EXE_hosttune").to_owned());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log");
    std::fs::File::create(&path)
        .unwrap()
        .write_all(log)
        .unwrap();
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(["explain", "--no-live", "--format", "json", "--file"])
        .arg(&path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        most = most.max(kib.unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    };
    assert!(matches!(ended.code(), Some(0 | 1 | 3)), "{ended:?}");
    (started.elapsed(), most)
}

fn logs(length: usize) -> [(&'static str, Vec<u8>); 5] {
    [
        ("ordinary", lines(ordinary, length)),
        ("hostile", lines(hostile, length)),
        ("vexing", lines(vexing, length)),
        ("one endless line", vec![b'x'; length]),
        ("random bytes", random(length)),
    ]
}

#[test]
fn no_log_takes_more_memory_than_is_promised() {
    for (name, log) in logs(2 << 20) {
        let (took, most) = measure(&log);
        println!("{name}: {took:.1?}, {most} KiB");
        assert!(most < MEMORY, "{name}: {most} KiB");
    }
}

/// `HOSTTUNE_PROGRAM` names a release build; an unoptimized program has longer.
#[test]
#[ignore = "takes a release build: tests/run names it"]
fn a_hundred_megabytes_are_read_in_two_seconds() {
    let bound = if std::env::var("HOSTTUNE_PROGRAM").is_ok() {
        TIME
    } else {
        TIME * 30
    };
    for (name, log) in logs(LONG) {
        let (took, most) = measure(&log);
        println!("{name}: {took:.2?}, {most} KiB");
        assert!(
            took < bound && most < MEMORY,
            "{name}: {took:?}, {most} KiB"
        );
    }
}
