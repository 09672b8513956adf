//! The words in which a workload is told: numbers, sizes, processors, kinds and networks.

use crate::network::NETWORK_HELP;
use crate::{Network, NodeKind, parse_number};

/// Why a workload cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WorkloadError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

const MAX_CPUS: u64 = 8_192;

/// `host=300,dind=100`.
pub(crate) fn pairs<'a>(
    key: &str,
    value: &'a str,
) -> Result<Vec<(NodeKind, &'a str)>, WorkloadError> {
    let pair = |word: &'a str| {
        let (kind, count) = word.split_once('=')?;
        let kind = NodeKind::ALL
            .into_iter()
            .find(|known| known.name() == kind.trim())?;
        Some((kind, count.trim()))
    };
    let pairs: Option<Vec<_>> = value.split(',').map(pair).collect();
    pairs.ok_or_else(|| {
        let help = "write a number, or numbers of kinds such as `host=300,dind=100`".to_owned();
        error(format!("`{key}` cannot be read from `{value}`"), Some(help))
    })
}

pub(crate) fn number(key: &str, value: &str, min: u64, max: u64) -> Result<u64, WorkloadError> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(number) if digits && (min..=max).contains(&number) => Ok(number),
        _ if digits => Err(error(
            format!("`{key}` takes {min} to {max}, not `{value}`"),
            None,
        )),
        _ => Err(error(
            format!("`{key}` takes a whole number, not `{value}`"),
            None,
        )),
    }
}

pub(crate) fn size(key: &str, value: &str) -> Result<u64, WorkloadError> {
    let bytes = parse_number(value)
        .ok()
        .and_then(|bytes| u64::try_from(bytes).ok());
    bytes.ok_or_else(|| {
        let help = "write bytes, or a size such as `270M` or `1G` (powers of 1024)".to_owned();
        error(format!("`{key}` takes a size, not `{value}`"), Some(help))
    })
}

/// A number of processors with up to three decimals, in thousandths.
pub(crate) fn thousandths(key: &str, value: &str) -> Result<u64, WorkloadError> {
    let refused = || {
        let help = format!("write processors such as `0.04`, {MAX_CPUS} at most");
        error(
            format!("`{key}` takes processors, not `{value}`"),
            Some(help),
        )
    };
    let (whole, decimals) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return Err(refused());
    }
    let decimals: u64 = format!("{decimals:0<3}").parse().map_err(|_| refused())?;
    let whole: u64 = whole.parse().map_err(|_| refused())?;
    match whole {
        0..MAX_CPUS => Ok(whole * 1000 + decimals),
        _ => Err(refused()),
    }
}

pub(crate) fn word<T: Copy>(key: &str, value: &str, all: &[(&str, T)]) -> Result<T, WorkloadError> {
    let found = all.iter().find(|(name, _)| *name == value);
    found
        .map(|(_, meaning)| *meaning)
        .ok_or_else(|| not_among(key, value, all))
}

pub(crate) fn not_among<T>(key: &str, value: &str, all: &[(&str, T)]) -> WorkloadError {
    let names: Vec<String> = all.iter().map(|(name, _)| format!("`{name}`")).collect();
    let help = format!("write {}", names.join(", "));
    error(format!("`{key}` does not take `{value}`"), Some(help))
}

pub(crate) fn network(key: &str, value: &str) -> Result<Network, WorkloadError> {
    Network::parse(value).ok_or_else(|| {
        let message = format!("`{key}` takes a network, not `{value}`");
        error(message, Some(NETWORK_HELP.to_owned()))
    })
}

pub(crate) fn error(message: String, help: Option<String>) -> WorkloadError {
    WorkloadError { message, help }
}
