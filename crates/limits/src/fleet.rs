//! A fleet: how many nodes of one workload each of several hosts takes, and how many each is given.

use crate::preflight::{Readings, pace};
use model::{Answer, Effect, Fate, Host, LimitAnswer, Unread, Workload};
use serde::Serialize;

/// How many nodes a host takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Room {
    /// So many start for certain; none where that cannot be told.
    pub nodes_fit: Option<u64>,
    /// More than that do not, where it cannot be told how many do; none where nothing known bounds them.
    pub nodes_at_most: Option<u64>,
    /// Who refuses the next one.
    pub refused_by: Option<String>,
    /// Limits that could not be told.
    pub unknown: Vec<String>,
}

/// What a host is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Nodes.
    pub nodes: u64,
    /// What that many come to there.
    #[serde(serialize_with = "name")]
    pub verdict: Fate,
    /// The limit that degrades first with them.
    pub degrades: Option<Degrades>,
}

/// A limit that degrades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Degrades {
    /// Its name with its place.
    pub limit: String,
    /// From which node on.
    pub node: u64,
}

fn name<S: serde::Serializer>(fate: &Fate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(fate.name())
}

/// Whether a workload consists of one sort of node, which hosts can share among themselves.
pub fn can_be_shared(workload: &Workload) -> bool {
    let parts = workload.parts();
    parts.iter().filter(|part| !part.beside).count() == 1
}

/// The same workload with so many nodes.
fn of(workload: &Workload, nodes: u64) -> Workload {
    let mut sized = workload.clone();
    sized.nodes = nodes;
    for (_, count) in &mut sized.mix {
        *count = nodes;
    }
    for part in sized.services.iter_mut().filter(|part| !part.beside) {
        part.nodes = nodes;
    }
    sized
}

/// A host that may be given nodes.
pub struct Member<'a> {
    host: &'a dyn Host,
    pace: Result<u64, Unread>,
}

impl<'a> Member<'a> {
    /// The host, before anything else is asked of it.
    pub fn new(host: &'a dyn Host) -> Self {
        let pace = pace(host);
        Self { host, pace }
    }

    fn ask(&self, workload: &Workload, nodes: u64) -> Answer {
        Readings::take_at(self.host, &of(workload, nodes), self.pace.clone()).answer()
    }

    /// How many nodes it takes, of as many as there are. It is asked again about as many as it said would
    /// start, since what a start costs can depend on how many there are.
    pub fn room(&self, workload: &Workload) -> Room {
        let mut nodes = workload.nodes;
        let mut refused_by = None;
        while nodes > 0 {
            let answer = self.ask(workload, nodes);
            let stopping = || {
                answer
                    .limits
                    .iter()
                    .filter(|row| row.effect == Effect::Stops)
            };
            let open: Vec<&LimitAnswer> = stopping()
                .filter(|row| row.verdict == Fate::Unknown)
                .collect();
            let fewer = match stopping().find(|row| row.verdict == Fate::Stops) {
                Some(row) => Some((row, row.whole_up_to().unwrap_or(0))),
                None => sure(&open),
            };
            match fewer {
                Some((row, fewer)) => {
                    refused_by = Some(row.name());
                    nodes = fewer.min(nodes - 1);
                }
                None if open.is_empty() => break,
                None => {
                    return Room {
                        nodes_fit: None,
                        nodes_at_most: answer.nodes_fit.filter(|fit| *fit < nodes).or_else(
                            // What refused more than these before still does.
                            || refused_by.is_some().then_some(nodes),
                        ),
                        refused_by,
                        unknown: open.iter().map(|row| row.name()).collect(),
                    };
                }
            }
        }
        Room {
            nodes_fit: Some(nodes),
            nodes_at_most: None,
            refused_by,
            unknown: Vec::new(),
        }
    }

    /// What it says of its share.
    pub fn share(&self, workload: &Workload, nodes: u64) -> Share {
        if nodes == 0 {
            return Share {
                nodes,
                verdict: Fate::Fits,
                degrades: None,
            };
        }
        let answer = self.ask(workload, nodes);
        let mut rows = answer.limits.iter();
        let first = rows.find(|row| row.verdict == Fate::Degrades);
        Share {
            nodes,
            verdict: answer.verdict,
            degrades: first.map(|row| Degrades {
                limit: row.name(),
                node: row.whole_up_to().unwrap_or(0).saturating_add(1),
            }),
        }
    }
}

