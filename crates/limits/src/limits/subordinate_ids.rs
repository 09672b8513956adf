//! `subuid.range`: the user ids that remapped containers are given.

use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Limit, RUN_OUT, Sign, Unread, Used,
};

const FILE: &str = "/etc/subuid";
/// Whose range `userns-remap: default` takes.
const DEFAULT: &str = "dockremap";
/// The ids that an image may use.
const IDS: u64 = 65_536;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "subuid.range",
        bounds: "user ids of remapped containers",
        defaults: &[
            "adduser and useradd write 65,536 ids for a new user (login.defs(5) SUB_UID_COUNT); \
             `userns-remap: default` makes the user dockremap with a range of its own",
        ],
        effect: Effect::Stops,
        why: "all remapped containers share one range; a shorter one than 65,536 does not have every \
              user of an image",
        raise: &[],
        source: "subuid(5); moby daemon/daemon_unix.go parseRemappedRoot",
        signs: &[
            Sign::decides("the user has too few subordinate ids").says(&[
                "enough ids available",
                "insufficient uids or gids",
                "insufficient uids",
                "insufficient subuid",
                "no subuid ranges",
                "no subgid ranges",
                "uid/gid allocation",
                "cannot be mapped to a host id",
                "enough subuid",
                "enough uid/gid",
                "not enough subordinate",
                "enough unused ids",
            ]),
            Sign::suggests("the words name subordinate ids").says(&[
                "subuid",
                "subgid",
                "newuidmap",
                "newgidmap",
                "idmap set",
                "uid mapping",
                "gid mapping",
                "subordinate uid",
                "uid_map",
                "gid_map",
            ]),
            Sign::suggests("a file's owner has no place among the user's subordinate ids")
                .errno(&[Errno::Invalid])
                .says(&["lchown"]),
            Sign::suggests("the words say that subordinate ids run out")
                .says(&["uid range", "subordinate", "id range"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let remap = match scene.engine().map(|engine| engine.userns_remap()) {
        Ok(None) => {
            let why = "Docker does not remap users here";
            return vec![Ceiling::not_applicable(FILE, why)];
        }
        Ok(Some(remap)) => remap,
        Err(why) => return vec![Ceiling::unread(FILE, Cost::NOTHING, why)],
    };
    let user = match remap.split(':').next() {
        Some("default") | None => DEFAULT,
        Some(user) => user,
    };
    let cost =
        Cost::exact(Charge::default(), "one range for all containers").once(Amount::whole(IDS));
    let length = scene
        .host
        .read_text(FILE)
        .map_err(Unread::from)
        .map(|text| {
            let ranges = text.lines().filter_map(|line| {
                let mut parts = line.split(':');
                (parts.next()? == user).then(|| parts.nth(1)?.trim().parse::<u64>().ok())?
            });
            ranges.sum()
        });
    let max: Bound = crate::reading::bound(length);
    vec![
        Ceiling::new(FILE, cost)
            .max(max, format!("{FILE}: ranges of {user}"))
            .used(Used::Known(Amount::ZERO), "all share it")
            .reshape(format!("`usermod --add-subuids` for {user}")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock};
    use model::Fate;

    #[test]
    fn a_short_range_does_not_do() {
        assert_eq!(ask_one(&ROW, &stock(), 1).verdict, Fate::NotApplicable);
        let config = r#"{"userns-remap": "me:me"}"#;
        let remapped = stock().file("/etc/docker/daemon.json", config);
        let whole = remapped.file(FILE, "me:100000:65536\nyou:1:2\n");
        assert_eq!(ask_one(&ROW, &whole, 600).verdict, Fate::Fits);
        let short = whole.file(FILE, "me:100000:1000\n");
        assert_eq!(ask_one(&ROW, &short, 600).verdict, Fate::Stops);
        assert_eq!(
            ask_one(&ROW, &short.denied(FILE), 600).verdict,
            Fate::Unknown
        );
    }
}
