use super::*;
use crate::preflight;
use crate::why::why;
use model::{Answer, INOTIFY, LimitAnswer, Workload};
use testkit::FakeHost;

const GROUP: &str = "/sys/fs/cgroup/system.slice/containerd.service";

/// A host with so many shims of eight to ten threads, four pipes and an instance each.
fn host(shims: u32) -> FakeHost {
    let host = crate::stock::stock()
        .file(&format!("{GROUP}/pids.max"), "4000\n")
        .file("/proc/sys/kernel/osrelease", "6.12.1\n");
    (0..shims).fold(host, |host, index| shim(host, index, 8 + index % 3))
}

fn shim(host: FakeHost, index: u32, threads: u32) -> FakeHost {
    let pid = 5_000 + index;
    let status = format!("Name:\tcontainerd-shim\nUid:\t0\t0\t0\t0\nThreads:\t{threads}\n");
    let mut host = host.file(&format!("/proc/{pid}/status"), &status);
    for fd in 0..3 {
        let target = format!("pipe:[{}]", 90_000 + index * 10 + fd);
        host = host.link(&format!("/proc/{pid}/fd/{fd}"), &target);
    }
    host.link(&format!("/proc/{pid}/fd/3"), INOTIFY)
}

fn ask(host: &FakeHost) -> Answer {
    let workload = Workload {
        nodes: 600,
        ..Workload::default()
    };
    preflight(host, &workload)
}

fn row<'a>(answer: &'a Answer, id: &str) -> &'a LimitAnswer {
    answer.limits.iter().find(|row| row.id == id).unwrap()
}

fn numbers(answer: &Answer, id: &str) -> String {
    let all = why(answer, id).unwrap();
    let lines = all.iter().flat_map(|one| &one.numbers);
    lines
        .map(|line| format!("{} {} {}\n", line.what, line.origin, line.source))
        .collect()
}

#[test]
fn what_runs_here_takes_the_place_of_the_catalog() {
    let answer = ask(&host(60));
    let tasks = row(&answer, "cgroup.pids.max");
    assert_eq!(tasks.basis, Basis::Calibrated);
    assert_eq!(tasks.cost.charge.node, Amount::whole(9));
    let (least, most) = tasks.cost.spread.unwrap();
    // Two threads apart, over the root of 60.
    assert_eq!(most.node.minus(least.node), Amount::thousandths(570));
    assert_eq!(least.in_flight, Amount::thousandths(14_500));
    let text = numbers(&answer, "cgroup.pids.max");
    assert!(text.contains("calibrated from 60 containers: 9 "), "{text}");
    assert!(text.contains("the catalog has 11.25"), "{text}");
    // The threads of the host are a shim's and the container's own.
    let threads = row(&answer, "kernel.threads-max");
    assert_eq!(
        threads.cost.charge.node,
        Amount::thousandths(12_300 - 2_250)
    );
    let pages = row(&answer, "fs.pipe-user-pages-soft");
    assert_eq!(pages.cost.charge.node, Amount::whole(48));
    assert_eq!(pages.cost.spread, None);
    // What runs inside a DinD node is started by another Docker.
    assert_eq!(pages.cost.charge.inner, Amount::whole(64));
}

#[test]
fn too_few_or_too_different_stay_beside_the_catalog() {
    let few = ask(&host(19));
    assert_eq!(row(&few, "cgroup.pids.max").basis, Basis::Catalog);
    let text = numbers(&few, "cgroup.pids.max");
    assert!(text.contains("fewer than 20 containers"), "{text}");
    let wide = (60..80).fold(host(60), |host, index| shim(host, index, 40));
    let answer = ask(&wide);
    assert_eq!(row(&answer, "cgroup.pids.max").basis, Basis::Catalog);
    assert!(numbers(&answer, "cgroup.pids.max").contains("differs too much"));
    let none = ask(&host(0));
    assert_eq!(row(&none, "cgroup.pids.max").cost.here, None);
}

#[test]
fn shims_that_are_closed_are_no_ground() {
    let host = host(30).denied("/proc/5000/fd");
    let answer = ask(&host);
    assert_eq!(row(&answer, "fs.file-max").basis, Basis::Catalog);
    assert!(numbers(&answer, "fs.file-max").contains("do not show"));
}

fn moments(host: &FakeHost) -> [Moment; 3] {
    let at = |tasks: u64| {
        let mut counters = Counters::read(host);
        counters.taken.insert("threads", tasks);
        counters
            .taken
            .insert("memory", 1_000_000_000 + (tasks - 500).pow(2) * 1_000);
        counters
    };
    [(0, at(500)), (20, at(500 + 180)), (40, at(500 + 364))]
}

#[test]
fn a_rehearsal_is_taken_up_where_the_versions_are_the_same() {
    let version = |number: &str| format!("{{\"Version\":\"{number}\"}}");
    let stock = host(0).docker_answer("/version", &version("26.1"));
    let moments = moments(&stock);
    let text = costs(&stock, &moments, &moments[0].1).unwrap();
    let path = format!("{}/{COSTS}", model::STATE_DIRECTORY);
    let stock = stock.file(&path, &text);
    let answer = ask(&stock);
    let threads = row(&answer, "kernel.threads-max");
    assert_eq!(threads.basis, Basis::Calibrated);
    assert_eq!(threads.cost.charge.node, Amount::thousandths(9_100));
    assert!(numbers(&answer, "kernel.threads-max").contains("rehearsal"));
    // Each half of the containers took another amount of memory.
    assert_eq!(row(&answer, "memory").basis, Basis::Catalog);
    for other in [
        stock.docker_answer("/version", &version("27.0")),
        host(0)
            .docker_answer("/version", &version("26.1"))
            .file(&path, &text)
            .file("/proc/sys/kernel/osrelease", "6.13\n"),
    ] {
        let answer = ask(&other);
        assert_eq!(row(&answer, "kernel.threads-max").basis, Basis::Catalog);
        assert!(numbers(&answer, "kernel.threads-max").contains("another one"));
    }
    let broken = host(0).file(&path, &text[..50]);
    assert_eq!(row(&ask(&broken), "kernel.threads-max").cost.here, None);
}

#[test]
fn what_is_not_given_back_was_somebody_elses() {
    let host = host(0).docker_answer("/version", r#"{"Version":"26.1"}"#);
    let moments = moments(&host);
    let kept = |threads: u64| {
        let mut gone = moments[0].1.clone();
        gone.taken.insert("threads", threads);
        let text = costs(&host, &moments, &gone).unwrap();
        text.contains("\"threads\"")
    };
    // A quarter of 364.
    assert!(kept(500) && kept(591) && !kept(592));
}

#[test]
fn run_is_measured_where_the_state_of_containers_is() {
    let host = host(0).docker_answer("/version", r#"{"Version":"26.1"}"#);
    let at = |bytes: u64, tasks: Option<u64>| {
        let mut counters = Counters::read(&host);
        counters.taken.insert("run-bytes", bytes);
        counters.tasks = tasks;
        counters
    };
    let kept = |tasks: Option<u64>| {
        let moments = [
            (0, at(0, Some(3))),
            (20, at(20_000, Some(23))),
            (40, at(40_000, tasks)),
        ];
        costs(&host, &moments, &moments[0].1)
            .unwrap()
            .contains("run-bytes")
    };
    assert!(kept(Some(43)) && !kept(Some(3)) && !kept(None));
}
