//! Lines of tmpfiles.d that write a kernel file at each boot, and which of several wins.

use super::Look;
use super::stored::{Assignment, Reading, comes_after, remove};
use super::sysctl_files::not_read;
use model::{Boot, Host, Layer, Observed, Overruled, Setting, Span, conf_tree};

/// The file of ours.
pub(crate) const FILE: &str = "/etc/tmpfiles.d/60-hosttune.conf";

/// A line that writes `value` into `path`.
pub(crate) fn line(path: &str, value: &str) -> String {
    format!("w {path} - - - - {value}")
}

/// The value that systemd-tmpfiles writes into `path`. Of several lines for one path the first
/// counts, in the order of the files' names; the others are complained about (tmpfiles.d(5)).
pub(crate) fn look(host: &dyn Host, setting: &Setting, path: &str) -> Look {
    let mut lines = lines(host, path, Boot::This);
    if let Some(why) = lines.unreadable {
        return Look::new(Layer::Stored, Observed::Unreadable(why), "tmpfiles.d");
    }
    if lines.said.is_empty() {
        let mut look = Look::new(Layer::Stored, Observed::Absent, "tmpfiles.d");
        look.overruled = lines.lost;
        return look;
    }
    let first = lines.said.remove(0);
    let observed = match setting.shape.observe(&first.value) {
        Ok(value) => Observed::Value(value),
        Err(error) => Observed::Unreadable(format!("`{}`: {error}", first.value)),
    };
    let met = observed.value();
    let met = met.is_some_and(|value| setting.desired.met_by(value, &setting.shape));
    let mut look = Look::new(Layer::Stored, observed, first.span.to_string());
    let later = lines.said.iter();
    let ours = later.clone().any(|other| *other.span.file == *FILE);
    let told = |other: &Assignment| {
        let rule = format!("{} comes first for the same path", first.span);
        Overruled::new(other.span.to_string(), &other.value, rule)
    };
    look.overruled = later.map(told).chain(lines.lost).collect();
    if ours || (!met && comes_after(FILE, &first.span.file)) {
        look.fix = Some(remove(&first.span));
        return look.warn(format!("{} is read first and wins over {FILE}", first.span));
    }
    look
}

/// The lines that write `path`, in the order of reading, and those of files that are not read.
pub(crate) fn lines(host: &dyn Host, path: &str, boot: Boot) -> Reading {
    let tree = conf_tree(host, "tmpfiles.d", boot);
    let mut reading = Reading::default();
    for file in &tree.files {
        match &file.content {
            Ok(text) => reading.said.extend(assignments(text, &file.path, path)),
            // What it says might come first.
            Err(error) => reading.unreadable = Some(error.to_string()),
        }
    }
    for file in &tree.shadowed {
        let text = host.read_text(&file.path).unwrap_or_default();
        let lines = assignments(&text, &file.path, path).into_iter();
        reading.lost.extend(
            lines.map(|one| Overruled::new(one.span.to_string(), one.value, not_read(file))),
        );
    }
    reading
}

fn assignments(text: &str, file: &str, path: &str) -> Vec<Assignment> {
    let numbered = text.lines().enumerate();
    numbered
        .filter_map(|(index, line)| {
            let mut words = line.split_whitespace();
            let kind = words.next()?;
            let of = words.next()?.trim_matches(['"', '\'']);
            if !kind.starts_with('w') || of != path {
                return None;
            }
            let value = words.skip(4).collect::<Vec<_>>().join(" ");
            let span = Span::new(file, index + 1);
            Some(Assignment::new(value, span))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_write_this_path_count() {
        let text = "# w /a - - - - 1\nd /a 0755 - - -\nw! /a - - - - 5\nw \"/a\" - - - - max\nw /b - - - - 2\n";
        let found = assignments(text, "/etc/tmpfiles.d/x.conf", "/a");
        let values: Vec<&str> = found.iter().map(|one| one.value.as_str()).collect();
        assert_eq!(values, ["5", "max"]);
        assert_eq!(found[0].span.line, 3);
    }
}
