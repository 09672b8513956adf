//! Another shape of the workload, as a change of its Compose project.

use crate::limits::{BRIDGE_PORTS, PORTS_TO_PLAN};
use model::{Answer, Fate};
use std::fmt::Write;

/// More networks than this are shown by their first two.
const SHOWN: u64 = 8;

/// Services with a network each, where a bridge has too few ports for one.
pub(crate) fn compose(answer: &Answer) -> Option<String> {
    let mut rows = answer.limits.iter();
    let full = rows.find(|row| row.id == BRIDGE_PORTS && row.verdict == Fate::Stops)?;
    let parts = answer.workload.parts();
    let on_it = |part: &&model::Part| {
        let mut networks = part.networks().map(ToString::to_string);
        !part.beside && networks.any(|network| Some(network) == full.network)
    };
    let part = parts.iter().filter(on_it).max_by_key(|part| part.nodes)?;
    let bridges = full.need?.ceil().div_ceil(PORTS_TO_PLAN).max(2);
    let (name, nodes) = (&part.name, part.nodes);
    let shown = if bridges > SHOWN { 2 } else { bridges };
    let mut text = format!("# {nodes} of {name} over {bridges} networks\nservices:\n");
    for index in 1..=shown {
        let share = nodes / bridges + u64::from(index <= nodes % bridges);
        let like = match index {
            1 => format!("{name}-1: &{name}  # as {name} is now, but for\n"),
            _ => format!("{name}-{index}:\n    <<: *{name}\n"),
        };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "  {like}    scale: {share}\n    networks: [{name}-{index}]\n"
        );
    }
    if shown < bridges {
        let _ = writeln!(text, "  # and so on to {name}-{bridges}");
    }
    text.push_str("networks:\n");
    for index in 1..=shown {
        let _ = writeln!(text, "  {name}-{index}: {{}}");
    }
    if shown < bridges {
        let _ = writeln!(text, "  # and so on to {name}-{bridges}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use crate::preflight;
    use model::{Network, Workload};
    use testkit::FakeHost;

    fn change(nodes: u64) -> Option<String> {
        let workload = Workload {
            nodes,
            job_network: Network::Bridge,
            ..Workload::default()
        };
        preflight(&FakeHost::new(), &workload).compose
    }

    #[test]
    fn a_full_bridge_is_cut_into_networks_that_hold_the_nodes() {
        assert_eq!(
            change(601).unwrap(),
            "# 601 of host over 2 networks\n\
             services:\n\
             \x20 host-1: &host  # as host is now, but for\n\
             \x20   scale: 301\n\
             \x20   networks: [host-1]\n\
             \x20 host-2:\n\
             \x20   <<: *host\n\
             \x20   scale: 300\n\
             \x20   networks: [host-2]\n\
             networks:\n\
             \x20 host-1: {}\n\
             \x20 host-2: {}\n"
        );
        assert_eq!(change(500), None);
        let many = change(5_000).unwrap();
        assert!(many.contains("and so on to host-12"), "{many}");
        assert!(many.lines().count() < 20);
    }
}
