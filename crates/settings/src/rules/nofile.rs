//! No limit of open files goes above fs.nr_open.

use super::Rule;
use super::fault::Fault;
use super::view::{Judged, Side, View, numbers, settle};
use model::{Quantity, Setting, Value};

pub(super) const RULE: Rule = Rule {
    id: "nofile-nr-open",
    summary: "a limit of open files (ulimit nofile, LimitNOFILE, DefaultLimitNOFILE, Docker's default-ulimits) is at most fs.nr_open",
    source: "kernel/sys.c do_prlimit (EPERM above sysctl_nr_open, root included); pam_limits(8); runc setrlimit; systemd src/basic/rlimit-util.c setrlimit_closest",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let nr_open = view.sysctl("fs.nr_open");
    let of_files = view
        .settings
        .iter()
        .filter(|setting| what_happens(setting).is_some());
    of_files
        .filter_map(|setting| settle(compare(view, &view.of(setting), &nr_open)))
        .collect()
}

/// What becomes of a limit that is too high.
fn what_happens(setting: &Setting) -> Option<&'static str> {
    let name = setting.key.name.as_str();
    match setting.key.kind {
        "ulimit" if name.ends_with("/nofile") => {
            Some("PAM drops it at login, and the session keeps the limit it had")
        }
        "unit" if name.ends_with("/LimitNOFILE") => {
            Some("a running process is refused it (EPERM), and the next start gets less")
        }
        "manager" if name == "DefaultLimitNOFILE" => Some("every service starts with less"),
        "docker" if name == "default-ulimits.nofile" => {
            Some("runc is refused it (EPERM), and no container starts")
        }
        _ => None,
    }
}

fn compare(view: &View<'_>, limit: &Side<'_>, nr_open: &Side<'_>) -> Judged {
    let Some((wanted, most)) = numbers(limit, nr_open)? else {
        return Ok(None);
    };
    // PAM and systemd take unlimited for fs.nr_open itself; runc hands it to the kernel as it is.
    if wanted == Quantity::Unlimited && limit.key.kind != "docker" {
        return Ok(None);
    }
    let stored = match nr_open.setting {
        Some(_) => None,
        None => view.stored_sysctl("fs.nr_open"),
    };
    let too_low = stored.as_ref().map(|stored| below(stored, wanted));
    let above = match (wanted > most, &stored, too_low) {
        (true, ..) => nr_open.told(),
        (false, Some(stored), Some(true)) => format!("the fs.nr_open {stored} of the next boot"),
        (false, ..) => return Ok(None),
    };
    let happens = limit.setting.and_then(what_happens).unwrap_or_default();
    // Some distributions refuse the login instead, so what the next boot has counts; a container is
    // refused as soon as the daemon hands it the limit.
    let refuses = match limit.key.kind {
        "ulimit" => too_low.unwrap_or(true),
        kind => kind == "docker",
    };
    let message = format!(
        "{}: {wanted} open files are more than {above}: {happens}",
        limit.key
    );
    let help = match wanted {
        Quantity::Finite(_) => format!("raise fs.nr_open to {wanted} in [sysctl], or ask for less"),
        Quantity::Unlimited => format!("write a number, at most {most}"),
    };
    let fault = Fault::broken(&[limit, nr_open], message);
    Ok(Some(fault.help(help).refuse_if(refuses)))
}

