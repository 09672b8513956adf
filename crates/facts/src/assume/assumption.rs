//! The assumption: what `--assume cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms` says.

use super::pace;
use model::{nearest, parse_number};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a host is assumed to have; what is not said is as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// Processors.
    pub cpus: Option<u64>,
    /// Bytes of memory, as `MemTotal` shows them.
    pub memory: Option<u64>,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// Nodes of memory.
    pub numa: Option<u64>,
    /// Nanoseconds of a processor that PID 1 takes for one answer on the bus.
    #[serde(default)]
    pub pid1_answer: Option<u64>,
}

/// Why words are no assumption.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AssumptionError(String);

const KEYS: [&str; 5] = ["cpus", "kernel", "memory", "numa", "pid1-answer"];
/// As many as a kernel of Debian can have (`CONFIG_NR_CPUS`).
const MOST_CPUS: u64 = 8192;
const LEAST_MEMORY: u64 = 128 << 20;
const MOST_MEMORY: u64 = 64 << 40;
/// `MAX_NUMNODES` with `CONFIG_NODES_SHIFT` of 10.
const MOST_NODES: u64 = 1024;

impl FromStr for Assumption {
    type Err = AssumptionError;

    fn from_str(text: &str) -> Result<Self, AssumptionError> {
        let mut assumption = Self::default();
        for pair in text.split(',') {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(wrong(format!(
                    "`{pair}` is no KEY=VALUE; the keys are {}",
                    KEYS.join(", ")
                )));
            };
            let value = value.trim();
            let again = match key.trim() {
                "cpus" => assumption
                    .cpus
                    .replace(count(key, value, MOST_CPUS)?)
                    .is_some(),
                "numa" => assumption
                    .numa
                    .replace(count(key, value, MOST_NODES)?)
                    .is_some(),
                "memory" => assumption.memory.replace(memory(value)?).is_some(),
                "kernel" => assumption.kernel.replace(release(value)?).is_some(),
                "pid1-answer" => assumption.pid1_answer.replace(answer(value)?).is_some(),
                key => {
                    let hint = nearest(key, KEYS).map(|near| format!(", did you mean `{near}`"));
                    let hint =
                        hint.unwrap_or_else(|| format!("; the keys are {}", KEYS.join(", ")));
                    return Err(wrong(format!("nothing is known of `{key}`{hint}")));
                }
            };
            if again {
                return Err(wrong(format!("`{}` is said twice", key.trim())));
            }
        }
        match (assumption.numa, assumption.cpus) {
            (Some(nodes), Some(cpus)) if nodes > cpus => Err(wrong(format!(
                "{nodes} nodes of memory have {cpus} processors between them"
            ))),
            _ => Ok(assumption),
        }
    }
}

fn wrong(message: String) -> AssumptionError {
    AssumptionError(message)
}

fn count(key: &str, value: &str, most: u64) -> Result<u64, AssumptionError> {
    match value.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(wrong(format!(
            "{key}={value}: wants a number from 1 to {most}"
        ))),
    }
}

fn memory(value: &str) -> Result<u64, AssumptionError> {
    let bytes = parse_number(value).ok();
    let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
    match bytes {
        Some(bytes) if (LEAST_MEMORY..=MOST_MEMORY).contains(&bytes) => Ok(bytes),
        _ => Err(wrong(format!(
            "memory={value}: wants 128M to 64T (K, M, G and T are powers of 1024)"
        ))),
    }
}

fn answer(value: &str) -> Result<u64, AssumptionError> {
    pace::parse(value).ok_or_else(|| {
        wrong(format!(
            "pid1-answer={value}: wants 1us to 10000ms, what PID 1 takes for one answer on the bus"
        ))
    })
}

/// `6.1`, `6.12.41+deb13-amd64`.
fn release(value: &str) -> Result<String, AssumptionError> {
    let end = value.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (numbers, rest) = value.split_at(end.unwrap_or(value.len()));
    let parts: Vec<&str> = numbers.split('.').collect();
    let is_number = |part: &&str| part.parse::<u32>().is_ok_and(|number| number < 1 << 20);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-+_~.".contains(letter);
    let good = (2..=3).contains(&parts.len())
        && parts.iter().all(is_number)
        && (rest.is_empty() || rest.starts_with(['-', '+', '_', '~']))
        && rest.chars().all(plain);
    match good {
        true => Ok(value.to_owned()),
        false => Err(wrong(format!(
            "kernel={value}: wants a release such as 6.1 or 6.12.41+deb13-amd64"
        ))),
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: Option<u64>| number.map(|number| number.to_string());
        let memory = self.memory.map(|bytes| match bytes.trailing_zeros() {
            30.. => format!("{}G", bytes >> 30),
            20.. => format!("{}M", bytes >> 20),
            10.. => format!("{}K", bytes >> 10),
            _ => bytes.to_string(),
        });
        let words = [
            ("cpus", count(self.cpus)),
            ("memory", memory),
            ("kernel", self.kernel.clone()),
            ("numa", count(self.numa)),
            ("pid1-answer", self.pid1_answer.map(pace::words)),
        ];
        let said = words
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", value?)));
        f.write_str(&said.collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_comes_back() {
        let text = "cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms";
        let assumption: Assumption = text.parse().unwrap();
        assert_eq!(assumption.memory, Some(251 << 30));
        assert_eq!(assumption.to_string(), text);
        let part: Assumption = "memory=1536M".parse().unwrap();
        assert_eq!(
            (part.cpus, part.to_string()),
            (None, "memory=1536M".to_owned())
        );
    }

    #[test]
    fn nonsense_is_refused() {
        let cases = [
            ("", "no KEY=VALUE"),
            ("cpus", "no KEY=VALUE"),
            ("cpu=4", "did you mean `cpus`"),
            ("cpus=0", "1 to 8192"),
            ("cpus=-4", "1 to 8192"),
            ("cpus=4.5", "1 to 8192"),
            ("cpus=4,cpus=5", "said twice"),
            ("memory=251", "128M to 64T"),
            ("memory=infinity", "128M to 64T"),
            ("memory=-1G", "128M to 64T"),
            ("memory=65T", "128M to 64T"),
            ("kernel=six", "a release"),
            ("kernel=6", "a release"),
            ("kernel=6.1 x", "a release"),
            ("numa=0", "1 to 1024"),
            ("cpus=2,numa=4", "between them"),
            ("pid1-answer=5", "1us to 10000ms"),
            ("pid1-answer=0ms", "1us to 10000ms"),
            ("pid1-answer=11000ms", "1us to 10000ms"),
        ];
        for (text, wanted) in cases {
            let error = text.parse::<Assumption>().unwrap_err().to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
