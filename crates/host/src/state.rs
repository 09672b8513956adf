//! State files: small, and there, whole, when a save returns. A folder of its own (the journal) is its
//! owner's alone; the reports of boots, and what lies directly in the state directory, are for everybody.

use crate::directories::make_directory;
use crate::fault::failed;
use crate::replace::replace;
use crate::root::Root;
use model::{HostResult, Image, STATE_DIRECTORY};
use nix::sys::stat::Mode;
use nix::unistd::{Gid, Uid};

/// The folder that everybody may read.
const OPEN: &str = "boots";

/// Writes `name` below the state directory, whose missing parts are made and flushed first.
pub(crate) fn save(root: &Root, name: &str, text: &str) -> HostResult<()> {
    let path = format!("{STATE_DIRECTORY}/{name}");
    let odd = |part: &str| part.is_empty() || part.starts_with('.');
    if name.split('/').any(odd) {
        return Err(failed(&path, "is no name for a state file"));
    }
    let folder = name.split_once('/').map(|(folder, _)| folder);
    let is_private = folder.is_some_and(|folder| folder != OPEN);
    for (at, _) in path.match_indices('/').skip(1) {
        let directory = &path[..at];
        let private = is_private && directory.len() > STATE_DIRECTORY.len();
        let mode = if private { 0o700 } else { 0o755 };
        make_directory(root, directory, Mode::from_bits_truncate(mode))?;
    }
    let image = Image::File {
        content: text.into(),
        mode: if is_private { 0o600 } else { 0o644 },
        uid: Uid::effective().as_raw(),
        gid: Gid::effective().as_raw(),
        attributes: Vec::new(),
    };
    replace(root, &path, &image)
}
