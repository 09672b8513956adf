//! saptune: the `[sysctl]` sections of the notes that it has applied.

use super::ufw::of_procps;
use super::{Effect, LateWriter, NextBoot, Write};

pub(super) const WRITER: LateWriter = LateWriter {
    name: "saptune",
    says: "[sysctl] of the notes in TUNE_FOR_NOTES and of all notes where TUNE_FOR_SOLUTIONS names a \
           solution; it works out what it writes, so it is only named (saptune-note(5), saptune(8))",
    writes,
};

const SETTINGS: &str = "/etc/sysconfig/saptune";
const NOTES: [&str; 3] = [
    "/etc/saptune/override",
    "/etc/saptune/extra",
    "/usr/share/saptune/notes",
];

fn writes(boot: &NextBoot<'_>, key: &str) -> Vec<Write> {
    let host = boot.host();
    if !boot.starts("saptune.service") {
        return Vec::new();
    }
    let settings = host.read_text(SETTINGS).unwrap_or_default();
    let words = |name: &str| {
        let lines = settings.lines().filter_map(|line| line.split_once('='));
        let value = lines.rev().find(|(key, _)| key.trim() == name);
        let value = value.map_or("", |(_, value)| value).trim_matches('"');
        value
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (notes, solutions) = (words("TUNE_FOR_NOTES"), words("TUNE_FOR_SOLUTIONS"));
    let mut all = Vec::new();
    for place in NOTES {
        let names = host.list(place).unwrap_or_default();
        let id = |name: &str| name.trim_end_matches(".conf").to_owned();
        let applied = names
            .iter()
            .filter(|name| !solutions.is_empty() || notes.contains(&id(name)));
        for name in applied {
            let path = format!("{place}/{name}");
            let text = host.read_text(&path).unwrap_or_default();
            let lines = of_procps(&text).filter(|(_, written, _)| written == key);
            all.extend(lines.map(|(number, ..)| {
                Write::new(WRITER.name, key, Effect::May, format!("{path}:{number}"))
            }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::tests::{starting, told};
    use super::*;

    #[test]
    fn a_note_that_is_applied_may_write_what_it_names() {
        let host = starting("saptune.service")
            .file(
                "/usr/share/saptune/notes/2382421",
                "[sysctl]\nnet.core.somaxconn = 4096\n",
            )
            .file(
                "/usr/share/saptune/notes/1",
                "[sysctl]\nnet.core.somaxconn = 1\n",
            )
            .file(SETTINGS, "TUNE_FOR_NOTES=\"2382421\"\n");
        assert_eq!(
            told(&WRITER, &host, "net/core/somaxconn"),
            ["May /usr/share/saptune/notes/2382421:2"]
        );
    }
}
