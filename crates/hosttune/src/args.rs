//! The command line: every flag, and its help in the doc comments.

mod explain;
mod host;
mod preflight;
mod profile;

pub(crate) use explain::ExplainArgs;
pub(crate) use host::{FactsArgs, HostArgs, StatusArgs};
pub(crate) use preflight::{AskedArgs, PreflightArgs};
pub(crate) use profile::{
    DeriveArgs, DiffArgs, ImportArgs, LintArgs, ProfileArgs, ProfileCommand, ShowArgs,
};

use crate::duration;
use crate::exit::Exit;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Bring a host to what a profile says, prove it, and say which limit stops a workload.
#[derive(Debug, Parser)]
#[command(
    name = "hosttune",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    after_help = "Examples:\n  hosttune preflight --nodes 600\n  hosttune apply --profile dense-1200 --dry-run\n\n\
        Exit codes: 0 met, fits, done; 1 drifted, pending, would change, stops or degrades;\n\
        2 usage, profile or environment error, nothing changed; 3 cannot tell;\n\
        4 apply failed and everything was restored; 5 not everything was restored."
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Flags of every command.
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Work on the file tree below DIR: stored files only, nothing that runs.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// How to print the result.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Say more: diffs, every layer, every limit.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// Print nothing but errors; the exit code says the rest.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring the host to what a profile says: shown first, journalled, read back.
    Apply(ApplyArgs),
    /// Prove every setting of a profile on every layer that can be looked at.
    Check(CheckArgs),
    /// Say which limit stops or degrades a workload on this host, and at which node.
    Preflight(Box<PreflightArgs>),
    /// Say which limit is behind a message or a log, or what a limit or a setting is.
    Explain(Box<ExplainArgs>),
    /// Keep what `apply --confirm-within` brought about; else it reverts by itself.
    Confirm,
    /// Undo the last apply, exactly.
    Revert(RevertArgs),
    /// Keep what check and preflight read of this host in one file, to answer from elsewhere.
    Facts(FactsArgs),
    /// Say in five lines which profile is in force and how it stands.
    Status(StatusArgs),
    /// List every apply and what became of it.
    History,
    /// Put hosttune itself on the host: program, profiles, man pages, completions.
    Install(InstallArgs),
    /// Take away what install put there, and put back what was there before it.
    Uninstall(UninstallArgs),
    /// List, show, lint, compare and import profiles.
    Profile(ProfileArgs),
    /// Write man pages, completions and reference pages.
    #[command(hide = true)]
    Generate(GenerateArgs),
    /// Print what is seen from here: what `check --probe-container` runs in its container.
    #[command(hide = true)]
    Inside(InsideArgs),
}

/// Flags of `apply`.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The profile: a name, or the path of a file. Without it, the one in force again.
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Show the plan and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Restart UNIT at the end, even if that stops containers. May be given again.
    #[arg(long, value_name = "UNIT")]
    pub(crate) restart: Vec<String>,
    /// Revert by itself, at the next boot at the latest, unless `hosttune confirm` is run within
    /// TIME: 10s to 24h.
    #[arg(long, value_name = "TIME", value_parser = duration::confirm_within)]
    pub(crate) confirm_within: Option<Duration>,
    /// Print the plan as a shell script, and change nothing.
    #[arg(long, conflicts_with = "confirm_within")]
    pub(crate) script: bool,
}

/// Flags of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The profile: a name, or the path of a file. Without it, the one in force.
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Look again until everything is met, for so long at most (30s, 5m, 1500ms).
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    #[arg(conflicts_with_all = ["facts", "assume", "record"])]
    pub(crate) retry_for: Option<Duration>,
    /// Show what the last boot that was verified came to, against what the apply had let it expect.
    #[arg(long, conflicts_with_all = ["profile", "retry_for", "record_boot", "facts", "assume", "record"])]
    pub(crate) boot: bool,
    /// Keep a receipt of this boot: what hosttune-verify.service runs.
    #[arg(long, hide = true, conflicts_with_all = ["profile", "facts", "assume", "record"])]
    pub(crate) record_boot: bool,
    /// Make a container for a moment, to see what a new one gets: an image with this program alone,
    /// a container without network, both removed again.
    #[arg(long, conflicts_with_all = ["facts", "assume", "record"])]
    pub(crate) probe_container: bool,
    /// The host.
    #[command(flatten)]
    pub(crate) host: HostArgs,
}

/// Flags of `revert`.
#[derive(Debug, Args)]
pub(crate) struct RevertArgs {
    /// Undo this apply and all after it; `hosttune history` lists the numbers.
    #[arg(value_name = "ID")]
    pub(crate) id: Option<u32>,
    /// Undo every apply.
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// Restore values too that somebody else has changed since.
    #[arg(long)]
    pub(crate) force: bool,
    /// Undo ID only if nobody has confirmed it: what its timer runs.
    #[arg(long, hide = true, requires = "id", conflicts_with_all = ["all", "force"])]
    pub(crate) unconfirmed: bool,
}

/// Flags of `install`.
#[derive(Debug, Args)]
pub(crate) struct InstallArgs {
    /// The folder to install below.
    #[arg(long, value_name = "DIR", default_value = "/usr/local")]
    pub(crate) prefix: String,
    /// Replace files of the same names that no install put there; uninstall puts them back.
    #[arg(long)]
    pub(crate) force: bool,
    /// Show what would be done and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Flags of `uninstall`.
#[derive(Debug, Args)]
pub(crate) struct UninstallArgs {
    /// Take away files too that somebody else has changed since.
    #[arg(long)]
    pub(crate) force: bool,
    /// Show what would be done and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Flags of `generate`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// The folder to write into.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

/// Flags of `inside`.
#[derive(Debug, Args)]
pub(crate) struct InsideArgs {
    /// Files below /proc/sys.
    #[arg(value_name = "PATH")]
    pub(crate) sysctls: Vec<String>,
}

/// Prints what clap has to say: help is a result, anything else an error of usage.
pub(crate) fn explain(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    match (error.use_stderr(), printed) {
        (false, _) => Exit::Good.into(),
        (true, _) => Exit::Usage.into(),
    }
}
