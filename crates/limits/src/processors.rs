//! The processors of a host.

use crate::reading::ranges;
use model::{Host, Unread};

/// Where they are listed.
pub(crate) const ONLINE: &str = "/sys/devices/system/cpu/online";

/// How many processors are online, from a list of ranges such as `0-3,8`.
pub(crate) fn online(host: &dyn Host) -> Result<u64, Unread> {
    let text = host.read_text(ONLINE)?;
    ranges(&text).ok_or_else(|| Unread::because(format!("{ONLINE}: `{}`", text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    #[test]
    fn processors_are_counted_from_ranges() {
        let count = |text: &str| online(&FakeHost::new().file(ONLINE, text));
        assert_eq!(count("0-39\n"), Ok(40));
        assert_eq!(count("0,2-3\n"), Ok(3));
        assert!(count("3-1\n").is_err());
        assert!(count("\n").is_err());
    }
}
