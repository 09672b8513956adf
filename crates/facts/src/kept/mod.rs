//! What is kept of a reading: never an environment, a command line or a label.

mod arguments;
mod comments;
mod daemon_json;
mod docker;
mod kernel_line;
mod module_list;
mod mounts;
mod scripts;
mod sockets;
mod unit_file;

pub(crate) use docker::docker;

/// How the text of some files is reduced; the first row that knows the path decides, and any other
/// file is kept as it is.
const FILES: &[Row] = &[
    Row {
        knows: |path| of_a_process(path) == Some("cmdline"),
        keep: arguments::of_a_process,
    },
    Row {
        knows: |path| of_a_process(path) == Some("environ"),
        keep: |_| String::new(),
    },
    Row {
        knows: |path| of_a_process(path).is_some_and(|name| name.starts_with("mount")),
        keep: mounts::keep,
    },
    Row {
        knows: |path| path == "/proc/cmdline",
        keep: kernel_line::keep,
    },
    Row {
        knows: |path| SCRIPTS.iter().any(|part| path.contains(part)),
        keep: scripts::keep,
    },
    Row {
        knows: |path| path.ends_with("/modules.dep"),
        keep: module_list::keep,
    },
    Row {
        knows: |path| path == "/proc/net/unix",
        keep: sockets::keep,
    },
    Row {
        knows: |path| LINES.iter().any(|part| path.contains(part)) && !path.starts_with("/proc/"),
        keep: comments::drop,
    },
    Row {
        knows: |path| path.contains("/systemd/") && !path.starts_with("/sys/"),
        keep: unit_file::keep,
    },
    Row {
        knows: |path| path.starts_with("/etc/default/") || path.starts_with("/etc/sysconfig/"),
        keep: arguments::of_an_environment,
    },
    Row {
        knows: |path| path.ends_with(".json") && !path.starts_with(model::STATE_DIRECTORY),
        keep: daemon_json::keep,
    },
];

/// Where scripts, tables of commands and rules stand that a boot carries out.
const SCRIPTS: &[&str] = &[
    "/etc/cron",
    "/etc/network/",
    "/etc/rc.local",
    "/tmpfiles.d/",
    "/udev/rules.d/",
    "/var/spool/cron/",
];

/// Parts of paths of files that are read line by line.
const LINES: &[&str] = &[
    "/sysctl.d/",
    "/sysctl.conf",
    "/modules-load.d/",
    "/modprobe.d/",
    "/tuned/",
    "/saptune/",
    "/NetworkManager/",
    "/ufw/",
    "/security/limits",
];

/// A reduction.
struct Row {
    /// Whether it is for the file at a path.
    knows: fn(&str) -> bool,
    /// What is left of the text.
    keep: fn(&str) -> String,
}

/// What is kept of a file.
pub(crate) fn file(path: &str, text: &str) -> String {
    match FILES.iter().find(|row| (row.knows)(path)) {
        Some(row) => (row.keep)(text),
        None => text.to_owned(),
    }
}

/// The name of a file of a process.
fn of_a_process(path: &str) -> Option<&str> {
    let (pid, name) = path.strip_prefix("/proc/")?.split_once('/')?;
    let is_process = pid == "self" || pid.bytes().all(|byte| byte.is_ascii_digit());
    is_process.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_what_is_kept_is_the_same() {
        let texts = [
            (
                "/proc/7/cmdline",
                "/usr/sbin/dockerd\0--label\0a=b\0--data-root=/d\0-H\0x\0",
            ),
            ("/proc/7/environ", "TOKEN=x\0"),
            (
                "/proc/self/mountinfo",
                "31 1 0:9 / /a rw - overlay overlay rw,lowerdir=/l\n",
            ),
            (
                "/etc/systemd/system/docker.service",
                "[Service]\nEnvironment=A=b\nTasksMax=5\n",
            ),
            (
                "/etc/default/docker",
                "DOCKER_OPTS=\"--label a=b -b br0\"\nHTTP_PROXY=http://x\n",
            ),
            (
                "/etc/docker/daemon.json",
                "{\"labels\": [\"a=b\"], \"bip\": \"10.0.0.1/24\"}",
            ),
            ("/proc/sys/kernel/pid_max", "32768\n"),
        ];
        for (path, text) in texts {
            let kept = file(path, text);
            assert_eq!(file(path, &kept), kept, "{path}");
            for secret in ["TOKEN", "A=b", "a=b", "http://x", "lowerdir"] {
                assert!(!kept.contains(secret), "{path}: {kept}");
            }
        }
    }

    #[test]
    fn values_of_the_kernel_stay() {
        assert_eq!(file("/proc/sys/kernel/pid_max", "32768\n"), "32768\n");
        assert_eq!(file("/proc/1/schedstat", "5 6 7\n"), "5 6 7\n");
    }
}
