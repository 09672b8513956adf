//! What a unit's daemon said last before it failed, out of the journal.

use crate::command::run;
use std::time::Duration;

/// How long the journal may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a unit failed in its `job`, in its daemon's own last line. systemd's lines about the unit carry
/// another `_SYSTEMD_UNIT`, its own, and are left out by that.
pub(crate) fn of_failed(unit: &str, job: &str) -> String {
    let from = format!("_SYSTEMD_UNIT={unit}");
    let arguments = [
        "--quiet",
        "--boot",
        "--output=cat",
        "--lines=1",
        from.as_str(),
    ];
    let said = run("journalctl", &arguments, PATIENCE)
        .map(|output| output.stdout.trim().to_owned())
        .unwrap_or_default();
    match said.is_empty() {
        true => format!("failed after its {job}; `journalctl --unit {unit}` may say why"),
        false => format!("failed after its {job}: {said}"),
    }
}
