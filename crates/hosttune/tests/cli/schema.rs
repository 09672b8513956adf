//! Every JSON document that the program prints, held to the schema in `docs/schema`.

use crate::common::run::{PROGRAM, bare, finish};
use crate::common::tree::await_confirmation;
use crate::common::{Tree, left_out, tracer};
use crate::receipt::booted;
use jsonschema::Validator;
use model::Property;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;
use testkit::bus::FakeBus;

const SCHEMA: &str = include_str!("../../../../docs/schema/hosttune-1.schema.json");

const FACTS: &str = include_str!("../../../../docs/schema/hosttune-facts-1.schema.json");

const PROFILE: &str = "\
[workload]
nodes = 600

[module]
nf_conntrack = loaded

[sysctl]
#: a host that swaps late
vm.swappiness = 10

[unit docker.service]
TasksMax = 5000
LimitNOFILE = 1024:4096

[suppress unit]
docker.service/TasksMax = nothing runs in it
";

/// Two rules are broken, one of them suppressed.
const CONTRADICTION: &str = "\
[sysctl]
net.ipv4.neigh.default.gc_thresh1 = 8
net.ipv4.neigh.default.gc_thresh2 = 4
kernel.pty.max = exact 1024
kernel.pty.reserve = 1024

[suppress rule]
pty-reserve = no container has a terminal
";

/// The schema, and every pair of command and verdict that was held to it.
struct Court {
    validator: &'static Validator,
    seen: BTreeSet<String>,
}

/// Made once: that takes longer than most of what is held to it.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(
        jsonschema::meta::is_valid(&schema),
        "the schema itself is wrong"
    );
    jsonschema::validator_for(&schema).unwrap()
});

impl Court {
    fn new() -> Self {
        Self {
            validator: &VALIDATOR,
            seen: BTreeSet::new(),
        }
    }

    /// What is wrong with a document.
    fn faults(&self, document: &Value) -> Vec<String> {
        let errors = self.validator.iter_errors(document);
        errors
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect()
    }

    /// Fails where a document is not as the schema says.
    #[track_caller]
    fn admit(&mut self, document: &Value) {
        let faults = self.faults(document);
        assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
        let word = |field: &str| document[field].as_str().unwrap().to_owned();
        let verdict = format!(
            "{} {} {}",
            word("command"),
            word("verdict"),
            document["exit"]
        );
        self.seen.insert(verdict);
    }

    /// Runs the program on a tree and holds its answer to the schema.
    #[track_caller]
    fn hear(&mut self, tree: &Tree, args: &[&str]) {
        let output = tree.run(&[args, &["--format", "json"]].concat());
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(document["exit"], output.code.unwrap(), "{args:?}");
        assert_eq!(
            output.stderr, "",
            "{args:?}: what is wrong stands in the document"
        );
        self.admit(&document);
    }

    #[track_caller]
    fn expect_seen(&self, all: &[&str]) {
        let all: BTreeSet<String> = all.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(self.seen, all);
    }
}

/// Holds a document to the schema.
#[track_caller]
pub(crate) fn hold(document: &Value) {
    Court::new().admit(document);
}

/// The state of a change that was cut off, without cutting one off.
fn reopen(tree: &Tree) {
    let record = "var/lib/hosttune/journal/0001.json";
    let begun = tree.read(record).replace("\"applied\"", "\"applying\"");
    fs::write(tree.path(record), begun).unwrap();
}

