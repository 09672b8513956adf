//! Why: the arithmetic of one limit, and where each of its numbers comes from.

mod number;

pub use number::Number;

use model::{Amount, Answer, Basis, Effect, Here, LimitAnswer, Term, nearest};
use number::{count, number, read, sum};
use serde::Serialize;

/// The arithmetic of one limit at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The limit.
    pub id: &'static str,
    /// The place.
    pub place: String,
    /// What runs out there.
    pub bounds: &'static str,
    /// The numbers, in the order in which they are reckoned with.
    pub numbers: Vec<Number>,
    /// What they come to, in one sentence.
    pub conclusion: String,
}

/// Why a limit cannot be explained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WhyError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// Explains `ID` at every place, or `ID@PLACE`.
pub fn why(answer: &Answer, name: &str) -> Result<Vec<Why>, WhyError> {
    let (id, place) = match name.split_once('@') {
        Some((id, place)) => (id, Some(place)),
        None => (name, None),
    };
    let of_id: Vec<&LimitAnswer> = answer.limits.iter().filter(|row| row.id == id).collect();
    if of_id.is_empty() {
        let ids = || answer.limits.iter().map(|row| row.id);
        let help = match nearest(id, ids()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "`hosttune preflight -v` lists every limit".to_owned(),
        };
        let message = format!("no limit is called `{id}`");
        return Err(WhyError { message, help });
    }
    let here = |row: &&&LimitAnswer| place.is_none_or(|place| row.place == place);
    let asked: Vec<Why> = of_id
        .iter()
        .filter(here)
        .map(|row| explain(answer, row))
        .collect();
    if asked.is_empty() {
        let places: Vec<String> = of_id
            .iter()
            .map(|row| format!("`{}`", row.name()))
            .collect();
        return Err(WhyError {
            message: format!("{id} has no place `{}` here", place.unwrap_or_default()),
            help: format!("write {}", places.join(" or ")),
        });
    }
    Ok(asked)
}

fn explain(answer: &Answer, row: &LimitAnswer) -> Why {
    let workload = &answer.workload;
    let ceiling = match row.ceiling {
        Some(ceiling) => ceiling.to_string(),
        None if row.unlimited => "unlimited".to_owned(),
        None => "unknown".to_owned(),
    };
    let mut numbers = vec![read("ceiling", ceiling, &row.ceiling_source)];
    if !row.unlimited {
        let used = row
            .used
            .map_or_else(|| "unknown".to_owned(), |used| used.to_string());
        numbers.push(read("used", used, &row.used_source));
        if let (Some(ceiling), Some(used)) = (row.ceiling, row.used) {
            numbers.push(sum("room", ceiling.minus(used), "ceiling less used"));
        }
    }
    for term in &row.terms {
        numbers.push(count(term, workload));
        numbers.push(Number {
            what: format!("for each {}", term.name),
            value: term.each.to_string(),
            origin: origin(row, term),
            source: source(row, term),
        });
    }
    numbers.extend(row.cost.here.iter().filter_map(beside));
    if let Some(need) = row.need {
        let products: Vec<String> = row.terms.iter().map(product).collect();
        let how = match products.is_empty() {
            true => "nothing takes of it".to_owned(),
            false => products.join(" + "),
        };
        numbers.push(sum("need of all", need, how));
    }
    if let Some(edge) = &row.edge {
        let first = format!("need of {} nodes", edge.nodes);
        numbers.push(sum(first, edge.need, "the same sum for as many"));
        let next = format!("need of {}", edge.nodes.saturating_add(1));
        numbers.push(sum(next, edge.next, "and for one more"));
    }
    if let Some(starts) = row.starts_fit {
        let value = starts.to_string();
        let source = "room less all that runs, by the most that a start was seen to take";
        numbers.push(number("starts at once", value, "sum", source));
    }
    Why {
        id: row.id,
        place: row.place.clone(),
        bounds: row.bounds,
        numbers,
        conclusion: conclusion(row),
    }
}

/// What was measured here of an amount: what a container of the host's own takes, or what one of them takes
/// alone where nothing else counts.
fn measured<'a>(row: &'a LimitAnswer, term: &Term) -> Option<&'a Here> {
    let here = row.cost.here.as_ref()?;
    let charge = &row.cost.charge;
    let alone = charge.node == Amount::ZERO && charge.job == Amount::ZERO;
    let its = match term.name {
        "node" | "job" => true,
        name => name == "once" && alone,
    };
    (its && here.not_used.is_none()).then_some(here)
}

