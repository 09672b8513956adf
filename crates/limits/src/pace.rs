//! The pace of PID 1: the processor time it takes for one answer on the bus, which tells how fast
//! this host's PID 1 is at everything else.

use model::{Host, Unread};

/// Nanoseconds on a processor, nanoseconds waiting, time slices (kernel/sched/stats, since 2.6.17).
const SCHEDSTAT: &str = "/proc/1/schedstat";

/// Nanoseconds of PID 1 for the properties of one unit, taken from the calls that preflight makes
/// anyway.
pub(crate) fn pace(host: &dyn Host, units: &[&str]) -> Result<u64, Unread> {
    let before = spent(host)?;
    for unit in units {
        host.unit(unit)?;
    }
    let spent = spent(host)?.saturating_sub(before);
    match spent / units.len().max(1) as u64 {
        0 => Err(Unread::because("PID 1 answered in no measurable time")),
        pace => Ok(pace),
    }
}

fn spent(host: &dyn Host) -> Result<u64, Unread> {
    let text = host.read_text(SCHEDSTAT)?;
    let first = text
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok());
    first.ok_or_else(|| Unread::because(format!("{SCHEDSTAT}: `{}`", text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn without_a_reading_there_is_no_pace() {
        assert!(pace(&FakeHost::new(), &["a.service"]).is_err());
        let still = FakeHost::new().file(SCHEDSTAT, "500 0 1\n");
        assert!(pace(&still, &["a.service"]).is_err());
        let odd = FakeHost::new().file(SCHEDSTAT, "x\n");
        assert!(pace(&odd, &["a.service"]).is_err());
    }
}
