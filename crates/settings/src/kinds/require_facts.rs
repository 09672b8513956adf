//! The facts about a running host that a profile can require.

use super::cgroup_place::is_unified;
use model::{Host, HostError, HostResult, Observed, Quantity, Space, Value};

const CONTROLLERS: &str = "/sys/fs/cgroup/cgroup.controllers";
const RELEASE: &str = "/proc/sys/kernel/osrelease";
const MEMORY: &str = "/proc/meminfo";
const CPUS: &str = "/sys/devices/system/cpu/online";
const DATA_ROOT: &str = "/var/lib/docker";

/// A fact, and where it was found.
pub(crate) struct Fact {
    pub(crate) found: Observed,
    pub(crate) source: String,
}

/// The fact that `name` and `path` ask for; of `wanted` words those that are there.
pub(crate) fn fact(host: &dyn Host, name: &str, path: &str, wanted: &str) -> Fact {
    let (found, source) = match name {
        "cgroup" => (version(host), CONTROLLERS),
        "kernel" => (kernel(host), RELEASE),
        "controllers" => (controllers(host, wanted), CONTROLLERS),
        "cpus" => (cpus(host), CPUS),
        "memory" => (memory(host), MEMORY),
        _ => return room(host, name, path),
    };
    let source = source.to_owned();
    Fact { found, source }
}

fn number(number: Option<i128>, path: &str) -> Observed {
    number.map_or_else(
        || Observed::Unreadable(format!("{path} is not understood")),
        |number| Observed::Value(Value::number(number)),
    )
}

fn text(host: &dyn Host, path: &str, read: impl Fn(&str) -> Observed) -> Observed {
    match host.read_text(path) {
        Ok(text) => read(&text),
        Err(error) => Observed::Unreadable(error.to_string()),
    }
}

fn version(host: &dyn Host) -> Observed {
    match is_unified(host) {
        Ok(unified) => Observed::Value(Value::words(if unified { "v2" } else { "v1" })),
        Err(why) => Observed::Unreadable(why),
    }
}

fn kernel(host: &dyn Host) -> Observed {
    text(host, RELEASE, |release| {
        let shape = model::Shape::ceiling(0, i128::MAX).form(model::Form::Version);
        match shape.observe(release.trim()) {
            Ok(value) => Observed::Value(value),
            Err(error) => Observed::Unreadable(error.to_string()),
        }
    })
}

/// Those of the wanted that are there, in the order wanted: all of them is what is wanted.
fn controllers(host: &dyn Host, wanted: &str) -> Observed {
    let read = host.read_text(CONTROLLERS);
    let there = match &read {
        Ok(there) => there.as_str(),
        // Version 1 has them elsewhere, or not at all.
        Err(HostError::NotFound(_)) => "",
        Err(error) => return Observed::Unreadable(error.to_string()),
    };
    let has = |name: &&str| there.split_whitespace().any(|one| one == *name);
    let found: Vec<&str> = wanted.split(' ').filter(has).collect();
    match found.is_empty() {
        true => Observed::Absent,
        false => Observed::Value(Value::words(&found.join(" "))),
    }
}

/// Ranges such as `0-5,8` (Documentation/admin-guide/cputopology.rst).
fn cpus(host: &dyn Host) -> Observed {
    text(host, CPUS, |online| {
        let count = |range: &str| {
            let (low, high) = range.split_once('-').unwrap_or((range, range));
            let (low, high): (i128, i128) = (low.parse().ok()?, high.parse().ok()?);
            Some(high - low + 1)
        };
        number(online.trim().split(',').map(count).sum(), CPUS)
    })
}

fn memory(host: &dyn Host) -> Observed {
    text(host, MEMORY, |lines| {
        let total = lines
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:"));
        let kilobytes = total.and_then(|rest| rest.split_whitespace().next()?.parse::<i128>().ok());
        number(kilobytes.map(|kilobytes| kilobytes * 1024), MEMORY)
    })
}

fn room(host: &dyn Host, name: &str, path: &str) -> Fact {
    let asked = match path {
        "" => data_root(host),
        path => Ok(path.to_owned()),
    };
    let (found, source) = match asked {
        Err(error) => (Observed::Unreadable(error.to_string()), "Docker".to_owned()),
        Ok(path) => match nearest(host, &path) {
            Ok((space, at)) => (Observed::Value(free(name, space)), at),
            Err(error) => (Observed::Unreadable(error.to_string()), path),
        },
    };
    Fact { found, source }
}

fn free(name: &str, space: Space) -> Value {
    match name {
        "free-space" => Value::number(space.bytes_free),
        // btrfs and the like make inodes as they are needed.
        _ if space.inodes == 0 => Value::Numbers(vec![Quantity::Unlimited]),
        _ => Value::number(space.inodes_free),
    }
}

/// Docker's own word; without a daemon, where it would put its data.
fn data_root(host: &dyn Host) -> HostResult<String> {
    match host.docker("/info") {
        Ok(answer) => {
            let info: Option<serde_json::Value> = serde_json::from_str(&answer).ok();
            let root = info.and_then(|info| Some(info.get("DockerRootDir")?.as_str()?.to_owned()));
            root.ok_or_else(|| HostError::Failed {
                what: "Docker /info".to_owned(),
                why: "names no data root".to_owned(),
            })
        }
        Err(HostError::Unavailable { .. } | HostError::NotFound(_)) => Ok(DATA_ROOT.to_owned()),
        Err(error) => Err(error),
    }
}

/// The room where `path` is, or will be once it is made.
fn nearest(host: &dyn Host, path: &str) -> HostResult<(Space, String)> {
    let mut at = path;
    loop {
        match host.space(at) {
            Err(HostError::NotFound(_)) if at != "/" => {
                at = match at.rsplit_once('/') {
                    Some(("", _)) | None => "/",
                    Some((parent, _)) => parent,
                };
            }
            space => return space.map(|space| (space, at.to_owned())),
        }
    }
}
