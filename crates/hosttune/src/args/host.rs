//! The command line of which host is asked, and of `facts`.

use clap::Args;
use facts::Assumption;

/// Which host is asked, and what is kept of its answers.
#[derive(Debug, Args)]
pub(crate) struct HostArgs {
    /// Answer from the recording FILE instead of this host. Preflight takes it several times: a host
    /// each, which share the nodes.
    #[arg(long, value_name = "FILE", conflicts_with = "root")]
    pub(crate) facts: Vec<String>,
    /// What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel
    /// and systemd derive from that is derived again, where it is their default now.
    #[arg(long, value_name = "SIZE")]
    pub(crate) assume: Option<Assumption>,
    /// Keep what this run reads of the host in FILE, for --facts.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<String>,
}

/// Flags of `status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The host.
    #[command(flatten)]
    pub(crate) host: HostArgs,
}

/// Flags of `facts`.
#[derive(Debug, Args)]
pub(crate) struct FactsArgs {
    /// Write to FILE instead of printing.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Replace FILE if it is there.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// A profile that `check` will be asked about: a name, or the path of a file. May be given again.
    /// Those in the search path and the one in force are always among them.
    #[arg(long, value_name = "PROFILE", conflicts_with = "facts")]
    pub(crate) profile: Vec<String>,
    /// Take everything that the recording FILE holds instead of asking this host.
    #[arg(long, value_name = "FILE", conflicts_with = "root")]
    pub(crate) facts: Option<String>,
    /// What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel
    /// and systemd derive from that is derived again, where it is their default now.
    #[arg(long, value_name = "SIZE")]
    pub(crate) assume: Option<Assumption>,
}
