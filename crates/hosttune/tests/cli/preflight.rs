//! The workload that preflight is asked about, and the ways it answers.

use crate::common::Tree;
use crate::common::run::{Output, PROGRAM, bare, finish};
use serde_json::Value;
use std::path::Path;

const COMPOSE: &str = "\
services:
  host-nodes:
    image: node:1
    networks: [mesh]
  orchestrator:
    image: orchestrator:1
    network_mode: host
networks:
  mesh: {}
";

/// A host of cgroup v2 with Docker's own bridge, as far as files show it.
fn host() -> Tree {
    let tree = Tree::empty();
    for (path, text) in [
        ("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n"),
        ("sys/fs/cgroup/cgroup.max.descendants", "max\n"),
        ("sys/fs/cgroup/cgroup.stat", "nr_descendants 60\n"),
        ("sys/class/net/docker0/brif/.keep", ""),
        ("sys/devices/system/cpu/online", "0-39\n"),
        ("proc/sys/fs/inotify/max_user_instances", "128\n"),
        ("proc/sys/kernel/keys/root_maxkeys", "1000000\n"),
        (
            "proc/key-users",
            "    0:     9 8/8 30/1000000 40/25000000\n",
        ),
        (
            "proc/net/unix",
            "Num RefCount Protocol Flags Type St Inode Path\n",
        ),
        ("run/systemd/system/.keep", ""),
    ] {
        tree.write(path, text.as_bytes(), 0o644);
    }
    tree
}

/// The answer, which is held to its exit code.
#[track_caller]
fn ask(tree: &Tree, args: &[&str]) -> Value {
    let document = tree.json(&[&["preflight"], args].concat());
    assert_eq!(document["command"], "preflight", "{document:#}");
    document
}

fn row<'a>(document: &'a Value, id: &str, place: &str) -> &'a Value {
    let rows = document["limits"].as_array().unwrap();
    let here = |row: &&Value| row["id"] == id && row["place"] == place;
    let found = rows.iter().find(here);
    assert!(found.is_some(), "{id}@{place}: {document:#}");
    found.unwrap()
}

/// With what stands in for a `docker`, or with none.
fn with_path(tree: &Tree, path: &Path, args: &[&str]) -> Output {
    let mut command = bare(PROGRAM);
    let root = tree.root();
    command
        .env("PATH", path)
        .args([&["preflight", "--root", &root], args].concat());
    finish(command)
}

#[test]
fn one_bridge_stops_600_nodes_of_two_and_says_what_to_do() {
    let tree = host();
    let document = ask(&tree, &["--nodes", "600", "--job-network", "bridge"]);
    let used = if document["at_most"] == true { 0 } else { 1 };
    assert_eq!(document["nodes_fit"], 511, "{used}");
    let ports = row(&document, "bridge.ports", "docker0");
    // The file that keeps the directory counts as a port.
    assert_eq!(
        (&ports["ceiling"], &ports["used"]),
        (&1023.into(), &1.into())
    );
    assert_eq!(
        (&ports["need"], &ports["stops_at"]),
        (&1200.into(), &512.into())
    );
    let change = document["compose"].as_str().unwrap();
    assert!(change.contains("# 600 of host over 2 networks"), "{change}");
    let chain = document["chain"].as_array().unwrap();
    let nodes: Vec<u64> = chain
        .iter()
        .map(|link| link["node"].as_u64().unwrap())
        .collect();
    assert!(nodes.is_sorted() && nodes.contains(&512), "{nodes:?}");
}

