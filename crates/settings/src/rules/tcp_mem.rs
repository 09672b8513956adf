//! The memory of TCP and UDP: three marks that rise, and not below what the kernel takes by itself.

use super::Rule;
use super::fault::Fault;
use super::view::{Side, View};
use model::{Desired, Host, Quantity};

pub(super) const RULE: Rule = Rule {
    id: "tcp-udp-memory",
    summary: "the three numbers of net.ipv4.tcp_mem and net.ipv4.udp_mem rise, and are not set below the kernel's own default for this memory",
    source: "net/ipv4/tcp.c tcp_init_mem (a sixteenth of the free pages); net/ipv4/udp.c udp_init (an eighth); tcp(7)",
    judge,
};

const PAGE: i128 = 4096;

fn judge(view: &View<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, share) in [("net.ipv4.tcp_mem", 16), ("net.ipv4.udp_mem", 8)] {
        let side = view.side("sysctl", name);
        faults.extend(order(&side));
        faults.extend(view.live().and_then(|host| too_little(host, &side, share)));
    }
    faults
}

fn order(side: &Side<'_>) -> Option<Fault> {
    let rises = side.numbers().is_sorted();
    let message = format!("{} does not rise from low to pressure to high", side.told());
    (!rises).then(|| Fault::broken(&[side], message))
}

/// What a profile sets outright; a lower bound takes nothing away. The kernel counts the pages that
/// are free when it starts, a little less than all: a tenth is left for that.
fn too_little(host: &dyn Host, side: &Side<'_>, share: i128) -> Option<Fault> {
    if matches!(side.setting?.desired, Desired::AtLeast(_)) {
        return None;
    }
    let Some(Quantity::Finite(pressure)) = side.numbers().get(1) else {
        return None;
    };
    let default = meminfo(host, "MemTotal")? / PAGE / share;
    let message = format!(
        "{} is below the kernel's own default for this memory, about {} {default} {}",
        side.told(),
        default / 4 * 3,
        default / 2 * 3
    );
    (*pressure < default / 10 * 9).then(|| {
        Fault::broken(&[side], message).help(format!("leave {} to the kernel", side.key.name))
    })
}

/// A line of `/proc/meminfo`, in bytes.
pub(super) fn meminfo(host: &dyn Host, field: &str) -> Option<i128> {
    let text = host.read_text("/proc/meminfo").ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, rest) = lines.find(|(name, _)| *name == field)?;
    let number: i128 = rest.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn the_classic_numbers_are_too_few_for_a_large_host() {
        let wanted = settings(&[("net.ipv4.tcp_mem", "exact 1048576 1572864 2097152")]);
        let large = FakeHost::new().file("/proc/meminfo", "MemTotal:  263192576 kB\n");
        let said = told(RULE.id, Some(&large), &wanted);
        assert!(
            said[0].contains("about 3084288 4112384 6168576"),
            "{said:?}"
        );
        let small = FakeHost::new().file("/proc/meminfo", "MemTotal:  8388608 kB\n");
        assert_eq!(told(RULE.id, Some(&small), &wanted), [""; 0]);
        assert_eq!(told(RULE.id, None, &wanted), [""; 0]);
    }

    #[test]
    fn the_marks_rise() {
        let wanted = settings(&[("net.ipv4.udp_mem", "3 2 4")]);
        assert!(told(RULE.id, None, &wanted)[0].contains("does not rise"));
    }
}
