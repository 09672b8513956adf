//! PID 1: the queue of starts in front of it, against the 30 s that runc waits for its turn.

use super::super::mount_max::{mounts, mounts_of};
use crate::demand::by_network;
use crate::{Scene, processors};
use model::{Amount, Basis, Bound, Ceiling, Charge, Cost, Host, Unread, Used, Whom};

pub(super) const PLACE: &str = "PID 1";
/// How long runc waits for its scope, in milliseconds (opencontainers/cgroups systemd/common.go).
const PATIENCE: Amount = Amount::whole(30_000);
const PATIENCE_SOURCE: &str = "30 s in milliseconds, constant of runc";
/// The quota and the period of PID 1's own group, where the cpu controller reaches it.
const QUOTA: &str = "/sys/fs/cgroup/init.scope/cpu.max";
/// How often in a second PID 1 reads the mount table at most (systemd src/core/mount.c,
/// SYSTEMD_DEFAULT_MOUNT_RATE_LIMIT_BURST).
const READINGS: u128 = 5;
const SECOND: u128 = 1_000_000_000;
const SOURCE: &str = "PID 1's time a start is 4 to 16 times its time for a unit's properties, beside the \
     mount table that it reads up to 5 times a second, and 2 to 9 % of all that a start takes; \
     measured on 2 processors, Debian 12 and 13";

/// What a start is to PID 1. Times are in answers: what it takes PID 1 to tell the properties of a
/// unit, so that the speed of the machine that they were measured on does not matter.
#[derive(Clone, Copy)]
struct Start {
    /// The time of a start, in answers.
    answers: u64,
    /// Thousandths that this is of all processor time that the start takes on the host.
    part: u64,
    /// Lines of the mount table that PID 1 reads in the time of an answer.
    lines: u64,
    /// Readings of the mount table that come with the start, if starts are few.
    changes: u64,
    /// Hundredths of what the workload adds to the table that are there: it grows with the starts.
    grown: u64,
}

/// On average, at the least and at the most.
const STARTS: [Start; 3] = [
    Start {
        answers: 7,
        part: 50,
        lines: 50,
        changes: 2,
        grown: 50,
    },
    Start {
        answers: 4,
        part: 20,
        lines: 80,
        changes: 1,
        grown: 0,
    },
    Start {
        answers: 16,
        part: 90,
        lines: 35,
        changes: 3,
        grown: 100,
    },
];

/// What PID 1 has for it on this host.
#[derive(Clone, Copy)]
struct PidOne {
    /// Nanoseconds for an answer.
    pace: u64,
    /// Thousandths of a processor.
    share: u64,
    /// Processors that bring the starts.
    processors: u64,
    /// Lines of the mount table.
    lines: u64,
    /// Lines that the workload adds with all of its starts.
    added: u64,
    /// How many these are.
    starts: u64,
    /// How many of them are in flight together.
    at_once: u64,
}

/// Milliseconds that the last of the starts in flight waits for PID 1. Starts come to PID 1 as fast as
/// the processors can do the rest of them; where that is slower than PID 1, nobody waits.
pub(super) fn ceiling(scene: &Scene<'_>) -> Ceiling {
    let here = match PidOne::read(scene) {
        Ok(here) => here,
        Err(why) => return Ceiling::unread(PLACE, Cost::NOTHING, why),
    };
    let [average, least, most] = STARTS;
    // The last batch finds the table as long as it gets.
    let worst = here.wait_of(most, here.starts);
    let [average, least, most] = [here.wait(average), here.wait(least), worst].map(|wait| Charge {
        in_flight: wait,
        ..Charge::NOTHING
    });
    let mut cost = Cost::measured(average, least, most, SOURCE);
    cost.basis = Basis::Derived;
    if worst == Amount::ZERO {
        let processors = here.processors;
        return Ceiling::new(PLACE, cost)
            .max(Bound::Unlimited, PATIENCE_SOURCE)
            .note(format!(
                "{processors} processors bring starts no faster than PID 1 takes them"
            ));
    }
    let ceiling = Ceiling::new(PLACE, cost)
        .max(Bound::Finite(PATIENCE), PATIENCE_SOURCE)
        .used(Used::Known(Amount::ZERO), "as if idle")
        .note(here.told());
    match PATIENCE.as_thousandths() / worst.as_thousandths() {
        0 => ceiling,
        batch => ceiling.reshape(format!("start in batches of at most {batch} containers")),
    }
}

impl PidOne {
    fn read(scene: &Scene<'_>) -> Result<Self, Unread> {
        let workload = scene.workload;
        let running = by_network(workload, mounts_of);
        let added = running.of(&workload.load(workload.nodes, &Whom::All));
        Ok(Self {
            pace: scene.pace.clone()?,
            share: share(scene.host)?,
            processors: processors::online(scene.host)?,
            lines: mounts(scene.host)?,
            added: added.ceil(),
            starts: workload.outer_containers(),
            at_once: workload.starts().unwrap_or(u64::MAX),
        })
    }