#[test]
fn what_succeeds_on_a_tree_is_as_the_schema_says() {
    let (mut court, tree) = (Court::new(), Tree::lived_in());
    let profile = tree.profile("all", PROFILE);
    let contradiction = tree.profile("contradiction", CONTRADICTION);
    let other = tree.profile("other", "[sysctl]\nvm.swappiness = 5\n");
    for args in [
        &["status"][..],
        &["history"],
        &["revert"],
        &["check", "--profile", &profile],
        &["apply", "--dry-run", "--profile", &profile],
        &["apply", "--yes", "--profile", &profile],
        &["apply", "--yes", "--profile", &profile],
        &["apply", "--dry-run"],
        &["check"],
        &["check", "--retry-for", "0s", "--profile", &contradiction],
        &["status"],
        &["preflight"],
        &["preflight", "--nodes", "100000", "--job-network", "bridge"],
        &[
            "preflight",
            "--nodes",
            "host=300,dind=100",
            "--jobs-per-node",
            "host=1,dind=4",
        ],
        &["preflight", "--nodes", "9", "--with-profile", &profile],
        &["preflight", "--nodes", "9", "--why", "bridge.ports"],
        &["apply", "--dry-run", "--profile", &other],
        &["apply", "--yes", "--profile", &other],
        &["history"],
        &["revert"],
        &["revert", "--all"],
        &["apply", "--script", "--profile", &profile],
        &["install", "--dry-run"],
        &["install", "--yes"],
        &["install", "--yes"],
        &["history"],
        &["uninstall", "--dry-run"],
        &["uninstall", "--yes"],
        &["uninstall", "--yes"],
    ] {
        court.hear(&tree, args);
    }
    court.hear(&tree, &["apply", "--yes", "--profile", &profile]);
    await_confirmation(&tree, 4);
    let late = tree.copy();
    for args in [
        &["status"][..],
        &["check"],
        &["history"],
        &["confirm"],
        &["confirm"],
    ] {
        court.hear(&tree, args);
    }
    for args in [
        &["revert", "4", "--unconfirmed"][..],
        &["history"],
        &["confirm"],
    ] {
        court.hear(&late, args);
    }
    for boots in [&["6d2f9f0c-5d3b-4d0e-9a51-000000000001"][..], &[]] {
        let booted = booted(boots);
        court.hear(&booted, &["check", "--boot"]);
        court.hear(&booted, &["status"]);
    }
    court.expect_seen(&[
        "apply done 0",
        "apply nothing-to-do 0",
        "apply would-change 1",
        "check drifted 1",
        "check met 0",
        "check not-verified 3",
        "confirm done 0",
        "confirm nothing-to-do 0",
        "confirm reverted 1",
        "history done 0",
        "install done 0",
        "install nothing-to-do 0",
        "install would-change 1",
        "preflight stops 1",
        "preflight unknown 3",
        "revert done 0",
        "revert nothing-to-do 0",
        "status met 0",
        "status none 0",
        "uninstall done 0",
        "uninstall nothing-to-do 0",
        "uninstall would-change 1",
    ]);
}

#[test]
fn a_recording_is_as_its_schema_says() {
    let (mut court, tree) = (Court::new(), Tree::lived_in());
    let profile = tree.profile("all", PROFILE);
    let recording = format!("{profile}.json");
    court.hear(&tree, &["facts"]);
    let output = ["facts", "--output", &recording];
    court.hear(&tree, &output);
    court.hear(&tree, &output);
    court.expect_seen(&["facts error 2", "facts recorded 0"]);

    let schema: Value = serde_json::from_str(FACTS).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let hosts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/hosts");
    let kept = fs::read_dir(hosts)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for path in kept.chain([recording.into()]) {
        if path.extension().is_some_and(|end| end == "json") {
            let facts: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&facts)
                .map(|e| e.to_string())
                .collect();
            assert_eq!(wrong, [""; 0], "{}", path.display());
        }
    }
}

#[test]
fn what_is_assumed_is_said_as_the_schema_says() {
    let mut court = Court::new();
    let host = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/hosts/debian-13-stock.json"
    );
    for command in [&["status"][..], &["preflight", "--nodes", "600"]] {
        let asked = [
            "--facts",
            host,
            "--assume",
            "cpus=40,memory=251G",
            "--format",
            "json",
        ];
        let mut program = bare(PROGRAM);
        program.args([command, &asked].concat());
        let document: Value = serde_json::from_str(&finish(program).stdout).unwrap();
        assert!(
            document["assumed"]["assumption"]["cpus"] == 40,
            "{document}"
        );
        court.admit(&document);
    }
}

