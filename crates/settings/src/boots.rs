//! Reports of boots: one file a boot, the newest kept, for everybody to read.

use model::{Action, Host, HostError, HostResult, Image, Machine, STATE_DIRECTORY};
use std::time::Duration;

/// How many are kept.
pub const BOOTS_KEPT: usize = 20;

const FOLDER: &str = "boots";

/// The report of one boot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    /// The boot.
    pub id: String,
    /// The document.
    pub text: String,
}

/// Writes the report of the running boot down, durably, and lets the oldest go. A boot that is reported
/// again has its last report.
pub fn keep_boot(machine: &dyn Machine, text: &str) -> HostResult<()> {
    let id = machine.boot_id();
    if !is_boot_id(&id) {
        return Err(HostError::Failed {
            what: FOLDER.to_owned(),
            why: "nothing has booted that could be reported".to_owned(),
        });
    }
    machine.save(&format!("{FOLDER}/{id}.json"), text)?;
    sweep(machine);
    let ids = newest_first(machine)?;
    for old in ids.iter().filter(|old| **old != id).skip(BOOTS_KEPT - 1) {
        // One more than the rest is no harm; the next boot tries again.
        let (path, image) = (path(old), Image::Absent);
        let _ = machine.act(&Action::Replace { path, image });
    }
    Ok(())
}

/// Removes what a boot left behind whose writing was cut off.
fn sweep(machine: &dyn Machine) {
    let names = machine.list(&format!("{STATE_DIRECTORY}/{FOLDER}"));
    for name in names.unwrap_or_default() {
        let cut_off = name.strip_prefix('.').and_then(|rest| rest.split_once('.'));
        if let Some((id, _)) = cut_off.filter(|(id, _)| is_boot_id(id)) {
            let _ = machine.sweep(&path(id));
        }
    }
}

/// The report of the running boot; where there is none, the newest.
pub fn latest_boot(host: &dyn Host) -> HostResult<Option<Boot>> {
    let running = host.boot_id();
    let ids = newest_first(host)?;
    let found = ids.iter().find(|id| **id == running).or(ids.first());
    let Some(id) = found else { return Ok(None) };
    Ok(Some(Boot {
        id: id.clone(),
        text: host.read_text(&path(id))?,
    }))
}

/// The boots that there is a report of. What counts is when it was written: ids have no order.
fn newest_first(host: &dyn Host) -> HostResult<Vec<String>> {
    let names = match host.list(&format!("{STATE_DIRECTORY}/{FOLDER}")) {
        Ok(names) => names,
        Err(HostError::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let ids = names.iter().filter_map(|name| name.strip_suffix(".json"));
    let mut dated: Vec<(Duration, String)> = Vec::new();
    for id in ids.filter(|id| is_boot_id(id)) {
        dated.push((host.modified(&path(id))?, id.to_owned()));
    }
    dated.sort_by(|a, b| b.cmp(a));
    Ok(dated.into_iter().map(|(_, id)| id).collect())
}

fn path(id: &str) -> String {
    format!("{STATE_DIRECTORY}/{FOLDER}/{id}.json")
}

/// As `/proc/sys/kernel/random/boot_id` has it: 36 digits and dashes.
fn is_boot_id(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    id.len() == 36 && id.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    fn id(number: usize) -> String {
        format!("6d2f9f0c-5d3b-4d0e-9a51-{number:012}")
    }

    fn host(boot: &str) -> FakeHost {
        FakeHost::new().file("/proc/sys/kernel/random/boot_id", &format!("{boot}\n"))
    }

    #[test]
    fn the_oldest_go_and_this_boot_stays() {
        let mut host = host(&id(0));
        for number in 1..=BOOTS_KEPT + 3 {
            let at = u64::try_from(number).unwrap();
            host = host.file(&path(&id(number)), "{}");
            host = host.modified_at(&path(&id(number)), at);
        }
        host = host.file(&format!("{STATE_DIRECTORY}/{FOLDER}/notes.json"), "mine");
        // Its clock is behind: it is the oldest by its date, and stays all the same.
        keep_boot(&host, "now").unwrap();
        let left = newest_first(&host).unwrap();
        assert_eq!(left.len(), BOOTS_KEPT);
        assert!(left.contains(&id(0)) && left.contains(&id(BOOTS_KEPT + 3)));
        assert!(!left.contains(&id(4)) && left.contains(&id(5)));
        assert_eq!(latest_boot(&host).unwrap().unwrap().text, "now");
        assert!(
            host.text(&format!("{STATE_DIRECTORY}/{FOLDER}/notes.json"))
                .is_some()
        );
    }

    #[test]
    fn without_one_of_this_boot_the_newest_counts() {
        let host = host(&id(9));
        assert_eq!(latest_boot(&host).unwrap(), None);
        let host = host
            .file(&path(&id(1)), "older")
            .file(&path(&id(2)), "newer");
        let host = host
            .modified_at(&path(&id(1)), 5)
            .modified_at(&path(&id(2)), 6);
        assert_eq!(latest_boot(&host).unwrap().unwrap().text, "newer");
    }

    #[test]
    fn what_has_not_booted_is_not_reported() {
        let tree = FakeHost::new().file("/proc/sys/kernel/random/boot_id", "odd/../id\n");
        assert!(keep_boot(&tree, "").is_err());
    }
}
