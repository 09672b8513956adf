//! The command line of `explain`.

use super::HostArgs;
use clap::Args;

/// Flags of `explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the first message is about a limit; 1 it is about none of the host's; 3 it is \
        not known;\n2 usage, an id that does not exist, a file that cannot be read."
)]
pub(crate) struct ExplainArgs {
    /// A limit or a setting (an argument without a space); a message (one with a space); `-` for a
    /// message or a whole log on standard input.
    #[arg(value_name = "ID|TEXT|-", required_unless_present_any = ["file", "text", "journal"])]
    pub(crate) what: Option<String>,
    /// Read a message or a whole log from FILE, which may be a pipe: docker's, compose's, dmesg's,
    /// the journal's in text or JSON, or plain lines.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["what", "text", "journal"])]
    pub(crate) file: Option<String>,
    /// Explain this one message, whatever is in it.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["what", "journal"])]
    #[arg(allow_hyphen_values = true)]
    pub(crate) text: Option<String>,
    /// Read the journal since a moment: 2h, today, "2026-11-26 09:00", as journalctl knows it.
    #[arg(long, value_name = "SINCE", conflicts_with_all = ["what", "root", "facts"])]
    #[arg(allow_hyphen_values = true)]
    pub(crate) journal: Option<String>,
    /// Judge by the words alone; ask no host.
    #[arg(long, conflicts_with_all = ["facts", "assume", "record"])]
    pub(crate) no_live: bool,
    /// The host.
    #[command(flatten)]
    pub(crate) host: HostArgs,
}