#[test]
fn jobs_without_a_network_leave_the_start_path_with_its_parallelism() {
    let tree = host();
    let document = ask(&tree, &["--nodes", "600"]);
    assert_eq!(row(&document, "bridge.ports", "docker0")["verdict"], "fits");
    let bus = row(&document, "dbus.max_connections_per_user", "system bus");
    assert_eq!(
        (&bus["verdict"], &bus["starts_fit"]),
        (&"degrades".into(), &128.into())
    );
    assert_eq!(document["batch"]["starts"], 128);
    assert_eq!(document["batch"]["nodes"], 64);
    let headline = document["headline"].as_str().unwrap();
    assert!(
        headline.contains("with more than 128 starts at once dbus.max_connections_per_user"),
        "{headline}"
    );
    let calm = ask(&tree, &["--nodes", "600", "--starts-at-once", "128"]);
    assert_eq!(
        row(&calm, "dbus.max_connections_per_user", "system bus")["verdict"],
        "fits"
    );
    // What restarts by itself starts together at boot all the same, 128 a processor.
    let boot = [
        "--nodes",
        "600",
        "--starts-at-once",
        "8",
        "--restart",
        "always",
    ];
    let boot = ask(&tree, &boot);
    assert_eq!(boot["workload"]["starts_at_once"], 1200);
}

#[test]
fn kinds_of_nodes_and_shapes_of_containers_are_counted() {
    let tree = host();
    let document = ask(
        &tree,
        &[
            "--nodes",
            "host=300,dind=100",
            "--jobs-per-node",
            "host=1,dind=4",
            "--order",
            "interleaved",
            "--tty",
            "nodes",
            "--published-ports",
            "2",
            "--node-memory",
            "270M",
            "--node-cpus",
            "0.04",
            "--image-size",
            "1G",
            "--node-files",
            "10",
            "--job-processes",
            "3",
        ],
    );
    let load = &document["workload"]["load"];
    for (what, count) in [
        ("node", 400),
        ("job", 300),
        ("inner", 400),
        ("dind", 100),
        ("published", 800),
        ("terminal", 400),
        ("process", 1400),
        ("file", 4000),
        ("memory", 108_000),
        ("cpu", 16_000),
        ("image", 102_400),
    ] {
        assert_eq!(load[what], count, "{what}");
    }
    // Inner containers are on no bridge of the host, and their shims watch as root all the same.
    assert_eq!(row(&document, "bridge.ports", "docker0")["need"], 400);
    assert_eq!(
        row(&document, "fs.inotify.max_user_instances", "uid 0")["need"],
        1100
    );
    let spread = ask(
        &tree,
        &[
            "--nodes",
            "600",
            "--node-network",
            "bridges:2",
            "--job-network",
            "bridges:2",
        ],
    );
    let each = row(&spread, "bridge.ports", "bridges:2");
    assert_eq!(
        (&each["places"], &each["nodes_fit"]),
        (&2.into(), &1022.into())
    );
    let hosted = ask(
        &tree,
        &[
            "--nodes",
            "600",
            "--node-network",
            "host",
            "--job-network",
            "host",
        ],
    );
    assert_eq!(
        row(&hosted, "bridge.ports", "host")["verdict"],
        "not-applicable"
    );
}

#[test]
fn a_profile_may_say_all_of_it_and_the_command_line_overrules() {
    let tree = host();
    let profile = tree.profile(
        "mixed",
        "[workload]\nnodes = host=3,dind=1\njobs-per-node = 2\nimage-size = 2G\ntty = jobs\n",
    );
    let document = ask(&tree, &["--profile", &profile, "--tty", "none"]);
    let load = &document["workload"]["load"];
    assert_eq!(
        (&load["image"], &load["terminal"]),
        (&2048.into(), &0.into())
    );
    let asked = [
        "--profile",
        &profile,
        "--why",
        "fs.inotify.max_user_instances",
    ];
    let why = ask(&tree, &asked)["why"][0]["numbers"].to_string();
    assert!(
        why.contains("mixed.ini:2") && why.contains("mixed.ini:3"),
        "{why}"
    );
}

