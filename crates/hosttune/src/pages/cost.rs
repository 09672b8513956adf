//! What containers take of a limit, in words.

use model::{Amount, Basis, Ceiling, Cost, Load, Term};

/// What each sort of thing is called.
const NAMES: &[(&str, &str)] = &[
    ("node", "a container"),
    ("job", "a job's container"),
    ("inner", "a container inside a DinD node"),
    ("dind", "the Docker of a DinD node on top"),
    ("in_flight", "a start on top, for its duration"),
    ("network", "a bridge network"),
    ("published", "a published port"),
    ("terminal", "a container with a terminal (-t)"),
    ("process", "a further process of a container"),
    ("file", "a file that a program holds open"),
    ("memory", "a MiB of the programs' own memory"),
    ("cpu", "a thousandth of a processor"),
    ("image", "a MiB of images inside a DinD node"),
];

/// One line for each way of costing, whatever the place.
pub(super) fn lines(ceilings: &[Ceiling]) -> Vec<String> {
    let mut lines = Vec::new();
    for ceiling in ceilings {
        let line = of(&ceiling.cost);
        if let Some(line) = line.filter(|line| !lines.contains(line)) {
            lines.push(line);
        }
    }
    lines
}

fn of(cost: &Cost) -> Option<String> {
    let terms = cost.charge.terms(&Load::default());
    let node = amount(&terms, "node");
    let takes = terms.iter().filter(|term| term.each != Amount::ZERO);
    // A job takes what a node's own container takes, unless it says otherwise.
    let takes = takes.filter(|term| !(matches!(term.name, "job" | "inner") && term.each == node));
    let mut said: Vec<String> = takes
        .map(|term| format!("{} {}", name(term.name), term.each))
        .collect();
    if cost.once != Amount::ZERO {
        said.push(format!("the first container for all {}", cost.once));
    }
    if cost.squared != Amount::ZERO {
        said.push(format!("each pair of containers {}", cost.squared));
    }
    let basis = match cost.basis {
        Basis::Catalog => "measured once",
        Basis::Calibrated => "measured here",
        Basis::Derived => "follows from a rule",
    };
    (!said.is_empty()).then(|| format!("{} ({basis}: {})", said.join(", "), cost.source))
}

fn amount(terms: &[Term], name: &str) -> Amount {
    let term = terms.iter().find(|term| term.name == name);
    term.map_or(Amount::ZERO, |term| term.each)
}

fn name(term: &'static str) -> &'static str {
    let row = NAMES.iter().find(|(name, _)| *name == term);
    row.map_or(term, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Charge;

    #[test]
    fn every_sort_of_thing_has_a_name() {
        for term in Charge::NOTHING.terms(&Load::default()) {
            assert!(
                NAMES.iter().any(|(name, _)| *name == term.name),
                "{}",
                term.name
            );
        }
    }

    #[test]
    fn what_is_the_same_for_all_is_said_once() {
        let mut charge = Charge::each(Amount::whole(2));
        charge.in_flight = Amount::whole(9);
        let ceiling = Ceiling::new("x", Cost::exact(charge, "counted"));
        assert_eq!(
            lines(&[ceiling.clone(), ceiling]),
            ["a container 2, a start on top, for its duration 9 (follows from a rule: counted)"]
        );
    }
}
