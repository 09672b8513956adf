//! Scripts, tables of commands and rules: of their lines only those that may write a kernel file.

/// What such a line has in it.
const WRITES: [&str; 3] = ["sysctl", "/proc/", "/sys/"];

/// The text with as many lines as before; what is no business of a recording is empty.
pub(super) fn keep(text: &str) -> String {
    let keep = |line: &str| match WRITES.iter().any(|word| line.contains(word)) {
        true => format!("{line}\n"),
        false => "\n".to_owned(),
    };
    text.lines().map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_writes_stays_in_its_place() {
        let script = "#!/bin/sh\ncurl -u me:secret x\nsysctl -w vm.swappiness=1\n";
        assert_eq!(keep(script), "\n\nsysctl -w vm.swappiness=1\n");
    }
}