#[test]
fn every_mistake_is_refused_with_a_sentence() {
    let tree = host();
    for (flag, value) in [
        ("--nodes", "host=0"),
        ("--nodes", "kvm=3"),
        ("--order", "random"),
        ("--jobs-per-node", "dind"),
        ("--node-network", "bridges:0"),
        ("--job-network", "a b"),
        ("--published-ports", "70000"),
        ("--tty", "yes"),
        ("--restart", "sometimes"),
        ("--node-processes", "0"),
        ("--job-processes", "x"),
        ("--node-files", "-1"),
        ("--job-files", "1.5"),
        ("--node-memory", "much"),
        ("--job-memory", "-5"),
        ("--node-cpus", "1/2"),
        ("--job-cpus", "0.00001"),
        ("--image-size", "1.5G"),
        ("--starts-at-once", "0"),
    ] {
        let args = ["preflight", "--nodes", "5", &format!("{flag}={value}")];
        let args = if flag == "--nodes" {
            &[args[0], args[3]][..]
        } else {
            &args[..]
        };
        let output = tree.expect(2, args);
        let sentence = output.stderr.trim();
        assert!(
            sentence.contains(flag.trim_start_matches('-')),
            "{args:?}: {sentence}"
        );
        assert_eq!(output.stdout, "", "{args:?}");
    }
    let profile = tree.profile("wrong", "[workload]\nnodes = dind=x\ntty = yes\n");
    let output = tree.expect(2, &["preflight", "--profile", &profile]);
    assert!(output.stderr.contains("wrong.ini:2") && output.stderr.contains("wrong.ini:3"));
}

#[test]
fn why_shows_the_arithmetic_of_one_limit() {
    let tree = host();
    let asked = [
        "preflight",
        "--nodes",
        "600",
        "--job-network",
        "bridge",
        "--why",
    ];
    let output = tree.run(&[&asked[..], &["bridge.ports@docker0"]].concat());
    for line in [
        "1023",
        "constant of the kernel",
        "600 node x 1 + 600 job x 1",
        "node 512 is refused",
    ] {
        assert!(output.stdout.contains(line), "{line}: {}", output.stdout);
    }
    for (name, help) in [
        ("bridge.port", "did you mean `bridge.ports`"),
        ("bridge.ports@br9", "`bridge.ports@docker0`"),
    ] {
        let output = tree.expect(2, &[&asked[..], &[name]].concat());
        assert!(output.stderr.contains(help), "{}", output.stderr);
    }
}

#[test]
fn a_profile_is_set_beside_what_is_and_nothing_is_applied() {
    let tree = host();
    let before = tree.all();
    let profile = tree.profile(
        "dense",
        "[sysctl]\nfs.inotify.max_user_instances = 8192\nkernel.keys.root_maxkeys = 10000\n\
         [dbus]\nmax_connections_per_user = 4096\nmax_completed_connections = 8192\n",
    );
    let args = ["--nodes", "600", "--with-profile", &profile];
    let document = ask(&tree, &args);
    let changes = document["after"]["changes"].as_array().unwrap();
    let moved: Vec<&str> = changes.iter().map(|c| c["id"].as_str().unwrap()).collect();
    // The bound of keys is lower than what is there, and lowers nothing.
    assert_eq!(
        moved,
        [
            "fs.inotify.max_user_instances",
            "dbus.max_connections_per_user",
            "dbus.max_completed_connections"
        ]
    );
    assert_eq!(document["after"]["batch"], Value::Null);
    assert_eq!(
        (&changes[0]["before"], &changes[0]["after"]),
        (&128.into(), &8192.into())
    );
    let output = tree.run(&[&["preflight"], &args[..]].concat());
    assert!(output.stdout.contains("WITH DENSE"), "{}", output.stdout);
    tree.all().assert_is(&before, "after preflight");
    let unknown = tree.expect(
        2,
        &["preflight", "--nodes", "6", "--with-profile", "no-such"],
    );
    assert!(unknown.stderr.contains("no-such"), "{}", unknown.stderr);
}

