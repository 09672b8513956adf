//! The name of a sysctl: dots or slashes between its parts, as in sysctl.d(5).

/// The file below `/proc/sys` that a name stands for, or why it stands for none. Of `/` and `.`,
/// the first to appear is the separator; where that is the dot, a slash means a dot inside a part
/// (`net.ipv4.conf.eth0/100.forwarding`).
pub(crate) fn path(name: &str) -> Result<String, String> {
    Ok(format!("/proc/sys/{}", parts(name)?.join("/")))
}

/// The one spelling of a name: dots between parts, a dot inside a part as a slash.
pub(crate) fn canonical(name: &str) -> Result<String, String> {
    let parts: Vec<String> = parts(name)?
        .into_iter()
        .map(|part| part.replace('.', "/"))
        .collect();
    Ok(parts.join("."))
}

/// The key below `/proc/sys` that systemd-sysctl makes of what stands before the `=`: of `/` and `.`
/// the first decides, then both are swapped or kept, and empty and `.` parts go (systemd,
/// src/basic/sysctl-util.c, `sysctl_normalize`). Unlike a profile's key it may be a pattern.
pub(crate) fn as_systemd(name: &str) -> String {
    let swapped = match name.find(['.', '/']) {
        Some(at) if name[at..].starts_with('.') => name
            .chars()
            .map(|c| match c {
                '.' => '/',
                '/' => '.',
                other => other,
            })
            .collect(),
        _ => name.to_owned(),
    };
    let parts = swapped.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

fn parts(name: &str) -> Result<Vec<String>, String> {
    let parts: Vec<String> = match name.find(['.', '/']) {
        Some(at) if name[at..].starts_with('/') => name.split('/').map(str::to_owned).collect(),
        _ => name.split('.').map(|part| part.replace('/', ".")).collect(),
    };
    if parts.iter().any(|part| part == "." || part == "..") {
        return Err(format!("`{name}` leaves /proc/sys"));
    }
    for part in &parts {
        if part.is_empty() {
            return Err(format!("`{name}` has an empty part"));
        }
        if let Some(bad) = part
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && !"_-:@.+".contains(*c))
        {
            return Err(match bad {
                '*' | '?' | '[' => format!("`{name}` is a pattern; name each key"),
                _ => format!("`{name}` has `{bad}` in it, which no sysctl has"),
            });
        }
    }
    if parts.len() < 2 {
        return Err(format!("`{name}` is no sysctl: it has one part only"));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_separator_decides() {
        for (name, wanted) in [
            ("vm.swappiness", "/proc/sys/vm/swappiness"),
            ("net/ipv4/ip_forward", "/proc/sys/net/ipv4/ip_forward"),
            (
                "net.ipv4.conf.eth0/100.forwarding",
                "/proc/sys/net/ipv4/conf/eth0.100/forwarding",
            ),
            (
                "net/ipv4/conf/eth0.100/forwarding",
                "/proc/sys/net/ipv4/conf/eth0.100/forwarding",
            ),
        ] {
            assert_eq!(path(name).unwrap(), wanted);
        }
        let canonical = canonical("net/ipv4/conf/eth0.100/forwarding").unwrap();
        assert_eq!(canonical, "net.ipv4.conf.eth0/100.forwarding");
    }

    #[test]
    fn systemd_takes_more_spellings_than_a_profile_may_use() {
        for (name, key) in [
            ("vm..swappiness", "vm/swappiness"),
            (".vm.swappiness", "vm/swappiness"),
            ("/vm//swappiness/", "vm/swappiness"),
            (
                "net/ipv4/conf/eth0.1/forwarding",
                "net/ipv4/conf/eth0.1/forwarding",
            ),
            (
                "net.ipv4.conf.eth0/1.forwarding",
                "net/ipv4/conf/eth0.1/forwarding",
            ),
            ("net.ipv4.conf.*.rp_filter", "net/ipv4/conf/*/rp_filter"),
            ("kernel/./panic", "kernel/panic"),
        ] {
            assert_eq!(as_systemd(name), key, "{name}");
        }
    }

    #[test]
    fn no_name_leaves_proc_sys() {
        for name in [
            "../etc/passwd",
            "kernel/../../etc/passwd",
            "kernel.//.x",
            "kernel..x",
            "/etc/passwd",
            "kernel",
            "vm.*",
            "vm.swap piness",
            "",
        ] {
            assert!(path(name).is_err(), "{name}");
        }
    }
}
