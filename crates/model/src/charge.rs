//! The charge: how much each sort of thing takes of a limit, before anybody says how many there are.

use crate::{Amount, Load};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// How much each sort of thing takes of a limit; `Load` has the counts of the same names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Charge {
    /// A node's own container, running.
    pub node: Amount,
    /// One of its jobs beside it, running.
    pub job: Amount,
    /// Any container of the host's own Docker on top of that, for as long as its start is in flight.
    pub in_flight: Amount,
    /// A job inside a DinD node, running.
    pub inner: Amount,
    /// What a DinD node takes beyond a container: its own dockerd and containerd.
    pub dind: Amount,
    /// A bridge network.
    pub network: Amount,
    /// A published port.
    pub published: Amount,
    /// A container with a terminal.
    pub terminal: Amount,
    /// A process beside the first of a container.
    pub process: Amount,
    /// A file that a program holds open.
    pub file: Amount,
    /// A MiB of memory of the containers' own programs.
    pub memory: Amount,
    /// A thousandth of a processor.
    pub cpu: Amount,
    /// A MiB of an image store inside a DinD node.
    pub image: Amount,
}

/// One sort of thing at a ceiling: how many, and what each takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Its name, in `Charge` and in `Load`.
    pub name: &'static str,
    /// How many there are.
    pub count: u64,
    /// What each takes.
    pub each: Amount,
}

impl Charge {
    /// The same for a container wherever it runs, inside a DinD node too, and nothing in flight.
    pub const fn each(amount: Amount) -> Self {
        let mut charge = Self::NOTHING;
        charge.node = amount;
        charge.job = amount;
        charge.inner = amount;
        charge
    }

    /// The same for a container that the host's own Docker runs; those inside a DinD node take
    /// nothing, since what they take is the node's.
    pub const fn outer(amount: Amount) -> Self {
        let mut charge = Self::each(amount);
        charge.inner = Amount::ZERO;
        charge
    }

    /// Nothing at all.
    pub const NOTHING: Self = Self {
        node: Amount::ZERO,
        job: Amount::ZERO,
        in_flight: Amount::ZERO,
        inner: Amount::ZERO,
        dind: Amount::ZERO,
        network: Amount::ZERO,
        published: Amount::ZERO,
        terminal: Amount::ZERO,
        process: Amount::ZERO,
        file: Amount::ZERO,
        memory: Amount::ZERO,
        cpu: Amount::ZERO,
        image: Amount::ZERO,
    };

    /// Every sort of thing with its count, those that take nothing too.
    pub const fn terms(&self, load: &Load) -> [Term; 13] {
        const fn term(name: &'static str, count: u64, each: Amount) -> Term {
            Term { name, count, each }
        }
        [
            term("node", load.node, self.node),
            term("job", load.job, self.job),
            term("in_flight", load.in_flight, self.in_flight),
            term("inner", load.inner, self.inner),
            term("dind", load.dind, self.dind),
            term("network", load.network, self.network),
            term("published", load.published, self.published),
            term("terminal", load.terminal, self.terminal),
            term("process", load.process, self.process),
            term("file", load.file, self.file),
            term("memory", load.memory, self.memory),
            term("cpu", load.cpu, self.cpu),
            term("image", load.image, self.image),
        ]
    }

    /// What a load takes in all.
    pub fn of(&self, load: &Load) -> Amount {
        let terms = self.terms(load).into_iter();
        let amounts = terms.map(|term| term.each.times(term.count));
        amounts.fold(Amount::ZERO, Amount::plus)
    }
}

/// What every limit charges, then what only some do.
impl Serialize for Charge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const ALWAYS: usize = 3;
        let mut object = serializer.serialize_map(None)?;
        for (index, term) in self.terms(&Load::default()).iter().enumerate() {
            if index < ALWAYS || term.each != Amount::ZERO {
                object.serialize_entry(term.name, &term.each)?;
            }
        }
        object.end()
    }
}
