//! `explain`: what a limit or a setting is, and which limit is behind a message.

mod log;
mod message;

use super::Outcome;
use crate::args::ExplainArgs;
use crate::envelope::Report;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::pages;
use crate::ui::Ui;
use model::{Host, Problem, Scope};
use serde_json::json;

pub(super) fn run(host: &dyn Host, ui: &Ui, args: &ExplainArgs) -> Outcome {
    // A file tree shows no ceiling that holds now.
    let live = (!args.no_live && (host.scope() == Scope::Live || args.host.facts.is_some()))
        .then_some(host);
    if let Some(path) = &args.file {
        return log::of_file(path, live, ui);
    }
    if let Some(since) = &args.journal {
        return log::of_journal(since, live, ui);
    }
    match (&args.text, args.what.as_deref()) {
        (Some(text), _) => Ok(message::of_text(text, live, ui)),
        (None, Some("-")) => log::of_input(live, ui),
        (None, Some(what)) if what.contains(char::is_whitespace) => {
            Ok(message::of_text(what, live, ui))
        }
        (None, what) => page(what.unwrap_or_default(), live),
    }
}

/// The page of a limit or a setting.
fn page(id: &str, host: Option<&dyn Host>) -> Outcome {
    let page = pages::find(id, host).map_err(|nearest| unknown(id, nearest))?;
    let mut report = Report::new("described", Exit::Good);
    report.text = page.text();
    report.payload = json!({ "page": page });
    Ok(report)
}

fn unknown(id: &str, nearest: Option<String>) -> Failure {
    let help = match nearest {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => {
            "`hosttune explain --text` takes a message of one word; docs/generated/limits.md lists \
                 the limits"
                .to_owned()
        }
    };
    let id = messages::printable(id);
    Failure::usage(
        Problem::new("usage", format!("{id}: no limit or setting of this name")).help(help),
    )
}
