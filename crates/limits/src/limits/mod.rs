//! The table of limits. Its order decides between limits that break at the same node.

mod address_pools;
mod aio;
mod anonymous_devices;
mod bpf_jit;
mod bridge_ports;
mod cgroup_depth;
mod cgroup_descendants;
mod cgroup_dying;
mod cgroup_pids;
mod conntrack;
mod dbus_completed;
mod dbus_connections;
mod dbus_private;
mod default_tasks;
mod disk_inodes;
mod disk_space;
mod docker_ports;
mod docker_subnet;
mod epoll;
mod fanotify;
mod file_max;
mod go_threads;
mod inotify_instances;
mod inotify_watches;
mod keys;
mod keys_bytes;
mod local_ports;
mod locked_memory;
mod map_count;
mod memcg_ids;
mod memory;
mod memory_commit;
mod memory_shrinker;
mod message_queues;
mod mount_max;
mod namespaces;
mod neighbours;
mod netdev_backlog;
mod nr_open;
mod open_files;
mod pid_max;
mod pipe_pages;
mod processes_of_user;
mod processors;
mod pty;
mod published_ports;
mod run_tmpfs;
mod semaphores;
mod shared_segments;
mod signals;
mod somaxconn;
mod start_rate;
mod subordinate_ids;
mod systemd_mounts;
mod systemd_units;
mod tcp_mem;
mod tcp_orphans;
mod threads_max;
mod udp_mem;

use crate::Row;

pub(crate) use bridge_ports::PORTS_TO_PLAN;
pub(crate) use dbus_connections::UNIT as BUS_UNIT;
pub(crate) use memory::MEMORY;
pub(crate) use mount_max::MOUNTS;
pub(crate) use threads_max::LOADAVG;

/// The name of the limit that another shape of the workload gets around.
pub(crate) const BRIDGE_PORTS: &str = bridge_ports::ROW.limit.id;

/// Everything that is known to run out: what stops first, what degrades below.
pub const LIMITS: &[Row] = &[
    bridge_ports::ROW,
    docker_subnet::ROW,
    address_pools::ROW,
    cgroup_pids::ROW,
    cgroup_descendants::ROW,
    cgroup_depth::ROW,
    memcg_ids::ROW,
    threads_max::ROW,
    pid_max::ROW,
    keys::ROW,
    keys_bytes::ROW,
    namespaces::ROW,
    mount_max::ROW,
    anonymous_devices::ROW,
    open_files::ROW,
    go_threads::ROW,
    nr_open::ROW,
    epoll::ROW,
    pty::ROW,
    run_tmpfs::ROW,
    disk_space::ROW,
    disk_inodes::ROW,
    memory::ROW,
    memory_shrinker::ROW,
    memory_commit::ROW,
    systemd_units::ROW,
    default_tasks::ROW,
    dbus_private::ROW,
    start_rate::ROW,
    published_ports::ROW,
    docker_ports::ROW,
    subordinate_ids::ROW,
    processes_of_user::ROW,
    file_max::ROW,
    bpf_jit::ROW,
    inotify_instances::ROW,
    inotify_watches::ROW,
    fanotify::ROW,
    pipe_pages::ROW,
    neighbours::ROW,
    netdev_backlog::ROW,
    conntrack::ROW,
    local_ports::ROW,
    tcp_mem::ROW,
    udp_mem::ROW,
    tcp_orphans::ROW,
    somaxconn::ROW,
    dbus_connections::ROW,
    dbus_completed::ROW,
    systemd_mounts::ROW,
    processors::ROW,
    cgroup_dying::ROW,
    aio::ROW,
    semaphores::ROW,
    shared_segments::ROW,
    map_count::ROW,
    signals::ROW,
    locked_memory::ROW,
    message_queues::ROW,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask, nodes, stock};
    use model::{Effect, Fate};
    use std::collections::BTreeSet;
    use testkit::FakeHost;

    #[test]
    fn ids_are_unique_and_spelled_alike() {
        let ids: BTreeSet<&str> = LIMITS.iter().map(|row| row.limit.id).collect();
        assert_eq!(ids.len(), LIMITS.len());
        let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        for id in ids {
            let rest = |c: char| letter(c) || matches!(c, '.' | '_' | '-');
            assert!(id.starts_with(letter) && id.chars().all(rest), "{id}");
        }
    }

    #[test]
    fn every_row_is_whole() {
        for Row { limit, .. } in LIMITS {
            for text in [limit.bounds, limit.why, limit.source] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}", limit.id);
            }
        }
    }

    #[test]
    fn what_a_row_raises_is_what_its_page_says() {
        for row in LIMITS {
            for answer in ask(row, &stock(), &nodes(1_000_000)) {
                for raise in &answer.raise {
                    let setting = raise.setting.to_string();
                    assert!(
                        row.limit.raise.contains(&setting.as_str()),
                        "{}: {setting}",
                        row.limit.id
                    );
                }
            }
        }
    }

    /// What is known of a host that shows no file: a missing bridge will be empty.
    const KNOWN_OF_NOTHING: &[&str] = &["bridge.ports"];

    #[test]
    fn what_cannot_be_read_never_passes() {
        let mut passed = Vec::new();
        for row in LIMITS {
            let answers = ask(row, &FakeHost::new(), &nodes(600));
            assert!(!answers.is_empty(), "{}", row.limit.id);
            if answers.iter().any(|answer| answer.verdict == Fate::Fits) {
                passed.push(row.limit.id);
            }
        }
        assert_eq!(passed, KNOWN_OF_NOTHING);
    }

    #[test]
    fn a_stock_host_has_a_number_for_all_that_concerns_it() {
        let mut told = 0;
        for row in LIMITS {
            let answers = ask(row, &stock(), &nodes(600));
            let told_here = answers
                .iter()
                .any(|a| a.unlimited || (a.ceiling.is_some() && a.used.is_some()));
            told += u64::from(told_here);
            for answer in answers {
                assert_ne!(
                    answer.verdict,
                    Fate::Unknown,
                    "{}: {answer:?}",
                    row.limit.id
                );
                assert!(answer.effect == Effect::Stops || answer.stops_at.is_none());
            }
        }
        assert!(told >= 50, "{told}");
    }
}