#[test]
fn what_fails_on_a_tree_is_as_the_schema_says() {
    let (mut court, tree) = (Court::new(), Tree::lived_in());
    let profile = tree.profile("all", PROFILE);
    let wrong = tree.profile(
        "wrong",
        "[sysctl]\nvm.swappiness 10\nkernel.pid_max = many\n[x]\n",
    );
    let slip = tree.profile(
        "slip",
        "[sysctl]\nvm.swappiness = 201\n[workload]\nnode = 3\n",
    );
    for command in [
        &["check"][..],
        &["apply", "--yes"],
        &["apply", "--dry-run"],
        &["preflight"],
    ] {
        for profile in [
            wrong.as_str(),
            &slip,
            "/nonexistent/x.ini",
            "no-such-profile",
        ] {
            court.hear(&tree, &[command, &["--profile", profile]].concat());
        }
        court.hear(&tree, command);
    }
    court.hear(&tree, &["apply", "--profile", &profile]);
    court.hear(&tree, &["revert", "7"]);
    court.hear(&tree, &["confirm"]);
    tree.write("usr/local/bin/hosttune", b"by hand", 0o755);
    court.hear(&tree, &["install", "--yes"]);
    court.hear(&tree, &["install", "--yes", "--force"]);
    fs::write(tree.path("usr/local/bin/hosttune"), "newer, by hand").unwrap();
    court.hear(&tree.copy(), &["uninstall", "--yes"]);
    court.hear(&tree, &["uninstall", "--yes", "--force"]);
    fs::remove_dir_all(tree.path("var")).unwrap();
    let blocked = tree.copy();
    blocked.write("usr/local/share", b"", 0o644);
    court.hear(&blocked, &["install", "--yes", "--force"]);
    court.hear(&tree, &["preflight", "--nodes", "0"]);
    court.hear(&tree, &["preflight", "--compose", "/nonexistent/c.yaml"]);
    court.hear(&tree, &["preflight", "--nodes", "9", "--why", "nothing"]);

    let blocked = tree.copy();
    fs::remove_dir_all(blocked.path("etc/systemd/system/docker.service.d")).unwrap();
    blocked.write("etc/systemd/system/docker.service.d", b"", 0o644);
    court.hear(&blocked, &["apply", "--yes", "--profile", &profile]);
    court.hear(&blocked, &["history"]);

    court.hear(&tree, &["apply", "--yes", "--profile", &profile]);
    tree.write("etc/sysctl.d/99-zz.conf", b"vm.swappiness = 60\n", 0o644);
    court.hear(&tree, &["check"]);
    court.hear(&tree, &["status"]);
    court.hear(&tree, &["apply", "--yes"]);
    let late = tree.profile("late", "[sysctl]\nvm.swappiness = 20\n");
    court.hear(&tree.copy(), &["apply", "--yes", "--profile", &late]);

    reopen(&tree);
    court.hear(&tree, &["check", "--profile", &profile]);
    court.hear(&tree, &["status"]);
    court.hear(&tree, &["history"]);
    court.hear(&tree, &["apply", "--dry-run", "--profile", &profile]);
    fs::write(tree.path("etc/sysctl.d/60-hosttune.conf"), "# edited\n").unwrap();
    court.hear(&tree.copy(), &["apply", "--yes", "--profile", &profile]);
    court.hear(&tree, &["revert"]);
    court.hear(&tree, &["history"]);
    court.hear(&tree, &["revert", "--force"]);

    fs::write(tree.path("var/lib/hosttune/journal/0001.json"), "{").unwrap();
    for command in [&["check"][..], &["status"], &["history"], &["revert"]] {
        court.hear(&tree, command);
    }
    let page = Tree::empty();
    court.hear(&page, &["generate", "/nonexistent/pages"]);
    court.hear(&page, &["generate", &page.root()]);
    court.expect_seen(&[
        "apply done 0",
        "apply drifted 1",
        "apply error 2",
        "apply error 5",
        "apply failed 4",
        "apply nothing-to-do 1",
        "apply would-change 1",
        "check drifted 1",
        "check error 2",
        "check interrupted 1",
        "confirm error 2",
        "generate done 0",
        "generate error 2",
        "history done 0",
        "history error 2",
        "install done 0",
        "install error 2",
        "install failed 4",
        "preflight error 2",
        "revert done 0",
        "revert error 2",
        "revert not-restored 5",
        "status drifted 1",
        "status error 2",
        "status interrupted 1",
        "uninstall done 0",
        "uninstall not-restored 5",
    ]);
}

