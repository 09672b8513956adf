//! One error, and what was tried where tells which limit it is.

use explain::{Confidence, judge};

fn first(text: &str) -> String {
    judge(text, None)
        .first()
        .map_or("unknown".to_owned(), |found| found.limit.clone())
}

#[test]
fn the_same_enospc_is_another_limit_at_each_call() {
    let cases = [
        ("mkdir /sys/fs/cgroup/system.slice/a.scope", "memcg.ids"),
        (
            "inotify_add_watch /sys/fs/cgroup/a.scope",
            "fs.inotify.max_user_watches",
        ),
        ("mounting \"/a\" to rootfs at \"/b\"", "fs.mount-max"),
        ("unshare", "user.max_namespaces"),
        ("open /dev/ptmx", "kernel.pty.max"),
        ("mkdir /run/containerd/a", "tmpfs.run"),
        (
            "write /var/lib/docker/containers/a/a-json.log",
            "disk.space",
        ),
        ("semget", "kernel.sem"),
        ("epoll_ctl", "fs.epoll.max_user_watches"),
        ("write /sys/fs/cgroup/a/cgroup.procs", "none"),
    ];
    for (operation, limit) in cases {
        for error in [
            "no space left on device",
            "No space left on device (os error 28)",
            "ENOSPC",
            "errno=28",
        ] {
            assert_eq!(
                first(&format!("failed: {operation}: {error}")),
                limit,
                "{operation}: {error}"
            );
        }
    }
}

#[test]
fn the_link_that_failed_counts_and_not_what_it_was_for() {
    let inner = "error mounting \"/a\" to rootfs: mkdir /var/lib/docker/a: no space left on device";
    assert_eq!(first(inner), "disk.space");
    let opened = "mounting \"/dev/null\" caused: open /dev/null: too many open files";
    assert_eq!(first(opened), "rlimit.nofile");
    let escaped =
        r#"caused \"rootfs_linux.go: mounting \\\"/a\\\" caused \\\"no space left on device\\\"\""#;
    assert_eq!(first(escaped), "fs.mount-max");
}

#[test]
fn emfile_and_enfile_are_kept_apart() {
    assert_eq!(first("accept: too many open files"), "rlimit.nofile");
    assert_eq!(
        first("accept: too many open files in system"),
        "fs.file-max"
    );
    assert_eq!(
        first("inotify_init: too many open files"),
        "fs.inotify.max_user_instances"
    );
}

#[test]
fn a_number_is_only_an_error_behind_a_word_for_it() {
    assert_eq!(first("fork: errno=110"), "unknown");
    assert_eq!(first("worker 11 of 28 started"), "unknown");
}

#[test]
fn what_decides_stands_alone_and_says_where_it_was_read() {
    let found = judge("cgroup: fork rejected by pids controller in /a", None);
    assert_eq!((found.len(), found[0].confidence), (1, Confidence::Certain));
    assert!(
        found[0].evidence[0].contains("fork rejected"),
        "{:?}",
        found[0].evidence
    );
}

#[test]
fn the_form_is_that_of_the_documents() {
    let found = serde_json::to_value(judge("fork: errno=11", None)).unwrap();
    assert_eq!(found[0]["confidence"], "likely");
    assert!(found[0]["fix"][0]["setting"].is_string(), "{found}");
    assert!(found[0].get("live").is_none());
}
