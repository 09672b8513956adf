//! The kernel engine: a container's footprint by kernel calls alone.

mod clean;
mod connection;
mod exercised;
mod footprint;
mod groups;
mod guard;
mod hub;
mod keeper;
mod netlink;
mod program;
mod standin;
mod sys;
mod told;
mod words;

pub use guard::guard;

use crate::namespaces::namespaces;
use crate::{Batch, Engine, Exercise, Place, Plan, RehearseError};
use connection::Connection;
use exercised::{Rights, exercise};
use footprint::{Script, Shared, bridges_of, of_shims, steps};
use groups::{Groups, PREFIX, hierarchies};
use host::Door;
use model::{Amount, Bound, Host, Used};
use std::collections::BTreeMap;
use std::ops::Range;
use told::{batch, exhausted, missing, refused_at_once};
use words::Told;

/// Few enough that a look at the host's memory comes in time, enough to keep all processors busy.
const BATCH: u64 = 64;
/// Threads of the guard.
const GUARD: u64 = 1;

/// Stand-ins made of processes, threads, namespaces and descriptors.
pub struct Kernel<'a> {
    door: &'a Door,
    name: String,
    rights: Rights,
    tops: Vec<std::path::PathBuf>,
    unified: bool,
    connection: Option<Connection>,
    /// What was exhausted before there was any stand-in.
    no_room: Option<Told>,
    /// The script's groups while the guard runs.
    groups: Option<Groups>,
    /// Namespaces of each kind before the first stand-in.
    before: BTreeMap<&'static str, u64>,
    /// The same while they run, once they were looked at.
    now: BTreeMap<&'static str, u64>,
    /// Mounts of the host before that.
    mounts: u64,
}

impl<'a> Kernel<'a> {
    /// Nothing is started yet.
    pub fn new(door: &'a Door) -> Result<Self, RehearseError> {
        let (tops, unified) = hierarchies(door)?;
        let root = door.uid() == 0;
        Ok(Self {
            door,
            name: format!("{PREFIX}{}-{}", std::process::id(), door.now()),
            rights: Rights {
                root,
                groups: root && !tops.is_empty(),
            },
            tops,
            unified,
            connection: None,
            no_room: None,
            groups: None,
            before: BTreeMap::new(),
            now: BTreeMap::new(),
            mounts: 0,
        })
    }

    /// Whether the groups are below a service of systemd's.
    fn by_systemd(&self) -> bool {
        self.rights.root && self.unified && self.door.list("/run/systemd/system").is_ok()
    }

    fn script(&self, plan: &Plan, parent: &str) -> Script {
        let of_systemd = self.by_systemd();
        let top = |mount: &std::path::PathBuf| match of_systemd {
            true => mount
                .join(parent.trim_matches('/'))
                .join(format!("{}.service", self.name)),
            false => mount.join(&self.name),
        };
        let groups = self.rights.groups.then(|| Groups {
            tops: self.tops.iter().map(top).collect(),
            unified: self.unified,
            of_systemd,
        });
        let terminals = plan.places.iter().any(|place| {
            place.limit.id == "kernel.pty.max" && place.needs.at(plan.target) > Amount::ZERO
        });
        let shared = Shared {
            threads: GUARD,
            // The rehearsal's own, the shims', and that of containers without one.
            groups: 3,
            mounts: 1 + u64::from(terminals),
            mount_namespaces: 2,
            networks: 1,
        };
        Script {
            name: self.name.clone(),
            groups,
            shims_max: shims_max(plan),
            bridges: bridges_of(plan),
            in_user_namespace: !self.rights.root,
            terminals,
            steps: steps(plan, shared),
        }
    }

    fn connection(&mut self) -> Result<&mut Connection, RehearseError> {
        let gone = || RehearseError::Guard("it was not started".to_owned());
        self.connection.as_mut().ok_or_else(gone)
    }

