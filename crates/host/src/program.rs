//! The file of the running program: whom a unit that outlives this process has to call.

use crate::copy;
use crate::fault::failed;
use model::{Fingerprint, HostResult};
use std::env;

/// Where nothing lasts across a boot (file-hierarchy(7)).
const GONE_AFTER_A_BOOT: [&str; 3] = ["/tmp/", "/run/", "/dev/"];

/// Its path, if it will still be there after the next boot.
pub fn lasting() -> HostResult<String> {
    let path = env::current_exe().map_err(|error| failed("this program", error.to_string()))?;
    judge(&path.display().to_string())
}

/// What it consists of.
pub fn fingerprint() -> HostResult<Fingerprint> {
    copy::of_program()
}

fn judge(path: &str) -> HostResult<String> {
    // What the link in /proc says of a file that was removed (proc(5)).
    if path.ends_with(" (deleted)") {
        return Err(failed(path, "this program's file was replaced or removed"));
    }
    if let Some(place) = GONE_AFTER_A_BOOT
        .iter()
        .find(|place| path.starts_with(*place))
    {
        return Err(failed(
            path,
            format!("{place} is empty after a boot, and this program would be gone with it"),
        ));
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_will_be_gone_cannot_be_relied_on() {
        assert!(judge("/usr/local/bin/hosttune").is_ok());
        for path in ["/tmp/hosttune", "/usr/bin/hosttune (deleted)"] {
            assert!(judge(path).is_err(), "{path}");
        }
    }
}
