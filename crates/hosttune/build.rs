//! Puts the shipped profiles into the binary, so that an install needs no checkout.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the checkout, not a host"
)]

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let here = env::var("CARGO_MANIFEST_DIR")?;
    let folder = Path::new(&here).join("../../profiles").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?
            .file_name()
            .into_string()
            .map_err(|_| "a profile's name")?;
        if name.ends_with(".ini") {
            names.push(name);
        }
    }
    names.sort_unstable();
    let mut table = String::from(
        "/// The shipped profiles, by the names of their files.\npub(crate) const PROFILES: &[(&str, &str)] = &[\n",
    );
    for name in names {
        let path = folder.join(&name);
        writeln!(table, "    ({name:?}, include_str!({path:?})),")?;
    }
    table.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("profiles.rs"), table)?;
    Ok(())
}
