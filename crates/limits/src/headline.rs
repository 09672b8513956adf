//! The headline: the answer in one sentence.

use model::{Answer, Effect, Fate, LimitAnswer};

/// Says how many nodes start, who refuses the next one, and what is lost before that.
pub(crate) fn headline(answer: &Answer) -> String {
    match answer.verdict {
        Fate::Stops => stops(answer),
        Fate::Degrades => {
            starting(answer) + &degrading(answer) + &together(answer) + &beyond(answer)
        }
        Fate::Unknown => unknown(answer) + &together(answer),
        _ => starting(answer) + &together(answer) + &beyond(answer),
    }
}

fn stops(answer: &Answer) -> String {
    let fit = answer.nodes_fit.unwrap_or(0);
    let at_most = if answer.at_most { "at most " } else { "" };
    let latest = if answer.at_most { " at the latest" } else { "" };
    let who = blocker(answer).map_or_else(String::new, |row| format!(" by {}", at(row)));
    let nodes = answer.workload.nodes;
    let next = fit.saturating_add(1);
    format!("{at_most}{fit} of {nodes} nodes start; node {next} is refused{who}{latest}")
        + &degrading(answer)
        + &if of_starts(answer) {
            together(answer)
        } else {
            String::new()
        }
}

/// Whether fewer starts at once would save the node that is refused.
fn of_starts(answer: &Answer) -> bool {
    blocker(answer).is_some_and(|row| row.starts_fit.is_some())
}

/// The parallelism from which on the start path breaks.
fn together(answer: &Answer) -> String {
    let Some(batch) = &answer.batch else {
        return String::new();
    };
    let mut rows = answer.limits.iter();
    let Some(row) = rows.find(|row| row.name() == batch.by) else {
        return String::new();
    };
    let what = match batch.effect {
        Effect::Stops => "may refuse some",
        Effect::Degrades => "degrades",
    };
    format!(
        "; with more than {} starts at once {} {what}",
        batch.starts,
        at(row)
    )
}

fn starting(answer: &Answer) -> String {
    let nodes = answer.workload.nodes;
    format!("{nodes} of {nodes} nodes start")
}

/// The first limit that costs something else before any node is refused.
fn degrading(answer: &Answer) -> String {
    let worth_saying = |row: &&LimitAnswer| {
        let reached = row.whole_up_to() < answer.nodes_fit || answer.nodes_fit.is_none();
        row.verdict == Fate::Degrades && reached
    };
    match answer.limits.iter().find(worth_saying) {
        Some(row) => {
            let node = row.whole_up_to().unwrap_or(0).saturating_add(1);
            let latest = if row.degrades_at.is_none() {
                " at the latest"
            } else {
                ""
            };
            format!("; from node {node}{latest} {} degrades", row.id)
        }
        None => String::new(),
    }
}

/// The first limit that would break if more were asked for.
fn beyond(answer: &Answer) -> String {
    let next = |row: &&LimitAnswer| row.whole_up_to() >= Some(answer.workload.nodes);
    match answer.limits.iter().find(next) {
        Some(row) => {
            let node = row.whole_up_to().unwrap_or(0).saturating_add(1);
            format!("; the first limit beyond is {} at node {node}", at(row))
        }
        None => "; nothing that is known bounds more".to_owned(),
    }
}

fn unknown(answer: &Answer) -> String {
    let nodes = answer.workload.nodes;
    let mut unread = answer
        .limits
        .iter()
        .filter(|row| row.verdict == Fate::Unknown);
    let certain = !unread.clone().any(|row| row.effect == Effect::Stops);
    let opening = if certain {
        format!("{nodes} of {nodes} nodes start; whether something degrades cannot be told")
    } else {
        format!("whether {nodes} nodes start cannot be told")
    };
    let Some(first) = unread.next() else {
        return opening;
    };
    let why = first.note.as_deref().unwrap_or("not read");
    let more = match unread.count() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("{opening}: {}: {why}{more}", at(first))
}

fn blocker(answer: &Answer) -> Option<&LimitAnswer> {
    let refuses = |row: &&LimitAnswer| row.verdict == Fate::Stops;
    answer.limits.iter().find(refuses)
}

