//! `iptables.rules`: rules that a change has to write anew.

use model::{Effect, Errno, Limit, RUN_OUT, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "iptables.rules",
    bounds: "rules that a change has to write anew",
    defaults: &[
        "no bound; nothing for a container without published ports up to Docker 27, one rule a family \
         since 28.2",
    ],
    effect: Effect::Degrades,
    why: "each published port adds three rules a family and each network five to eight; iptables replaces \
          its whole table at every change, so starts become slower with every port",
    raise: &[],
    source: "moby libnetwork/drivers/bridge/setup_ip_tables_linux.go; iptables-nft and the legacy tables \
             are replaced whole",
    signs: &[
        Sign::suggests("a change of rules took too long").says(&[
            "iptables-restore*took",
            "iptables-save*took",
            "iptables*took",
            "iptables*timed out",
            "iptables*timeout",
            "iptables*deadline exceeded",
            "syncproxyrules",
            "iptables*slow",
            "iptables*cpu",
        ]),
        Sign::suggests("the kernel found no memory for the table")
            .says(&["memory allocation problem"]),
        Sign::suggests("the kernel found no memory for the table")
            .errno(&[Errno::NoMemory])
            .says(&["iptables", "nftables", "netfilter rules"]),
        Sign::suggests("the words say that rules run out")
            .says(&[
                "iptables rules",
                "nat rules",
                "iptables-restore",
                "iptables-save",
            ])
            .never(&["no chain", "does not exist", "lock"])
            .and(RUN_OUT),
    ],
};
