//! The network of a container, and how it is spelled.

use std::fmt;

/// The network of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// Docker's default bridge.
    Bridge,
    /// A network of Docker's by its name.
    Named(String),
    /// The host's own.
    Host,
    /// None but the loopback.
    None,
    /// So many bridge networks, over which the nodes are spread evenly.
    Bridges(u64),
    /// A bridge network a node, which its own container and its jobs share.
    PerNode,
    /// None of the host's bridges: what a driver (`macvlan`) or another container gives it.
    Other(String),
}

/// The spellings that are not names of Docker networks.
pub(crate) const NETWORK_HELP: &str = "write `bridge`, `host`, `none`, `per-node` for a network a node, `bridges:4` for four \
     networks that share the nodes, or the name of a Docker network";

const MAX_BRIDGES: u64 = 1_000_000;

impl Network {
    /// Reads a spelling; none where it is neither a word of ours nor a name that Docker takes.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            // The engine takes `default` for its default bridge too.
            "bridge" | "default" => Self::Bridge,
            "host" => Self::Host,
            "none" => Self::None,
            "per-node" => Self::PerNode,
            _ => match text.strip_prefix("bridges:") {
                Some(count) => Self::Bridges(bridges(count)?),
                None => Self::Named(is_network_name(text).then(|| text.to_owned())?),
            },
        })
    }

    /// Whether a container on it plugs into a bridge of the host, as far as the spelling tells.
    pub fn is_bridged(&self) -> bool {
        !matches!(self, Self::Host | Self::None | Self::Other(_))
    }
}

fn bridges(count: &str) -> Option<u64> {
    let digits = count.bytes().all(|byte| byte.is_ascii_digit());
    let count = count.parse().ok().filter(|_| digits)?;
    (1..=MAX_BRIDGES).contains(&count).then_some(count)
}

/// Docker's own rule for names; it also keeps a name inside the path of the request.
fn is_network_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    name.len() <= 255
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(inner)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bridge => f.write_str("bridge"),
            Self::Named(name) | Self::Other(name) => f.write_str(name),
            Self::Host => f.write_str("host"),
            Self::None => f.write_str("none"),
            Self::Bridges(count) => write!(f, "bridges:{count}"),
            Self::PerNode => f.write_str("per-node"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_reads_back() {
        for text in ["bridge", "host", "none", "per-node", "bridges:4", "jobs_0"] {
            assert_eq!(Network::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Network::parse("default"), Some(Network::Bridge));
    }

    #[test]
    fn what_docker_would_not_take_is_no_name() {
        for text in [
            "",
            "../x",
            "-x",
            "a b",
            "bridges:0",
            "bridges:x",
            "bridges:+1",
            "bridges:",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
