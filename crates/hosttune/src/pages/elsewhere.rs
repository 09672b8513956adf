//! What other tools and systems set, with the file that says so.

/// A system with the file, and its keys with their values.
struct Of {
    who: &'static str,
    source: &'static str,
    sets: &'static [(&'static str, &'static str)],
}

/// Read in the sources of each in 2026.
const OTHERS: &[Of] = &[
    Of {
        who: "optimize-for-containers.sh (40 cores, 251 GB)",
        source: "the script itself; profiles/optimize-for-containers.ini translates it",
        sets: &[
            ("sysctl:fs.file-max", "2621440"),
            ("sysctl:fs.nr_open", "2621440"),
            ("sysctl:net.netfilter.nf_conntrack_max", "3145728"),
            ("sysctl:net.core.somaxconn", "81920"),
            ("sysctl:net.core.netdev_max_backlog", "375000"),
            ("sysctl:net.ipv4.tcp_max_syn_backlog", "81920"),
            ("sysctl:net.ipv4.ip_local_port_range", "1024 65535"),
            ("sysctl:net.ipv4.tcp_mem", "1048576 1572864 2097152"),
            ("sysctl:net.ipv4.udp_mem", "131072 262144 524288"),
            ("sysctl:net.core.rmem_max", "268435456"),
            ("sysctl:net.ipv4.neigh.default.gc_thresh3", "131072"),
            ("sysctl:vm.overcommit_memory", "1"),
            ("sysctl:vm.max_map_count", "1048576"),
            (
                "docker:default-address-pools",
                "172.20.0.0/16 in networks of /20: 16, fewer than the 31 built in",
            ),
            ("docker:default-ulimits.nofile", "1048576"),
            ("ulimit:*/nofile", "1048576"),
        ],
    },
    Of {
        who: "TuneD, profile openshift",
        source: "profiles/openshift/tuned.conf",
        sets: &[
            ("sysctl:kernel.pid_max", "at least 4194304"),
            ("sysctl:net.netfilter.nf_conntrack_max", "1048576"),
            ("sysctl:net.ipv4.neigh.default.gc_thresh3", "65536"),
            ("sysctl:net.ipv6.neigh.default.gc_thresh3", "65536"),
            ("sysctl:vm.max_map_count", "262144"),
        ],
    },
    Of {
        who: "saptune, SAP notes 2382421 and 1980196",
        source: "ospackage/usr/share/saptune/notes",
        sets: &[
            ("sysctl:net.core.somaxconn", "4096"),
            ("sysctl:net.ipv4.tcp_max_syn_backlog", "8192"),
            ("sysctl:vm.max_map_count", "2147483647"),
        ],
    },
    Of {
        who: "Incus, server settings for production",
        source: "doc/reference/server_settings.md",
        sets: &[
            ("sysctl:fs.aio-max-nr", "524288"),
            ("sysctl:fs.inotify.max_user_instances", "1048576"),
            ("sysctl:fs.inotify.max_user_watches", "1048576"),
            ("sysctl:kernel.keys.maxkeys", "2000"),
            ("sysctl:kernel.keys.maxbytes", "2000000"),
            ("sysctl:net.core.bpf_jit_limit", "1000000000"),
            ("sysctl:net.ipv4.neigh.default.gc_thresh3", "8192"),
            ("sysctl:net.ipv6.neigh.default.gc_thresh3", "8192"),
            ("sysctl:vm.max_map_count", "262144"),
            ("ulimit:*/nofile", "1048576"),
        ],
    },
    Of {
        who: "Bottlerocket",
        source: "packages/release/release-sysctl.conf",
        sets: &[
            ("sysctl:fs.inotify.max_user_instances", "8192"),
            ("sysctl:fs.inotify.max_user_watches", "524288"),
            ("sysctl:net.netfilter.nf_conntrack_max", "1048576"),
            ("sysctl:net.ipv4.ip_local_port_range", "32768 60999"),
            ("sysctl:net.ipv4.neigh.default.gc_thresh3", "16384"),
            ("sysctl:net.ipv6.neigh.default.gc_thresh3", "16384"),
            ("sysctl:vm.max_map_count", "1048576"),
        ],
    },
    Of {
        who: "kind, known issues",
        source: "kind.sigs.k8s.io/docs/user/known-issues",
        sets: &[
            ("sysctl:fs.inotify.max_user_instances", "512"),
            ("sysctl:fs.inotify.max_user_watches", "524288"),
        ],
    },
];

/// What they set of these keys.
pub(super) fn lines(keys: &[&str]) -> Vec<String> {
    let all = OTHERS
        .iter()
        .flat_map(|of| of.sets.iter().map(move |set| (of, set)));
    let asked = all.filter(|(_, (key, _))| keys.contains(key));
    asked
        .map(|(of, (key, value))| format!("{}: `{key}` {value} ({})", of.who, of.source))
        .collect()
}

/// Every key that one of them sets.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    OTHERS
        .iter()
        .flat_map(|of| of.sets.iter().map(|(key, _)| *key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::limit::key;

    #[test]
    fn every_key_is_one_that_a_profile_could_set() {
        for spelled in keys() {
            assert!(key(spelled).is_some(), "{spelled}");
        }
        for of in OTHERS {
            assert!(!of.source.is_empty() && !of.sets.is_empty(), "{}", of.who);
        }
    }
}
