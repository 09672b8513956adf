//! Numbers from the kernel's files, and why one cannot be had.

use model::{Amount, Bound, Cost, Host, Unread, Used, Whom, Workload};

/// The number that is all of a file.
pub(crate) fn number(host: &dyn Host, path: &str) -> Result<u64, Unread> {
    let text = host.read_text(path)?;
    let number = text.trim().parse();
    number.map_err(|_| Unread::because(format!("{path}: `{}`", text.trim())))
}

/// The number that is one word of a file, counted from 0.
pub(crate) fn word(host: &dyn Host, path: &str, at: usize) -> Result<u64, Unread> {
    let text = host.read_text(path)?;
    let word = text.split_whitespace().nth(at);
    let number = word.and_then(|word| word.parse().ok());
    number.ok_or_else(|| Unread::because(format!("{path}: `{}`", text.trim())))
}

/// The first number after a label that opens a line, as in `MemAvailable:  5 kB`.
pub(crate) fn labelled(host: &dyn Host, path: &str, label: &str) -> Result<u64, Unread> {
    let text = host.read_text(path)?;
    labelled_in(&text, label).ok_or_else(|| Unread::because(format!("{path}: no {label}")))
}

/// The same in a text.
pub(crate) fn labelled_in(text: &str, label: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let found = words.next()?.trim_end_matches(':') == label;
        found.then(|| words.next()?.parse().ok())?
    })
}

/// A column of hexadecimal numbers, a line a processor, counted from 0. Lines that do not open with a
/// number are headings.
pub(crate) fn hex_column(host: &dyn Host, path: &str, at: usize) -> Result<Vec<u64>, Unread> {
    column(&host.read_text(path)?, at)
        .ok_or_else(|| Unread::because(format!("{path}: no column {at}")))
}

/// The same by its heading.
pub(crate) fn hex_named(host: &dyn Host, path: &str, name: &str) -> Result<Vec<u64>, Unread> {
    let text = host.read_text(path)?;
    let heading = text.lines().next().unwrap_or_default();
    let at = heading.split_whitespace().position(|word| word == name);
    at.and_then(|at| column(&text, at))
        .ok_or_else(|| Unread::because(format!("{path}: no column {name}")))
}

fn column(text: &str, at: usize) -> Option<Vec<u64>> {
    let hex = |word: &str| u64::from_str_radix(word, 16).ok();
    let rows = text.lines().map(|line| line.split_whitespace().collect());
    let rows =
        rows.filter(|words: &Vec<&str>| words.first().is_some_and(|word| hex(word).is_some()));
    let cells: Option<Vec<u64>> = rows.map(|words| hex(words.get(at)?)).collect();
    cells.filter(|cells| !cells.is_empty())
}

/// What a witness has seen since the boot, as a sentence; none where it has seen nothing.
pub(crate) fn already(counts: Result<Vec<u64>, Unread>, what: &str) -> Option<String> {
    let times: u64 = counts
        .ok()?
        .iter()
        .fold(0, |sum, count| sum.saturating_add(*count));
    (times > 0).then(|| format!("already hit {times} times since boot: {what}"))
}

/// How many numbers a list of ranges such as `0-3,8` has.
pub(crate) fn ranges(text: &str) -> Option<u64> {
    let range = |range: &str| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last) = (first.parse::<u64>().ok()?, last.parse::<u64>().ok()?);
        last.checked_sub(first)?.checked_add(1)
    };
    text.trim().split(',').map(range).sum()
}

/// So much there is.
pub(crate) fn bound(number: Result<u64, Unread>) -> Bound {
    match number {
        Ok(number) => Bound::Finite(Amount::whole(number)),
        Err(why) => Bound::Unread(why),
    }
}

/// So much is taken.
pub(crate) fn used(number: Result<u64, Unread>) -> Used {
    match number {
        Ok(number) => Used::Known(Amount::whole(number)),
        Err(why) => Used::Unknown(why),
    }
}

/// Where only an upper bound of the use is known: it counts as the use where it leaves room for the
/// whole workload, and otherwise the use stays unknown.
pub(crate) fn at_most(
    upper: Result<u64, Unread>,
    max: &Bound,
    cost: &Cost,
    workload: &Workload,
) -> Used {
    let upper = match upper {
        Ok(upper) => Amount::whole(upper),
        Err(why) => return Used::Unknown(why),
    };
    let load = workload.load(workload.nodes, &Whom::All);
    let need = cost.need(&cost.charge, &load);
    match max {
        Bound::Finite(max) if upper.plus(need) > *max => Used::Unknown(Unread::because(format!(
            "nothing counts it, and it is at most {upper}"
        ))),
        _ => Used::Known(upper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn a_number_is_found_by_its_place_or_its_label() {
        let host = FakeHost::new()
            .file("/one", "5\n")
            .file("/words", "1 2\t3\n")
            .file("/labels", "MemTotal:  9 kB\nMemFree: x kB\n");
        assert_eq!(number(&host, "/one"), Ok(5));
        assert_eq!(word(&host, "/words", 2), Ok(3));
        assert_eq!(labelled(&host, "/labels", "MemTotal"), Ok(9));
        assert!(number(&host, "/words").is_err());
        assert!(word(&host, "/words", 3).is_err());
        assert!(labelled(&host, "/labels", "MemFree").is_err());
        assert!(labelled(&host, "/none", "MemFree").is_err());
    }

    #[test]
    fn ranges_are_counted() {
        assert_eq!((ranges("0-39\n"), ranges("0,2-3")), (Some(40), Some(3)));
        assert_eq!((ranges("3-1"), ranges("\n")), (None, None));
    }

    #[test]
    fn a_column_has_a_number_for_each_processor() {
        let text = "entries  allocs\n00000010 00000001\n00000010 0000000f\n";
        let host = FakeHost::new().file("/table", text);
        assert_eq!(hex_column(&host, "/table", 0), Ok(vec![16, 16]));
        assert_eq!(hex_named(&host, "/table", "allocs"), Ok(vec![1, 15]));
        assert!(hex_named(&host, "/table", "frees").is_err());
        assert!(hex_column(&host, "/table", 2).is_err());
        let seen = already(hex_named(&host, "/table", "allocs"), "x");
        assert_eq!(seen.as_deref(), Some("already hit 16 times since boot: x"));
        assert_eq!(already(Ok(vec![0, 0]), "x"), None);
    }
}
