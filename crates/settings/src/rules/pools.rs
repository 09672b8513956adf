//! Docker's address pools: a base network each, cut into networks of one size.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// One pool of IPv4; Docker counts those of IPv6 apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pool {
    base: Subnet,
    /// The prefix of each network taken from it.
    pub(super) size: u8,
}

/// A network of IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subnet {
    address: Ipv4Addr,
    prefix: u8,
}

impl Subnet {
    /// Reads `172.20.0.0/16`, or the address of a host with the prefix of its network.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.trim().split_once('/')?;
        let prefix: u8 = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        let IpAddr::V4(address) = address.parse().ok()? else {
            return None;
        };
        Some(Self {
            address: Ipv4Addr::from_bits(address.to_bits() & mask(prefix)),
            prefix,
        })
    }

    /// Whether the two have an address in common.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let mask = mask(self.prefix.min(other.prefix));
        self.address.to_bits() & mask == other.address.to_bits() & mask
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl Pool {
    /// Reads `172.20.0.0/16 size 20, 10.0.0.0/8 size 24`; what is no pool of IPv4 is left out.
    pub(super) fn parse_all(text: &str) -> Vec<Self> {
        let one = |text: &str| {
            let (base, size) = text.split_once(" size ")?;
            Some(Self {
                base: Subnet::parse(base)?,
                size: size.trim().parse().ok()?,
            })
        };
        text.split(',').filter_map(one).collect()
    }

    /// Whether dockerd takes it: a network is not larger than the pool.
    pub(super) fn is_sound(self) -> bool {
        (self.base.prefix..=32).contains(&self.size)
    }

    /// How many networks of the prefix `size` it has.
    pub(super) fn networks(self, size: u8) -> u64 {
        let bits = size.saturating_sub(self.base.prefix);
        1_u64.checked_shl(u32::from(bits)).unwrap_or(u64::MAX)
    }

    /// How many containers one of its networks has addresses for: its own, the gateway's and the
    /// broadcast address are not for them.
    pub(super) fn containers(self) -> u64 {
        (1_u64 << (32 - u32::from(self.size.min(32)))).saturating_sub(3)
    }

    /// Whether it has an address in common with `subnet`.
    pub(super) fn covers(self, subnet: Subnet) -> bool {
        self.base.overlaps(subnet)
    }

    /// Whether it has an address in common with another pool.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.base.overlaps(other.base)
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subnet { address, prefix } = self.base;
        write!(f, "{address}/{prefix} size {}", self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_are_counted_as_docker_cuts_them() {
        let pools = Pool::parse_all("172.20.0.0/16 size 20, 10.0.0.0/8 size 24, fd00::/8 size 64");
        assert_eq!(pools.len(), 2);
        assert_eq!(pools[0].networks(20), 16);
        assert_eq!(pools[0].containers(), 4093);
        assert_eq!(pools[1].networks(24), 65_536);
        assert_eq!(pools[1].containers(), 253);
    }

    #[test]
    fn overlap_is_by_the_wider_of_the_two() {
        let subnet = |text| Subnet::parse(text).unwrap();
        assert!(subnet("10.0.0.0/8").overlaps(subnet("10.200.0.1/24")));
        assert!(!subnet("10.0.0.0/8").overlaps(subnet("11.0.0.0/24")));
        assert!(subnet("0.0.0.0/0").overlaps(subnet("11.0.0.0/24")));
        assert_eq!(Subnet::parse("10.0.0.0/33"), None);
    }
}