    fn lines(&self, path: &str) -> Option<u64> {
        let bytes = self.door.read(path).ok()?;
        Some(bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
    }
}

/// What containerd's group has room for, and the guard.
fn shims_max(plan: &Plan) -> Option<u64> {
    let places = plan.places.iter();
    let mut rooms = places.filter_map(|place| {
        let here = place.limit.id == "cgroup.pids.max" && of_shims(place);
        let (Bound::Finite(max), Used::Known(used)) = (&place.ceiling.max, &place.ceiling.used)
        else {
            return None;
        };
        here.then(|| max.minus(*used).as_thousandths() / 1000)
    });
    let room = rooms.next()?;
    Some(
        u64::try_from(room)
            .unwrap_or(u64::MAX)
            .saturating_add(GUARD),
    )
}

impl Engine for Kernel<'_> {
    fn name(&self) -> &'static str {
        "kernel"
    }

    fn exercises(&self, place: &Place) -> Exercise {
        exercise(place, self.rights)
    }

    fn at_once(&self) -> u64 {
        BATCH
    }

    fn batch(&self) -> u64 {
        BATCH
    }

    fn open(&mut self, plan: &Plan) -> Result<(), RehearseError> {
        self.before = namespaces(self.door);
        self.mounts = self.lines("/proc/1/mountinfo").unwrap_or(0);
        let parent = limits::containers_parent(self.door, &plan.workload);
        let parent = parent.unwrap_or_default();
        let slice = parent.rsplit('/').next().unwrap_or_default();
        let (parent, slice) = match slice.ends_with(".slice") {
            true => (parent.as_str(), slice),
            false => ("/system.slice", "system.slice"),
        };
        let script = self.script(plan, parent);
        let service = self.by_systemd().then_some((self.name.as_str(), slice));
        let mut connection = Connection::open(self.door, service)?;
        self.groups.clone_from(&script.groups);
        let ready = connection.make_ready(script);
        self.connection = Some(connection);
        match ready {
            Err(told) if self.rights.root && exhausted(&told) => self.no_room = Some(told),
            ready => ready.map_err(|told| missing(&told, self.rights.root))?,
        }
        Ok(())
    }

    fn start(&mut self, wanted: Range<u64>) -> Result<Batch, RehearseError> {
        if let Some(told) = self.no_room.take() {
            return Ok(refused_at_once(told));
        }
        let connection = self.connection()?;
        let started = connection.start(wanted)?;
        self.now.clear();
        Ok(batch(started))
    }

    fn taken(&mut self, place: &Place) -> Option<Amount> {
        let guard = self.connection.as_ref()?.process();
        let count = match place.limit.id {
            "user.max_namespaces" => {
                let kind = place.ceiling.place.split(' ').next()?;
                if self.now.is_empty() {
                    self.now = namespaces(self.door);
                }
                let now = *self.now.get(kind)?;
                // One of them has no process in it: the small one that mount namespaces begin as.
                let hidden = u64::from(kind == "mnt");
                now.saturating_sub(*self.before.get(kind)?) + hidden
            }
            "fs.mount-max" => self
                .lines(&format!("/proc/{guard}/mountinfo"))?
                .saturating_sub(self.mounts),
            "cgroup.pids.max" if of_shims(place) => {
                let file = self.groups.as_ref()?.shims().join("pids.current");
                let text = self.door.read_text(&file.display().to_string()).ok()?;
                text.trim().parse::<u64>().ok()?.saturating_sub(GUARD)
            }
            _ => return None,
        };
        Some(Amount::whole(count))
    }

    fn close(&mut self) -> Result<(), RehearseError> {
        let Some(connection) = self.connection.take() else {
            return Ok(());
        };
        let left = connection.close()?;
        match left.first() {
            Some(left) => Err(RehearseError::Left(left.clone())),
            None => Ok(()),
        }
    }

    fn clean(&mut self) -> Result<Vec<String>, RehearseError> {
        clean::clean(self.door, &self.tops)
    }
}
