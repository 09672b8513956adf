//! Each trap of unit files and drop-ins, as systemd was seen to take it.

use super::*;
use crate::kinds::unit_keys::row;
use testkit::FakeHost;

const FRAGMENT: &str = "/usr/lib/systemd/system/docker.service";
const ETC: &str = "/etc/systemd/system/docker.service.d";

fn of(host: &FakeHost, unit: &str, boot: Boot) -> Reading {
    let shape = row("TasksMax").unwrap().shape;
    reading(host, unit, "Service", "TasksMax", &shape, boot)
}

fn winner(host: &FakeHost) -> String {
    let last = of(host, "docker.service", Boot::This).said.pop();
    last.map_or_else(String::new, |a| format!("{} {}", a.value, a.span))
}

#[test]
fn the_file_name_decides_across_places() {
    let host = FakeHost::new()
        .file(FRAGMENT, "[Service]\nTasksMax=infinity\n")
        .file(
            &format!("{ETC}/60-hosttune.conf"),
            "[Service]\nTasksMax=9\n",
        )
        .file(
            "/run/systemd/system.control/docker.service.d/50-TasksMax.conf",
            "[Service]\nTasksMax=5\n",
        );
    assert!(winner(&host).starts_with("9 "));
    let host = host.file(
        "/usr/lib/systemd/system/service.d/70-all.conf",
        "[Unit]\nTasksMax=1\n[Service]\n# TasksMax=2\nTasksMax = 7\n",
    );
    assert_eq!(
        winner(&host),
        "7 /usr/lib/systemd/system/service.d/70-all.conf:5"
    );
}

#[test]
fn of_equal_names_the_stronger_place_wins_over_the_nearer_name() {
    let near = "/usr/lib/systemd/system/a-b.service.d/50-x.conf";
    let host = FakeHost::new().file(near, "[Service]\nTasksMax=1\n").file(
        "/etc/systemd/system/a-.service.d/50-x.conf",
        "[Service]\nTasksMax=2\n",
    );
    let read = of(&host, "a-b.service", Boot::This);
    assert_eq!(read.said[0].value, "2");
    assert_eq!(read.lost[0].source, format!("{near}:2"));
    // Folders of the type are behind all of them, wherever they lie.
    let host = host.file(
        "/etc/systemd/system/service.d/50-x.conf",
        "[Service]\nTasksMax=3\n",
    );
    assert_eq!(of(&host, "a-b.service", Boot::This).said[0].value, "2");
}

#[test]
fn a_masked_drop_in_says_nothing() {
    let host = FakeHost::new()
        .file(FRAGMENT, "[Service]\nTasksMax=4\n")
        .file(
            "/usr/lib/systemd/system/docker.service.d/a.conf",
            "[Service]\nTasksMax=5\n",
        )
        .link(&format!("{ETC}/a.conf"), "/dev/null");
    assert!(winner(&host).starts_with("4 "));
    let lost = of(&host, "docker.service", Boot::This).lost;
    assert!(lost[0].rule.starts_with("masked by /etc/"));
}

#[test]
fn folders_go_from_the_unit_to_its_prefixes() {
    assert_eq!(
        folders("a-b@x.service"),
        [
            "a-b@x.service.d",
            "a-b@.service.d",
            "a-.service.d",
            "a-@x.service.d",
            "a-@.service.d"
        ]
    );
    assert_eq!(
        folders("a-b-c.slice"),
        ["a-b-c.slice.d", "a-b-.slice.d", "a-.slice.d"]
    );
    assert_eq!(folders("-.slice"), ["-.slice.d"]);
}

#[test]
fn an_empty_assignment_takes_back_and_a_wrong_one_is_ignored() {
    let host = FakeHost::new()
        .file(FRAGMENT, "[Service]\nTasksMax=4\n")
        .file(&format!("{ETC}/a.conf"), "[Service]\nTasksMax=\n");
    let read = of(&host, "docker.service", Boot::This);
    assert!(read.said.is_empty() && read.cancelled.is_some());
    let host = host.file(
        &format!("{ETC}/b.conf"),
        "[Service]\nTasksMax=7\nTasksMax=many\nTasksMax=0\n",
    );
    assert!(winner(&host).starts_with("7 "));
    let rules = of(&host, "docker.service", Boot::This).lost;
    assert!(rules[1].rule.contains("does not take this value"));
}

#[test]
fn lines_are_joined_and_sections_end() {
    let text = "\u{feff}[Service]\r\nTasksMax=\\\n# in between\n  5\n[X-Service]\nTasksMax=6\n\
                [Service\nTasksMax=7\n";
    let host = FakeHost::new().file(FRAGMENT, text);
    assert_eq!(winner(&host), format!("5 {FRAGMENT}:4"));
}

#[test]
fn what_lies_in_run_is_gone_at_the_next_boot() {
    let host = FakeHost::new()
        .file(FRAGMENT, "[Service]\nTasksMax=4\n")
        .file(
            "/run/systemd/system.control/docker.service.d/90-TasksMax.conf",
            "[Service]\nTasksMax=5\n",
        )
        .file(
            "/run/systemd/generator/docker.service.d/91.conf",
            "[Service]\nTasksMax=6\n",
        );
    assert_eq!(of(&host, "docker.service", Boot::This).said.len(), 3);
    let next = of(&host, "docker.service", Boot::Next).said;
    let values: Vec<&str> = next.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(values, ["4", "6"]);
}
