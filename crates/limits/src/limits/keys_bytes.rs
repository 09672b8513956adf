//! `kernel.keys.maxbytes`: the bytes of one user's kernel keys.

use super::keys;
use crate::reading::{bound, number};
use crate::{Row, Scene};
use model::{Amount, Ceiling, Charge, Cost, Effect, Errno, Key, Limit, Operation, RUN_OUT, Sign};

/// `_ses.` and the 64 digits of the container's id, with what the kernel adds.
const BYTES: u64 = 70;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.keys.maxbytes",
        bounds: "bytes of kernel keys of the user that containers run as",
        defaults: &[
            "root 25,000,000, every other user 20,000: 285 containers of 70 bytes (security/keys/key.c \
             key_quota_maxbytes)",
        ],
        effect: Effect::Stops,
        why: "the name of each container's session keyring counts; where only the number of keys is \
              raised, this stops at 285 containers of a remapped user",
        raise: &[
            "sysctl:kernel.keys.root_maxbytes",
            "sysctl:kernel.keys.maxbytes",
        ],
        source: "security/keys/key.c key_alloc; runc gets EDQUOT, disk quota exceeded",
        signs: &[
            Sign::suggests(
                "a keyring gets EDQUOT where its user has no byte of keys, or no key, \
left",
            )
            .errno(&[Errno::Quota])
            .during(&[Operation::Key]),
            Sign::decides("the words name it").says(&[
                "keys.maxbytes",
                "root_maxbytes",
                "keys/maxbytes",
            ]),
            Sign::suggests("the words say that bytes of kernel keys run out")
                .says(&["keyring", "kernel keys", "session keys", "key quota"])
                .never(&[])
                .and(RUN_OUT),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(
        Charge::each(Amount::whole(BYTES)),
        "counted in /proc/key-users on Debian 12 and 13",
    );
    let owner = match keys::owner(scene) {
        Ok(owner) => owner,
        Err(why) => return vec![Ceiling::unread("uid of the containers", cost, why)],
    };
    let name = if owner == 0 {
        "root_maxbytes"
    } else {
        "maxbytes"
    };
    let path = format!("/proc/sys/kernel/keys/{name}");
    let setting = Key::new("sysctl", format!("kernel.keys.{name}"));
    vec![
        Ceiling::new(format!("uid {owner}"), cost)
            .max(bound(number(scene.host, &path)), path)
            .used(keys::quota(scene.host, owner, keys::BYTES), keys::USERS)
            .lever(setting, Amount::ZERO),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};

    #[test]
    fn seventy_bytes_each() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(
            (whole(answer.used), answer.nodes_fit),
            (Some(40), Some(357_142))
        );
    }

    #[test]
    fn a_remapped_user_stops_at_285() {
        let host = stock()
            .file("/etc/docker/daemon.json", r#"{"userns-remap": "default"}"#)
            .file("/etc/subuid", "dockremap:100000:65536\n");
        let answer = ask_one(&ROW, &host, 600);
        assert_eq!((answer.nodes_fit, answer.stops_at), (Some(285), Some(286)));
        assert_eq!(
            answer.raise[0].setting.to_string(),
            "sysctl:kernel.keys.maxbytes"
        );
        assert_eq!(answer.raise[0].value, "46200");
    }
}