/// Where only the spread of costs leaves it open, the number that starts even at the highest.
fn sure<'a>(open: &[&'a LimitAnswer]) -> Option<(&'a LimitAnswer, u64)> {
    let certain = |row: &&'a LimitAnswer| Some((*row, row.nodes_sure?));
    let all: Option<Vec<_>> = open.iter().map(certain).collect();
    all?.into_iter().min_by_key(|(_, nodes)| *nodes)
}

/// The nodes for each of several hosts: what each takes where there are more than they take together, else
/// of all the same part of what it takes.
pub fn shares(nodes: u64, fits: &[u64]) -> Vec<u64> {
    let all: u128 = fits.iter().map(|fit| u128::from(*fit)).sum();
    if all <= u128::from(nodes) {
        return fits.to_vec();
    }
    let part = |fit: u64| u128::from(nodes) * u128::from(fit);
    let mut given: Vec<u64> = fits
        .iter()
        .map(|fit| u64::try_from(part(*fit) / all).unwrap_or(*fit))
        .collect();
    // What rounding left goes to those that it took most from, the first of equals first.
    let mut order: Vec<usize> = (0..fits.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(part(fits[*at]) % all));
    let rest = nodes.saturating_sub(given.iter().sum());
    for at in order
        .into_iter()
        .cycle()
        .take(usize::try_from(rest).unwrap_or(0))
    {
        given[at] += 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::stock;
    use model::{Network, NodeKind};
    use proptest::prelude::*;

    fn workload(nodes: u64) -> Workload {
        Workload {
            nodes,
            job_network: Network::Bridge,
            ..Workload::default()
        }
    }

    #[test]
    fn a_host_takes_what_preflight_says_and_names_who_refuses_more() {
        let host = stock();
        let member = Member::new(&host);
        let room = member.room(&workload(2000));
        let fit = room.nodes_fit.unwrap();
        assert!(room.refused_by.is_some());
        // So many start for certain, and of one more that cannot be said.
        let stops = |nodes: u64| {
            let answer = member.ask(&workload(nodes), nodes);
            let mut rows = answer.limits.into_iter();
            rows.any(|row| row.effect == Effect::Stops && row.verdict >= Fate::Unknown)
        };
        assert_eq!((stops(fit), stops(fit + 1)), (false, true));
        let all = member.room(&workload(20));
        assert_eq!((all.nodes_fit, all.refused_by), (Some(20), None));
    }

    #[test]
    fn what_was_not_read_makes_a_host_unknown_and_at_most_so_large() {
        let host = stock().denied("/proc/meminfo");
        let found = Member::new(&host).room(&workload(2000));
        assert_eq!(
            (found.nodes_fit, found.nodes_at_most.is_some()),
            (None, true)
        );
        assert!(
            found.unknown.contains(&"memory@host".to_owned()),
            "{found:?}"
        );
    }

    #[test]
    fn a_share_says_what_degrades() {
        let host = stock();
        let share = Member::new(&host).share(&workload(2000), 100);
        assert_eq!(share.verdict, Fate::Degrades);
        let first = share.degrades.unwrap();
        assert_eq!(first.limit, "fs.inotify.max_user_instances@uid 0");
    }

    #[test]
    fn only_one_sort_of_node_can_be_shared() {
        assert!(can_be_shared(&workload(5)));
        let mix = vec![(NodeKind::Host, 3), (NodeKind::Dind, 2)];
        assert!(!can_be_shared(&Workload { mix, ..workload(5) }));
    }

    #[test]
    fn hosts_are_filled_evenly() {
        assert_eq!(shares(100, &[511, 511, 102]), [46, 45, 9]);
        assert_eq!(shares(2000, &[511, 0, 148]), [511, 0, 148]);
        assert_eq!(shares(5, &[]), [0; 0]);
    }

    proptest! {
        #[test]
        fn no_host_is_given_more_than_it_takes_and_none_is_lost(
            fits in proptest::collection::vec(0u64..5_000, 1..12),
            nodes in 0u64..20_000,
        ) {
            let given = shares(nodes, &fits);
            prop_assert!(given.iter().zip(&fits).all(|(given, fit)| given <= fit));
            prop_assert_eq!(given.iter().sum::<u64>(), nodes.min(fits.iter().sum()));
        }
    }
}
