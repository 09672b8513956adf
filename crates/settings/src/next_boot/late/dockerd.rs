//! dockerd: forwarding, keys of its bridges, and the neighbour table of overlay networks.

use super::{Effect, LateWriter, NextBoot, Write};
use crate::kinds::glob::matches;
use model::Image;

pub(super) const WRITER: LateWriter = LateWriter {
    name: "dockerd",
    says: "forwarding and bridge-nf-call of its bridges, and on a node of a swarm the neighbour table, \
           which it only raises (libnetwork/drivers/bridge: setup_ip_forwarding.go, \
           setup_bridgenetfiltering.go; drivers/overlay/ostweaks_linux.go)",
    writes,
};

/// Where a node of a swarm keeps what it is.
const SWARM: &str = "/var/lib/docker/swarm/docker-state.json";

/// What overlay networks raise, and to what.
const RAISED: [(&str, &str); 3] = [
    ("net/ipv4/neigh/default/gc_thresh1", "8192"),
    ("net/ipv4/neigh/default/gc_thresh2", "49152"),
    ("net/ipv4/neigh/default/gc_thresh3", "65536"),
];

/// What it may write, by its options and networks.
const MAY: [&str; 7] = [
    "net/bridge/bridge-nf-call-iptables",
    "net/bridge/bridge-nf-call-ip6tables",
    "net/ipv4/conf/docker0/route_localnet",
    "net/ipv4/conf/br-*/route_localnet",
    "net/ipv4/conf/*/forwarding",
    "net/ipv6/conf/*/forwarding",
    "net/ipv6/conf/docker0/*",
];

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let host = boot.host();
    let raised = RAISED.iter().find(|(of, _)| *of == key);
    let may = MAY.iter().any(|pattern| matches(pattern, key));
    if (raised.is_none() && !may) || !boot.starts("docker.service") {
        return Vec::new();
    }
    let write = |effect, place: &str| vec![Write::new(WRITER.name, key, effect, place)];
    match raised {
        Some((_, value)) if !matches!(host.image(SWARM), Ok(Image::Absent) | Err(_)) => {
            write(Effect::Raise((*value).to_owned()), SWARM)
        }
        Some(_) => Vec::new(),
        None => write(Effect::May, "docker.service"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;

    #[test]
    fn the_neighbour_table_is_raised_on_a_swarm_only() {
        let host = starting("docker.service");
        let key = "net/ipv4/neigh/default/gc_thresh1";
        assert_eq!(told(&WRITER, &host, key), [""; 0]);
        let host = host.file(SWARM, "{}");
        assert!(told(&WRITER, &host, key)[0].starts_with("Raise(\"8192\")"));
        assert_eq!(told(&WRITER, &host, "vm/swappiness"), [""; 0]);
    }
}
