//! A rehearsal on this machine: what it takes, how it ends, and that nothing of it is left.

use crate::common::hosttune;
use crate::common::run::{PROGRAM, bare};
use crate::common::traces::{MARK, Shown, Traces};
use crate::schema::hold;
use serde_json::Value;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

const STAND_INS: &[&str] = &[
    "--jobs-per-node",
    "0",
    "--starts-at-once",
    "1",
    "--node-network",
    "none",
];
/// Other builds and machines may keep all processors busy meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);
const MANY: usize = 300;
const KILLS: u32 = 4;

/// One rehearsal at a time: each looks at what all of the machine shows.
static ALONE: Mutex<()> = Mutex::new(());

/// The turn of a test, if stand-ins can be made here; says why not.
fn turn() -> Option<MutexGuard<'static, ()>> {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let rights = u64::from_str_radix(effective.unwrap().trim(), 16).unwrap();
    // CAP_NET_ADMIN and CAP_SYS_ADMIN (linux/capability.h).
    let wanted = 1 << 12 | 1 << 21;
    if rights & wanted != wanted || fs::metadata("/sys/fs/cgroup").is_err() {
        println!("left out: a rehearsal needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN");
        return None;
    }
    Some(ALONE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A rehearsal that runs, and how it is told from others.
struct Rehearsal {
    child: Child,
    mark: String,
}

impl Rehearsal {
    fn begin(nodes: usize, args: &[&str]) -> Self {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let mark = format!("{}-{now}", std::process::id());
        let mut command = bare(PROGRAM);
        command.env(MARK, &mark);
        command.args([
            "rehearse",
            "--format",
            "json",
            "--nodes",
            &nodes.to_string(),
        ]);
        command.args(STAND_INS).args(args);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        Self { child, mark }
    }

    fn traces(&self) -> Traces {
        Traces::of(&self.mark, self.child.id())
    }

    /// Waits until something is so; gives how long that took.
    fn until(&self, what: &str, mut is_so: impl FnMut(&Traces) -> bool) -> Duration {
        let begun = Instant::now();
        loop {
            let traces = self.traces();
            if is_so(&traces) {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: {traces:?}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Its report, once it has ended.
    fn end(mut self) -> (Value, Option<i32>, Self) {
        let out = self.child.stdout.take().unwrap();
        let report: Value = serde_json::from_reader(out).unwrap();
        hold(&report);
        let code = self.child.wait().unwrap().code();
        (report, code, self)
    }
}

fn signal(name: &str, process: u32) {
    let kill = format!("kill -{name} {process}");
    let done = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(done.success(), "{kill}");
}

/// The machine shows what it showed, at the latest when the patience is over.
fn same(before: &Shown) {
    let begun = Instant::now();
    while Shown::now() != *before && begun.elapsed() < PATIENCE {
        sleep(Duration::from_millis(50));
    }
    assert_eq!(Shown::now(), *before);
}

#[test]
fn hundreds_go_up_and_down_and_leave_nothing() {
    let Some(_turn) = turn() else { return };
    let before = Shown::now();
    let rehearsal = Rehearsal::begin(MANY, &[]);
    // What is looked for afterwards was there.
    let mut most = Traces::default();
    rehearsal.until("stand-ins", |now| {
        most.groups = most.groups.max(now.groups);
        most.keys = most.keys.max(now.keys);
        most.namespaces = most.namespaces.max(now.namespaces);
        most.groups >= 100 && most.keys >= 100 && most.namespaces >= 400
    });
    let (report, code, rehearsal) = rehearsal.end();
    assert_eq!(report["ended"], "at-target", "{report:#}");
    assert_eq!(report["reached"], MANY, "{report:#}");
    // What else goes on here may show in what is not the stand-ins' alone.
    let wrong = report["model_wrong"].as_bool().unwrap();
    assert_eq!(code, Some(i32::from(wrong)), "{report:#}");
    // Keys and processes are given back some time after their last user.
    rehearsal.until("what is left", Traces::are_gone);
    same(&before);
    let rows = report["comparisons"].as_array().unwrap();
    // Where nobody else is, it is what preflight reckons with.
    let alone = rows.iter().find(|row| row["name"] == "fs.mount-max@host");
    assert!(alone.unwrap()["agrees"].as_bool().unwrap(), "{report:#}");
}

#[test]
fn whenever_it_is_killed_nothing_is_left() {
    let Some(_turn) = turn() else { return };
    let before = Shown::now();
    for number in 0..KILLS {
        let mut rehearsal = Rehearsal::begin(MANY, &[]);
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
        // One is killed after it has begun for sure.
        let wait = Duration::from_millis(u64::from(now % 1_500));
        match number {
            0 => drop(rehearsal.until("stand-ins", |now| now.groups > 20)),
            _ => sleep(wait),
        }
        rehearsal.child.kill().unwrap();
        rehearsal.child.wait().unwrap();
        let took = rehearsal.until(&format!("killed after {wait:?}"), Traces::are_gone);
        println!("killed after {wait:?}: nothing is left {took:?} later");
    }
    same(&before);
}

#[test]
fn what_is_left_when_its_guard_is_killed_too_is_cleaned() {
    let Some(_turn) = turn() else { return };
    let before = Shown::now();
    let mut rehearsal = Rehearsal::begin(MANY, &[]);
    rehearsal.until("stand-ins", |now| now.groups > 20);
    let is_guard = |process: &u32| {
        let line = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let parent = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let parent = parent
            .rsplit(") ")
            .next()
            .and_then(|rest| rest.split(' ').nth(1));
        let of_hosttune = parent == Some(&rehearsal.child.id().to_string());
        line.contains("rehearse-guard") && of_hosttune
    };
    let processes = rehearsal.traces().processes;
    let Some(guard) = processes.into_iter().find(is_guard) else {
        println!("left out: here systemd holds the guard and takes everything away itself");
        rehearsal.child.kill().unwrap();
        rehearsal.child.wait().unwrap();
        return;
    };
    // It must not hear that the other is gone.
    signal("STOP", guard);
    rehearsal.child.kill().unwrap();
    signal("KILL", guard);
    rehearsal.child.wait().unwrap();
    assert!(rehearsal.traces().groups > 20, "there was nothing to leave");
    let cleaned = hosttune(&["rehearse", "--clean"]);
    assert!(
        cleaned.stdout.starts_with("removed /sys/fs/cgroup/"),
        "{cleaned:?}"
    );
    assert_eq!(cleaned.code, Some(0));
    rehearsal.until("after --clean", Traces::are_gone);
    same(&before);
    assert_eq!(
        hosttune(&["rehearse", "--clean"]).stdout,
        "nothing of a rehearsal is left\n"
    );
}

#[test]
fn a_signal_and_a_budget_are_ends_of_their_own() {
    let Some(_turn) = turn() else { return };
    let rehearsal = Rehearsal::begin(1_000, &[]);
    rehearsal.until("stand-ins", |now| now.groups > 20);
    signal("TERM", rehearsal.child.id());
    let (report, code, rehearsal) = rehearsal.end();
    assert_eq!(
        (&report["ended"], code),
        (&"interrupted".into(), Some(3)),
        "{report:#}"
    );
    let headline = report["headline"].as_str().unwrap();
    assert!(
        headline.ends_with("when a signal asked for the end"),
        "{headline}"
    );
    rehearsal.until("after a signal", Traces::are_gone);
    let (report, code, rehearsal) = Rehearsal::begin(1_000, &["--budget", "1s"]).end();
    assert_eq!(
        (&report["ended"], code),
        (&"budget".into(), Some(3)),
        "{report:#}"
    );
    let headline = report["headline"].as_str().unwrap();
    assert!(
        headline.contains("when the time was over; nothing was refused"),
        "{headline}"
    );
    assert!(report["reached"].as_u64().unwrap() < 1_000);
    rehearsal.until("after the budget", Traces::are_gone);
}

#[test]
fn what_was_reckoned_is_not_measured() {
    let args = ["rehearse", "--nodes", "1", "--calibrate"];
    let output = hosttune(&args);
    assert_eq!(output.code, Some(2));
    assert!(
        output
            .stderr
            .contains("the kernel engine takes what the costs say"),
        "{output:?}"
    );
    assert!(output.stderr.contains("--engine docker"), "{output:?}");
}

#[test]
fn nothing_runs_in_a_file_tree() {
    let output = hosttune(&["rehearse", "--nodes", "1", "--root", "/nonexistent-tree"]);
    assert_eq!(output.code, Some(2));
}