#[test]
fn what_is_said_of_profiles_is_as_the_schema_says() {
    let (mut court, tree) = (Court::new(), Tree::lived_in());
    let profile = tree.profile("all", PROFILE);
    let other = tree.profile(
        "other",
        "[profile]\nsummary = x\ninclude = all.ini\n[sysctl]\nvm.swappiness = 5\nnet.a.b = 1\n",
    );
    let loose = tree.profile("loose", "[sysctl]\nnet.netfilter.nf_conntrack_max = 5\n");
    let wrong = tree.profile("wrong", "[sysctl]\nvm.swappiness 10\n");
    let script = tree.profile(
        "script",
        "#!/bin/sh\necho 'vm.a=1' > /etc/sysctl.conf\nif x; then sysctl -w vm.a=2 vm.b=$Y; fi\n",
    );
    let plain = tree.profile("plain", "vm.swappiness = 5\n");
    let output = tree.path("imported.ini").display().to_string();
    for args in [
        &["profile", "list"][..],
        &["profile", "show", &other],
        &["profile", "show", &wrong],
        &["profile", "lint", &profile, &other],
        &["profile", "lint", &profile, &loose],
        &["profile", "lint", &profile, &wrong],
        &["profile", "diff", &profile, &other],
        &["profile", "diff", &profile, &profile],
        &["profile", "diff", &profile, "no-such-profile"],
        &["profile", "import", &script],
        &["profile", "import", &plain, "--output", &output],
        &["profile", "import", &plain, "--output", &output],
        &["profile", "import", "/nonexistent"],
        &[
            "profile",
            "derive",
            "--nodes",
            "600",
            "--job-network",
            "bridge",
        ],
        &["profile", "derive", "--nodes", "0"],
    ] {
        court.hear(&tree, args);
    }
    court.expect_seen(&[
        "profile derive error 2",
        "profile derive incomplete 1",
        "profile diff differs 1",
        "profile diff error 2",
        "profile diff same 0",
        "profile import done 0",
        "profile import error 2",
        "profile import incomplete 1",
        "profile lint clean 0",
        "profile lint findings 1",
        "profile lint refused 2",
        "profile list done 0",
        "profile show done 0",
        "profile show error 2",
    ]);
}

#[test]
fn an_apply_that_could_not_be_put_back_is_as_the_schema_says() {
    if !tracer::is_there() {
        return left_out("strace");
    }
    let (mut court, tree) = (Court::new(), Tree::lived_in());
    let (profile, root) = (tree.profile("all", PROFILE), tree.root());
    let apply = [
        "apply",
        "--yes",
        "--format",
        "json",
        "--profile",
        &profile,
        "--root",
        &root,
    ];
    // The first rename is the journal's; all after the second fail, those of the restore too.
    let output = tracer::run(&apply, "renameat", "error=EIO", "3+");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    court.admit(&document);
    court.expect_seen(&["apply not-restored 5"]);
}

#[test]
fn what_is_seen_of_a_running_host_is_as_the_schema_says() {
    let (mut court, bus) = (Court::new(), FakeBus::start());
    bus.set("docker.service", "TasksMax", Property::Number(u64::MAX));
    bus.set("docker.service", "LimitNOFILE", Property::Number(4096));
    bus.set("docker.service", "LimitNOFILESoft", Property::Number(1024));
    let tree = Tree::empty();
    let text = format!("{PROFILE}\n[unit not-installed.service]\nTasksMax = 5\n");
    let profile = tree.profile("all", &text);
    for address in [bus.address(), "unix:path=/nonexistent/bus"] {
        for command in ["check", "preflight"] {
            let mut program = bare(PROGRAM);
            program.env("DBUS_SYSTEM_BUS_ADDRESS", address).args([
                command,
                "--format",
                "json",
                "--profile",
                &profile,
            ]);
            let document: Value = serde_json::from_str(&finish(program).stdout).unwrap();
            assert_ne!(document["boot_id"], "");
            court.admit(&document);
        }
    }
}

/// The shapes that were promised before there was a program, with what has come to them since.
#[test]
fn the_promised_documents_are_as_the_schema_says() {
    let mut court = Court::new();
    court.admit(&promised_check());
    court.admit(&promised_preflight());
}

fn envelope(command: &str, verdict: &str, exit: u8, payload: Value) -> Value {
    let mut document = json!({
        "schema": 1, "command": command, "version": "0.1.0",
        "boot_id": "6d2f9f0c-5d3b-4d0e-9a51-0d5a3c1f7e42",
        "verdict": verdict, "exit": exit, "problems": [],
    });
    let fields = document.as_object_mut().unwrap();
    fields.extend(payload.as_object().unwrap().clone());
    document
}

