//! One broadcast on a bridge goes into the backlog once for each port.

use super::Rule;
use super::fault::Fault;
use super::view::View;
use model::{Host, Quantity};

pub(super) const RULE: Rule = Rule {
    id: "backlog-bridge-ports",
    summary: "net.core.netdev_max_backlog is at least the number of ports of every bridge of the host",
    source: "net/core/dev.c enqueue_to_backlog, drivers/net/veth.c veth_forward_skb: a flooded frame is queued once a port on one processor before any is taken",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let backlog = view.side("sysctl", "net.core.netdev_max_backlog");
    let (Some(host), Some(Quantity::Finite(room))) = (view.live(), backlog.number()) else {
        return Vec::new();
    };
    let full = ports(host).into_iter().filter(|(_, ports)| *ports > room);
    full.map(|(bridge, ports)| {
        let message = format!(
            "{} is less than the {ports} ports of {bridge}: a broadcast does not reach all of them",
            backlog.told()
        );
        let help = format!("write at least {}, room for two broadcasts", 2 * ports);
        Fault::broken(&[&backlog], message).help(help)
    })
    .collect()
}

fn ports(host: &dyn Host) -> Vec<(String, i128)> {
    let links = host.list("/sys/class/net").unwrap_or_default();
    let of_bridge = |name: String| {
        let ports = host.list(&format!("/sys/class/net/{name}/brif")).ok()?;
        Some((name, i128::try_from(ports.len()).ok()?))
    };
    links.into_iter().filter_map(of_bridge).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn a_bridge_with_more_ports_than_room_is_named() {
        let host = FakeHost::new()
            .file("/proc/sys/net/core/netdev_max_backlog", "2\n")
            .file("/sys/class/net/docker0/brif/veth1", "")
            .file("/sys/class/net/docker0/brif/veth2", "")
            .file("/sys/class/net/docker0/brif/veth3", "");
        let said = told(
            RULE.id,
            Some(&host),
            &settings(&[("net.core.netdev_max_backlog", "2")]),
        );
        assert!(said[0].contains("the 3 ports of docker0"), "{said:?}");
        let enough = settings(&[("net.core.netdev_max_backlog", "3")]);
        assert_eq!(told(RULE.id, Some(&host), &enough), [""; 0]);
    }
}
