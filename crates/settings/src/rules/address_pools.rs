//! Docker's address pools give networks enough, once each, of a size that fits a bridge.

use super::Rule;
use super::fault::Fault;
use super::pools::{Pool, Subnet};
use super::view::{Side, View};

pub(super) const RULE: Rule = Rule {
    id: "address-pools",
    summary: "default-address-pools give at least the 31 networks that Docker has without them, do not overlap, and are cut no larger than their base",
    source: "moby libnetwork/ipamutils/utils.go (15 of /16 and 16 of /20 by default, docker0 takes one); net/bridge/br_private.h BR_PORT_BITS",
    judge,
};

const DEFAULT: u64 = 31;
const PORTS: u64 = 1023;
/// The smallest network that has about as many addresses as a bridge has ports.
const FITTING: u8 = 22;

fn judge(view: &View<'_>) -> Vec<Fault> {
    let side = view.side("docker", "default-address-pools");
    let pools = side.text().map(Pool::parse_all).unwrap_or_default();
    let (sound, bad): (Vec<Pool>, Vec<Pool>) = pools.into_iter().partition(|p| p.is_sound());
    let mut faults = Vec::new();
    for pool in bad {
        let message =
            format!("{pool}: a network cannot be larger than its pool, and dockerd does not start");
        faults.push(Fault::broken(&[&side], message));
    }
    faults.extend(too_few(&side, &sound));
    faults.extend(overlaps(&side, &sound));
    faults.extend(sound.iter().filter_map(|pool| of_bridge(&side, *pool)));
    let bip = view.side("docker", "bip");
    if let Some(subnet) = bip.text().and_then(Subnet::parse) {
        let inside = sound.iter().filter(|pool| pool.covers(subnet));
        faults.extend(inside.map(|pool| {
            let message = format!(
                "{} lies in the pool {pool}, which has so much less to give",
                bip.told()
            );
            Fault::note(&[&bip, &side], message)
        }));
    }
    faults
}

fn too_few(side: &Side<'_>, pools: &[Pool]) -> Option<Fault> {
    let sum = |size: fn(&Pool) -> u8| {
        let networks = pools.iter().map(|pool| pool.networks(size(pool)));
        networks.fold(0, u64::saturating_add)
    };
    let (given, fitting) = (sum(|p| p.size), sum(|p| p.size.max(FITTING)));
    let message = format!(
        "{} network{} in default-address-pools, where Docker has {DEFAULT} without them, and docker0 takes one",
        given,
        if given == 1 { "" } else { "s" }
    );
    (!pools.is_empty() && given < DEFAULT).then(|| {
        let help = match fitting > given {
            true => format!(
                "size {FITTING} gives {fitting} networks, each with the addresses that a bridge has ports for"
            ),
            false => "add a pool".to_owned(),
        };
        Fault::broken(&[side], message).help(help)
    })
}

fn overlaps(side: &Side<'_>, pools: &[Pool]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, pool) in pools.iter().enumerate() {
        for other in &pools[index + 1..] {
            if pool.overlaps(*other) {
                let message =
                    format!("the pools {pool} and {other} overlap: what they share is given once");
                faults.push(Fault::broken(&[side], message));
            }
        }
    }
    faults
}

/// The smaller of addresses and ports bounds a network; a profile may well want it so.
fn of_bridge(side: &Side<'_>, pool: Pool) -> Option<Fault> {
    let addresses = pool.containers();
    let message = match pool.size {
        FITTING => return None,
        size if size < FITTING => format!(
            "a network of {pool} has addresses for {addresses} containers, and its bridge {PORTS} ports"
        ),
        _ => format!(
            "a network of {pool} has addresses for {addresses} containers, fewer than its bridge has ports ({PORTS})"
        ),
    };
    Some(Fault::note(&[side], message))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{text, told};
    use super::RULE;

    fn of(pools: &str) -> Vec<String> {
        told(
            RULE.id,
            None,
            &[text("docker", "default-address-pools", pools)],
        )
    }

    #[test]
    fn fewer_networks_than_without_pools() {
        let said = of("172.20.0.0/16 size 20");
        assert_eq!(
            said[0],
            "drifted: 16 networks in default-address-pools, where Docker has 31 without them, and docker0 takes one"
        );
        assert!(
            said[1].contains("4093 containers, and its bridge 1023 ports"),
            "{said:?}"
        );
        assert_eq!(of("172.20.0.0/16 size 22"), [""; 0]);
    }

    #[test]
    fn pools_overlap_or_are_cut_too_large() {
        let said = of("10.0.0.0/12 size 22, 10.8.0.0/14 size 22");
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("overlap"), "{said:?}");
        assert!(of("10.0.0.0/16 size 12")[0].contains("dockerd does not start"));
    }

    #[test]
    fn a_bridge_of_its_own_inside_a_pool_is_a_note() {
        let settings = [
            text("docker", "default-address-pools", "10.0.0.0/12 size 22"),
            text("docker", "bip", "10.1.0.1/22"),
        ];
        assert!(told(RULE.id, None, &settings)[0].starts_with("met: bip 10.1.0.1/22 lies in"));
    }
}
