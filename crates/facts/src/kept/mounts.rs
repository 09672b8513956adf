//! The table of mounts: where each is and of what kind, without what it is made of.

/// The kinds whose options say something about limits: controllers of cgroup v1, sizes of tmpfs.
const WITH_OPTIONS: &[&str] = &["cgroup", "cgroup2", "proc", "tmpfs"];

/// Lines of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)): what is mounted is named by its kind,
/// unless it is a device, and long hexadecimal names are cut.
pub(super) fn keep(text: &str) -> String {
    text.lines().map(|line| keep_line(line) + "\n").collect()
}

fn keep_line(line: &str) -> String {
    let Some((place, what)) = line.split_once(" - ") else {
        return cut(line);
    };
    let mut words = what.split(' ');
    let kind = words.next().unwrap_or_default();
    let source = words.next().filter(|source| source.starts_with("/dev/"));
    let options = words.next().filter(|_| WITH_OPTIONS.contains(&kind));
    format!(
        "{} - {kind} {} {}",
        cut(place),
        source.unwrap_or(kind),
        options.unwrap_or("rw")
    )
}

/// The ids of containers and layers are 64 digits; 12 tell them apart as well.
pub(super) fn cut(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut digits = 0;
    for letter in text.chars() {
        digits = match letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase() {
            true => digits + 1,
            false => 0,
        };
        if digits <= 12 {
            kept.push(letter);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_ids_are_left_out_and_controllers_are_not() {
        let id = "ab".repeat(32);
        let text = format!(
            "61 25 0:44 / /var/lib/docker/overlay2/{id}/merged rw - overlay overlay rw,lowerdir=/l/A\n\
             39 31 0:36 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids\n\
             50 25 0:50 / /home rw shared:5 - nfs4 files:/home rw,sec=sys\n"
        );
        assert_eq!(
            keep(&text),
            "61 25 0:44 / /var/lib/docker/overlay2/abababababab/merged rw - overlay overlay rw\n\
             39 31 0:36 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids\n\
             50 25 0:50 / /home rw shared:5 - nfs4 nfs4 rw\n"
        );
    }
}
