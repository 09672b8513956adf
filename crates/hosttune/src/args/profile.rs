//! The command line of `profile`.

use super::AskedArgs;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use facts::Assumption;

/// Flags of `profile`.
#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    /// What to do with profiles.
    #[command(subcommand)]
    pub(crate) command: ProfileCommand,
}

/// The commands about profiles.
#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// List every profile in the search path, which is in force, and which is shadowed.
    List,
    /// Print a profile with its includes merged: each line with its origin and over whom it won.
    Show(ShowArgs),
    /// Check profiles without a host: what is refused, what contradicts, what raises no capacity.
    Lint(LintArgs),
    /// Compare the settings of two profiles by key and by what their values mean.
    Diff(DiffArgs),
    /// Print a profile that sets what other tools' files or a shell script set; nothing is run.
    Import(ImportArgs),
    /// Print the smallest profile with which a workload fits on this host.
    Derive(Box<DeriveArgs>),
}

/// Flags of `profile show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The profile: a name, or the path of a file.
    #[arg(value_name = "NAME")]
    pub(crate) profile: String,
}

/// Flags of `profile lint`.
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// The profiles: names, or paths of files.
    #[arg(value_name = "NAME", required = true)]
    pub(crate) profiles: Vec<String>,
}

/// Flags of `profile diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 no value differs; 1 a value differs; 2 a profile cannot be read.\n\
    Settings that only one profile has, and wishes that differ about the same value, are listed\n\
    and count only with --strict."
)]
pub(crate) struct DiffArgs {
    /// The first profile: a name, or the path of a file.
    #[arg(value_name = "A")]
    pub(crate) left: String,
    /// The second profile.
    #[arg(value_name = "B")]
    pub(crate) right: String,
    /// Exit with 1 also where a wish differs (exact, at least, at most) or only one has a setting.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Flags of `profile import`.
#[derive(Debug, Args)]
#[command(
    after_help = "Files: sysctl.d, limits.d, modules-load.d, daemon.json, systemd drop-ins, tuned.conf,\n\
    and shell scripts, whose here-documents and sysctl calls are read.\n\
    Exit codes: 0 everything is in the profile; 1 something could not be expressed; 2 nothing was read."
)]
pub(crate) struct ImportArgs {
    /// The files; of several that set one key, the last counts.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,
    /// What the files are, where neither path nor content tells.
    #[arg(long = "as", value_name = "KIND", value_parser = formats())]
    pub(crate) kind: Option<String>,
    /// The unit that a drop-in is about, where its path does not tell.
    #[arg(long, value_name = "UNIT")]
    pub(crate) unit: Option<String>,
    /// Write the profile to FILE instead of printing it.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Overwrite the file that --output names.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
}

/// Flags of `profile derive`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 with the profile the workload fits; 1 some limit has no setting that raises it;\n\
    2 usage, profile or environment error."
)]
pub(crate) struct DeriveArgs {
    /// What is going to run.
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// What every bound keeps free above the need, in per cent of it.
    #[arg(long, value_name = "PERCENT", default_value_t = limits::RESERVE_PERCENT,
        value_parser = clap::value_parser!(u64).range(0..=1000))]
    pub(crate) reserve: u64,
    /// Write the profile to FILE instead of printing it.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Overwrite the file that --output names.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Derive from the recording FILE instead of this host.
    #[arg(long, value_name = "FILE", conflicts_with = "root")]
    pub(crate) facts: Option<String>,
    /// What if the host had: cpus=40,memory=251G, as in `preflight`.
    #[arg(long, value_name = "SIZE")]
    pub(crate) assume: Option<Assumption>,
}

fn formats() -> PossibleValuesParser {
    let words = import::FORMATS.iter().map(|(word, _)| *word);
    words.collect::<Vec<_>>().into()
}
