//! The needs: what so many containers of a workload take at one ceiling, container by container.

use model::{Amount, Ceiling, Charge, Cost, Loads, Whom, Workload};

/// What a workload takes at one ceiling, from none of its containers to all.
///
/// A workload is reckoned in nodes. Between two of them the containers of a node share its need
/// evenly, so that after a node's last container the sum is what preflight says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Containers of so many nodes.
    containers: Vec<u64>,
    /// What they take.
    amounts: Vec<Amount>,
}

impl Needs {
    /// The needs at a ceiling, up to the workload's last node. Of places that share the nodes it is
    /// what all of them hold.
    pub fn of(workload: &Workload, ceiling: &Ceiling) -> Self {
        Self::by(workload, ceiling, &ceiling.cost, &ceiling.cost.charge)
    }

    /// The same by another cost, and by `charge` instead of its average.
    pub(crate) fn by(workload: &Workload, ceiling: &Ceiling, cost: &Cost, charge: &Charge) -> Self {
        let all = Loads::of(workload, &Whom::All);
        let here = Loads::of(workload, &ceiling.whom);
        let nodes = 0..=workload.nodes;
        let containers = nodes.clone().map(|nodes| {
            let load = all.at(nodes);
            load.node + load.job + load.inner
        });
        let need = |nodes| cost.need(charge, &here.at(nodes));
        Self {
            containers: containers.collect(),
            amounts: nodes.map(need).collect(),
        }
    }

    /// Containers of the whole workload.
    pub fn containers(&self) -> u64 {
        self.containers.last().copied().unwrap_or(0)
    }

    /// The node that the last of so many containers belongs to, counted from 1; 0 where they are beside
    /// the nodes.
    pub fn node_of(&self, containers: u64) -> u64 {
        self.containers.partition_point(|&until| until < containers) as u64
    }

    /// Nodes whose containers are all among the first so many.
    pub fn whole_nodes(&self, containers: u64) -> u64 {
        let whole = self
            .containers
            .partition_point(|&until| until <= containers);
        whole.saturating_sub(1) as u64
    }

    /// What the first so many containers take.
    pub fn at(&self, containers: u64) -> Amount {
        let node = self.containers.partition_point(|&until| until < containers);
        let last = self.amounts.last().copied().unwrap_or_default();
        let Some(&until) = self.containers.get(node) else {
            return last;
        };
        let after = self.amounts.get(node).copied().unwrap_or(last);
        let Some(before) = node.checked_sub(1) else {
            // Containers beside the nodes, which are there before the first.
            return share(Amount::ZERO, after, containers, until);
        };
        let (from, start) = (self.containers[before], self.amounts[before]);
        share(start, after, containers - from, until - from)
    }

    /// The most containers whose need is within `room`; none where all are.
    pub fn fit(&self, room: Amount) -> Option<u64> {
        let all = self.containers();
        if self.at(all) <= room {
            return None;
        }
        let (mut fitting, mut too_many) = (0, all);
        while too_many - fitting > 1 {
            let middle = fitting + (too_many - fitting) / 2;
            match self.at(middle) <= room {
                true => fitting = middle,
                false => too_many = middle,
            }
        }
        Some(fitting)
    }
}

/// `part` of `whole` equal steps from one amount to another.
fn share(from: Amount, to: Amount, part: u64, whole: u64) -> Amount {
    if whole == 0 {
        return to;
    }
    let step = to.minus(from).as_thousandths() * u128::from(part) / u128::from(whole);
    from.plus(Amount::thousandths(u64::try_from(step).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Charge, Cost};

    fn workload(nodes: u64, jobs: u64) -> Workload {
        Workload {
            nodes,
            jobs_per_node: jobs,
            ..Workload::default()
        }
    }

    fn ceiling(cost: Cost) -> Ceiling {
        Ceiling::new("host", cost)
    }

    #[test]
    fn the_containers_of_a_node_share_its_need() {
        let mut charge = Charge::each(Amount::whole(10));
        charge.job = Amount::whole(20);
        let needs = Needs::of(&workload(3, 1), &ceiling(Cost::exact(charge, "")));
        assert_eq!(needs.containers(), 6);
        let amounts: Vec<_> = (0..=6).map(|count| needs.at(count).ceil()).collect();
        assert_eq!(amounts, [0, 15, 30, 45, 60, 75, 90]);
        assert_eq!((needs.node_of(3), needs.whole_nodes(3)), (2, 1));
        assert_eq!((needs.node_of(6), needs.whole_nodes(6)), (3, 3));
    }

    #[test]
    fn what_fits_is_counted_in_containers() {
        let cost = Cost::exact(Charge::each(Amount::whole(2)), "").once(Amount::whole(19));
        let needs = Needs::of(&workload(10, 0), &ceiling(cost));
        assert_eq!(needs.fit(Amount::whole(20)), Some(0));
        assert_eq!(needs.fit(Amount::whole(22)), Some(1));
        assert_eq!(needs.fit(Amount::whole(39)), None);
        assert_eq!(needs.at(99), Amount::whole(39));
    }
}
