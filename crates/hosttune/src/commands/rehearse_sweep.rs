//! `rehearse-sweep`: the guard of a rehearsal with Docker's containers, which outlives whoever started it.

use crate::args::SweepArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ui::Ui;
use host::{Door, Held};

/// Ends when its input does.
pub(super) fn run(door: &Door, ui: &Ui, args: &SweepArgs) -> Exit {
    // Whoever ends all of hosttune means the rehearsal, not what takes it away.
    let held = Held::begin();
    let result = rehearse::sweep(door, &args.owner, &mut std::io::stdin());
    if let Ok(held) = held {
        held.let_go();
    }
    match result {
        Ok(()) => Exit::Good,
        Err(error) => {
            let failure = Failure::from(error);
            ui.failure("rehearse-sweep", String::new(), &failure);
            failure.exit
        }
    }
}
