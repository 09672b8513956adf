//! The table of unix sockets: those of the bus and of systemd, which are counted.

/// What the names begin with that are asked for.
const ASKED: &[&str] = &[
    "/run/dbus/",
    "/run/systemd/private",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
];

/// The head and the lines of the sockets that are asked for, numbered as they are, without the
/// inodes, which differ from one moment to the next.
pub(super) fn keep(text: &str) -> String {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default();
    let asked = lines.filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let path = words.get(7)?;
        let ours = ASKED.iter().any(|asked| path.starts_with(asked));
        ours.then(|| {
            let words = [&words[..6], &["0", path]].concat();
            words.join(" ") + "\n"
        })
    });
    format!("{head}\n{}", asked.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sockets_that_are_counted_stay() {
        let text = "Num       RefCount Protocol Flags    Type St Inode Path\n\
            0000000000000000: 00000003 00000000 00000000 0001 03 12 /run/dbus/system_bus_socket\n\
            0000000000000000: 00000003 00000000 00000000 0001 03 13\n\
            0000000000000000: 00000003 00000000 00000000 0001 03 14 /home/me/secret\n";
        let kept = keep(text);
        assert_eq!(kept.lines().count(), 2);
        assert!(kept.ends_with(" 03 0 /run/dbus/system_bus_socket\n"));
        assert_eq!(keep(&kept), kept);
    }
}
