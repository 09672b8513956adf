//! A mount table: the mounts that a process sees, and which of the host's mounts come into it.
//!
//! What is mounted on a shared mount comes into every mount that is its peer or its slave, in whatever
//! namespace that is (mount_namespaces(7), fs/pnode.c propagate_mnt).

use model::{Host, HostResult};

/// What all mounts of a namespace stand on is counted and has no line (fs/namespace.c init_mount_tree).
pub(crate) const BELOW_ALL: u64 = 1;

/// One mount of a table.
struct Mount {
    id: u64,
    parent: u64,
    /// What of its file system is mounted.
    root: String,
    /// Where.
    point: String,
    /// The group that it shares with, and those that it gets from.
    shared: Option<u64>,
    masters: Vec<u64>,
}

/// The mounts of one namespace, as far as a process in it sees them.
pub(crate) struct MountTable(Vec<Mount>);

/// What a mount below some path of the host comes into: a group, and the path within its file system.
pub(crate) struct Origin {
    group: u64,
    path: String,
}

impl MountTable {
    /// The table of a process.
    pub(crate) fn read(host: &dyn Host, file: &str) -> HostResult<Self> {
        let text = host.read_text(file)?;
        Ok(Self(text.lines().filter_map(Mount::parse).collect()))
    }

    /// How many mounts are in sight.
    pub(crate) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether something is mounted below its root that it does not show.
    pub(crate) fn stands_on_another(&self) -> bool {
        let shown = |id| self.0.iter().any(|mount| mount.id == id);
        let mut roots = self.0.iter().filter(|mount| mount.point == "/");
        roots.any(|root| root.parent != root.id && !shown(root.parent))
    }

    /// Where a mount at a path comes from for others; none where it stays here.
    pub(crate) fn origin(&self, path: &str) -> Option<Origin> {
        let holds = |mount: &&Mount| below(path, &mount.point).is_some();
        // Of several at one place the last is on top.
        let on = self
            .0
            .iter()
            .filter(holds)
            .max_by_key(|mount| mount.point.len())?;
        let rest = below(path, &on.point)?;
        Some(Origin {
            group: on.shared?,
            path: format!("{}/{rest}", on.root.trim_end_matches('/')),
        })
    }

    /// How many of its mounts get what is mounted there.
    pub(crate) fn receives(&self, origin: &Origin) -> u64 {
        let gets = |mount: &&Mount| {
            let groups = mount.shared.iter().chain(&mount.masters);
            groups.copied().any(|group| group == origin.group)
                && below(&origin.path, &mount.root).is_some()
        };
        self.0.iter().filter(gets).count() as u64
    }
}

impl Mount {
    /// A line of mountinfo (proc_pid_mountinfo(5)).
    fn parse(line: &str) -> Option<Self> {
        let (front, _) = line.split_once(" - ")?;
        let mut words = front.split_whitespace();
        let (id, parent) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let root = words.nth(1)?.to_owned();
        let point = words.next()?.to_owned();
        let tags: Vec<&str> = words.skip(1).collect();
        let tagged = |tag: &str| {
            let numbers = tags.iter().filter_map(|word| word.strip_prefix(tag));
            let numbers = numbers.filter_map(|number| number.parse().ok());
            numbers.collect::<Vec<u64>>()
        };
        let mut masters = tagged("master:");
        masters.extend(tagged("propagate_from:"));
        Some(Self {
            id,
            parent,
            root,
            point,
            shared: tagged("shared:").first().copied(),
            masters,
        })
    }
}

/// What of a path is below a directory; none where it is not there.
fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    match rest.strip_prefix('/') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FakeHost;

    const HOST: &str = "\
        27 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n\
        26 27 0:23 / /run rw shared:5 - tmpfs tmpfs rw\n\
        70 27 254:9 /lib /var/lib rw - ext4 /dev/vdb rw\n";
    const SERVICE: &str = "\
        121 92 254:0 / / ro shared:49 master:1 - ext4 /dev/vda rw\n\
        127 121 0:23 / /run rw shared:56 master:5 - tmpfs tmpfs rw\n\
        130 127 0:23 /systemd/propagate /run/systemd/incoming ro master:5 - tmpfs tmpfs rw\n\
        146 121 254:0 /etc /etc rw shared:75 master:1 - ext4 /dev/vda rw\n";

    fn table(text: &str) -> MountTable {
        let host = FakeHost::new().file("/proc/9/mountinfo", text);
        MountTable::read(&host, "/proc/9/mountinfo").unwrap()
    }

    #[test]
    fn a_mount_comes_into_what_holds_its_place() {
        let (host, service) = (table(HOST), table(SERVICE));
        for (path, copies) in [("/srv/docker", 1), ("/run/docker/netns", 1), ("/etc/x", 2)] {
            let origin = host.origin(path).unwrap();
            assert_eq!(service.receives(&origin), copies, "{path}");
            assert_eq!(host.receives(&origin), 1, "{path}");
        }
        assert!(host.origin("/var/lib/docker").is_none(), "not shared");
        assert_eq!((host.len(), service.len()), (3, 4));
    }

    #[test]
    fn a_root_on_something_out_of_sight_is_told() {
        assert!(table(SERVICE).stands_on_another());
        assert!(!table("92 92 0:1 / / rw - rootfs none rw\n").stands_on_another());
    }

    #[test]
    fn a_path_is_below_whole_names_only() {
        assert_eq!(below("/var/lib/docker", "/var/lib"), Some("docker"));
        assert_eq!(below("/var/lib", "/var/lib"), Some(""));
        assert_eq!(below("/var/library", "/var/lib"), None);
        assert_eq!(below("/var", "/"), Some("var"));
    }
}
