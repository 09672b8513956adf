//! Pressure: whether the host can be asked for more without harm to what runs on it.

use model::{Host, HostResult};
use serde::Serialize;

const MEMINFO: &str = "/proc/meminfo";
/// Stall times of tasks that wait for memory (Documentation/accounting/psi.rst).
const PSI: &str = "/proc/pressure/memory";
/// Less than so many per cent of the memory available is too little.
const AVAILABLE_PERCENT: u64 = 8;
/// So many per cent of the last ten seconds in which some task waited for memory are too many.
const STALLED_PERCENT: f64 = 10.0;

/// What was seen of the host's memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Pressure {
    /// KiB in all.
    pub total_kib: u64,
    /// KiB that can be had without swapping.
    pub available_kib: u64,
    /// Per cent of the last ten seconds in which some task waited for memory; none where the kernel
    /// does not count that.
    pub stalled_percent: Option<f64>,
}

impl Pressure {
    /// Looks now.
    pub fn look(host: &dyn Host) -> HostResult<Self> {
        let text = host.read_text(MEMINFO)?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        let stalled = host.read_text(PSI).ok().and_then(|text| {
            let words = text.lines().find(|line| line.starts_with("some"))?;
            let average = words
                .split_whitespace()
                .find_map(|w| w.strip_prefix("avg10="));
            average?.parse().ok()
        });
        Ok(Self {
            total_kib: field("MemTotal:"),
            available_kib: field("MemAvailable:"),
            stalled_percent: stalled,
        })
    }

    /// What is too much, in a sentence; none where there is room.
    pub fn too_much(&self) -> Option<String> {
        let least = self.total_kib / 100 * AVAILABLE_PERCENT;
        if self.available_kib < least {
            return Some(format!(
                "{} MiB of memory are available, and {} MiB shall be left to the host",
                self.available_kib >> 10,
                least >> 10
            ));
        }
        let stalled = self
            .stalled_percent
            .filter(|part| *part >= STALLED_PERCENT)?;
        Some(format!(
            "tasks waited for memory for {stalled:.0} % of the last ten seconds"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    fn host(available: u64, average: &str) -> FakeHost {
        let meminfo =
            format!("MemTotal: 1000000 kB\nMemFree: 1 kB\nMemAvailable: {available} kB\n");
        let psi = format!("some avg10={average} avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00\n");
        FakeHost::new().file(MEMINFO, &meminfo).file(PSI, &psi)
    }

    #[test]
    fn too_little_memory_and_stalls_are_each_too_much() {
        let say = |host: &FakeHost| Pressure::look(host).unwrap().too_much();
        assert_eq!(say(&host(90_000, "9.90")), None);
        let little = say(&host(70_000, "0.00")).unwrap();
        assert!(
            little.starts_with("68 MiB of memory are available"),
            "{little}"
        );
        let stalled = say(&host(900_000, "12.40")).unwrap();
        assert!(stalled.contains("12 % of the last ten"), "{stalled}");
    }

    #[test]
    fn a_kernel_that_counts_no_stalls_is_asked_for_its_memory() {
        let host = FakeHost::new().file(MEMINFO, "MemTotal: 100 kB\nMemAvailable: 50 kB\n");
        let seen = Pressure::look(&host).unwrap();
        assert_eq!((seen.stalled_percent, seen.too_much()), (None, None));
    }
}
