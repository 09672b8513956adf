//! The hub: what all stand-ins share. A network namespace with the bridges, and a copy of the host's
//! mount namespace, which has as many mounts as the host's under the same bound.

use super::footprint::Script;
use super::groups::{errno, put};
use super::netlink::{Links, index_of};
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::stat::Mode;
use nix::unistd::{Gid, Uid, chdir, pivot_root};
use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// Where the stand-ins' files are, in the copy of the mount namespace alone.
const PLACE: &str = "/tmp";
/// Where terminals are, below it.
const TERMINALS: &str = "/tmp/pts";

/// A call and its error.
pub(super) type Failed = (String, Errno);

/// What all stand-ins share.
pub(super) struct Hub {
    /// The kernel's numbers of the bridges.
    pub(super) bridges: Vec<u32>,
    /// A mount namespace of one mount, which a container's is a copy of: what a container drops after
    /// its start need not be copied for every stand-in.
    small: Option<OwnedFd>,
    /// The copy of the host's.
    copy: OwnedFd,
}

impl Hub {
    /// Makes it, and goes into it.
    pub(super) fn enter(script: &Script) -> Result<Self, Failed> {
        if script.in_user_namespace {
            become_root()?;
        }
        let both = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWNET;
        unshare(both).map_err(at("unshare mnt and net"))?;
        let apart = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount(None::<&str>, "/", None::<&str>, apart, None::<&str>).map_err(at("mount /"))?;
        mount_new("tmpfs", PLACE, "mode=700,size=64m,nr_inodes=0")?;
        for name in ["lower", "upper", "pts", "small"] {
            let path = Path::new(PLACE).join(name);
            fs::create_dir(&path).map_err(|error| (format!("mkdir {name}"), errno(&error)))?;
        }
        if script.terminals {
            mount_new("devpts", TERMINALS, "newinstance,ptmxmode=0666")?;
        }
        let copy = own_namespace()?;
        let bridges = bridges(script)?;
        let small = small(&copy)?;
        Ok(Self {
            bridges,
            small,
            copy,
        })
    }

    /// Takes the ports of a stand-in away that was refused: a network namespace gives its links back some
    /// time after its last process ended, and until then they hold their names and places.
    pub(super) fn unlink(&self, number: u64, ports: &[u64]) {
        let Ok(links) = Links::open() else { return };
        for (bridge, count) in self.bridges.iter().zip(ports) {
            for which in 0..*count {
                let _ = links.remove(&port(number, *bridge, which));
            }
        }
    }

    /// Does `work` where a new mount namespace begins small.
    pub(super) fn small<T>(&self, work: impl FnOnce() -> T) -> nix::Result<T> {
        let Some(small) = &self.small else {
            return Ok(work());
        };
        setns(small, CloneFlags::CLONE_NEWNS)?;
        let done = work();
        setns(&self.copy, CloneFlags::CLONE_NEWNS)?;
        Ok(done)
    }
}

/// What a port of a stand-in's is called: which one at a bridge.
pub(super) fn port(number: u64, bridge: u32, which: u64) -> String {
    format!("htv{number}-{bridge}-{which}")
}

/// Where one of a stand-in's mounts is.
fn own_place(number: u64, name: &str) -> PathBuf {
    Path::new(PLACE).join(format!("{name}{number}"))
}

/// Mounts what a container mounts on the host: its root, its network's handle where it has a network of
/// its own, and what else it takes.
pub(super) fn mounts(number: u64, count: u64, network: Option<&Path>) -> Result<(), Failed> {
    let root = own_place(number, "root");
    if count == 0 {
        return Ok(());
    }
    fs::create_dir(&root).map_err(|error| ("mkdir of a root".to_owned(), errno(&error)))?;
    let layers = format!("lowerdir={PLACE}/lower:{PLACE}/upper");
    let flags = MsFlags::MS_RDONLY;
    let overlay = mount(
        Some("overlay"),
        &root,
        Some("overlay"),
        flags,
        Some(&*layers),
    );
    match overlay {
        // A kernel without overlayfs.
        Err(Errno::ENODEV) => bind(Path::new(PLACE).join("lower").as_path(), &root)?,
        other => other.map_err(at("mount overlay"))?,
    }
    for which in 1..count {
        match (which, network) {
            (1, Some(network)) => {
                let handle = own_place(number, "net");
                fs::write(&handle, "").map_err(|error| ("open".to_owned(), errno(&error)))?;
                bind(network, &handle)?;
            }
            _ => bind(&Path::new(PLACE).join("lower"), &root)?,
        }
    }
    Ok(())
}

