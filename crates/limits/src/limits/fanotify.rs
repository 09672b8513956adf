//! `fs.fanotify.max_user_groups`: the fanotify groups of one user.

use crate::reading::{bound, number, used};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Cost, Effect, Errno, Key, Limit, Sign};

const MAX: &str = "/proc/sys/fs/fanotify/max_user_groups";

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "fs.fanotify.max_user_groups",
        bounds: "fanotify groups of root",
        defaults: &[
            "128 in 5.10, 6.1 and 6.12 (fs/notify/fanotify/fanotify_user.c FANOTIFY_DEFAULT_MAX_GROUPS)",
        ],
        effect: Effect::Degrades,
        why: "scanners and monitors of files open one each; Docker itself opens none",
        raise: &["sysctl:fs.fanotify.max_user_groups"],
        source: "fs/notify/fanotify/fanotify_user.c fanotify_init, EMFILE; a sysctl since 5.13",
        signs: &[
            Sign::decides("a fanotify group gets EMFILE at its user's bound")
                .errno(&[Errno::FilesOfProcess])
                .says(&["fanotify"]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost {
        source: "none by Docker; what programs open is not known and taken as none",
        ..Cost::NOTHING
    };
    vec![
        Ceiling::new("uid 0", cost)
            .effect(Effect::Degrades)
            .max(bound(number(scene.host, MAX)), MAX)
            .used(
                used(scene.of_root().map(|open| open.fanotify_groups)),
                "/proc/*/fd",
            )
            .lever(
                Key::new("sysctl", "fs.fanotify.max_user_groups"),
                Amount::ZERO,
            ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn groups_of_scanners_are_counted() {
        let host = stock().link("/proc/9/fd/77", "anon_inode:[fanotify]");
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!(
            (whole(answer.ceiling), whole(answer.used)),
            (Some(128), Some(1))
        );
        assert_eq!(answer.verdict, Fate::Fits);
        assert_eq!(ask_one(&ROW, &host.denied(MAX), 600).verdict, Fate::Unknown);
    }
}
