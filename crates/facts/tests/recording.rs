//! The laws of a recording: it answers as the host did, knows nothing else, and refuses nonsense.
#![expect(clippy::unwrap_used, reason = "a test's helper fails the test")]

use facts::{Facts, FactsError, Recorder, Replay};
use model::{Host, HostError, HostResult, Property, Space};
use serde_json::{Value, json};
use testkit::FakeHost;

const UNIT: &str = "containerd.service";

fn host() -> FakeHost {
    FakeHost::new()
        .user(7)
        .file("/etc/a.conf", "x = 1\n")
        .file(
            "/proc/self/mountinfo",
            "3 1 0:1 / /a rw - nfs4 h:/a rw,sec=sys\n",
        )
        .denied("/etc/closed")
        .link("/etc/link", "/etc/a.conf")
        .directory("/sys/module/br")
        .counting("/proc/1/schedstat", 1000)
        .unit_with(UNIT, &[("TasksMax", Property::Number(u64::MAX))])
        .default_of_units("DefaultTasksMax", Property::Number(512))
        .modified_at("/etc/a.conf", 5)
        .room(
            "/run",
            Space {
                bytes: 100,
                bytes_free: 60,
                inodes: 9,
                inodes_free: 8,
            },
        )
        .docker_answer("/info", r#"{"NCPU":2,"Labels":["a=b"]}"#)
        .file(
            "/proc/1/status",
            "Name:\tinit\nUid:\t0\t0\t0\t0\nThreads:\t1\n",
        )
        .link("/proc/1/ns/net", "net:[1]")
}

/// Everything that a host can be asked, missing things included, in words.
fn asked(host: &dyn Host) -> Vec<String> {
    fn said<T: std::fmt::Debug>(answer: &HostResult<T>) -> String {
        format!("{answer:?}")
    }
    let paths = [
        "/etc/a.conf",
        "/etc/closed",
        "/etc/none",
        "/etc",
        "/run",
        "/etc/link",
    ];
    let mut all = vec![format!(
        "{:?} {} {}",
        host.scope(),
        host.uid(),
        host.boot_id()
    )];
    for path in paths {
        all.push(said(&host.read(path)));
        all.push(said(&host.list(path)));
        all.push(said(&host.read_link(path)));
        all.push(said(&host.modified(path)));
        all.push(said(&host.space(path)));
        all.push(said(
            &host.image(path).map(|image| std::mem::discriminant(&image)),
        ));
    }
    all.push(said(&host.read("/proc/self/mountinfo")));
    for _ in 0..3 {
        all.push(said(&host.read("/proc/1/schedstat")));
    }
    all.push(said(&host.unit(UNIT)));
    all.push(said(&host.unit("none.service")));
    all.push(said(&host.manager()));
    all.push(said(&host.docker("/info")));
    all.push(said(&host.docker("/containers/json")));
    all.push(said(&host.census()));
    all.push(said(&host.namespaces("net")));
    all.push(host.now().to_string());
    all
}

fn recording() -> (Vec<String>, String) {
    let host = host();
    let recorder = Recorder::new(&host);
    let said = asked(&recorder);
    (said, recorder.facts("1.2.3", "check").to_json().unwrap())
}

fn edited(edit: impl Fn(&mut Value)) -> Result<Facts, FactsError> {
    let mut value: Value = serde_json::from_str(&recording().1).unwrap();
    edit(&mut value);
    Facts::parse(&value.to_string())
}

#[test]
fn a_replay_says_what_the_recorded_run_was_told() {
    let (said, text) = recording();
    let facts = Facts::parse(&text).unwrap();
    assert_eq!(
        (facts.version.as_str(), facts.command.as_str()),
        ("1.2.3", "check")
    );
    let replay = Replay::new(facts);
    assert_eq!(asked(&replay), said);
}

#[test]
fn a_recording_of_a_replay_is_the_same_file() {
    let (_, text) = recording();
    let replay = Replay::new(Facts::parse(&text).unwrap());
    let recorder = Recorder::new(&replay);
    asked(&recorder);
    assert_eq!(recorder.facts("1.2.3", "check").to_json().unwrap(), text);
}

#[test]
fn what_was_not_recorded_is_not_answered() {
    let facts = Facts::parse(&recording().1).unwrap();
    let replay = Replay::new(facts);
    let errors = [
        replay.read("/etc/b.conf").unwrap_err(),
        replay.list("/b").unwrap_err(),
        replay.image("/b").unwrap_err(),
        replay.unit("b.service").unwrap_err(),
        replay.docker("/version").unwrap_err(),
        replay.namespaces("mnt").unwrap_err(),
    ];
    for error in errors {
        let HostError::Unavailable { why, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!(why, "not in the recording");
    }
}

#[test]
fn the_journal_stays_closed_and_the_standing_does_not() {
    let standing = "/var/lib/hosttune/standing.json";
    let host = FakeHost::new()
        .file("/var/lib/hosttune/journal/0001.json", "{\"secret\": 1}")
        .file(standing, "{\"labels\": 1}");
    let recorder = Recorder::new(&host);
    let closed = recorder.list("/var/lib/hosttune/journal");
    assert!(matches!(closed, Err(HostError::Denied { .. })));
    assert!(
        recorder
            .read("/var/lib/hosttune/journal/0001.json")
            .is_err()
    );
    assert!(recorder.read(standing).is_ok());
    let text = recorder.facts("1", "check").to_json().unwrap();
    assert!(!text.contains("secret"));
    let replay = Replay::new(Facts::parse(&text).unwrap());
    assert_eq!(replay.list("/var/lib/hosttune/journal"), closed);
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let (_, text) = recording();
    for end in (0..text.len() - 2).step_by(7) {
        let error = Facts::parse(&text[..end]).unwrap_err();
        assert!(matches!(error, FactsError::Truncated(_)), "{end}: {error}");
    }
    let error = Facts::parse(&text[..200]).unwrap_err().to_string();
    assert!(error.starts_with("is cut off at line "), "{error}");
}

#[test]
fn a_newer_schema_and_another_document_are_refused() {
    let newer = edited(|value| value["schema"] = json!(2)).unwrap_err();
    assert_eq!(newer, FactsError::Newer(2));
    for schema in [json!(0), json!(-1), json!("1"), json!(null), json!(1.5)] {
        assert!(edited(|value| value["schema"] = schema.clone()).is_err());
    }
    assert_eq!(Facts::parse("{}").unwrap_err(), FactsError::NotFacts);
    assert_eq!(Facts::parse("[1]").unwrap_err(), FactsError::NotFacts);
    assert!(matches!(
        Facts::parse("{x").unwrap_err(),
        FactsError::NotJson { .. }
    ));
}

type Edit = fn(&mut Value);

#[test]
fn nonsense_is_refused_by_name() {
    let cases: &[(&str, Edit)] = &[
        ("`uid`", |v| v["uid"] = json!(-1)),
        ("`now` is no time", |v| v["now"] = json!(u64::MAX)),
        ("`scope`", |v| v["scope"] = json!("dead")),
        ("`files` is no object", |v| v["files"] = json!([])),
        ("`files`, /etc/a.conf", |v| {
            v["files"]["/etc/a.conf"] = json!(5)
        }),
        ("`files`, /etc/a.conf: has no answer", |v| {
            v["files"]["/etc/a.conf"] = json!({ "in-turn": [] });
        }),
        ("runs backwards", |v| {
            v["files"]["/proc/1/schedstat"] = json!({ "in-turn": ["900 0 1", "100 0 2"] });
        }),
        ("nobody can assume `cpus=0`", |v| {
            v["assumed"] = json!({
                "assumption": { "cpus": 0, "memory": null, "kernel": null, "numa": null },
                "derived": [],
            });
        }),
        ("is no path of a host", |v| v["files"]["etc/x"] = json!("")),
        ("is no path of a host", |v| {
            v["images"]["/a/../b"] = json!("absent")
        }),
        ("`folders`, /etc", |v| {
            v["folders"]["/etc"] = json!(["b", "a"])
        }),
        ("`folders`, /etc", |v| v["folders"]["/etc"] = json!(["a/b"])),
        ("`units`, containerd.service", |v| {
            v["units"][UNIT] = json!({"TasksMax": -5})
        }),
        ("MainPID", |v| {
            v["units"][UNIT] = json!({"MainPID": u64::MAX})
        }),
        ("`space`, /run: more is free", |v| {
            v["space"]["/run"]["bytes_free"] = json!(101)
        }),
        ("`docker`, /info", |v| {
            v["docker"]["/info"] = json!("{\"Labels\":[]}")
        }),
        ("`docker`, /info", |v| v["docker"]["/info"] = json!("{")),
        ("`census`", |v| {
            v["census"]["users"]["0"]["processes"] = json!(-1)
        }),
        ("`census`: uid 0", |v| {
            v["census"]["users"]["0"]["closed"] = json!(9)
        }),
        ("`census`: 4 shims", |v| {
            v["census"]["shims"]["running"] = json!(4)
        }),
        ("`namespaces`, net", |v| {
            v["namespaces"]["net"] = json!("one")
        }),
        ("`later` is no field", |v| v["later"] = json!({})),
        ("`files` is missing", |v| {
            drop(v.as_object_mut().unwrap().remove("files"))
        }),
    ];
    for (wanted, edit) in cases {
        let error = edited(edit).unwrap_err().to_string();
        assert!(error.contains(wanted), "{wanted}: {error}");
    }
    assert!(edited(|_| ()).is_ok());
}

/// A host of 1,000 containers shows three mounts, six sockets and a link for each of them.
#[test]
fn a_thousand_containers_take_less_than_half_a_mebibyte() {
    let (mut mounts, mut sockets, mut host) = (String::new(), String::new(), FakeHost::new());
    let head = "Num       RefCount Protocol Flags    Type St Inode Path\n";
    sockets.push_str(head);
    for number in 0..1000 {
        let id = format!("{number:064x}");
        let layers = vec![format!("/var/lib/docker/overlay2/l/{}", &id[..26]); 12].join(":");
        mounts += &format!(
            "{number} 25 0:{number} / /var/lib/docker/overlay2/{id}/merged rw,relatime shared:{number} \
             - overlay overlay rw,lowerdir={layers},upperdir=/u/{id},workdir=/w/{id}\n\
             {number} 25 0:{number} / /var/lib/docker/containers/{id}/mounts/shm rw - tmpfs shm rw,size=65536k\n\
             {number} 25 0:4 net:[402653{number}] /run/docker/netns/{} rw - nsfs nsfs rw\n",
            &id[52..]
        );
        for socket in 0..6 {
            sockets += &format!(
                "0000000000000000: 00000003 00000000 00000000 0001 03 {number}{socket} /run/containerd/s/{id}\n"
            );
        }
        host = host.link(
            &format!("/sys/class/net/veth{number:07x}"),
            "/sys/devices/virtual/net/veth",
        );
    }
    let host = host
        .file("/proc/self/mountinfo", &mounts)
        .file("/proc/net/unix", &sockets);
    let recorder = Recorder::new(&host);
    let kept = recorder.read_text("/proc/self/mountinfo").unwrap();
    assert_eq!(kept.lines().count(), 3000);
    assert_eq!(recorder.read_text("/proc/net/unix").unwrap(), head);
    for name in recorder.list("/sys/class/net").unwrap() {
        assert!(
            recorder
                .list(&format!("/sys/class/net/{name}/brif"))
                .is_err()
        );
    }
    let text = recorder.facts("1", "preflight").to_json().unwrap();
    assert!(text.len() < 1 << 19, "{}", text.len());
    assert!(Facts::parse(&text).is_ok());
}
