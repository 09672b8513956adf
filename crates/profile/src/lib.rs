//! Profiles: INI text in, entries with file and line out, and a sentence for everything else.
//!
//! This crate knows lines, sections, reasons and includes. It opens no file and does not know what
//! a key means: files come through [`Library`], sections are passed in as [`SectionSpec`]s, and
//! what their entries say is judged by whoever passed them.
//!
//! ```ini
//! [profile]
//! summary = hundreds of small containers on one host
//! include = base, network
//!
//! [sysctl]
//! #: each container adds a shim, and each shim about a dozen threads
//! kernel.pid_max = at least 4194304
//!
//! [unit docker.service]
//! TasksMax = infinity
//! ```

mod clip;
mod complaints;
mod document;
mod error;
mod header;
mod ini;
mod library;
mod lines;
mod load;
mod own;
mod pair;
mod reader;
mod section;
mod text;
mod writer;

pub use error::ProfileError;
pub use library::{Library, LibraryError, Source};
pub use load::{Profile, load};
pub use section::SectionSpec;
pub use writer::{Written, refuse, write};
