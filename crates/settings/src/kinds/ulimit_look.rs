//! The look at limits.d: what the lines for a domain come to, whose lines come before them, and what
//! a session has without any.

use super::Look;
use super::limits_conf::{Lines, Reach, Said, Side};
use super::stored::{comes_after, remove};
use super::ulimit_items::Row;
use super::unit_keys::shown;
use model::{Form, Host, Layer, Observed, Overruled, Setting, Value};

/// The file of ours.
pub(crate) const FILE: &str = "/etc/security/limits.d/60-hosttune.conf";
/// How many lines of others are named before they are only counted.
const NAMED: usize = 3;

/// What the files come to for the domain itself, and the lines that do not count for it.
pub(crate) fn look(setting: &Setting, row: &Row, domain: &str, lines: &Lines) -> Look {
    let mut look = judge(setting, row, domain, lines);
    look.overruled = overruled(domain, lines);
    look
}

/// Earlier lines for the same side, and lines for those that the domain is a part of.
fn overruled(domain: &str, lines: &Lines) -> Vec<Overruled> {
    let reach = Reach::of(domain);
    let own = |said: &&Said| said.domain == domain;
    let last = |side: Side| {
        let beats = move |said: &&Said| said.side == Side::Both || said.side == side;
        lines.said.iter().filter(own).rfind(beats)
    };
    let (soft, hard) = (last(Side::Soft), last(Side::Hard));
    let mut all = Vec::new();
    for said in &lines.said {
        let beaten_by = match said.side {
            Side::Soft => soft,
            Side::Hard => hard,
            // A line for both is beaten where each side has another.
            Side::Both if soft != Some(said) => hard.filter(|hard| *hard != said),
            Side::Both => None,
        };
        let rule = match beaten_by {
            Some(by) if said.domain == domain && by != said => format!("read before {}", by.span),
            // `*` and groups are not for root in the first place.
            Some(by) if Reach::of(&said.domain) > reach && domain != "root" => format!(
                "for {}, and {} is for {domain} itself",
                said.domain, by.span
            ),
            _ => continue,
        };
        all.push(Overruled::new(
            said.span.to_string(),
            said.value.as_str(),
            rule,
        ));
    }
    let exempt = lines.exempt.iter().find(|(of, _)| of == domain);
    if let Some((_, by)) = exempt {
        let own = lines.said.iter().filter(own);
        let rule = format!("{by} exempts {domain} from every limit");
        all = own
            .map(|said| Overruled::new(said.span.to_string(), said.value.as_str(), rule.as_str()))
            .collect();
    }
    all
}

fn judge(setting: &Setting, row: &Row, domain: &str, lines: &Lines) -> Look {
    if let Some(why) = &lines.unreadable {
        return Look::new(Layer::Stored, Observed::Unreadable(why.clone()), "limits.d");
    }
    if let Some((_, span)) = lines.exempt.iter().find(|(of, _)| of == domain) {
        let mut look = Look::new(Layer::Stored, Observed::Absent, span.to_string());
        look.fix = Some(format!("remove the line at {span}"));
        return look.warn(format!("{span} exempts {domain} from every limit"));
    }
    let own: Vec<&Said> = lines
        .said
        .iter()
        .filter(|said| said.domain == domain)
        .collect();
    let soft = own.iter().rev().find(|said| said.side != Side::Hard);
    let hard = own.iter().rev().find(|said| said.side != Side::Soft);
    let (Some(soft), Some(hard)) = (soft, hard) else {
        let source = own
            .last()
            .map_or("limits.d".to_owned(), |said| said.span.to_string());
        let look = Look::new(Layer::Stored, Observed::Absent, source);
        return nearer(setting, row, domain, lines, look);
    };
    let text = match row.has_sides() {
        true => format!("{}:{}", soft.value, hard.value),
        false => own.last().map_or(String::new(), |said| said.value.clone()),
    };
    let observed = match setting.shape.observe(&text) {
        Ok(value) => Observed::Value(value),
        Err(error) => Observed::Unreadable(format!("`{text}`: {error}")),
    };
    let met = observed.value();
    let met = met.is_some_and(|value| setting.desired.met_by(value, &setting.shape));
    let ours = own.iter().any(|said| *said.span.file == *FILE);
    let later = |said: &&&Said| *said.span.file != *FILE && (ours || !met);
    let beats = [soft, hard].into_iter().filter(later);
    let mut beats = beats.filter(|said| comes_after(&said.span.file, FILE));
    let beaten = beats.next().map(|said| said.span.clone());
    let source = beaten.as_ref().unwrap_or(&hard.span).to_string();
    let mut look = Look::new(Layer::Stored, observed, source);
    match beaten {
        Some(span) => {
            look.fix = Some(remove(&span));
            look.warn(format!("{span} is read later and overrides {FILE}"))
        }
        None => nearer(setting, row, domain, lines, look),
    }
}

