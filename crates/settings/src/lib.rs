//! What can be set: the kinds of settings, and check, plan, apply and revert over all of them.
//!
//! Nothing here opens a path or speaks to a bus: kinds describe, [`apply`] and [`revert`] have a
//! [`model::Machine`] carry out, and everything reads through [`model::Host`].

mod apply;
mod boots;
mod changes;
mod check;
mod collect;
mod compare;
mod confirm;
mod copied;
mod diff;
mod expected;
mod guard;
mod install;
mod install_plan;
mod journal;
mod kinds;
mod leftovers;
mod lint;
mod memo;
mod next_boot;
mod no_capacity;
mod own_files;
mod plan;
mod process;
mod purpose;
mod raised;
mod restore;
mod revert;
mod rules;
mod standing;
mod suppress;
mod undo;
mod undone;
mod wish;

pub use apply::{Applied, ApplyError, apply};
pub use boots::{BOOTS_KEPT, Boot, keep_boot, latest_boot};
pub use check::{check, check_with, refuse};
pub use collect::{parse, sections};
pub use compare::{Both, Comparison, compare, wanted};
pub use confirm::{Confirm, ConfirmError, Confirmed, Guard, confirm, revert_unconfirmed};
pub use diff::unified;
pub use expected::{Expected, ReadBack, hold};
pub use guard::quoted;
pub use install::{Release, install};
pub use install_plan::{Content, InstallPlan, Item};
pub use journal::{Before, By, Done, Journal, Purpose, Record, State};
pub use kinds::{
    FileOfLines, KINDS, Kind, KnownKey, Line, Live, Look, Looked, Page, asked_of_container,
};
pub use lint::{Linted, Remark, lint};
pub use memo::Memo;
pub use next_boot::{LATE_WRITERS, LateWriter, NextBoot};
pub use no_capacity::raises_no_capacity;
pub use plan::{Plan, Planned, Profile, Step, StepLine, plan};
pub use restore::{Outcome, Restored};
pub use revert::{RevertError, Reverted, revert};
pub use rules::{RULES, Rule, RuleFinding, rules};
pub use standing::{InForce, Interrupted, Standing, Unconfirmed};
pub use suppress::{SUPPRESS, Suppression, Suppressions};
