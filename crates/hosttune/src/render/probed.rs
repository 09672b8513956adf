//! What was seen in the container of `check --probe-container`, in words.

use crate::ui::{FAINT, paint};
use model::{HostError, Inside, Problem};

/// Lines below the summary.
pub(crate) fn text(inside: &Inside) -> String {
    let open_files = inside.limits.lines().find_map(|line| {
        let words = line.strip_prefix("Max open files")?;
        let mut words = words.split_whitespace();
        Some(format!("{}:{}", words.next()?, words.next()?))
    });
    let told = |what: &str, found: Option<String>| {
        let found = found.unwrap_or_else(|| "unknown".to_owned());
        format!("  {what:<18} {found}\n")
    };
    let tries = &inside.inotify;
    let mut text = format!(
        "\n{}\n",
        paint(FAINT, "in a container made for it, and removed:")
    );
    text.push_str(&told("open files", open_files));
    text.push_str(&told("pids.max", inside.pids_max.clone()));
    text.push_str(&told("memory.max", inside.memory_max.clone()));
    let bytes = inside.pipe_bytes.map(|bytes| format!("{bytes} bytes"));
    text.push_str(&told("a fresh pipe", bytes));
    let made = format!("{} of {} more instances", tries.done, tries.tried);
    text.push_str(&told("inotify", Some(made)));
    text
}

/// Why there was no such container.
pub(crate) fn problem(error: &HostError) -> Problem {
    let problem = Problem::new("probe", format!("no container could be probed: {error}"));
    match error {
        HostError::Denied { needs, .. } => problem.help(format!("run as {needs}")),
        HostError::Unavailable { .. } => problem.help("start docker.service"),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_seen_is_unknown() {
        let inside = Inside {
            limits: "Max open files            1024                 524288               files\n"
                .to_owned(),
            ..Inside::default()
        };
        let text = text(&inside);
        assert!(text.contains("open files         1024:524288\n"), "{text}");
        assert!(text.contains("pids.max           unknown\n"), "{text}");
    }
}
