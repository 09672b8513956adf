//! A fleet, for people: a line a host, and what Swarm is told.

use super::answer::{headline_style, style};
use super::{Row, table};
use crate::commands::{Fleet, Seat};
use crate::ui::{STRONG, paint};
use model::{Fate, Workload};

/// The answer for people.
pub(crate) fn text(fleet: &Fleet, workload: &Workload, verdict: Fate) -> String {
    let head = ["", "HOST", "FIT", "NODES", "FIRST TO REFUSE", "DEGRADES"];
    let rows: Vec<Row> = fleet.hosts.iter().map(row).collect();
    let mut text = format!(
        "{}\n{workload}\n\n{}",
        paint(headline_style(verdict), headline(fleet)),
        table(&head, &rows)
    );
    for seat in fleet
        .hosts
        .iter()
        .filter(|seat| !seat.room.unknown.is_empty())
    {
        let unknown = seat.room.unknown.join(", ");
        text.push_str(&format!("\n{}: cannot be told: {unknown}\n", seat.host));
    }
    text.push_str(&swarm(fleet));
    for seat in &fleet.hosts {
        if let Some(supposed) = &seat.assumed {
            let (assumption, count) = (&supposed.assumption, supposed.derived.len());
            let host = &seat.host;
            text.push_str(&format!(
                "\nassumed of {host} {assumption}: {count} values were derived, not read\n"
            ));
        }
    }
    text
}

fn headline(fleet: &Fleet) -> String {
    let (placed, nodes, hosts) = (fleet.placed, fleet.nodes, fleet.hosts.len());
    let unknown = fleet
        .hosts
        .iter()
        .filter(|seat| seat.room.nodes_fit.is_none())
        .count();
    let mut text = format!("{placed} of {nodes} nodes have a place on {hosts} hosts");
    match fleet.left_over {
        // No host was asked about more than all nodes.
        0 => text += &format!("; they take {} more at least", fleet.spare),
        left => text += &format!("; {left} have none"),
    }
    match unknown {
        0 => {}
        1 => text += "; what 1 host takes cannot be told, and it is given none",
        count => {
            text += &format!("; what {count} hosts take cannot be told, and they are given none")
        }
    }
    text
}

fn row(seat: &Seat) -> Row {
    let room = &seat.room;
    let verdict = match (room.nodes_fit, seat.share.nodes) {
        (None, _) => Fate::Unknown,
        (Some(0), _) => Fate::Stops,
        _ => seat.share.verdict,
    };
    let fit = match (room.nodes_fit, room.nodes_at_most) {
        (Some(fit), _) => fit.to_string(),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "unknown".to_owned(),
    };
    let degrades = seat.share.degrades.as_ref();
    let degrades = degrades.map(|first| format!("{} from node {}", first.limit, first.node));
    Row {
        style: style(verdict),
        cells: vec![
            verdict.name().to_owned(),
            seat.host.clone(),
            fit,
            seat.share.nodes.to_string(),
            room.refused_by.clone().unwrap_or_else(|| "-".to_owned()),
            degrades.unwrap_or_else(|| "-".to_owned()),
        ],
    }
}

/// Labels and services, and what Swarm does on its own that the numbers do not know of.
fn swarm(fleet: &Fleet) -> String {
    let swarm = &fleet.swarm;
    if swarm.services.is_empty() {
        return String::new();
    }
    let lines =
        |lines: &str| -> String { lines.lines().map(|line| format!("  {line}\n")).collect() };
    format!(
        "\n{}\n{}\n{}\n{}  # the network of a stack itself is an overlay: 254 addresses for all hosts, unless \
         it says a larger subnet\n",
        paint(STRONG, "labels, on a manager of the swarm:"),
        lines(&swarm.labels.join("\n")),
        paint(STRONG, "the services, placed so:"),
        lines(&swarm.compose),
    )
}
