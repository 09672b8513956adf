//! The library: where profiles are found by name or path, and which of them root may believe.

use crate::fault::words;
use crate::trust::{judge, open_regular};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Where profiles are looked for, strongest first.
const PLACES: [&str; 4] = [
    "/etc/hosttune/profiles",
    "/run/hosttune/profiles",
    "/usr/local/lib/hosttune/profiles",
    "/usr/lib/hosttune/profiles",
];
const SUFFIX: &str = ".ini";
/// The parser refuses what is longer than 1 MiB; it is handed one byte more to see that.
const LONGEST: u64 = (1 << 20) + 1;

/// A profile as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its file.
    pub path: String,
    /// Its bytes, cut off after 1 MiB and one.
    pub content: Vec<u8>,
}

/// A profile as it lies in the search path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// The file of the same name that is taken instead.
    pub shadowed_by: Option<String>,
}

/// Why a profile was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// Neither a name nor a path.
    #[error("`{0}` is neither the name of a profile nor a path to one")]
    BadName(String),
    /// No file of that name in the search path.
    #[error("there is no profile `{name}` in {searched}")]
    Unknown {
        /// The name.
        name: String,
        /// The directories that were searched.
        searched: String,
    },
    /// The file cannot be read.
    #[error("{path}: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        why: String,
    },
    /// Root must not believe the file.
    #[error("{0}")]
    Untrusted(String),
}

/// The places profiles come from.
#[derive(Debug, Clone)]
pub struct Library {
    places: Vec<PathBuf>,
    only_trusted: bool,
}

impl Library {
    /// The search path of this machine, then what was installed with the binary below another prefix,
    /// then the profiles of a checkout around it.
    pub fn standard() -> Self {
        let binary = env::current_exe().ok();
        let binary = binary.as_deref();
        let mut places: Vec<PathBuf> = PLACES.iter().map(PathBuf::from).collect();
        let installed = binary.and_then(below_prefix);
        places.extend(
            installed.filter(|place| !PLACES.iter().any(|known| place == Path::new(known))),
        );
        places.extend(binary.and_then(beside_binary));
        Self::at(places)
    }

    /// The library of these directories, strongest first.
    pub fn at(places: Vec<PathBuf>) -> Self {
        Self {
            places,
            only_trusted: false,
        }
    }

    /// The same, opening only what [`trusted`](crate::trusted) accepts: judged on the very file that is read.
    #[must_use]
    pub fn only_trusted(mut self) -> Self {
        self.only_trusted = true;
        self
    }

    /// Finds a profile by name, or by path where the reference has a `/` or ends in `.ini`; a
    /// relative path counts from the folder of the file that includes it.
    pub fn open(&self, reference: &str, from: Option<&str>) -> Result<Found, LibraryError> {
        if reference.contains('/') || reference.ends_with(SUFFIX) {
            let folder = from.and_then(|file| Path::new(file).parent());
            let path = folder.map_or_else(|| reference.into(), |folder| folder.join(reference));
            return self.take(&path);
        }
        if !is_name(reference) {
            return Err(LibraryError::BadName(reference.to_owned()));
        }
        let file = format!("{reference}{SUFFIX}");
        let mut candidates = self.places.iter().map(|place| place.join(&file));
        match candidates.find(|path| path.symlink_metadata().is_ok()) {
            Some(path) => self.take(&path),
            None => Err(LibraryError::Unknown {
                name: reference.to_owned(),
                searched: self.searched(),
            }),
        }
    }

    /// The names that can be opened, sorted.
    pub fn names(&self) -> Vec<String> {
        let names: BTreeSet<String> = self.shelved().into_iter().map(|file| file.name).collect();
        names.into_iter().collect()
    }

    /// Every profile in the search path by name, of each name the one that is taken first.
    pub fn shelved(&self) -> Vec<Shelved> {
        let mut shelved: Vec<Shelved> = Vec::new();
        for place in &self.places {
            for file in fs::read_dir(place).into_iter().flatten().flatten() {
                let file = file.file_name();
                let name = file.to_str().and_then(|file| file.strip_suffix(SUFFIX));
                let Some(name) = name.filter(|name| is_name(name)) else {
                    continue;
                };
                let stronger = shelved.iter().find(|other| other.name == name);
                shelved.push(Shelved {
                    shadowed_by: stronger.map(|other| other.path.clone()),
                    name: name.to_owned(),
                    path: place.join(&file).display().to_string(),
                });
            }
        }
        shelved.sort_by(|a, b| a.name.cmp(&b.name));
        shelved
    }

    fn searched(&self) -> String {
        let places: Vec<_> = self
            .places
            .iter()
            .map(|place| place.display().to_string())
            .collect();
        places.join(", ")
    }

    fn take(&self, path: &Path) -> Result<Found, LibraryError> {
        let name = path.display().to_string();
        let unreadable = |error: io::Error| LibraryError::Unreadable {
            path: name.clone(),
            why: words(&error),
        };
        let (file, facts) = open_regular(path).map_err(unreadable)?;
        if self.only_trusted {
            judge(&name, &facts).map_err(LibraryError::Untrusted)?;
        }
        let mut content = Vec::new();
        file.take(LONGEST)
            .read_to_end(&mut content)
            .map_err(unreadable)?;
        Ok(Found {
            path: name.clone(),
            content,
        })
    }
}

fn is_name(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(letter)
        && text
            .chars()
            .all(|c| letter(c) || matches!(c, '.' | '_' | '-'))
}

/// The profiles of the prefix whose `bin` the binary lies in.
fn below_prefix(binary: &Path) -> Option<PathBuf> {
    let folder = binary.parent().filter(|folder| folder.ends_with("bin"))?;
    Some(folder.parent()?.join("lib/hosttune/profiles"))
}

/// The `profiles` of the workspace whose `target` the binary was built in.
fn beside_binary(binary: &Path) -> Option<PathBuf> {
    let folders = binary.ancestors().skip(1);
    folders
        .filter(|folder| folder.join("Cargo.toml").is_file())
        .map(|folder| folder.join("profiles"))
        .find(|profiles| profiles.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkout_is_found_from_its_target_directory() {
        let directory = tempfile::tempdir().unwrap();
        let workspace = directory.path().join("hosttune");
        let binary = workspace.join("target/release/hosttune");
        fs::create_dir_all(workspace.join("profiles")).unwrap();
        assert_eq!(beside_binary(&binary), None);
        fs::write(workspace.join("Cargo.toml"), "").unwrap();
        assert_eq!(beside_binary(&binary), Some(workspace.join("profiles")));
    }

    #[test]
    fn what_was_installed_below_another_prefix_is_found_from_its_bin() {
        let place = |binary: &str| below_prefix(Path::new(binary));
        let profiles = PathBuf::from("/opt/h/lib/hosttune/profiles");
        assert_eq!(place("/opt/h/bin/hosttune"), Some(profiles));
        assert_eq!(place("/src/target/debug/hosttune"), None);
    }
}