/// The sort of an amount; of a calibrated cost, what was not measured here is the catalog's.
fn origin(row: &LimitAnswer, term: &Term) -> &'static str {
    match row.basis {
        Basis::Calibrated if measured(row, term).is_none() => basis(Basis::Catalog),
        of_row => basis(of_row),
    }
}

/// Where an amount comes from; what was measured here says how it differs from the catalog.
fn source(row: &LimitAnswer, term: &Term) -> String {
    match measured(row, term) {
        Some(here) => format!(
            "{}; {} calibrated from {} containers: {} ({} to {}), the catalog has {}: {}",
            row.cost.source,
            here.what,
            here.containers,
            here.each,
            here.least,
            here.most,
            here.catalog,
            here.how
        ),
        None => row.cost.source.to_owned(),
    }
}

/// What was measured here and is not reckoned with.
fn beside(here: &Here) -> Option<Number> {
    let why = here.not_used?;
    let source = format!(
        "{} to {} over {} containers, the catalog has {}: {}; not reckoned with: {why}",
        here.least, here.most, here.containers, here.catalog, here.how
    );
    let what = format!("{} here", here.what);
    Some(number(what, here.each.to_string(), "calibrated", source))
}

fn conclusion(row: &LimitAnswer) -> String {
    let each = match row.places {
        1 => String::new(),
        places => format!(", the nodes spread over {places} such places"),
    };
    let note = row
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!(" ({note})"));
    let breaks = match row.effect {
        Effect::Stops => "is refused",
        Effect::Degrades => "degrades",
    };
    match (row.stops_at.or(row.degrades_at), row.nodes_at_most) {
        (Some(node), _) => format!("{} nodes fit{each}, node {node} {breaks}{note}", node - 1),
        (None, Some(most)) => format!("at most {most} nodes fit{each}{note}"),
        (None, None) => format!("{}{note}", row.verdict.name()),
    }
}

fn product(term: &Term) -> String {
    format!("{} {} x {}", term.count, term.name, term.each)
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Catalog => "catalog",
        Basis::Calibrated => "calibrated",
        Basis::Derived => "derived",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight;
    use model::Network;
    use model::Workload;
    use testkit::FakeHost;

    fn answer() -> Answer {
        let mut workload = Workload {
            job_network: Network::Bridge,
            ..Workload::default()
        };
        workload.set("nodes", "600").unwrap();
        workload
            .origins
            .insert("nodes".to_owned(), "--nodes".to_owned());
        let host = FakeHost::new().directory("/sys/class/net/docker0/brif");
        preflight(&host, &workload)
    }

    #[test]
    fn every_number_says_where_it_comes_from() {
        let why = why(&answer(), "bridge.ports@docker0").unwrap().remove(0);
        let short: Vec<String> = why
            .numbers
            .iter()
            .map(|n| format!("{}={} {}: {}", n.what, n.value, n.origin, n.source))
            .collect();
        assert_eq!(
            short,
            [
                "ceiling=1023 constant: constant of the kernel",
                "used=0 file: /sys/class/net/docker0/brif",
                "room=1023 sum: ceiling less used",
                "count of node=600 option: --nodes",
                "for each node=1 derived: one veth a container and bridge",
                "count of job=600 option: --nodes, jobs-per-node by default",
                "for each job=1 derived: one veth a container and bridge",
                "need of all=1200 sum: 600 node x 1 + 600 job x 1",
                "need of 511 nodes=1022 sum: the same sum for as many",
                "need of 512=1024 sum: and for one more",
            ]
        );
        assert_eq!(why.conclusion, "511 nodes fit, node 512 is refused");
    }

    #[test]
    fn a_name_that_is_not_there_is_answered_with_one_that_is() {
        let help = |name: &str| why(&answer(), name).unwrap_err().help;
        assert_eq!(help("bridge.port"), "did you mean `bridge.ports`?");
        assert_eq!(help("bridge.ports@br0"), "write `bridge.ports@docker0`");
        assert!(help("nothing.like.it").contains("-v"));
        assert_eq!(why(&answer(), "docker.start-rate").unwrap().len(), 1);
    }

    #[test]
    fn nothing_of_a_row_without_numbers_is_made_up() {
        let why = why(&answer(), "cgroup.pids.max").unwrap().remove(0);
        assert_eq!(why.numbers[0].value, "unknown");
        assert!(why.conclusion.starts_with("unknown"), "{}", why.conclusion);
    }
}