/// A row by its id and place, as it is said in a sentence.
fn at(row: &LimitAnswer) -> String {
    let word = match row.place.split_once(' ') {
        Some(("uid", _)) => "for",
        _ if row.place.starts_with('/') => "in",
        _ => "on",
    };
    format!("{} {word} {}", row.id, row.place)
}

#[cfg(test)]
mod tests {
    use crate::{conclude, judge};
    use model::{
        Amount, Bound, Ceiling, Charge, Cost, Effect, Limit, LimitAnswer, Unread, Used, Workload,
    };

    fn row(
        id: &'static str,
        place: &str,
        max: u64,
        effect: Effect,
        used: Option<u64>,
    ) -> LimitAnswer {
        let limit = Limit {
            id,
            bounds: "",
            defaults: &[],
            effect,
            why: "",
            raise: &[],
            source: "",
            signs: &[],
        };
        let cost = Cost::exact(Charge::each(Amount::whole(1)), "");
        let used = match used {
            Some(used) => Used::Known(Amount::whole(used)),
            None => Used::Unknown(Unread::because("/proc/1/fd needs root")),
        };
        let ceiling = Ceiling::new(place, cost)
            .effect(effect)
            .max(Bound::Finite(Amount::whole(max)), "")
            .used(used, "");
        judge(&limit, ceiling, &workload())
    }

    fn workload() -> Workload {
        Workload {
            nodes: 600,
            ..Workload::default()
        }
    }

    fn says(rows: Vec<LimitAnswer>) -> String {
        conclude(&workload(), rows).headline
    }

    fn ports(max: u64, used: Option<u64>) -> LimitAnswer {
        row("bridge.ports", "docker0", max, Effect::Stops, used)
    }

    fn inotify(max: u64, used: Option<u64>) -> LimitAnswer {
        row("inotify", "uid 0", max, Effect::Degrades, used)
    }

    #[test]
    fn a_refusal_names_the_node_the_limit_and_what_is_lost_before() {
        assert_eq!(
            says(vec![ports(1023, Some(0)), inotify(128, Some(23))]),
            "511 of 600 nodes start; node 512 is refused by bridge.ports on docker0; \
             from node 53 inotify degrades"
        );
        assert_eq!(
            says(vec![ports(1023, Some(1023)), inotify(128, Some(0))]),
            "0 of 600 nodes start; node 1 is refused by bridge.ports on docker0"
        );
        assert_eq!(
            says(vec![ports(1023, None), inotify(128, None)]),
            "at most 511 of 600 nodes start; node 512 is refused by bridge.ports on docker0 \
             at the latest; from node 65 at the latest inotify degrades"
        );
    }

    #[test]
    fn a_fit_names_what_comes_next() {
        assert_eq!(
            says(vec![ports(2000, Some(0)), inotify(9000, Some(0))]),
            "600 of 600 nodes start; the first limit beyond is bridge.ports on docker0 at node 1001"
        );
        assert_eq!(
            says(vec![ports(2000, Some(0)), inotify(128, Some(0))]),
            "600 of 600 nodes start; from node 65 inotify degrades; \
             the first limit beyond is bridge.ports on docker0 at node 1001"
        );
    }

    #[test]
    fn a_start_path_that_is_overrun_says_how_many_starts_it_takes() {
        let bus = |max| {
            let mut bus = row("start-rate", "system bus", max, Effect::Degrades, Some(0));
            bus.starts_fit = Some(max / 2);
            bus
        };
        assert_eq!(
            says(vec![ports(2000, Some(0)), bus(256)]),
            "600 of 600 nodes start; from node 129 start-rate degrades; \
             with more than 128 starts at once start-rate on system bus degrades; \
             the first limit beyond is bridge.ports on docker0 at node 1001"
        );
        let refused = says(vec![ports(1023, Some(0)), bus(256)]);
        assert!(
            refused.ends_with("from node 129 start-rate degrades"),
            "{refused}"
        );
    }

    #[test]
    fn what_cannot_be_told_says_what_was_not_read() {
        assert_eq!(
            says(vec![ports(2000, None), inotify(9000, None)]),
            "whether 600 nodes start cannot be told: bridge.ports on docker0: \
             /proc/1/fd needs root, and 1 more"
        );
        assert_eq!(
            says(vec![ports(2000, Some(0)), inotify(9000, None)]),
            "600 of 600 nodes start; whether something degrades cannot be told: \
             inotify for uid 0: /proc/1/fd needs root"
        );
    }
}
