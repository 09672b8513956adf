//! A transient service: one that systemd runs though no file describes it.

use zbus::Variant;

/// A service of ours whose groups are its own to arrange.
#[derive(Debug, Clone, Copy)]
pub struct Transient<'a> {
    /// The unit's name.
    pub unit: &'a str,
    /// What it is for, in a line.
    pub description: &'a str,
    /// The slice it is started in.
    pub slice: &'a str,
    /// The program and its arguments.
    pub command: &'a [String],
}

impl Transient<'_> {
    /// Its properties as systemd names them: delegated, without a bound of its own on tasks and files,
    /// killed whole, forgotten when it ends, and the first to go if memory runs out.
    pub(super) fn properties(&self) -> Vec<(&'static str, Variant<'_>)> {
        const FILES: u64 = 1 << 20;
        let program = self.command.first().map_or("", String::as_str);
        let arguments: Vec<&str> = self.command.iter().map(String::as_str).collect();
        let command = vec![(program, arguments, false)];
        vec![
            ("Description", self.description.into()),
            ("Slice", self.slice.into()),
            ("ExecStart", command.into()),
            ("Type", "exec".into()),
            ("Delegate", true.into()),
            ("TasksMax", u64::MAX.into()),
            ("LimitNOFILE", FILES.into()),
            ("LimitNPROC", u64::MAX.into()),
            ("KillMode", "control-group".into()),
            ("CollectMode", "inactive-or-failed".into()),
            ("OOMScoreAdjust", 1000i32.into()),
            ("OOMPolicy", "continue".into()),
            ("TimeoutStopUSec", 60_000_000u64.into()),
            // Else it gets a session keyring with its invocation's number in it, two of the keys that
            // kernel.keys.maxkeys counts (systemd src/core/execute.c, exec-invoke.c).
            ("KeyringMode", "inherit".into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_property_has_the_type_that_systemd_asks_for() {
        let command = ["/usr/bin/hosttune".to_owned(), "x".to_owned()];
        let service = Transient {
            unit: "x.service",
            description: "x",
            slice: "system.slice",
            command: &command,
        };
        let properties = service.properties();
        // org.freedesktop.systemd1(5); a command is its path, its arguments and whether it may fail.
        for (name, wanted) in [
            ("ExecStart", "a(sasb)"),
            ("TasksMax", "t"),
            ("LimitNOFILE", "t"),
            ("Delegate", "b"),
            ("OOMScoreAdjust", "i"),
            ("TimeoutStopUSec", "t"),
            ("Slice", "s"),
            ("KeyringMode", "s"),
        ] {
            let found = properties.iter().find(|(property, _)| *property == name);
            assert_eq!(
                found.unwrap().1.value_signature().to_string(),
                wanted,
                "{name}"
            );
        }
    }
}