/// Takes the mounts of a stand-in away that was refused; the others go with the namespace.
pub(super) fn unmount(number: u64) {
    for name in ["root", "net"] {
        let place = own_place(number, name);
        while umount2(&place, MntFlags::MNT_DETACH).is_ok() {}
        let _ = fs::remove_dir(&place).or_else(|_| fs::remove_file(&place));
    }
}

/// Opens a terminal as a container's program gets one: outside the reserve.
pub(super) fn terminal() -> Result<OwnedFd, Failed> {
    let path = format!("{TERMINALS}/ptmx");
    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    open(path.as_str(), flags, Mode::empty()).map_err(at("open /dev/ptmx"))
}

fn bind(from: &Path, to: &Path) -> Result<(), Failed> {
    mount(Some(from), to, None::<&str>, MsFlags::MS_BIND, None::<&str>).map_err(at("mount"))
}

fn mount_new(kind: &str, place: &str, options: &str) -> Result<(), Failed> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    let flags = if kind == "devpts" {
        MsFlags::MS_NOSUID
    } else {
        flags
    };
    mount(Some(kind), place, Some(kind), flags, Some(options))
        .map_err(|error| (format!("mount {kind}"), error))
}

fn bridges(script: &Script) -> Result<Vec<u32>, Failed> {
    if script.bridges.is_empty() {
        return Ok(Vec::new());
    }
    let links = Links::open().map_err(at("rtnetlink"))?;
    let mut made = Vec::new();
    for (index, bridge) in script.bridges.iter().enumerate() {
        let name = format!("htbr{index}");
        links.bridge(&name).map_err(at("rtnetlink: bridge"))?;
        let number = index_of(&name).map_err(at("rtnetlink: bridge"))?;
        for port in 0..bridge.taken {
            let (name, peer) = (format!("htf{index}-{port}"), format!("htg{index}-{port}"));
            let made = links.veth(&name, number, &peer, None);
            made.map_err(at("rtnetlink: veth into bridge"))?;
        }
        made.push(number);
    }
    Ok(made)
}

/// A second mount namespace that has nothing but an empty root; none where the root of this one cannot
/// be moved (pivot_root(2) refuses an initial ramfs).
fn small(copy: &OwnedFd) -> Result<Option<OwnedFd>, Failed> {
    let own = open(
        "/proc/self/ns",
        OFlag::O_PATH | OFlag::O_DIRECTORY,
        Mode::empty(),
    );
    let own = own.map_err(at("open /proc/self/ns"))?;
    unshare(CloneFlags::CLONE_NEWNS).map_err(at("unshare mnt"))?;
    let place = format!("{PLACE}/small");
    let emptied = mount_new("tmpfs", &place, "mode=700").and_then(|()| {
        let flags = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount(None::<&str>, "/", None::<&str>, flags, None::<&str>).map_err(at("mount /"))?;
        chdir(place.as_str()).map_err(at("chdir"))?;
        pivot_root(".", ".").map_err(at("pivot_root"))?;
        umount2(".", MntFlags::MNT_DETACH).map_err(at("umount"))?;
        nix::fcntl::openat(
            &own,
            "mnt",
            OFlag::O_RDONLY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )
        .map_err(at("open mnt"))
    });
    setns(copy, CloneFlags::CLONE_NEWNS).map_err(at("setns mnt"))?;
    Ok(emptied.ok())
}

fn own_namespace() -> Result<OwnedFd, Failed> {
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
    open("/proc/self/ns/mnt", flags, Mode::empty()).map_err(at("open /proc/self/ns/mnt"))
}

/// Root of a user namespace of its own, which is this user outside (user_namespaces(7)).
fn become_root() -> Result<(), Failed> {
    let (user, group) = (Uid::effective(), Gid::effective());
    unshare(CloneFlags::CLONE_NEWUSER).map_err(at("unshare user"))?;
    put(Path::new("/proc/self/setgroups"), "deny")?;
    put(Path::new("/proc/self/uid_map"), &format!("0 {user} 1"))?;
    put(Path::new("/proc/self/gid_map"), &format!("0 {group} 1"))
}

/// Names the call that an error is of.
pub(super) fn at(call: &str) -> impl Fn(Errno) -> Failed {
    move |error| (call.to_owned(), error)
}
