//! The program as a user meets it: what it prints, its exit codes, and the files it leaves.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests prepare and look at files themselves, say what they left out, and end where a helper fails"
)]

/// Running the program, and the file trees that it works on.
mod common;
/// An apply that waits to be confirmed.
mod confirm;
/// The operator's daemon.json.
mod docker;
/// Messages, logs, limits and settings explained.
mod explain;
/// Recording what is read of a host, and answering from it.
mod facts;
/// An apply or a revert that fails half-way.
mod failing;
/// The table of preflight, folded.
mod folded;
/// Help, usage errors and closed pipes.
mod help;
/// Installing hosttune itself, and taking it away.
mod install;
/// An apply or a revert that is killed at any of its steps.
mod interrupted;
/// Workloads, Compose projects, and the ways that preflight answers.
mod preflight;
/// A container made for a look.
mod probe;
/// Profiles listed, shown, linted, compared and imported.
mod profile_commands;
/// Profiles that are wrong in one way each.
mod profiles_wrong;
/// What each boot was held to.
mod receipt;
/// Rules between values, findings that are suppressed, and looking again.
mod rules;
/// The JSON documents against their schema.
mod schema;
/// The plan as a shell script.
mod script;
/// Apply, check, revert and history of a file tree.
mod transaction;
