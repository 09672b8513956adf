//! The kernel's defaults that follow from the size of a machine: one row a file, with its rule.

use super::Change;
use super::derived::Follows;
use super::machine::Machine;

/// A default and its rule.
struct Row {
    /// The files, below `/proc/sys/`.
    files: &'static [&'static str],
    /// The rule in words.
    rule: &'static str,
    /// Where it is written.
    source: &'static str,
    /// What the rule gives, before its bounds; as many numbers as the file has.
    of: fn(&Machine) -> Vec<u64>,
    /// The least and the most that the kernel takes.
    bounds: (u64, u64),
    /// How far the host's own value may be from the rule, in hundredths: the kernel reckons with the
    /// memory that was free at that moment of the boot, and with sizes of its own structures.
    within: u64,
}

const PAGE: u64 = 4096;
const ANY: (u64, u64) = (0, u64::MAX);

const ROWS: &[Row] = &[
    Row {
        files: &["kernel/pid_max"],
        rule: "1024 x CPUs, at least 32768",
        source: "kernel/pid.c pid_idr_init",
        of: |machine| vec![machine.cpus * 1024],
        bounds: (32_768, 4_194_304),
        within: 0,
    },
    Row {
        files: &["kernel/threads-max"],
        rule: "memory / 128 KiB",
        source: "kernel/fork.c set_max_threads, with stacks of 16 KiB",
        of: |machine| vec![threads(machine)],
        bounds: (20, 0x3fff_ffff),
        within: 10,
    },
    Row {
        files: &[
            "user/max_cgroup_namespaces",
            "user/max_ipc_namespaces",
            "user/max_mnt_namespaces",
            "user/max_net_namespaces",
            "user/max_pid_namespaces",
            "user/max_time_namespaces",
            "user/max_user_namespaces",
            "user/max_uts_namespaces",
        ],
        rule: "half of the default of kernel.threads-max",
        source: "kernel/fork.c fork_init",
        of: |machine| vec![threads(machine) / 2],
        bounds: (0, 0x7fff_ffff),
        within: 10,
    },
    Row {
        files: &["fs/file-max"],
        rule: "a tenth of the memory in KiB, at least 8192",
        source: "fs/file_table.c files_maxfiles_init",
        of: |machine| vec![machine.memory / 1024 / 10],
        bounds: (8192, u64::MAX),
        within: 15,
    },
    Row {
        files: &["fs/inotify/max_user_watches", "user/max_inotify_watches"],
        rule: "1 % of the memory, each watch taken as it is on this host, 8192 to 1048576",
        source: "fs/notify/inotify/inotify_user.c inotify_user_setup, since 5.11",
        of: |machine| vec![machine.memory / 100 / 1312],
        bounds: (8192, 1_048_576),
        within: 25,
    },
    Row {
        files: &["fs/epoll/max_user_watches"],
        rule: "4 % of the memory, each watch taken as it is on this host",
        source: "fs/eventpoll.c eventpoll_init",
        of: |machine| vec![machine.memory / 25 / 184],
        bounds: ANY,
        within: 25,
    },
    Row {
        files: &["net/ipv4/tcp_mem"],
        rule: "3/64, 1/16 and 6/64 of the pages of memory",
        source: "net/ipv4/tcp.c tcp_init_mem",
        of: |machine| thirds(machine.memory / PAGE / 16),
        bounds: (128 / 4 * 3, u64::MAX),
        within: 15,
    },
    Row {
        files: &["net/ipv4/udp_mem"],
        rule: "3/32, 1/8 and 6/32 of the pages of memory",
        source: "net/ipv4/udp.c udp_init",
        of: |machine| thirds(machine.memory / PAGE / 8),
        bounds: (128 / 4 * 3, u64::MAX),
        within: 15,
    },
    Row {
        files: &["net/ipv4/tcp_max_orphans", "net/ipv4/tcp_max_tw_buckets"],
        rule: "half of the slots of established connections: one for 128 KiB of memory, rounded up \
               to a power of two, 524288 at most",
        source: "net/ipv4/tcp.c tcp_init",
        of: |machine| vec![(machine.memory >> 17).next_power_of_two() / 2],
        bounds: (0, 262_144),
        within: 0,
    },
    Row {
        files: &[
            "net/netfilter/nf_conntrack_buckets",
            "net/netfilter/nf_conntrack_max",
            "net/nf_conntrack_max",
        ],
        rule: "262144 above 4 GiB of memory, 65536 above 1 GiB, else one for 128 KiB",
        source: "net/netfilter/nf_conntrack_core.c nf_conntrack_init_start, since 5.15",
        of: |machine| {
            vec![match machine.memory {
                memory if memory > 4 << 30 => 262_144,
                memory if memory > 1 << 30 => 65_536,
                memory => memory / (16_384 * 8),
            }]
        },
        bounds: (1024, u64::MAX),
        within: 0,
    },
];

/// What fits the memory, with a stack of 16 KiB an eighth of which all stacks together may take.
pub(super) fn threads(machine: &Machine) -> u64 {
    machine.memory / (128 << 10)
}

