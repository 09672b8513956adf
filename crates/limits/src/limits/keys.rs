//! `kernel.keys.maxkeys`: the kernel keys of one user.

use crate::reading::{bound, number};
use crate::{Row, Scene};
use model::{
    Amount, Ceiling, Charge, Cost, Effect, Errno, Host, Key, Limit, Operation, RUN_OUT, Sign,
    Unread, Used,
};

pub(super) const USERS: &str = "/proc/key-users";
/// Where a line of it has the keys, and where their bytes.
const KEYS: usize = 3;
pub(super) const BYTES: usize = 4;
const SUBORDINATES: &str = "/etc/subuid";
/// Whose subordinate ids `userns-remap: default` takes.
const DEFAULT_REMAP: &str = "dockremap";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.keys.maxkeys",
        bounds: "kernel keys of the user that containers run as",
        defaults: &[
            "root 1,000,000, every other user 200 (security/keys/key.c key_quota_root_maxkeys, \
             key_quota_maxkeys)",
        ],
        effect: Effect::Stops,
        why: "runc joins each container to a session keyring of its own",
        raise: &[
            "sysctl:kernel.keys.root_maxkeys",
            "sysctl:kernel.keys.maxkeys",
        ],
        source: "security/keys/key.c key_alloc; runc gets EDQUOT, disk quota exceeded",
        signs: &[
            Sign::suggests(
                "a keyring gets EDQUOT where its user has no key, or no byte of keys, \
left",
            )
            .errno(&[Errno::Quota])
            .during(&[Operation::Key]),
            Sign::decides("the words name it").says(&["maxkeys"]),
            Sign::suggests("the words say that kernel keys run out")
                .says(&["keyring", "kernel keys", "session keys", "key quota"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(
        Charge::each(Amount::whole(1)),
        "one session keyring a container, counted in /proc/key-users",
    );
    let owner = match owner(scene) {
        Ok(owner) => owner,
        Err(why) => return vec![Ceiling::unread("uid of the containers", cost, why)],
    };
    // Root has a quota of its own; everybody else, the root of a user namespace too, has this one.
    let name = if owner == 0 {
        "root_maxkeys"
    } else {
        "maxkeys"
    };
    let path = format!("/proc/sys/kernel/keys/{name}");
    vec![
        Ceiling::new(format!("uid {owner}"), cost)
            .max(bound(number(scene.host, &path)), path)
            .used(quota(scene.host, owner, KEYS), USERS)
            .lever(
                Key::new("sysctl", format!("kernel.keys.{name}")),
                Amount::ZERO,
            ),
    ]
}

/// The kernel's uid of root in the containers: 0, but for remapped ones.
pub(super) fn owner(scene: &Scene<'_>) -> Result<u32, Unread> {
    let Some(remap) = scene.engine()?.userns_remap() else {
        return Ok(0);
    };
    let user = match remap.split(':').next() {
        Some("default") | None => DEFAULT_REMAP,
        Some(user) => user,
    };
    let ranges = scene.host.read_text(SUBORDINATES)?;
    let first = ranges.lines().find_map(|line| {
        let (name, range) = line.split_once(':')?;
        (name == user).then(|| range.split(':').next()?.trim().parse().ok())?
    });
    first.ok_or_else(|| Unread::because(format!("{SUBORDINATES} has no range of {user}")))
}

/// A line is `uid: usage keys/instantiated keys/maxkeys bytes/maxbytes` (proc(5)); a user without
/// one has no key. procfs reads the file too, but has no public name for what it finds there.
pub(super) fn quota(host: &dyn Host, owner: u32, word: usize) -> Used {
    let text = match host.read_text(USERS) {
        Ok(text) => text,
        Err(error) => return Used::Unknown(error.into()),
    };
    let label = format!("{owner}:");
    let mut lines = text.lines().map(|line| line.split_whitespace());
    let Some(mut line) = lines.find(|line| line.clone().next() == Some(&label)) else {
        return Used::Known(Amount::ZERO);
    };
    let quota = line.nth(word).and_then(|quota| quota.split_once('/'));
    match quota.map(|(taken, _)| taken.parse()) {
        Some(Ok(taken)) => Used::Known(Amount::whole(taken)),
        _ => Used::Unknown(Unread::because(format!("{USERS}: no quota of uid {owner}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use model::{Fate, LimitAnswer, Workload};
    use testkit::FakeHost;

    const LINES: &str = "    0:     9 8/8 30/1000000 40/25000000\n\
                         100000:   5 4/4 4/200 40/20000\n";

    fn host() -> FakeHost {
        FakeHost::new()
            .file(USERS, LINES)
            .file("/proc/sys/kernel/keys/root_maxkeys", "1000000\n")
            .file("/proc/sys/kernel/keys/maxkeys", "200\n")
    }

    fn ask(host: &FakeHost) -> LimitAnswer {
        let workload = Workload {
            nodes: 600,
            ..Workload::default()
        };
        let ceiling = read(&Scene::new(host, &workload, Ok(1))).remove(0);
        judge(&ROW.limit, ceiling, &workload)
    }

    #[test]
    fn root_has_a_million_less_its_own() {
        let answer = ask(&host());
        assert_eq!(
            (answer.place.as_str(), answer.used),
            ("uid 0", Some(Amount::whole(30)))
        );
        assert_eq!(
            (answer.nodes_fit, answer.verdict),
            (Some(499_985), Fate::Fits)
        );
        // What is enough needs no raise.
        assert_eq!(answer.raise, []);
    }

    #[test]
    fn a_lowered_quota_binds() {
        let lowered = host().file("/proc/sys/kernel/keys/root_maxkeys", "41\n");
        let answer = ask(&lowered);
        assert_eq!(
            answer.raise[0].setting.to_string(),
            "sysctl:kernel.keys.root_maxkeys"
        );
        assert_eq!((answer.nodes_fit, answer.stops_at), (Some(5), Some(6)));
    }

    #[test]
    fn remapped_containers_share_the_small_quota_of_their_uid() {
        let host = host()
            .file("/etc/docker/daemon.json", r#"{"userns-remap": "default"}"#)
            .file(SUBORDINATES, "me:200000:65536\ndockremap:100000:65536\n");
        let answer = ask(&host);
        assert_eq!(
            (answer.place.as_str(), answer.nodes_fit),
            ("uid 100000", Some(98))
        );
        let lost = host.file(SUBORDINATES, "");
        assert_eq!(ask(&lost).verdict, Fate::Unknown);
    }

    #[test]
    fn lines_of_another_form_are_unknown() {
        for text in ["0: 9\n", "0: 9 8/8 34 5/6\n"] {
            assert!(ask(&host().file(USERS, text)).used.is_none(), "{text}");
        }
    }
}
