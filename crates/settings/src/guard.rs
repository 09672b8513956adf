//! The guard's unit files, and the actions that set it up before anything else is done.

use crate::journal::Before;
use crate::own_files::missing_parents;
use crate::plan::{Plan, Planned};
use model::{Action, Host, HostError, HostResult, Image};
use std::time::Duration;

/// The timer; its service has the same name.
pub(crate) const TIMER: &str = "hosttune-confirm.timer";
const SERVICE_FILE: &str = "/etc/systemd/system/hosttune-confirm.service";
const TIMER_FILE: &str = "/etc/systemd/system/hosttune-confirm.timer";
const AT_BOOT: &str = "/etc/systemd/system/multi-user.target.wants/hosttune-confirm.service";

/// What reverts an apply that nobody confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// How long it waits, in seconds.
    pub within: u64,
    /// How many of the plan's first actions set it up.
    pub(crate) actions: usize,
}

impl Plan {
    /// Has what is about to be applied as `id` revert by itself unless it is confirmed `within` that
    /// time, by running `program`.
    pub fn guard(
        &mut self,
        host: &dyn Host,
        id: u32,
        program: &str,
        within: Duration,
    ) -> HostResult<()> {
        let within = within.as_millis().div_ceil(1000);
        let within = u64::try_from(within).unwrap_or(u64::MAX);
        let link = Image::Link {
            target: SERVICE_FILE.to_owned(),
        };
        let files = [
            (SERVICE_FILE, Image::text(service(id, program)?)),
            (TIMER_FILE, Image::text(timer(id, within))),
            (AT_BOOT, link),
        ];
        let mut guard: Vec<Planned> = Vec::new();
        for (path, image) in files {
            refuse_another(host, path)?;
            for path in missing_parents(host, path)? {
                let make = Planned::shared(Action::MakeDirectory { path }, Before::Existed(false));
                if !guard.contains(&make) {
                    guard.push(make);
                }
            }
            let path = path.to_owned();
            let replace = Action::Replace { path, image };
            guard.push(Planned::shared(replace, Before::Image(Image::Absent)));
        }
        let unit = TIMER.to_owned();
        for action in [Action::Reload, Action::Start { unit }] {
            guard.push(Planned::shared(action, Before::Nothing));
        }
        // A directory that both need is the guard's, which goes last.
        let is_made = |planned: &Planned| {
            matches!(planned.action, Action::MakeDirectory { .. }) && guard.contains(planned)
        };
        self.actions.retain(|planned| !is_made(planned));
        let actions = guard.len();
        self.actions.splice(0..0, guard);
        self.guard = Some(Guard { within, actions });
        Ok(())
    }
}

fn refuse_another(host: &dyn Host, path: &str) -> HostResult<()> {
    match host.image(path)? {
        Image::Absent => Ok(()),
        _ => Err(HostError::Failed {
            what: path.to_owned(),
            why: "is there already; if no apply waits to be confirmed, remove it".to_owned(),
        }),
    }
}

/// It starts before the daemons whose limits it takes back, so that at a boot they start without
/// them. What fails, because the lock is held or a daemon is not ready, is tried again.
fn service(id: u32, program: &str) -> HostResult<String> {
    let program = quoted(program)?;
    Ok(format!(
        "\
# Written by hosttune for apply {id}; `hosttune confirm` and `hosttune revert` remove it.
[Unit]
Description=Revert apply {id} of hosttune, which nobody confirmed
After=local-fs.target systemd-modules-load.service systemd-sysctl.service
Before=docker.service containerd.service
StartLimitIntervalSec=1h
StartLimitBurst=30

[Service]
Type=oneshot
ExecStart={program} revert --unconfirmed {id}
Restart=on-failure
RestartSec=10s
"
    ))
}

fn timer(id: u32, seconds: u64) -> String {
    format!(
        "\
# Written by hosttune for apply {id}; `hosttune confirm` and `hosttune revert` remove it.
[Unit]
Description=Time to confirm apply {id} of hosttune

[Timer]
OnActiveSec={seconds}s
AccuracySec=1s
"
    )
}

/// A path as systemd reads it back from a command line (systemd.service(5), systemd.unit(5)).
pub fn quoted(path: &str) -> HostResult<String> {
    if path.chars().any(char::is_control) {
        return Err(HostError::Failed {
            what: path.escape_debug().to_string(),
            why: "cannot be named in a unit file".to_owned(),
        });
    }
    let escaped = path
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%");
    Ok(format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_as_systemd_reads_it() {
        assert_eq!(quoted("/usr/bin/a b").unwrap(), "\"/usr/bin/a b\"");
        assert_eq!(quoted("/a\"%\\").unwrap(), "\"/a\\\"%%\\\\\"");
        assert!(quoted("/a\nb").is_err());
    }

    #[test]
    fn part_of_a_second_is_waited_for_too() {
        let host = testkit::FakeHost::new();
        let mut plan = Plan::default();
        let within = Duration::from_millis(10_001);
        plan.guard(&host, 3, "/usr/bin/hosttune", within).unwrap();
        assert_eq!(plan.guard.as_ref().map(|guard| guard.within), Some(11));
    }
}
