//! A key of a container takes 70 bytes, so the number of keys and their bytes are raised together.

use super::Rule;
use super::fault::Fault;
use super::view::{Judged, Side, View, promise, settle};
use model::Quantity;

pub(super) const RULE: Rule = Rule {
    id: "keys-bytes",
    summary: "kernel.keys.maxbytes is 70 times the kernel.keys.maxkeys that is asked for, and so for root_maxkeys",
    source: "security/keys/key.c key_alloc, which counts both (EDQUOT); a session keyring of runc takes 70 bytes (docs/costs.md)",
    judge,
};

const BYTES: i128 = 70;

fn judge(view: &View<'_>) -> Vec<Fault> {
    let faults = ["", "root_"].into_iter().filter_map(|whose| {
        let keys = view.side("sysctl", &format!("kernel.keys.{whose}maxkeys"));
        let bytes = view.sysctl(&format!("kernel.keys.{whose}maxbytes"));
        settle(compare(&keys, &bytes))
    });
    faults.collect()
}

fn compare(keys: &Side<'_>, bytes: &Side<'_>) -> Judged {
    let Some((wanted, Quantity::Finite(room))) = promise(keys, bytes)? else {
        return Ok(None);
    };
    let need = wanted.saturating_mul(BYTES);
    let message = format!(
        "{} keys of a container's {BYTES} bytes do not go into {}: {} do",
        wanted,
        bytes.told(),
        room / BYTES
    );
    let help = format!("set {} to {need} or more", bytes.key.name);
    Ok((need > room).then(|| Fault::broken(&[keys, bytes], message).help(help)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn keys_raised_alone_end_at_the_bytes() {
        let host = FakeHost::new()
            .file("/proc/sys/kernel/keys/maxbytes", "20000\n")
            .file("/proc/sys/kernel/keys/root_maxkeys", "1000000\n")
            .file("/proc/sys/kernel/keys/root_maxbytes", "25000000\n");
        let said = told(
            RULE.id,
            Some(&host),
            &settings(&[("kernel.keys.maxkeys", "2000")]),
        );
        assert!(said[0].ends_with("(of the host): 285 do"), "{said:?}");
        // What a stock kernel has beyond the bound is not asked for.
        let root = settings(&[("kernel.keys.root_maxkeys", "10000")]);
        assert_eq!(told(RULE.id, Some(&host), &root), [""; 0]);
    }
}
