//! The table of mounts: where each is and of what kind, without what it is made of.

/// The kinds whose options say something about limits: controllers of cgroup v1, sizes of tmpfs.
const WITH_OPTIONS: &[&str] = &["cgroup", "cgroup2", "proc", "tmpfs"];

/// Lines of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)). Where a hierarchy of cgroups is mounted is
/// asked for; of other mounts the first part of the path is left, and their kind in place of what is
/// mounted, unless it is a device.
pub(super) fn keep(text: &str) -> String {
    text.lines().map(|line| keep_line(line) + "\n").collect()
}

fn keep_line(line: &str) -> String {
    let mut words = line.split(' ');
    let mut next = || words.next().unwrap_or_default();
    let (id, parent, device, root, point, options) =
        (next(), next(), next(), next(), next(), next());
    let tags: Vec<&str> = words.by_ref().take_while(|word| *word != "-").collect();
    let mut next = || words.next().unwrap_or_default();
    let (kind, source, of_the_kind) = (next(), next(), next());
    let hierarchy = kind.starts_with("cgroup");
    let (root, point) = match hierarchy {
        true => (root, point),
        false => ("/", first(point)),
    };
    let source = match source.starts_with("/dev/") {
        true => source,
        false => kind,
    };
    let of_the_kind = match WITH_OPTIONS.contains(&kind) {
        true => of_the_kind,
        false => "rw",
    };
    let tags: String = tags.iter().map(|tag| format!(" {tag}")).collect();
    format!("{id} {parent} {device} {root} {point} {options}{tags} - {kind} {source} {of_the_kind}")
}

/// `/var/lib/docker` is below `/var`.
fn first(path: &str) -> &str {
    let end = path.get(1..).and_then(|rest| rest.find('/'));
    end.map_or(path, |end| &path[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_layers_are_left_out_and_controllers_are_not() {
        let id = "ab".repeat(32);
        let text = format!(
            "61 25 0:44 / /var/lib/docker/overlay2/{id}/merged rw - overlay overlay rw,lowerdir=/l/A\n\
             39 31 0:36 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids\n\
             50 25 0:50 /me /home/me rw shared:5 master:2 - nfs4 files:/home rw,sec=sys\n\
             51 25 8:1 / / rw - ext4 /dev/sda1 rw,discard\n"
        );
        assert_eq!(
            keep(&text),
            "61 25 0:44 / /var rw - overlay overlay rw\n\
             39 31 0:36 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids\n\
             50 25 0:50 / /home rw shared:5 master:2 - nfs4 nfs4 rw\n\
             51 25 8:1 / / rw - ext4 /dev/sda1 rw\n"
        );
        assert_eq!(keep(&keep(&text)), keep(&text));
    }
}
