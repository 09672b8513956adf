//! The answer: for a workload, which limit stops or degrades it, and at which node.

use crate::{Amount, Basis, Cost, Effect, Key, Term, Workload};
use serde::{Serialize, Serializer};

/// What a limit does to the workload; the order is from best to worst, for taking the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The workload does not use it, or the host does not have it.
    NotApplicable,
    /// It is there, but whoever would meet it is exempt.
    NotEnforced,
    /// There is enough for the whole workload.
    Fits,
    /// Cannot be told.
    Unknown,
    /// Everything starts, and from some node on something else is lost.
    Degrades,
    /// Some node is refused.
    Stops,
}

impl Fate {
    /// The word for it in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::NotEnforced => "not-enforced",
            Self::Fits => "fits",
            Self::Unknown => "unknown",
            Self::Degrades => "degrades",
            Self::Stops => "stops",
        }
    }
}

/// A setting, and the value that this workload needs of it, reserve included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Raise {
    /// The setting, as `kind:name`.
    #[serde(serialize_with = "as_text")]
    pub setting: Key,
    /// The value.
    pub value: String,
}

fn as_text<S: Serializer>(key: &Key, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

/// What one limit says at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitAnswer {
    /// The limit.
    pub id: &'static str,
    /// The place.
    pub place: String,
    /// What runs out there.
    pub bounds: &'static str,
    /// What running out does.
    pub effect: Effect,
    /// How much there is; none where it is unlimited or could not be read.
    pub ceiling: Option<Amount>,
    /// Whether no bound is set.
    pub unlimited: bool,
    /// Where the ceiling was read.
    pub ceiling_source: String,
    /// How much is taken; none where that could not be read.
    pub used: Option<Amount>,
    /// Where the use was read.
    pub used_source: String,
    /// What the workload adds.
    pub cost: Cost,
    /// The first node that is refused here.
    pub stops_at: Option<u64>,
    /// The first node from which on something is lost here.
    pub degrades_at: Option<u64>,
    /// Nodes that start completely before this limit refuses one.
    pub nodes_fit: Option<u64>,
    /// The fewest and the most that `nodes_fit` can be, where the cost is an average.
    pub nodes_fit_between: Option<(u64, u64)>,
    /// No more nodes than so many are served whole, where the use is unknown.
    pub nodes_at_most: Option<u64>,
    /// Nodes that start even at the highest cost seen, where that leaves it open whether all do.
    #[serde(skip)]
    pub nodes_sure: Option<u64>,
    /// Starts in flight together with which the whole workload still fits, reckoned with the highest
    /// cost seen; none where a start takes no more than what runs, or where what runs is too much.
    pub starts_fit: Option<u64>,
    /// What the whole workload takes.
    pub need: Option<Amount>,
    /// What that is made up of.
    pub terms: Vec<Term>,
    /// What the nodes that fit take, and what one more would.
    pub edge: Option<Edge>,
    /// How many such places share the nodes evenly; this is each of them.
    pub places: u64,
    /// The network whose containers alone count here.
    pub network: Option<String>,
    /// What it comes to.
    pub verdict: Fate,
    /// Where the cost comes from.
    pub basis: Basis,
    /// What raises it, to what this workload needs.
    pub raise: Vec<Raise>,
    /// Which other shape of the workload helps.
    pub reshape: Option<String>,
    /// What else must be known.
    pub note: Option<String>,
    /// The right that would show what could not be read.
    pub needs: Option<String>,
}

impl LimitAnswer {
    /// `id@place`, the name of this row.
    pub fn name(&self) -> String {
        format!("{}@{}", self.id, self.place)
    }

    /// The node count up to which this limit is known to leave the workload whole.
    pub fn whole_up_to(&self) -> Option<u64> {
        let first_broken = self.stops_at.or(self.degrades_at);
        first_broken.map(|node| node - 1).or(self.nodes_at_most)
    }
}

/// The need on both sides of the last node that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// How many nodes fit.
    pub nodes: u64,
    /// What they take.
    pub need: Amount,
    /// What one more would.
    pub next: Amount,
}

/// A limit in the order in which they break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The limit.
    pub id: &'static str,
    /// The place.
    pub place: String,
    /// What running out does.
    pub effect: Effect,
    /// The first node that is refused, or from which on something is lost.
    pub node: u64,
    /// Whether that is the latest it can be, because the use is unknown.
    pub at_latest: bool,
    /// Nodes that are left whole once this and all before it are raised; none where nothing that is
    /// known bounds more.
    pub then: Option<u64>,
}

/// How many starts may be in flight together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// So many.
    pub starts: u64,
    /// So many nodes with their jobs, at least one.
    pub nodes: u64,
    /// The row that says so, as `id@place`.
    pub by: String,
    /// What more of them do.
    pub effect: Effect,
}

/// What all limits together say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What was asked for.
    pub workload: Workload,
    /// Nodes that start completely, the next is refused; none where nothing bounds them.
    pub nodes_fit: Option<u64>,
    /// Nodes up to which nothing is refused and nothing degrades.
    pub nodes_fit_undegraded: Option<u64>,
    /// Whether `nodes_fit` is an upper bound only, because something could not be read.
    pub at_most: bool,
    /// The same of `nodes_fit_undegraded`.
    pub undegraded_at_most: bool,
    /// The rows that could not be told, as `id@place`.
    pub unknown: Vec<String>,
    /// The answer in one sentence.
    pub headline: String,
    /// What every raise keeps free above the need, in per cent of it.
    pub reserve_percent: u64,
    /// The worst of the limits; the envelope of the command carries it.
    #[serde(skip)]
    pub verdict: Fate,
    /// What breaks first, what breaks next once that is raised, and so on.
    pub chain: Vec<Link>,
    /// The starts at once with which nothing breaks that more of them would break; none where all may
    /// start together.
    pub batch: Option<Batch>,
    /// A change of the Compose project that helps where a bridge is full.
    pub compose: Option<String>,
    /// Every limit at every place, the one that breaks first at the top.
    pub limits: Vec<LimitAnswer>,
}