fn thirds(limit: u64) -> Vec<u64> {
    vec![limit / 4 * 3, limit, limit / 4 * 6]
}

/// The file's numbers as they would be, if they are the kernel's own now.
pub(super) fn file(change: &Change, path: &str, text: &str) -> Option<Follows> {
    let name = path.strip_prefix("/proc/sys/")?;
    let row = ROWS.iter().find(|row| row.files.contains(&name))?;
    let numbers: Option<Vec<u64>> = text.split_whitespace().map(|n| n.parse().ok()).collect();
    let (numbers, is, assumed) = (numbers?, (row.of)(&change.is), (row.of)(&change.assumed));
    if numbers.len() != is.len() || is == assumed {
        return None;
    }
    let moved = numbers.iter().zip(is.iter().zip(&assumed));
    let moved: Option<Vec<String>> = moved
        .map(|(number, (is, assumed))| {
            scaled(*number, *is, *assumed, row.bounds, row.within).map(|n| n.to_string())
        })
        .collect();
    let moved = moved?.join("\t") + "\n";
    (moved.trim() != text.trim()).then_some(Follows {
        text: moved,
        rule: row.rule,
        source: row.source,
    })
}

/// `value`, which a rule gave as `is`, where the rule gives `assumed`; none where `value` is further
/// from the rule than it can be.
pub(super) fn scaled(
    value: u64,
    is: u64,
    assumed: u64,
    (least, most): (u64, u64),
    within: u64,
) -> Option<u64> {
    let bounded = is.clamp(least, most);
    let away = u128::from(value.abs_diff(bounded)) * 100;
    if away > u128::from(bounded) * u128::from(within) {
        return None;
    }
    // What a bound has cut off tells nothing of how near the rule is.
    let by_rule = match value == least || value == most || is == 0 {
        true => u128::from(assumed),
        false => u128::from(value) * u128::from(assumed) / u128::from(is),
    };
    Some(
        u64::try_from(by_rule)
            .unwrap_or(u64::MAX)
            .clamp(least, most),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn machine(cpus: u64, memory: u64) -> Machine {
        Machine {
            cpus,
            memory,
            kernel: None,
            numa: None,
        }
    }

    fn follows(name: &str, text: &str) -> Option<String> {
        let change = Change {
            is: machine(2, 2_030_000 << 10),
            assumed: machine(40, 251 << 30),
        };
        let found = file(&change, &format!("/proc/sys/{name}"), text)?;
        Some(found.text.trim().to_owned())
    }

    #[test]
    fn defaults_grow_and_what_was_set_stays() {
        let cases = [
            ("kernel/pid_max", "32768", Some("40960")),
            ("kernel/pid_max", "4194304", None),
            ("fs/file-max", "9223372036854775807", None),
            ("fs/file-max", "200000", Some("25930302")),
            ("kernel/threads-max", "100000", None),
            ("net/ipv4/tcp_max_orphans", "8192", Some("262144")),
            ("net/netfilter/nf_conntrack_max", "65536", Some("262144")),
            ("net/netfilter/nf_conntrack_max", "65537", None),
            ("fs/inotify/max_user_watches", "14500", Some("1048576")),
            ("fs/inotify/max_user_watches", "524288", None),
            ("fs/inotify/max_user_instances", "128", None),
            ("net/ipv4/tcp_mem", "1\t2\t3", None),
            ("net/ipv4/tcp_mem", "22000 29000", None),
            ("kernel/pid_max", "many", None),
        ];
        for (name, text, wanted) in cases {
            assert_eq!(follows(name, text).as_deref(), wanted, "{name} {text}");
        }
        let tcp = follows("net/ipv4/tcp_mem", "22758\t30347\t45516").unwrap();
        let numbers: Vec<u64> = tcp.split_whitespace().map(|n| n.parse().unwrap()).collect();
        // About 3.1, 4.1 and 6.2 million pages, as a host of 251 GB shows them.
        assert!((2_900_000..3_300_000).contains(&numbers[0]), "{numbers:?}");
        assert!((3_900_000..4_300_000).contains(&numbers[1]), "{numbers:?}");
        let threads: u64 = follows("kernel/threads-max", "15646")
            .unwrap()
            .parse()
            .unwrap();
        assert!((1_950_000..2_100_000).contains(&threads), "{threads}");
    }

    #[test]
    fn a_bound_of_one_host_is_none_of_another() {
        // A large host's cut-off value, on a small one.
        assert_eq!(
            scaled(1_048_576, 2_000_000, 20_000, (8192, 1_048_576), 25),
            Some(20_000)
        );
        assert_eq!(
            scaled(8192, 4000, 20_000, (8192, 1_048_576), 25),
            Some(20_000)
        );
        assert_eq!(scaled(110, 100, 1000, ANY, 10), Some(1100));
        assert_eq!(scaled(111, 100, 1000, ANY, 10), None);
    }

    #[test]
    fn each_file_has_one_rule_and_a_source() {
        let mut files = BTreeSet::new();
        for row in ROWS {
            assert!(row.source.contains(".c ") && !row.rule.is_empty());
            assert!(row.files.iter().all(|file| files.insert(*file)));
        }
    }
}