fn promised_check() -> Value {
    envelope(
        "check",
        "drifted",
        1,
        json!({
            "profile": "dense-1200",
            "summary": {"met": 0, "pending": 0, "drifted": 1, "unknown": 0, "not_applicable": 0,
                        "suppressed": 1},
            "findings": [{
                "id": "sysctl:vm.swappiness",
                "desired": "10",
                "verdict": "drifted",
                "layers": [
                    {"layer": "stored", "state": "value", "observed": "10",
                     "source": "/etc/sysctl.d/60-hosttune.conf:3", "verdict": "met", "note": null,
                     "overruled": [{"source": "/usr/lib/sysctl.d/50-x.conf:1", "value": "60",
                                    "rule": "read before /etc/sysctl.d/60-hosttune.conf:3"}]},
                    {"layer": "next-boot", "state": "value", "observed": "10",
                     "source": "/etc/sysctl.d/60-hosttune.conf:3", "verdict": "met", "note": null,
                     "overruled": []},
                    {"layer": "running", "state": "value", "observed": "60",
                     "source": "/proc/sys/vm/swappiness", "verdict": "drifted", "note": null,
                     "overruled": []},
                ],
                "profile": "/etc/hosttune/profiles/dense-1200.ini:21",
                "reason": "a host that swaps late",
                "fix": "hosttune apply",
                "suppressed": null,
            }],
            "rules": [{
                "id": "rule:neigh-thresholds",
                "verdict": "drifted",
                "message": "gc_thresh1 8 is not below gc_thresh2 4",
                "keys": ["sysctl:net.ipv4.neigh.default.gc_thresh1",
                         "sysctl:net.ipv4.neigh.default.gc_thresh2"],
                "profile": ["/etc/hosttune/profiles/dense-1200.ini:30"],
                "fix": "set net.ipv4.neigh.default.gc_thresh2 higher too",
                "source": "arp(7)",
                "suppressed": "the tests want it so",
            }],
            "notes": ["[suppress sysctl] vm.swappiness at p.ini:9 suppresses nothing: the finding is met"],
        }),
    )
}

fn promised_preflight() -> Value {
    let container = json!({
        "processes": 1, "files": 0, "tty": false, "published_ports": 0, "memory": null, "cpu": null,
        "pids_limit": null, "nofile": null,
    });
    let part = json!({
        "name": "host", "kind": "host", "nodes": 600, "beside": false, "jobs_per_node": 1,
        "node_networks": ["bridge"], "job_networks": ["bridge"], "node": container, "job": container,
        "image": null, "restart": "no",
    });
    let load = json!({
        "node": 600, "job": 600, "inner": 0, "dind": 0, "network": 0, "published": 0, "terminal": 0,
        "process": 0, "file": 0, "memory": 0, "cpu": 0, "image": 0, "squared": 1_440_000,
        "in_flight": 1200,
    });
    envelope(
        "preflight",
        "stops",
        1,
        json!({
            "workload": {"nodes": 600, "jobs_per_node": 1, "containers": 1200,
                         "node_network": "bridge", "job_network": "bridge", "starts_at_once": 1200,
                         "order": "in-turn", "parts": [part], "load": load},
            "nodes_fit": 511,
            "nodes_fit_undegraded": 52,
            "at_most": false,
            "undegraded_at_most": false,
            "unknown": [],
            "headline": "511 of 600 nodes start; node 512 is refused by bridge.ports on docker0",
            "reserve_percent": 10,
            "chain": [{"id": "bridge.ports", "place": "docker0", "effect": "stops", "node": 512,
                       "at_latest": false, "then": null}],
            "batch": {"starts": 126, "nodes": 63, "by": "dbus.private@PID 1", "effect": "stops"},
            "compose": null,
            "limits": [{
                "id": "bridge.ports", "place": "docker0", "bounds": "ports of one Linux bridge",
                "effect": "stops", "ceiling": 1023, "unlimited": false,
                "ceiling_source": "constant of the kernel", "used": 0,
                "used_source": "/sys/class/net/docker0/brif",
                "cost": {"node": 1, "job": 1, "in_flight": 0, "once": 0, "squared": 0,
                         "formula": "used + nodes x (node + jobs x job) <= ceiling", "source": "a rule"},
                "stops_at": 512, "degrades_at": null, "nodes_fit": 511, "nodes_fit_between": null,
                "nodes_at_most": null, "starts_fit": null, "need": 1200,
                "terms": [{"name": "node", "count": 600, "each": 1}],
                "edge": {"nodes": 511, "need": 1022, "next": 1024}, "places": 1, "network": "bridge",
                "verdict": "stops", "basis": "derived",
                "raise": [{"setting": "sysctl:kernel.pid_max", "value": "4194304"}],
                "reshape": null, "note": null, "needs": null,
            }],
        }),
    )
}

