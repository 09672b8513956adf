//! What stands before a message: times, hosts, levels, services and streams.

use super::Layer;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A date and a time, with host and program where they follow (RFC 3164, RFC 3339, journalctl's short forms,
/// Go's log package).
pub(super) fn moment(text: &str) -> Option<Layer<'_>> {
    if let Some(rest) = of_syslog(text) {
        return named(rest).or(Some(Layer::of(rest)));
    }
    let rest = shaped(text, "dddd-dd-dd").or_else(|| shaped(text, "dddd/dd/dd"))?;
    let rest = rest.strip_prefix(['T', ' ', 't'])?;
    let rest = shaped(rest, "dd:dd:dd")?;
    let fraction = |letter: char| {
        letter.is_ascii_digit() || matches!(letter, '.' | ',' | ':' | '+' | '-' | 'Z')
    };
    let (rest, dated) = (rest.trim_start_matches(fraction), text);
    let rest = rest.strip_prefix([' ', '\t'])?;
    match dated.as_bytes().get(4) {
        Some(b'-') => named(rest).or(Some(Layer::of(rest))),
        _ => Some(Layer::of(rest)),
    }
}

/// `May  1 10:00:00 `.
fn of_syslog(text: &str) -> Option<&str> {
    let rest = MONTHS.iter().find_map(|month| text.strip_prefix(month))?;
    let rest = rest.strip_prefix(' ')?.trim_start();
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let rest = shaped(rest.strip_prefix(' ')?, "dd:dd:dd")?;
    rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
        .strip_prefix(' ')
}

/// `host program[pid]: `.
fn named(text: &str) -> Option<Layer<'_>> {
    let (host, rest) = text.split_once(' ')?;
    let (program, rest) = rest.split_once(": ")?;
    let name = program.split('[').next().unwrap_or(program);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./@()".contains(letter);
    let whole = !name.is_empty() && name.chars().all(plain) && name.len() <= 64;
    let host = !host.ends_with(':') && host.chars().all(plain);
    (whole && host).then(|| Layer {
        speaker: Some(name.to_owned()),
        rest: rest.into(),
    })
}

/// Lines of dmesg(1): `<4>[  1.5]`, `kern  :warn  : [  1.5]`, `[  1.5][ T12]`, `[Wed May  1 10:00:00 2024]`.
pub(super) fn kernel(text: &str) -> Option<Layer<'_>> {
    let level = text.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    let level = level.filter(|(level, _)| level.len() <= 3 && numeric(level));
    let facility = text.split_once(": [").filter(|(head, _)| {
        let mut words = head.split(':').map(str::trim);
        let known = ["kern", "user", "daemon", "syslog", "auth"];
        words.next().is_some_and(|word| known.contains(&word)) && words.count() == 1
    });
    let text = match (level, facility) {
        (Some((_, rest)), _) => rest,
        (None, Some((head, _))) => &text[head.len() + 2..],
        (None, None) => text,
    };
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let seconds = inside.trim_start().split_once('.');
    let seconds =
        seconds.is_some_and(|(whole, part)| numeric(whole) && numeric(part) && part.len() == 6);
    let dated = inside
        .split(' ')
        .nth(1)
        .is_some_and(|month| MONTHS.contains(&month));
    if !(seconds || dated) {
        return None;
    }
    // Whose message it is: a task or a processor (CONFIG_PRINTK_CALLER).
    let caller = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let rest = caller.filter(|(who, _)| who.trim_start().starts_with(['T', 'C']));
    let rest = rest.map_or(&text[inside.len() + 2..], |(_, rest)| rest);
    Some(Layer::of(rest))
}

/// `node-1  | `, as `docker compose` and `docker service logs` print.
pub(super) fn service(text: &str) -> Option<Layer<'_>> {
    let (name, rest) = text.split_once('|')?;
    let padded = name.strip_suffix(' ')?.trim_end();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-.@".contains(letter);
    let counted = padded.contains(|letter: char| letter.is_ascii_digit()) || name.ends_with("  ");
    (counted && !padded.is_empty() && padded.chars().all(plain)).then(|| Layer::of(rest))
}

/// `stderr F `, as the logs of Kubernetes have it after the time.
pub(super) fn stream(text: &str) -> Option<Layer<'_>> {
    let rest = text
        .strip_prefix("stderr ")
        .or_else(|| text.strip_prefix("stdout "))?;
    rest.strip_prefix("F ")
        .or_else(|| rest.strip_prefix("P "))
        .map(Layer::of)
}

/// `ERRO[0012] `, as logrus prints on a terminal.
pub(super) fn level(text: &str) -> Option<Layer<'_>> {
    const LEVELS: [&str; 7] = ["TRAC", "DEBU", "INFO", "WARN", "ERRO", "FATA", "PANI"];
    let rest = LEVELS.iter().find_map(|level| text.strip_prefix(level))?;
    let (_, rest) = rest.strip_prefix('[')?.split_once(']')?;
    Some(Layer::of(rest))
}

fn numeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What follows on a shape in which `d` is a digit.
fn shaped<'a>(text: &'a str, shape: &str) -> Option<&'a str> {
    let head = text.as_bytes().get(..shape.len())?;
    let fits = head
        .iter()
        .zip(shape.bytes())
        .all(|(byte, shape)| match shape {
            b'd' => byte.is_ascii_digit(),
            shape => *byte == shape,
        });
    fits.then(|| &text[shape.len()..])
}
