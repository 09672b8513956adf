//! State files: small, and there, whole, when a save returns. What lies in a folder of its own
//! (the journal) is its owner's alone; what lies directly in the state directory is for everybody.

use crate::directories::make_directory;
use crate::fault::failed;
use crate::replace::replace;
use crate::root::Root;
use model::{HostResult, Image, STATE_DIRECTORY};
use nix::sys::stat::Mode;
use nix::unistd::{Gid, Uid};

/// Writes `name` below the state directory, whose missing parts are made and flushed first.
pub(crate) fn save(root: &Root, name: &str, text: &str) -> HostResult<()> {
    let path = format!("{STATE_DIRECTORY}/{name}");
    let odd = |part: &str| part.is_empty() || part.starts_with('.');
    if name.split('/').any(odd) {
        return Err(failed(&path, "is no name for a state file"));
    }
    for (at, _) in path.match_indices('/').skip(1) {
        let directory = &path[..at];
        let private = directory.len() > STATE_DIRECTORY.len();
        let mode = if private { 0o700 } else { 0o755 };
        make_directory(root, directory, Mode::from_bits_truncate(mode))?;
    }
    let image = Image::File {
        content: text.into(),
        mode: if name.contains('/') { 0o600 } else { 0o644 },
        uid: Uid::effective().as_raw(),
        gid: Gid::effective().as_raw(),
        attributes: Vec::new(),
    };
    replace(root, &path, &image)
}
