//! What sysctl.d stores: which file and line systemd-sysctl would take a key's value from.
//!
//! Lines go into one table by normalised key, patterns and `-key` among them; a line that says
//! something else about a key that is there takes its place and goes to the end, one that says the
//! same changes nothing. The table is then written from top to bottom; a pattern leaves out every key
//! that is in the table itself (systemd, src/sysctl/sysctl.c, `parse_file` and `apply_all`; the same
//! from 252 to 257).

use super::glob::{is_pattern, matches};
use super::lines::{numbered, strip};
use super::stored::{Assignment, Reading};
use super::sysctl_keys::same_variable;
use super::sysctl_name;
use model::{Boot, ConfFile, Host, Overruled, Shadowed, Span, conf_tree};

/// Everything that sysctl.d says about `name`, for this boot or the next.
pub(crate) fn reading(host: &dyn Host, name: &str, boot: Boot) -> Reading {
    let tree = conf_tree(host, "sysctl.d", boot);
    let mut table = Table::of(name);
    for file in &tree.files {
        table.add(file);
    }
    let mut reading = table.write();
    for file in &tree.shadowed {
        reading.lost.extend(shadowed(host, file, name));
    }
    reading
}

/// One key or pattern of the table.
struct Row {
    key: String,
    /// None for `-key`, which only keeps patterns from the key.
    value: Option<String>,
    span: Span,
    again: Vec<Span>,
    /// What it took the place of.
    before: Vec<(Option<String>, Span)>,
}

/// systemd's table, as far as it has to do with some keys of one variable.
struct Table {
    /// The key asked for comes first, other keys of the same variable follow.
    keys: Vec<String>,
    rows: Vec<Row>,
    unreadable: Option<String>,
}

impl Table {
    fn of(name: &str) -> Self {
        let names = std::iter::once(name).chain(same_variable(name));
        Self {
            keys: names.map(sysctl_name::as_systemd).collect(),
            rows: Vec::new(),
            unreadable: None,
        }
    }

    fn add(&mut self, file: &ConfFile) {
        let text = match &file.content {
            Ok(text) => text,
            Err(error) => {
                self.unreadable = Some(error.to_string());
                return;
            }
        };
        for (number, line) in numbered(text) {
            if let Some((key, value)) = concerning(line, &self.keys) {
                self.say(key, value, Span::new(file.path.as_str(), number));
            }
        }
    }

    fn say(&mut self, key: String, value: Option<String>, span: Span) {
        if key == self.keys[0] {
            self.unreadable = None;
        }
        let at = self.rows.iter().position(|row| row.key == key);
        let mut before = Vec::new();
        if let Some(at) = at {
            if self.rows[at].value == value {
                self.rows[at].again.push(span);
                return;
            }
            let old = self.rows.remove(at);
            before = old.before;
            let spans = std::iter::once(old.span).chain(old.again);
            before.extend(spans.map(|span| (old.value.clone(), span)));
        }
        self.rows.push(Row {
            key,
            value,
            span,
            again: Vec::new(),
            before,
        });
    }

    /// What is written, in order, and what is not.
    fn write(self) -> Reading {
        let mut reading = Reading {
            unreadable: self.unreadable,
            ..Reading::default()
        };
        let named = |key: &str| self.rows.iter().find(|row| row.key == key);
        for row in &self.rows {
            for (value, span) in &row.before {
                match (value, &row.value) {
                    (Some(value), Some(_)) if self.keys.contains(&row.key) => {
                        let mut said = Assignment::new(value, span.clone());
                        said.replaced = true;
                        reading.said.push(said);
                        continue;
                    }
                    _ => {}
                }
                let rule = match &row.value {
                    Some(_) => format!("read before {}", row.span),
                    None => format!("cancelled by -{} at {}", row.key, row.span),
                };
                reading
                    .lost
                    .push(lost(&row.key, value.as_deref(), span, rule));
            }
            let Some(value) = &row.value else {
                if row.key == self.keys[0] {
                    reading.cancelled = Some(row.again.last().unwrap_or(&row.span).clone());
                }
                continue;
            };
            let writes = |key: &&String| match is_pattern(&row.key) {
                true => matches(&row.key, key) && named(key).is_none(),
                false => row.key == **key,
            };
            match self.keys.iter().find(writes) {
                Some(_) => reading.said.push(Assignment {
                    value: value.clone(),
                    span: row.span.clone(),
                    again: row.again.clone(),
                    replaced: false,
                }),
                None => {
                    let by = self.keys.iter().filter(|key| matches(&row.key, key));
                    let rule = by.filter_map(|key| named(key)).map(kept_off).next();
                    let rule = rule.unwrap_or_default();
                    reading
                        .lost
                        .push(lost(&row.key, Some(value), &row.span, rule));
                }
            }
        }
        reading
    }
}

/// Why a pattern does not reach a key that has a row of its own.
fn kept_off(row: &Row) -> String {
    match row.value {
        Some(_) => format!("a pattern, and {} names the key itself", row.span),
        None => format!(
            "a pattern, and -{} at {} excludes the key",
            row.key, row.span
        ),
    }
}

fn lost(key: &str, value: Option<&str>, span: &Span, rule: String) -> Overruled {
    let taken_back = format!("-{key}");
    Overruled::new(span.to_string(), value.unwrap_or(&taken_back), rule)
}

/// What a line says of one of `keys`: the normalised key or pattern, and the value if it has one.
fn concerning(line: &str, keys: &[String]) -> Option<(String, Option<String>)> {
    let line = strip(line);
    // Most lines are about other keys; however a key is spelled, its last part is in it.
    let last = |key: &String| {
        key.rsplit(['/', '.'])
            .next()
            .is_some_and(|part| line.contains(part))
    };
    if line.starts_with(['#', ';']) || !(is_pattern(line) || keys.iter().any(last)) {
        return None;
    }
    let rest = line.strip_prefix('-');
    let (key, value) = match (line.split_once('='), rest) {
        (Some((key, value)), _) => (key.strip_prefix('-').unwrap_or(key), Some(strip(value))),
        (None, Some(rest)) => (rest, None),
        // Neither an assignment nor an exclusion: systemd complains and goes on.
        (None, None) => return None,
    };
    let key = sysctl_name::as_systemd(strip(key));
    let concerns = |wanted: &String| match is_pattern(&key) {
        true => matches(&key, wanted),
        false => key == *wanted,
    };
    let found = keys.iter().any(concerns);
    found.then(|| (key, value.map(str::to_owned)))
}

/// What a file says that is not read.
fn shadowed(host: &dyn Host, file: &Shadowed, name: &str) -> Vec<Overruled> {
    let text = host.read_text(&file.path).unwrap_or_default();
    let keys = [sysctl_name::as_systemd(name)];
    let rule = not_read(file);
    let told = |(number, line)| {
        let (key, value) = concerning(line, &keys)?;
        let span = Span::new(file.path.as_str(), number);
        Some(lost(&key, value.as_deref(), &span, rule.clone()))
    };
    numbered(&text).filter_map(told).collect()
}

/// The rule by which a file is not read.
pub(super) fn not_read(file: &Shadowed) -> String {
    match file.masked {
        true => format!("masked by {}, a link to /dev/null", file.by),
        false => format!("{} has the same name in a stronger place", file.by),
    }
}

#[cfg(test)]
#[path = "sysctl_files_tests.rs"]
mod tests;