#[test]
fn a_compose_file_is_read_as_it_stands_where_no_plugin_is() {
    let tree = host();
    tree.write("srv/cluster/compose.yaml", COMPOSE.as_bytes(), 0o644);
    let file = tree.path("srv/cluster/compose.yaml").display().to_string();
    let scaled = [
        "--format",
        "json",
        "--compose",
        &file,
        "--scale",
        "host-nodes=600",
        "--jobs-per-node",
        "1",
        "--job-network",
        "cluster_mesh",
    ];
    let output = with_path(&tree, Path::new("/nonexistent"), &scaled);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    let workload = &document["workload"];
    assert_eq!(
        (&workload["nodes"], &workload["containers"]),
        (&600.into(), &1201.into())
    );
    assert_eq!(workload["parts"][1]["node_networks"][0], "host");
    let mesh = row(&document, "bridge.ports", "cluster_mesh");
    assert_eq!(
        (&mesh["need"], &mesh["network"]),
        (&1200.into(), &"cluster_mesh".into())
    );
    assert!(
        document["compose"]
            .as_str()
            .unwrap()
            .contains("host-nodes-2:"),
        "{document:#}"
    );
    let said = document["problems"].to_string();
    assert!(said.contains("no Compose plugin"), "{said}");
    for (args, sentence) in [
        (
            &["--scale", "host-node=6"][..],
            "did you mean `host-nodes`?",
        ),
        (&["--scale", "host-nodes"], "does not scale a service"),
        (&["--dind", "x"], "no service `x`"),
    ] {
        let args = [&["--compose", file.as_str()], args].concat();
        let output = with_path(&tree, Path::new("/nonexistent"), &args);
        assert_eq!(output.code, Some(2), "{output:#?}");
        assert!(output.stderr.contains(sentence), "{}", output.stderr);
    }
    let missing = with_path(
        &tree,
        Path::new("/nonexistent"),
        &["--compose", "/nonexistent.yaml"],
    );
    assert_eq!(missing.code, Some(2), "{missing:#?}");
}

#[test]
fn compose_itself_is_asked_where_it_is_there() {
    let tree = host();
    tree.write("srv/c.yaml", b"services: {a: {image: x}}\n", 0o644);
    let file = tree.path("srv/c.yaml").display().to_string();
    let config = r#"{"name": "c", "services": {"a": {"image": "x", "networks": {"default": null}}},
        "networks": {"default": {"name": "c_default"}}}"#;
    let script = format!(
        "#!/bin/sh\n[ \"$*\" = \"compose -f {file} config --format json\" ] || exit 9\nprintf '%s' '{config}'\n"
    );
    tree.write("bin/docker", script.as_bytes(), 0o755);
    let bin = tree.path("bin");
    let args = ["--format", "json", "--compose", &file, "--scale", "a=7"];
    let output = with_path(&tree, &bin, &args);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        document["workload"]["parts"][0]["node_networks"][0],
        "c_default"
    );
    assert_eq!(document["problems"], Value::Array(Vec::new()));
    let refusing = "#!/bin/sh\necho 'services.a is wrong' >&2\nexit 15\n";
    tree.write("bin/docker", refusing.as_bytes(), 0o755);
    let output = with_path(&tree, &bin, &args[2..]);
    assert_eq!(output.code, Some(2));
    assert!(
        output.stderr.contains("services.a is wrong"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_profile_is_derived_that_fits() {
    let tree = host();
    tree.write("proc/sys/kernel/keys/root_maxkeys", b"100\n", 0o644);
    let output = tree.path("derived.ini").display().to_string();
    let asked = ["--nodes", "600", "--jobs-per-node", "1"];
    let derive = [
        &["profile", "derive"],
        &asked[..],
        &["--reserve", "50", "--output", &output],
    ]
    .concat();
    let document = tree.json(&derive);
    assert_eq!(document["command"], "profile derive", "{document:#}");
    let text = tree.read("derived.ini");
    // 30 in use and one a container, and half of that.
    assert!(
        text.contains("kernel.keys.root_maxkeys = at least 1845"),
        "{text}"
    );
    assert!(text.contains("600 node x 1 + 600 job x 1"), "{text}");
    assert!(text.contains("nodes = 600"), "{text}");
    let after = ask(&tree, &["--profile", &output, "--with-profile", &output]);
    let mut rows = after["after"]["chain"].as_array().unwrap().iter();
    let keys = rows
        .find(|link| link["id"] == "kernel.keys.maxkeys")
        .unwrap();
    assert!(keys["node"].as_u64() > Some(600), "{keys}");
    tree.expect(2, &derive);
    tree.expect(
        2,
        &["profile", "derive", "--nodes", "6", "--reserve", "1001"],
    );
}
