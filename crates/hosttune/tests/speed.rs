//! How often systemd and Docker are asked, and how long the two questions of every day take.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests prepare and look at files themselves, and a helper that fails ends its test"
)]

#[path = "cli/common/run.rs"]
mod run;

use model::Property;
use run::{PROGRAM, bare, finish};
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};
use testkit::bus::FakeBus;
use testkit::docker::FakeDocker;

const PROFILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../profiles/dense-1200.ini");
const RUNS: usize = 30;
/// Far above what is wanted, which is 15 ms: a busy machine must not fail the test.
const BOUND: Duration = Duration::from_millis(60);

/// A systemd that has the units Docker needs, behind a bus, and a Docker that answers nothing.
struct Machine {
    bus: FakeBus,
    docker: FakeDocker,
}

impl Machine {
    fn with(bus: FakeBus) -> Self {
        for unit in ["containerd.service", "docker.service"] {
            for limit in ["TasksMax", "LimitNOFILE", "LimitNOFILESoft", "LimitNPROC"] {
                bus.set(unit, limit, Property::Number(4096));
            }
        }
        let docker = FakeDocker::start([]);
        Self { bus, docker }
    }

    fn run(&self, args: &[&str]) {
        let mut command = bare(PROGRAM);
        command
            .env("DBUS_SYSTEM_BUS_ADDRESS", self.bus.address())
            .env("DOCKER_HOST", format!("unix://{}", self.docker.socket()))
            .args(args);
        let output = finish(command);
        assert!(matches!(output.code, Some(0 | 1 | 3)), "{output:#?}");
        assert!(
            !output.stdout.is_empty() && output.stderr.is_empty(),
            "{output:#?}"
        );
    }

    /// The methods that a run calls.
    fn calls(&self, args: &[&str]) -> Vec<String> {
        let before = self.bus.calls().len();
        self.run(args);
        self.bus.calls().split_off(before)
    }
}

/// The units that the profile sets something of, each once.
fn units_of_profile() -> usize {
    let text = fs::read_to_string(PROFILE).unwrap();
    let units: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| match line {
            "[dbus]" => Some("dbus.service"),
            "[docker]" => Some("docker.service"),
            line => ["[unit ", "[cgroup "]
                .iter()
                .find_map(|kind| line.strip_prefix(kind)?.strip_suffix(']')),
        })
        .collect();
    units.len()
}

/// Three units, and systemd's manager where systemd is what runs here.
fn asked_by_preflight() -> usize {
    3 + usize::from(std::path::Path::new("/run/systemd/system").exists())
}

/// Every call that goes over the bus, with the greeting: the fake is the whole bus.
#[test]
fn check_asks_once_for_each_unit_and_preflight_for_three_and_the_manager() {
    let machine = Machine::with(FakeBus::start());
    let check = machine.calls(&["check", "--profile", PROFILE]);
    let preflight = machine.calls(&["preflight", "--profile", PROFILE]);
    println!("check: {check:?}\npreflight: {preflight:?}");
    let round = |units: usize| [&["Hello"][..], &vec!["GetAll"; units]].concat();
    assert_eq!(check, round(units_of_profile()));
    assert_eq!(preflight, round(asked_by_preflight()));
    let asked = machine.docker.asked();
    assert_eq!(asked, ["/info"], "check once, for live-restore");
}

#[test]
fn docker_is_asked_at_most_once() {
    let machine = Machine::with(FakeBus::start());
    let named = ["--node-network", "cluster", "--job-network", "cluster"];
    machine.run(&[&["preflight", "--nodes", "600"], &named[..]].concat());
    assert_eq!(machine.docker.asked(), ["/networks/cluster"]);
}

#[test]
fn more_settings_of_a_unit_cost_no_more_calls() {
    let machine = Machine::with(FakeBus::start());
    let directory = tempfile::tempdir().unwrap();
    let units =
        |keys: &str| format!("[unit containerd.service]\n{keys}\n[unit docker.service]\n{keys}\n");
    let limits = "LimitNOFILE = 1\nLimitNPROC = 1\nLimitCORE = 1\nLimitMEMLOCK = 1\nTasksMax = 1\n";
    let sysctls: String = (0..200).map(|n| format!("-net.x.key{n} = {n}\n")).collect();
    let small = units("TasksMax = 1\n");
    let large = units(limits) + &format!("[sysctl]\n{sysctls}[workload]\nnodes = 9\n");
    let counts = [("small", small), ("large", large)].map(|(name, text)| {
        let path = directory.path().join(format!("{name}.ini"));
        fs::write(&path, text).unwrap();
        machine
            .calls(&["check", "--profile", path.to_str().unwrap()])
            .len()
    });
    assert_eq!(
        counts,
        [3, 3],
        "a greeting and one call for each of two units"
    );
}

#[test]
fn both_answer_fast_over_a_real_bus() {
    let Some(bus) = FakeBus::behind_daemon() else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "dbus-daemon is not installed"
        );
        eprintln!("left out: dbus-daemon is not installed");
        return;
    };
    let machine = Machine::with(bus);
    for command in ["check", "preflight"] {
        let args = [command, "--profile", PROFILE];
        let mut times: Vec<Duration> = (0..RUNS)
            .map(|_| {
                let started = Instant::now();
                machine.run(&args);
                started.elapsed()
            })
            .collect();
        times.sort_unstable();
        let (best, median, worst) = (times[0], times[RUNS / 2], times[RUNS - 1]);
        println!("{command}: median {median:.1?} of {RUNS} runs, {best:.1?} to {worst:.1?}");
        assert!(
            cfg!(debug_assertions) || median < BOUND,
            "{command}: {median:?}"
        );
    }
    let asked: usize = machine
        .bus
        .calls()
        .iter()
        .filter(|call| *call == "GetAll")
        .count();
    assert_eq!(asked, RUNS * (units_of_profile() + asked_by_preflight()));
}