fn below(stored: &Value, wanted: Quantity) -> bool {
    matches!(stored, Value::Numbers(numbers) if numbers.iter().any(|number| *number < wanted))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, settings, told};
    use super::RULE;
    use model::{Form, Setting, Shape};
    use testkit::FakeHost;

    const FILES: Shape = Shape::ceiling(0, i64::MAX as i128)
        .form(Form::SoftHard)
        .unlimited(&["unlimited", "-1"]);

    fn limit(kind: &'static str, name: &str, value: &str) -> Vec<Setting> {
        vec![number(kind, name, FILES, value)]
    }

    #[test]
    fn every_way_to_set_it_is_held_against_what_will_hold() {
        let host = FakeHost::new()
            .unit_with("docker.service", &[])
            .file("/proc/sys/fs/nr_open", "1048576\n");
        for (kind, name) in [
            ("ulimit", "*/nofile"),
            ("docker", "default-ulimits.nofile"),
            ("manager", "DefaultLimitNOFILE"),
        ] {
            let fine = limit(kind, name, "1024:1048576");
            assert_eq!(told(RULE.id, Some(&host), &fine), [""; 0]);
            let mut high = limit(kind, name, "1024:1048577");
            let said = told(RULE.id, Some(&host), &high);
            assert!(said[0].starts_with("drifted: "), "{said:?}");
            high.extend(settings(&[("fs.nr_open", "at least 1048577")]));
            assert_eq!(told(RULE.id, Some(&host), &high), [""; 0]);
        }
    }

    #[test]
    fn a_bound_keeps_what_the_unit_has() {
        let host = FakeHost::new().unit_with(
            "a.service",
            &[
                ("LimitNOFILE", model::Property::Number(2_000_000)),
                ("LimitNOFILESoft", model::Property::Number(1024)),
            ],
        );
        let wanted = settings(&[
            ("a.service/LimitNOFILE", "1024:4096"),
            ("fs.nr_open", "exact 1048576"),
        ]);
        assert!(told(RULE.id, Some(&host), &wanted)[0].contains("2000000"));
        assert_eq!(told(RULE.id, None, &wanted), [""; 0]);
    }

    #[test]
    fn unlimited_is_for_docker_alone_too_much() {
        let host = FakeHost::new()
            .unit_with("docker.service", &[])
            .file("/proc/sys/fs/nr_open", "1048576\n");
        let pam = limit("ulimit", "*/nofile", "unlimited");
        assert_eq!(told(RULE.id, Some(&host), &pam), [""; 0]);
        let docker = limit("docker", "default-ulimits.nofile", "-1");
        assert_eq!(told(RULE.id, Some(&host), &docker).len(), 1);
    }

    #[test]
    fn without_the_other_side_nothing_is_said_and_unreadable_is_unknown() {
        let wanted = limit("ulimit", "*/nofile", "4096");
        assert_eq!(told(RULE.id, None, &wanted), [""; 0]);
        let no_bus = FakeHost::new()
            .file("/proc/sys/fs/nr_open", "1048576\n")
            .denied("a.service");
        let unreadable = settings(&[("a.service/LimitNOFILE", "4096")]);
        assert_eq!(told(RULE.id, Some(&no_bus), &unreadable), [""; 0]);
        let closed = FakeHost::new().denied("/proc/sys/fs/nr_open");
        assert!(told(RULE.id, Some(&closed), &wanted)[0].starts_with("unknown: cannot tell"));
    }

    #[test]
    fn the_next_boot_counts_too() {
        let host = FakeHost::new()
            .file("/proc/sys/fs/nr_open", "1048576\n")
            .file("/etc/sysctl.d/90-a.conf", "fs.nr_open = 2048\n");
        let said = told(RULE.id, Some(&host), &limit("ulimit", "*/nofile", "4096"));
        assert!(
            said[0].contains("fs.nr_open 2048 of the next boot"),
            "{said:?}"
        );
    }

    #[test]
    fn what_would_shut_somebody_out_is_refused() {
        let refused = |host: &FakeHost, wanted: &[Setting]| {
            let found = crate::rules::rules(Some(host), wanted);
            let found = found.iter().filter(|finding| finding.id == RULE.id);
            let refusals = found.map(|finding| finding.rejection().is_some());
            refusals.collect::<Vec<_>>()
        };
        let soft_and_hard = [
            ("LimitNOFILE", model::Property::Number(2048)),
            ("LimitNOFILESoft", model::Property::Number(1024)),
        ];
        let host = FakeHost::new()
            .unit_with("a.service", &soft_and_hard)
            .unit_with("docker.service", &[])
            .file("/proc/sys/fs/nr_open", "2048\n");
        let login = limit("ulimit", "*/nofile", "4096");
        let container = limit("docker", "default-ulimits.nofile", "4096");
        let unit = settings(&[("a.service/LimitNOFILE", "4096")]);
        assert_eq!(refused(&host, &login), [true]);
        assert_eq!(refused(&host, &container), [true]);
        assert_eq!(refused(&host, &unit), [false]);
        let host = host.file("/etc/sysctl.d/90-a.conf", "fs.nr_open = 4096\n");
        assert_eq!(refused(&host, &login), [false]);
        assert_eq!(refused(&host, &container), [true]);
    }
}
