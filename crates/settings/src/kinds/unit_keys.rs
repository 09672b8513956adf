//! The limits a unit can carry: systemd's name, the kernel's name, and how to read the latter.

use model::{Form, Quantity, Shape, Unit, Value};
use procfs::process::{Limit, Limits};

const U64: i128 = u64::MAX as i128;
const INFINITY: &[&str] = &["infinity"];

/// What a unit's key sets.
pub(crate) enum Target {
    /// The pids controller of the unit's cgroup.
    Tasks,
    /// A resource limit of its processes.
    Resource {
        /// The row of `/proc/PID/limits`.
        label: &'static str,
        /// The field of the parsed file.
        of: fn(&Limits) -> Limit,
    },
}

/// One key.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) target: Target,
}

macro_rules! resource {
    ($name:literal, $label:literal, $field:ident, $max:expr) => {
        Row {
            name: $name,
            shape: Shape::ceiling(0, $max)
                .form(Form::SoftHard)
                .unlimited(INFINITY),
            target: Target::Resource {
                label: $label,
                of: |limits| limits.$field,
            },
        }
    };
}

/// The rows, in the order of systemd.exec(5). LimitNICE and LimitRTPRIO have no infinity in the
/// kernel and are plain ceilings with a maximum.
pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "TasksMax",
        // PID_MAX_LIMIT is the largest number pids.max takes; above it only `max`.
        shape: Shape::ceiling(1, 4_194_304).unlimited(INFINITY),
        target: Target::Tasks,
    },
    resource!("LimitCPU", "Max cpu time", max_cpu_time, U64),
    resource!("LimitFSIZE", "Max file size", max_file_size, U64),
    resource!("LimitDATA", "Max data size", max_data_size, U64),
    resource!("LimitSTACK", "Max stack size", max_stack_size, U64),
    resource!("LimitCORE", "Max core file size", max_core_file_size, U64),
    resource!("LimitRSS", "Max resident set", max_resident_set, U64),
    // fs.nr_open itself cannot be set above this (fs/file.c, sysctl_nr_open_max).
    resource!(
        "LimitNOFILE",
        "Max open files",
        max_open_files,
        2_147_483_584
    ),
    resource!("LimitAS", "Max address space", max_address_space, U64),
    resource!("LimitNPROC", "Max processes", max_processes, U64),
    resource!("LimitMEMLOCK", "Max locked memory", max_locked_memory, U64),
    resource!("LimitLOCKS", "Max file locks", max_file_locks, U64),
    resource!(
        "LimitSIGPENDING",
        "Max pending signals",
        max_pending_signals,
        U64
    ),
    resource!("LimitMSGQUEUE", "Max msgqueue size", max_msgqueue_size, U64),
    resource!("LimitNICE", "Max nice priority", max_nice_priority, 40),
    resource!(
        "LimitRTPRIO",
        "Max realtime priority",
        max_realtime_priority,
        99
    ),
    resource!(
        "LimitRTTIME",
        "Max realtime timeout",
        max_realtime_timeout,
        U64
    ),
];

/// The row of a key.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

/// What systemd shows for a key of this form: a soft limit has a property of its own.
pub(crate) fn shown(unit: &Unit, key: &str, form: Form) -> Option<Value> {
    let quantity = |name: &str| {
        unit.number(name).map(|number| match number {
            u64::MAX => Quantity::Unlimited,
            number => Quantity::Finite(number.into()),
        })
    };
    let numbers = match form {
        Form::SoftHard => vec![quantity(&format!("{key}Soft"))?, quantity(key)?],
        _ => vec![quantity(key)?],
    };
    Some(Value::Numbers(numbers))
}

/// The section of the unit's files that carries limits, and whether the unit runs processes itself.
pub(crate) fn section_of(unit: &str) -> Result<(&'static str, bool), String> {
    let suffix = unit.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    match suffix {
        "service" => Ok(("Service", true)),
        "socket" => Ok(("Socket", true)),
        "mount" => Ok(("Mount", true)),
        "swap" => Ok(("Swap", true)),
        "slice" => Ok(("Slice", false)),
        "scope" => Err("a scope has no unit file; set its limits where it is made".to_owned()),
        "" => Err(format!("`{unit}` needs a suffix, such as `{unit}.service`")),
        _ => Err(format!("a .{suffix} unit has no limits")),
    }
}

/// The section of the unit's files that can carry the key.
pub(crate) fn section(unit: &str, key: &str) -> Result<&'static str, String> {
    let (section, runs) = section_of(unit)?;
    if !runs && key != "TasksMax" {
        return Err(format!(
            "a slice runs nothing itself, so {key} has no effect there"
        ));
    }
    Ok(section)
}

/// The limit that `/proc/PID/limits` names `label`.
pub(crate) fn by_label(limits: &Limits, wanted: &str) -> Option<Limit> {
    ROWS.iter().find_map(|row| match row.target {
        Target::Resource { label, of } if label == wanted => Some(of(limits)),
        _ => None,
    })
}
