//! kubelet and CNI: keys that Kubernetes sets for itself.

use super::{Effect, LateWriter, NextBoot, Write};
use crate::kinds::glob::matches;

pub(super) const WRITER: LateWriter = LateWriter {
    name: "kubelet",
    says: "six keys, unless protectKernelDefaults is on; kube-proxy and CNI plug-ins, which run in \
           containers, may write those of connection tracking and of interfaces \
           (pkg/kubelet/cm/container_manager_linux.go, `setupKernelTunables`; pkg/util/sysctl)",
    writes,
};

const CONFIG: &str = "/var/lib/kubelet/config.yaml";

const SET: [(&str, &str); 6] = [
    ("vm/overcommit_memory", "1"),
    ("vm/panic_on_oom", "0"),
    ("kernel/panic", "10"),
    ("kernel/panic_on_oops", "1"),
    ("kernel/keys/root_maxkeys", "1000000"),
    ("kernel/keys/root_maxbytes", "25000000"),
];

const MAY: [&str; 5] = [
    "net/netfilter/nf_conntrack_max",
    "net/nf_conntrack_max",
    "net/netfilter/nf_conntrack_tcp_timeout_*",
    "net/ipv4/conf/*/rp_filter",
    "net/ipv4/conf/*/route_localnet",
];

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let host = boot.host();
    let set = SET.iter().find(|(of, _)| *of == key);
    let may = MAY.iter().any(|pattern| matches(pattern, key));
    if (set.is_none() && !may) || !boot.starts("kubelet.service") {
        return Vec::new();
    }
    let write = |effect, place: &str| vec![Write::new(WRITER.name, key, effect, place)];
    let protects = |text: String| {
        let mut lines = text.lines().map(|line| line.replace(' ', ""));
        lines.any(|line| line == "protectKernelDefaults:true")
    };
    match (set, host.read_text(CONFIG)) {
        (Some(_), Ok(text)) if protects(text.clone()) => Vec::new(),
        (Some((_, value)), Ok(_)) => write(Effect::Set((*value).to_owned()), CONFIG),
        // A flag of its unit, or a file that nobody else may read, can say the same.
        (Some(_), Err(_)) => write(Effect::May, "kubelet.service"),
        (None, _) => write(Effect::May, "kubelet.service"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;

    #[test]
    fn it_sets_its_keys_unless_it_protects_the_kernels() {
        let host = starting("kubelet.service").file(CONFIG, "kind: KubeletConfiguration\n");
        let key = "kernel/keys/root_maxkeys";
        assert_eq!(
            told(&WRITER, &host, key),
            [format!("Set(\"1000000\") {CONFIG}")]
        );
        let host = host.file(CONFIG, "protectKernelDefaults: true\n");
        assert_eq!(told(&WRITER, &host, key), [""; 0]);
    }
}