/// A schema that lets everything pass proves nothing.
#[test]
fn the_schema_refuses_what_is_not_promised() {
    let court = Court::new();
    let (check, preflight) = (promised_check(), promised_preflight());
    for (document, pointer, field, value) in [
        (&check, "", "colour", json!("red")),
        (&check, "", "schema", json!(2)),
        (&check, "", "command", json!("chekc")),
        (&check, "", "verdict", json!("stops")),
        (&check, "", "exit", json!(4)),
        (&check, "", "boot_id", json!("today")),
        (&check, "", "boot", json!({"verdict": "met"})),
        (&check, "", "profile", json!(null)),
        (&check, "", "verdict", json!("not-verified")),
        (&check, "", "limits", json!([])),
        (&check, "", "problems", json!([{"kind": "x"}])),
        (
            &check,
            "",
            "problems",
            json!([{"kind": "x", "message": "m", "hint": "h"}]),
        ),
        (&check, "/summary", "conflict", json!(1)),
        (&check, "/findings/0", "id", json!("vm.swappiness")),
        (&check, "/findings/0", "verdict", json!("fits")),
        (&check, "/findings/0", "layers", json!([])),
        (&check, "/findings/0/layers/0", "layer", json!("kernel")),
        (&check, "/findings/0/layers/0", "state", json!("absent")),
        (&check, "/findings/0/layers/0", "observed", json!(10)),
        (&check, "/findings/0", "suppressed", json!(true)),
        (&check, "/rules/0", "id", json!("neigh-thresholds")),
        (&check, "/rules/0", "verdict", json!("pending")),
        (&check, "/rules/0", "profile", json!([])),
        (&check, "/rules/0", "suppressed", json!("")),
        (&preflight, "", "nodes_fit", json!(-1)),
        (&preflight, "", "nodes_fit", json!("511")),
        (&preflight, "/workload", "pods", json!(1)),
        (&preflight, "/limits/0", "verdict", json!("met")),
        (&preflight, "/limits/0", "stops_at", json!(null)),
        (&preflight, "/limits/0", "basis", json!("guessed")),
        (&preflight, "/limits/0/cost", "pod", json!(1)),
        (&preflight, "/limits/0/terms/0", "count", json!(-1)),
        (&preflight, "/limits/0/edge", "next", json!("1024")),
        (&preflight, "/workload/parts/0", "kind", json!("vm")),
        (&preflight, "/workload/parts/0/node", "processes", json!(0)),
        (&preflight, "/workload/load", "node", json!(null)),
        (&preflight, "/chain/0", "node", json!(0)),
        (&preflight, "/batch", "by", json!("dbus.private")),
        (
            &preflight,
            "/limits/0/raise/0",
            "setting",
            json!("kernel.pid_max"),
        ),
    ] {
        let mut wrong = document.clone();
        wrong.pointer_mut(pointer).unwrap()[field] = value;
        assert!(
            !court.faults(&wrong).is_empty(),
            "`{field}` of `{pointer}` passes: {wrong:#}"
        );
    }
    for field in [
        "schema", "command", "version", "boot_id", "verdict", "exit", "problems",
    ] {
        let mut wrong = check.clone();
        wrong.as_object_mut().unwrap().remove(field);
        assert!(!court.faults(&wrong).is_empty(), "passes without `{field}`");
    }
    let silent = envelope("check", "error", 2, json!({}));
    assert!(
        !court.faults(&silent).is_empty(),
        "an error that gives no reason passes"
    );
}
