//! Files of systemd: sections and limits, on the lines they stand on.

use super::arguments;

/// How the keys begin whose values are kept: limits, tasks, defaults of the manager, and where the
/// variables of a command line come from.
const ASKED: &[&str] = &[
    "Limit",
    "Tasks",
    "Default",
    "Delegate",
    "EnvironmentFile",
    "Slice",
];

/// The text with as many lines as before: what is not kept leaves an empty one, so that a finding
/// names the same line.
pub(super) fn keep(text: &str) -> String {
    text.lines().map(|line| keep_line(line) + "\n").collect()
}

fn keep_line(line: &str) -> String {
    let trimmed = line.trim();
    if trimmed.starts_with('[') {
        return trimmed.to_owned();
    }
    match trimmed.split_once('=') {
        Some((key, value)) if key.trim() == "ExecStart" => {
            format!("ExecStart={}", arguments::of_a_line(value))
        }
        Some((key, _)) if ASKED.iter().any(|asked| key.starts_with(asked)) => trimmed.to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_stay_on_their_lines() {
        let text = "# a secret\n[Service]\nEnvironment=\"K=v\"\nExecStart=/x --password y\n\
            TasksMax=5 \nLimitNOFILE=1:2\nDescription=mine\n";
        assert_eq!(
            keep(text),
            "\n[Service]\n\nExecStart=\nTasksMax=5\nLimitNOFILE=1:2\n\n"
        );
    }
}
