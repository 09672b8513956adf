//! The image of a file: everything that must be kept to bring it back exactly.

use serde::{Deserialize, Serialize};

/// What stands at a path, without following a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Image {
    /// Nothing.
    Absent,
    /// A regular file.
    File {
        /// Its content.
        #[serde(with = "bytes_as_text")]
        content: Vec<u8>,
        /// Its permission bits.
        mode: u32,
        /// Its owner.
        uid: u32,
        /// Its group.
        gid: u32,
        /// Its extended attributes (security label, access list) by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attributes: Vec<Attribute>,
    },
    /// A symbolic link.
    Link {
        /// Where it points.
        target: String,
    },
    /// A directory.
    Directory,
    /// Something else: a socket, a device.
    Other,
}

/// One extended attribute of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name (`security.selinux`).
    pub name: String,
    /// Its value.
    #[serde(with = "bytes_as_text")]
    pub value: Vec<u8>,
}

impl Image {
    /// A new file of ours, readable by all.
    pub fn text(content: impl Into<Vec<u8>>) -> Self {
        Self::File {
            content: content.into(),
            mode: 0o644,
            uid: 0,
            gid: 0,
            attributes: Vec::new(),
        }
    }

    /// The content, if this is a file.
    pub fn content(&self) -> Option<&[u8]> {
        match self {
            Self::File { content, .. } => Some(content),
            _ => None,
        }
    }

    /// The same file with other content; anything else becomes a new file.
    #[must_use]
    pub fn with_content(&self, new: Vec<u8>) -> Self {
        match self.clone() {
            Self::File {
                mode,
                uid,
                gid,
                attributes,
                ..
            } => Self::File {
                content: new,
                mode,
                uid,
                gid,
                attributes,
            },
            _ => Self::text(new),
        }
    }
}

/// Bytes in JSON: text where they are text, else `hex:` and digits.
mod bytes_as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::fmt::Write;

    const HEX: &str = "hex:";

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.starts_with(HEX) => out.serialize_str(text),
            _ => {
                let mut text = HEX.to_owned();
                for byte in bytes {
                    let _ = write!(text, "{byte:02x}");
                }
                out.serialize_str(&text)
            }
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        let Some(digits) = text.strip_prefix(HEX) else {
            return Ok(text.into_bytes());
        };
        (0..digits.len())
            .step_by(2)
            .map(|at| {
                digits
                    .get(at..at + 2)
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                    .ok_or_else(|| D::Error::custom("broken hex digits"))
            })
            .collect()
    }
}