/// Lines for others that some of the domain's users get instead, and that are not what is wanted.
fn nearer(setting: &Setting, row: &Row, domain: &str, lines: &Lines, look: Look) -> Look {
    let reach = Reach::of(domain);
    // `*` and groups are not for root in the first place.
    let is_root = |of: &str| reach != Reach::User && matches!(of, "root" | ":0" | "0:0");
    let last_ours = lines.said.iter().rposition(|said| said.domain == domain);
    let wins = |index: usize, said: &Said| match Reach::of(&said.domain).cmp(&reach) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => {
            said.domain.contains(':') && last_ours.is_none_or(|last| index > last)
        }
        std::cmp::Ordering::Greater => false,
    };
    let exempt = lines.exempt.iter();
    let mut told: Vec<String> = exempt
        .filter(|(of, _)| Reach::of(of) < reach && !is_root(of))
        .map(|(of, span)| format!("{of} is exempt from every limit by {span}"))
        .collect();
    let others = lines
        .said
        .iter()
        .enumerate()
        .filter(|(index, said)| said.domain != domain && wins(*index, said))
        .map(|(_, said)| said)
        .filter(|said| !is_root(&said.domain) && !is_enough(setting, row, said));
    told.extend(others.map(own_line));
    let more = told.len().saturating_sub(NAMED);
    told.truncate(NAMED);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    match told.is_empty() {
        true => look,
        false => look.warn(told.join("; ")),
    }
}

fn own_line(said: &Said) -> String {
    let Said { domain, span, .. } = said;
    format!(
        "{domain} has a line of its own at {span}, which wins: {}",
        said.value
    )
}

/// Whether whoever gets this line instead still has what is wanted.
fn is_enough(setting: &Setting, row: &Row, said: &Said) -> bool {
    let Ok(Value::Numbers(theirs)) = setting.shape.observe(&said.value) else {
        return false;
    };
    let Value::Numbers(mut mixed) = setting.desired.target(None, &setting.shape) else {
        return false;
    };
    match (row.has_sides(), said.side) {
        (true, Side::Soft) => mixed[0] = theirs[0],
        (true, Side::Hard) => mixed[1] = theirs[1],
        _ => mixed = theirs,
    }
    setting
        .desired
        .met_by(&Value::Numbers(mixed), &setting.shape)
}

/// What a session has where our file says nothing: each side from the domain's own lines, else from
/// systemd's default for whatever opens the session.
pub(crate) fn floor(
    host: &dyn Host,
    row: &Row,
    domain: &str,
    lines: &Lines,
    setting: &Setting,
) -> Option<Value> {
    let manager = host.manager().ok()?;
    let default = shown(&manager, &format!("Default{}", row.limit?), Form::SoftHard)?;
    let Value::Numbers(mut sides) = default else {
        return None;
    };
    for side in &mut sides {
        *side = row.unit.of_kernel(*side);
    }
    for said in lines.said.iter().filter(|said| said.domain == domain) {
        if let Ok(Value::Numbers(numbers)) = setting.shape.observe(&said.value) {
            if said.side != Side::Hard {
                sides[0] = numbers[0];
            }
            if said.side != Side::Soft {
                sides[1] = numbers[1];
            }
        }
    }
    Some(Value::Numbers(sides))
}
