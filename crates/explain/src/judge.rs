//! Judging one message.

use crate::lexicon::{Lexicon, Owner, Ready};
use crate::message::{Message, Nearness};
use crate::none::NOTHINGS;
use crate::{Confidence, Fix, Match, NONE, cut, fix, live, looks};
use model::{Host, Sign, Weight};

/// More candidates than this say nothing.
const MOST: usize = 8;

/// Whether a line can be a sign of anything at all; what this refuses, [`judge`] does not know.
pub fn may_be_sign(line: &str) -> bool {
    Lexicon::get().hints_at(line.as_bytes())
}

/// What is behind a message, best first; empty where that is not known. Without a host the words
/// alone decide.
pub fn judge(text: &str, host: Option<&dyn Host>) -> Vec<Match> {
    let lexicon = Lexicon::get();
    let message = Message::new(text, lexicon);
    let mut candidates = candidates(&message, lexicon);
    if candidates.is_empty() {
        return match cut::cut(&message.text) {
            Some(cut) => live::prove(cut.matches(), host, &message.text),
            None => Vec::new(),
        };
    }
    let best = &candidates[0];
    if let Owner::Nothing(at) = best.owner {
        return vec![nothing(at, best, &message)];
    }
    if best.weight == Weight::Decides {
        candidates.retain(|candidate| candidate.weight == Weight::Decides);
    }
    candidates.truncate(MOST);
    let matches = candidates
        .iter()
        .filter_map(|candidate| limit(candidate, &message));
    live::prove(matches.collect(), host, &message.text)
}

/// A sign that a message has.
struct Candidate {
    owner: Owner,
    sign: &'static Sign,
    weight: Weight,
    points: u32,
    fault: Vec<usize>,
}

/// The best sign of each owner, best first.
fn candidates(message: &Message, lexicon: &Lexicon) -> Vec<Candidate> {
    let mut best: Vec<Candidate> = Vec::new();
    for ready in &lexicon.signs {
        let Some(found) = hold(ready, message, lexicon) else {
            continue;
        };
        match best.iter_mut().find(|known| known.owner == found.owner) {
            Some(known) if rank(known) >= rank(&found) => {}
            Some(known) => *known = found,
            None => best.push(found),
        }
    }
    best.sort_by_key(|candidate| std::cmp::Reverse(rank(candidate)));
    best
}

fn rank(candidate: &Candidate) -> (Weight, u32, bool) {
    let nothing = matches!(candidate.owner, Owner::Nothing(_));
    (candidate.weight, candidate.points, nothing)
}

/// A sign held against a message. The more of a sign's parts a message has, the less it is another's.
fn hold(ready: &Ready, message: &Message, lexicon: &Lexicon) -> Option<Candidate> {
    let sign = ready.sign;
    let fault = message.fault(sign.errno)?;
    if !message.says(&ready.says, lexicon)
        || !message.says(&ready.and, lexicon)
        || message.says_any(&ready.never, lexicon)
        || !message.at(sign.at, &fault)
    {
        return None;
    }
    let nearness = message.during(sign.during, &fault)?;
    let (weight, of_operation) = match nearness {
        Nearness::Near => (sign.weight, 3),
        Nearness::Far => (sign.weight.min(Weight::Allows), 1),
    };
    let part = |asked: bool, points: u32| if asked { points } else { 0 };
    let points = part(!sign.errno.is_empty(), 3)
        + part(!sign.during.is_empty(), of_operation)
        + part(!sign.at.is_empty(), 2)
        + part(!sign.says.is_empty(), 2)
        + part(!sign.and.is_empty(), 1);
    Some(Candidate {
        owner: ready.owner,
        sign,
        weight,
        points,
        fault,
    })
}

fn evidence(candidate: &Candidate, message: &Message) -> Vec<String> {
    match candidate.fault.last() {
        Some(at) => vec![message.excerpt(*at).to_owned()],
        None => Vec::new(),
    }
}

fn nothing(at: usize, candidate: &Candidate, message: &Message) -> Match {
    let nothing = &NOTHINGS[at];
    Match {
        limit: NONE.to_owned(),
        confidence: confidence(candidate.weight),
        because: candidate.sign.because.to_owned(),
        evidence: evidence(candidate, message),
        told_apart: None,
        live: None,
        fix: vec![Fix {
            setting: None,
            command: nothing.command.map(str::to_owned),
            text: nothing.fix.to_owned(),
        }],
    }
}

fn limit(candidate: &Candidate, message: &Message) -> Option<Match> {
    let Owner::Limit(id) = candidate.owner else {
        return None;
    };
    let look = looks::look(id);
    Some(Match {
        limit: id.to_owned(),
        confidence: confidence(candidate.weight),
        because: candidate.sign.because.to_owned(),
        evidence: evidence(candidate, message),
        told_apart: look.map(|look| format!("`{look}` shows it")),
        live: None,
        fix: fix::of(id),
    })
}

fn confidence(weight: Weight) -> Confidence {
    match weight {
        Weight::Decides => Confidence::Certain,
        Weight::Suggests => Confidence::Likely,
        Weight::Allows => Confidence::Possible,
    }
}
