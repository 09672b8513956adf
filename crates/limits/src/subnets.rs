//! IPv4 subnets: Docker's pools of them, and the routes of the host that they must not overlap.

use crate::engine::Engine;
use model::{Host, Unread};

/// The routes of the host.
pub(crate) const ROUTES: &str = "/proc/net/route";
/// Built in: fifteen /16 and sixteen /20 (moby libnetwork/ipamutils).
const OWN: &[(&str, u64)] = &[
    ("172.17.0.0/16", 16),
    ("172.18.0.0/16", 16),
    ("172.19.0.0/16", 16),
    ("172.20.0.0/14", 16),
    ("172.24.0.0/14", 16),
    ("172.28.0.0/14", 16),
    ("192.168.0.0/16", 20),
];

/// A subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subnet {
    base: u32,
    pub(crate) prefix: u32,
}

impl Subnet {
    /// Reads `10.0.0.0/8`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (base, prefix) = text.split_once('/')?;
        let base: std::net::Ipv4Addr = base.parse().ok()?;
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        Some(Self {
            base: u32::from(base),
            prefix,
        })
    }

    /// How many addresses it has.
    pub(crate) fn addresses(self) -> u64 {
        1 << (32 - self.prefix)
    }

    fn first(self) -> u64 {
        u64::from(self.base) & !(self.addresses() - 1)
    }

    fn last(self) -> u64 {
        self.first() + self.addresses() - 1
    }
}

/// A pool: a block, cut into subnets of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pool {
    block: Subnet,
    pub(crate) prefix: u32,
}

/// The pools for new IPv4 networks.
pub(crate) fn pools(engine: &Engine) -> Result<Vec<Pool>, Unread> {
    let told = engine.address_pools();
    let own = OWN.iter().map(|(base, size)| ((*base).to_owned(), *size));
    let pools = match told.is_empty() {
        true => own.collect(),
        false => told,
    };
    let ipv4 = pools.into_iter().filter(|(base, _)| !base.contains(':'));
    let pool = |(base, size): (String, u64)| {
        let block = Subnet::parse(&base)?;
        let prefix = u32::try_from(size).ok()?;
        let fits = block.prefix <= prefix && prefix <= 32;
        fits.then_some(Pool { block, prefix })
    };
    let pools: Option<Vec<Pool>> = ipv4.map(pool).collect();
    pools.ok_or_else(|| Unread::because(format!("{}: address pools", engine.source)))
}

impl Pool {
    /// How many subnets it has.
    pub(crate) fn subnets(self) -> u64 {
        1 << (self.prefix - self.block.prefix)
    }

    /// How many of them overlap a route, each once.
    pub(crate) fn overlapped(self, routes: &[Route]) -> u64 {
        let size = 1u64 << (32 - self.prefix);
        let (first, last) = (self.block.first(), self.block.last());
        let overlaps = routes.iter().map(|route| route.to);
        let overlaps = overlaps.filter(|to| to.first() <= last && to.last() >= first);
        let index = |address: u64| (address.clamp(first, last) - first) / size;
        let mut ranges: Vec<(u64, u64)> = overlaps
            .map(|to| (index(to.first()), index(to.last())))
            .collect();
        ranges.sort_unstable();
        let mut next = 0;
        let mut count = 0;
        for (from, to) in ranges {
            let from = from.max(next);
            count += (to + 1).saturating_sub(from);
            next = next.max(to + 1);
        }
        count
    }
}

/// A route to a subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The interface.
    pub(crate) interface: String,
    /// Where to.
    pub(crate) to: Subnet,
}

/// The routes but the default ones. Addresses are as in memory, so on most machines reversed.
pub(crate) fn routes(host: &dyn Host) -> Result<Vec<Route>, Unread> {
    let text = host.read_text(ROUTES)?;
    let address = |word: &str| u32::from_str_radix(word, 16).ok().map(u32::from_be);
    let route = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (base, mask) = (address(words.get(1)?)?, address(words.get(7)?)?);
        Some(Route {
            interface: (*words.first()?).to_owned(),
            to: Subnet {
                base,
                prefix: mask.leading_ones(),
            },
        })
    };
    let routes: Option<Vec<Route>> = text.lines().skip(1).map(route).collect();
    let routes =
        routes.ok_or_else(|| Unread::because(format!("{ROUTES}: a line of another form")))?;
    let is_default = |route: &Route| route.to.prefix == 0;
    Ok(routes
        .into_iter()
        .filter(|route| !is_default(route))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::stock;
    use testkit::FakeHost;

    fn pools_of(config: &str) -> Result<Vec<Pool>, Unread> {
        let host = FakeHost::new().file("/etc/docker/daemon.json", config);
        pools(&Engine::read(&host).unwrap())
    }

    fn route(to: &str) -> Route {
        Route {
            interface: String::new(),
            to: Subnet::parse(to).unwrap(),
        }
    }

    #[test]
    fn dockers_own_pools_have_31_subnets() {
        let pools = pools_of("{}").unwrap();
        assert_eq!(pools.iter().map(|pool| pool.subnets()).sum::<u64>(), 31);
        let config = r#"{"default-address-pools": [{"base": "10.64.0.0/10", "size": 24}]}"#;
        assert_eq!(pools_of(config).unwrap()[0].subnets(), 16_384);
        let broken = r#"{"default-address-pools": [{"base": "10.64.0.0/24", "size": 16}]}"#;
        assert!(pools_of(broken).is_err());
    }

    #[test]
    fn routes_within_across_and_around_a_pool_are_counted_once() {
        let pool = Pool {
            block: Subnet::parse("192.168.0.0/16").unwrap(),
            prefix: 20,
        };
        let overlapped = |routes: &[&str]| {
            let routes: Vec<Route> = routes.iter().map(|to| route(to)).collect();
            pool.overlapped(&routes)
        };
        assert_eq!(overlapped(&["192.168.16.0/24", "192.168.17.0/24"]), 1);
        assert_eq!(overlapped(&["192.168.0.0/18", "192.168.16.0/20"]), 4);
        assert_eq!(overlapped(&["192.0.0.0/8"]), 16);
        assert_eq!(overlapped(&["10.0.0.0/8"]), 0);
    }

    #[test]
    fn routes_have_their_addresses_reversed() {
        let routes = routes(&stock()).unwrap();
        let docker0 = routes.iter().find(|route| route.interface == "docker0");
        assert_eq!(docker0.unwrap().to, Subnet::parse("172.17.0.0/16").unwrap());
        assert_eq!(routes.len(), 2);
    }
}
