//! What stands at a path, in short: its kind, and never a file's content.

use model::Image;
use serde::{Deserialize, Serialize};

/// An image without what would bring the file back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Seen {
    Absent,
    File { mode: u32, uid: u32, gid: u32 },
    Link(String),
    Directory,
    Other,
}

impl From<Image> for Seen {
    fn from(image: Image) -> Self {
        match image {
            Image::Absent => Self::Absent,
            Image::File { mode, uid, gid, .. } => Self::File { mode, uid, gid },
            Image::Link { target } => Self::Link(target),
            Image::Directory => Self::Directory,
            Image::Other => Self::Other,
        }
    }
}

impl From<Seen> for Image {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Absent => Self::Absent,
            Seen::File { mode, uid, gid } => Self::File {
                content: Vec::new(),
                mode,
                uid,
                gid,
                attributes: Vec::new(),
            },
            Seen::Link(target) => Self::Link { target },
            Seen::Directory => Self::Directory,
            Seen::Other => Self::Other,
        }
    }
}
