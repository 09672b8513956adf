//! The keys of a cgroup that can be set, what the kernel takes for each, and what keeps them.

use model::{Shape, Value};

/// The first is the kernel's spelling of unlimited, the other systemd's.
const MAX: &[&str] = &["max", "infinity"];
const INT: i128 = i32::MAX as i128;
const U64: i128 = u64::MAX as i128;

/// The kernel counts memory in pages and shows what it rounded down to (mm/page_counter.c).
pub(crate) const PAGE: i128 = 4096;

/// What keeps a key across a boot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeper {
    /// A unit's property of this name: systemd writes the file whenever it realizes the unit.
    Property(&'static str),
    /// systemd knows no property for it: a line in tmpfiles.d, for what exists by then.
    Tmpfiles,
}

/// One key.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) keeper: Keeper,
}

const fn kept(name: &'static str, property: &'static str, min: i128, max: i128) -> Row {
    Row {
        name,
        shape: Shape::ceiling(min, max).unlimited(MAX),
        keeper: Keeper::Property(property),
    }
}

const fn unknown_to_systemd(name: &'static str) -> Row {
    Row {
        name,
        shape: Shape::ceiling(0, INT).unlimited(MAX),
        keeper: Keeper::Tmpfiles,
    }
}

/// The rows (Documentation/admin-guide/cgroup-v2.rst; systemd.resource-control(5)).
pub(crate) const ROWS: &[Row] = &[
    unknown_to_systemd("cgroup.max.descendants"),
    unknown_to_systemd("cgroup.max.depth"),
    // PID_MAX_LIMIT is the largest number pids.max takes; above it only `max`.
    kept("pids.max", "TasksMax", 1, 4_194_304),
    kept("memory.max", "MemoryMax", PAGE, U64),
    kept("memory.high", "MemoryHigh", PAGE, U64),
    kept("memory.low", "MemoryLow", 0, U64),
    kept("memory.min", "MemoryMin", 0, U64),
    kept("memory.swap.max", "MemorySwapMax", 0, U64),
];

impl Row {
    /// Whether the key counts bytes, in whole pages.
    pub(crate) fn is_memory(&self) -> bool {
        self.name.starts_with("memory.")
    }

    /// A value as the files of what keeps it spell it.
    pub(crate) fn kept_as(&self, value: &Value) -> String {
        let text = self.shape.render(value);
        match (self.keeper, text.as_str()) {
            (Keeper::Property(_), "max") => "infinity".to_owned(),
            _ => text,
        }
    }
}

/// The row of a key.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}
