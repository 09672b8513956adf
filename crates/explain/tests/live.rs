//! What prints the same is told apart by the host.

use explain::{Confidence, Match, judge};
use model::{Amount, Property};
use testkit::FakeHost;

const CGROUP: &str = "/sys/fs/cgroup";
const FORK: &str = "docker: Error response from daemon: failed to start shim: \
                    fork/exec /proc/self/exe: resource temporarily unavailable: unknown.";
const KEYS: &str =
    "unable to join session keyring: unable to create session key: disk quota exceeded";

/// A host with Docker on cgroup v2 where nothing is short.
fn host() -> FakeHost {
    let files = [
        ("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n"),
        ("/proc/5/cgroup", "0::/system.slice/containerd.service\n"),
        ("/proc/5/comm", "containerd\n"),
        ("/proc/1/status", "Name:\tsystemd\nUid:\t0\t0\t0\t0\n"),
        ("/proc/loadavg", "0.10 0.05 0.01 1/146 1234\n"),
        ("/proc/sys/kernel/pid_max", "4194304\n"),
        ("/proc/sys/kernel/threads-max", "15646\n"),
        (
            "/proc/key-users",
            "    0:     9 8/8 3/1000000 40/25000000\n",
        ),
        ("/proc/sys/kernel/keys/root_maxkeys", "1000000\n"),
        ("/proc/sys/kernel/keys/root_maxbytes", "25000000\n"),
        ("/proc/sys/kernel/pty/max", "4096\n"),
        ("/proc/sys/kernel/pty/nr", "1\n"),
        ("/proc/sys/kernel/pty/reserve", "1024\n"),
    ];
    let host = files
        .into_iter()
        .fold(FakeHost::new(), |host, (path, text)| host.file(path, text))
        .directory("/run/systemd/system")
        .unit_with("containerd.service", &[("MainPID", Property::Number(5))]);
    group(
        host,
        "/system.slice/containerd.service",
        "pids",
        "max\n",
        40,
    )
}

fn group(host: FakeHost, group: &str, what: &str, max: &str, now: u64) -> FakeHost {
    let base = format!("{CGROUP}{group}");
    match what {
        "pids" => host
            .file(&format!("{base}/pids.max"), max)
            .file(&format!("{base}/pids.current"), &format!("{now}\n")),
        _ => host
            .file(&format!("{base}/cgroup.max.descendants"), max)
            .file(
                &format!("{base}/cgroup.stat"),
                &format!("nr_descendants {now}\n"),
            ),
    }
}

fn first(text: &str, host: &FakeHost) -> Match {
    judge(text, Some(host)).remove(0)
}

fn is(found: &Match, limit: &str, confidence: Confidence) {
    assert_eq!(
        (found.limit.as_str(), found.confidence),
        (limit, confidence),
        "{found:#?}"
    );
}

#[test]
fn a_refused_fork_is_whichever_bound_is_reached() {
    let all = judge(FORK, Some(&host()));
    assert!(
        all.iter()
            .all(|found| found.confidence == Confidence::Possible),
        "{all:#?}"
    );

    let full = group(
        host(),
        "/system.slice/containerd.service",
        "pids",
        "60\n",
        58,
    );
    let found = first(FORK, &full);
    is(&found, "cgroup.pids.max", Confidence::Proven);
    let live = found.live.unwrap();
    assert_eq!(live.place, "/system.slice/containerd.service");
    assert_eq!(
        (live.ceiling, live.used),
        (Some(Amount::whole(60)), Some(Amount::whole(58)))
    );
    assert!(found.told_apart.unwrap().contains("kernel.pid_max"));
    let command = found.fix[0].command.as_deref().unwrap();
    assert_eq!(
        command,
        "systemctl set-property containerd.service TasksMax=infinity"
    );

    let numbers = host().file("/proc/sys/kernel/pid_max", "440\n");
    let found = first(FORK, &numbers);
    is(&found, "kernel.pid_max", Confidence::Proven);
    assert_eq!(
        found.fix[0].command.as_deref(),
        Some("sysctl -w kernel.pid_max=4194304")
    );

    let threads = host().file("/proc/sys/kernel/threads-max", "150\n");
    is(
        &first(FORK, &threads),
        "kernel.threads-max",
        Confidence::Proven,
    );
}

/// 40 free threads have been too few for a start, and enough.
#[test]
fn room_for_a_start_at_its_cheapest_is_not_enough_after_a_refusal() {
    let narrow = host().file("/proc/sys/kernel/threads-max", "188\n");
    let found = first(FORK, &narrow);
    is(&found, "kernel.threads-max", Confidence::Proven);
}