    /// What each start in flight adds to the wait of the last. The table grows with the starts, so this
    /// does too: it is taken where the wait becomes too long, or where all have started.
    fn wait(self, start: Start) -> Amount {
        let together = |starts: u64| starts.min(self.at_once);
        let too_long = |starts: u64| self.wait_of(start, starts).times(together(starts)) > PATIENCE;
        let (mut patient, mut last) = (0, self.starts.max(1));
        while last - patient > 1 {
            let middle = patient + (last - patient) / 2;
            match too_long(middle) {
                true => last = middle,
                false => patient = middle,
            }
        }
        self.wait_of(start, last)
    }

    /// The same with so many starts: the time PID 1 needs for one, less the time until the processors
    /// bring the next.
    fn wait_of(self, start: Start, starts: u64) -> Amount {
        let alone = u128::from(self.pace) * u128::from(start.answers);
        let brought = alone * 1000 / (u128::from(start.part) * u128::from(self.processors.max(1)));
        let nanoseconds = self.served(start, starts).saturating_sub(brought);
        // Rounded up: thousandths of a millisecond, and at least one where there is a wait at all.
        Amount::thousandths(u64::try_from(nanoseconds.div_ceil(1000)).unwrap_or(u64::MAX))
    }

    /// Nanoseconds from one start that PID 1 is done with to the next. In between it reads the mount
    /// table after each change, unless there are more changes than it reads in a second.
    fn served(self, start: Start, starts: u64) -> u128 {
        let share = u128::from(self.share.max(1));
        let pace = u128::from(self.pace) * 1000 / share;
        let alone = pace * u128::from(start.answers);
        let added = u128::from(self.added) * u128::from(starts) / u128::from(self.starts.max(1));
        let lines = u128::from(self.lines) + added * u128::from(start.grown) / 100;
        let table = pace * lines / u128::from(start.lines);
        let each_change = alone + table * u128::from(start.changes);
        match SECOND.checked_sub(table * READINGS) {
            Some(left) if left > 0 => each_change.min(alone * SECOND / left),
            _ => each_change,
        }
    }

    /// What the wait is reckoned from.
    fn told(self) -> String {
        let micros = self.pace / 1000;
        format!(
            "in milliseconds of waiting, from {micros} us for an answer of PID 1, {} processors, and {} \
             lines of the mount table and {} more; PID 1 is taken to have nothing else to do",
            self.processors, self.lines, self.added
        )
    }
}

/// The thousandths of a processor that PID 1 has: all of one without a quota, for it has one thread.
fn share(host: &dyn Host) -> Result<u64, Unread> {
    let text = match host.read_text(QUOTA) {
        Ok(text) => text,
        Err(error) if error.is_not_found() => return Ok(1000),
        Err(error) => return Err(error.into()),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let parsed = match words.as_slice() {
        ["max", _] => return Ok(1000),
        [quota, period] => (quota.parse::<u64>().ok(), period.parse::<u64>().ok()),
        _ => (None, None),
    };
    match parsed {
        (Some(quota), Some(period)) if period > 0 => {
            Ok((quota.saturating_mul(1000) / period).clamp(1, 1000))
        }
        _ => Err(Unread::because(format!("{QUOTA}: `{}`", text.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    const HERE: PidOne = PidOne {
        pace: 1_000_000,
        share: 1000,
        processors: 40,
        lines: 0,
        added: 0,
        starts: 1200,
        at_once: 1200,
    };
    const START: Start = Start {
        answers: 8,
        part: 40,
        lines: 50,
        changes: 3,
        grown: 50,
    };

    fn milliseconds(number: u64) -> Amount {
        Amount::whole(number)
    }

    #[test]
    fn a_quota_is_a_share_of_one_processor() {
        let share = |text: &str| share(&FakeHost::new().file(QUOTA, text));
        assert_eq!(super::share(&FakeHost::new()), Ok(1000));
        assert_eq!(share("max 100000\n"), Ok(1000));
        assert_eq!(share("200000 100000\n"), Ok(1000));
        assert_eq!(share("5000 100000\n"), Ok(50));
        for text in ["", "5000\n", "x 100000\n", "5000 0\n"] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nobody_waits_for_what_is_faster_than_the_rest() {
        let two = PidOne {
            processors: 2,
            ..HERE
        };
        assert_eq!(two.wait(START), Amount::ZERO);
        // 8 ms a start served every 8 ms, and brought by 40 processors every 5 ms.
        assert_eq!(HERE.wait(START), milliseconds(3));
        // The same with PID 1 held to 5 % of a processor: served every 160 ms.
        let slow = PidOne { share: 50, ..two };
        assert_eq!(slow.wait(START), milliseconds(60));
    }

    #[test]
    fn a_long_mount_table_takes_of_pid_1_what_it_can_read_in_a_second() {
        // 100 lines are read in 2 ms, three times a start: 6 ms more, or 1 % of PID 1.
        let few = PidOne { lines: 100, ..HERE };
        assert_eq!(few.served(START, 1200), 8_080_808);
        // 2,500 lines are read in 50 ms, five times a second: a quarter of PID 1.
        let many = PidOne {
            lines: 500,
            added: 4000,
            ..HERE
        };
        assert_eq!(many.served(START, 1200), 10_666_666);
        // 10,000 lines are read in 200 ms: PID 1 does nothing else, unless starts come slowly.
        let drowned = PidOne {
            lines: 10_000,
            ..HERE
        };
        assert_eq!(drowned.served(START, 1200), 608_000_000);
    }
}
