//! Which units a boot starts: links in the directories of targets, and masks.

use model::{Host, Image};
use std::collections::BTreeSet;

/// Where an administrator's and the distribution's units lie; `/run` is empty at a boot.
const PLACES: [&str; 3] = [
    "/etc/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
];

/// The targets that a boot reaches, for what they want.
const TARGETS: [&str; 6] = [
    "multi-user.target",
    "sysinit.target",
    "basic.target",
    "network-online.target",
    "graphical.target",
    "default.target",
];

/// The units that the targets of a boot want.
pub(super) fn wanted(host: &dyn Host) -> BTreeSet<String> {
    let directories = PLACES.iter().flat_map(|place| {
        TARGETS
            .iter()
            .map(move |target| format!("{place}/{target}.wants"))
    });
    directories
        .flat_map(|directory| host.list(&directory).unwrap_or_default())
        .collect()
}

/// The link or empty file that keeps a unit from starting (systemd.unit(5), masked).
pub(super) fn mask(host: &dyn Host, unit: &str) -> Option<String> {
    let paths = PLACES.iter().map(|place| format!("{place}/{unit}"));
    for path in paths {
        match host.image(&path) {
            Ok(Image::Link { target }) if target == "/dev/null" => return Some(path),
            Ok(Image::File { .. }) if host.read_text(&path).is_ok_and(|text| text.is_empty()) => {
                return Some(path);
            }
            Ok(Image::Absent) | Err(_) => {}
            Ok(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::next_boot::NextBoot;
    use testkit::FakeHost;

    #[test]
    fn a_unit_starts_if_a_target_wants_it_and_nothing_masks_it() {
        let link = "/etc/systemd/system/multi-user.target.wants/tuned.service";
        let host = FakeHost::new().link(link, "/usr/lib/systemd/system/tuned.service");
        assert!(NextBoot::of(&host).starts("tuned.service"));
        assert!(!NextBoot::of(&host).starts("ufw.service"));
        let host = host.link("/etc/systemd/system/tuned.service", "/dev/null");
        assert!(!NextBoot::of(&host).starts("tuned.service"));
    }
}