#[test]
fn an_ancestor_that_is_full_is_the_place() {
    let full = group(host(), "/system.slice", "pids", "90\n", 90);
    let found = first(FORK, &full);
    is(&found, "cgroup.pids.max", Confidence::Proven);
    assert_eq!(found.live.unwrap().place, "/system.slice");
}

#[test]
fn a_container_that_was_refused_a_task_is_found_by_its_events() {
    let scope = "/system.slice/docker-abc.scope";
    let full = group(host(), scope, "pids", "12\n", 12)
        .file(&format!("{CGROUP}{scope}/pids.events"), "max 3\n");
    let found = first("bash: fork: retry: Resource temporarily unavailable", &full);
    is(&found, "cgroup.pids.max", Confidence::Proven);
    assert_eq!(found.live.unwrap().place, scope);
}

#[test]
fn the_kernel_names_the_group() {
    let group_of_it = "/system.slice/icinga2.service";
    let full = group(host(), group_of_it, "pids", "512\n", 512);
    let text = format!("cgroup: fork rejected by pids controller in {group_of_it}");
    let found = first(&text, &full);
    is(&found, "cgroup.pids.max", Confidence::Proven);
    assert_eq!(found.live.unwrap().place, group_of_it);
    // The words decide even where there is room again.
    let free = group(host(), group_of_it, "pids", "512\n", 5);
    is(&first(&text, &free), "cgroup.pids.max", Confidence::Certain);
}

#[test]
fn a_key_quota_is_keys_or_bytes() {
    let keys = host()
        .file("/proc/key-users", "0: 9 8/8 200/200 4000/20000\n")
        .file("/proc/sys/kernel/keys/root_maxkeys", "200\n");
    is(
        &first(KEYS, &keys),
        "kernel.keys.maxkeys",
        Confidence::Proven,
    );
    let bytes = host()
        .file("/proc/key-users", "0: 9 8/8 285/1000000 19950/20000\n")
        .file("/proc/sys/kernel/keys/root_maxbytes", "20000\n");
    let found = first(KEYS, &bytes);
    is(&found, "kernel.keys.maxbytes", Confidence::Proven);
    let command = found.fix[0].command.as_deref().unwrap();
    assert_eq!(command, "sysctl -w kernel.keys.root_maxbytes=250000000");
}

#[test]
fn a_scope_that_failed_is_the_ancestor_without_room() {
    let full = group(host(), "/system.slice", "descendants", "60\n", 60);
    let systemd = "OCI runtime create failed: runc create failed: unable to start container process: \
                   unable to apply cgroup configuration: unable to start unit \"docker-1.scope\": \
                   error creating systemd unit `docker-1.scope`: got `failed`: unknown";
    let cut = "docker: Error response from daemon: OCI runtime create failed: runc create failed: \
               unable to start container process: unable to apply cgroup configuration: unknown.";
    let mkdir =
        "mkdir /sys/fs/cgroup/system.slice/docker-1.scope: resource temporarily unavailable";
    for text in [systemd, cut, mkdir] {
        let found = first(text, &full);
        is(&found, "cgroup.max.descendants", Confidence::Proven);
        assert_eq!(found.live.clone().unwrap().place, "/system.slice");
        let write = "echo max > /sys/fs/cgroup/system.slice/cgroup.max.descendants";
        assert!(
            found
                .fix
                .iter()
                .any(|fix| fix.command.as_deref() == Some(write)),
            "{found:#?}"
        );
    }
    assert!(judge(cut, Some(&host())).len() > 5);
}

#[test]
fn the_same_words_on_another_host_prove_nothing() {
    let text = "open /dev/ptmx: no space left on device";
    let full = host().file("/proc/sys/kernel/pty/nr", "3072\n");
    is(&first(text, &full), "kernel.pty.max", Confidence::Proven);
    is(&first(text, &host()), "kernel.pty.max", Confidence::Certain);
    let closed = host().denied("/proc/sys/kernel/pty/nr");
    is(&first(text, &closed), "kernel.pty.max", Confidence::Certain);
    let empty = FakeHost::new();
    is(&first(text, &empty), "kernel.pty.max", Confidence::Certain);
}

#[test]
fn without_a_host_each_candidate_has_the_command_that_tells() {
    for found in judge(FORK, None) {
        assert!(found.told_apart.unwrap().contains('`'), "{}", found.limit);
        assert!(found.live.is_none() && !found.fix.is_empty());
    }
}
