//! The items of limits.conf(5) that are numbers: in which unit, and which default of systemd's a
//! session starts from where no line names them.

use model::{Form, Quantity, Shape};

const UNLIMITED: &[&str] = &["unlimited", "infinity", "-1", "-"];
const U64: i128 = u64::MAX as i128;
const INT: i128 = i32::MAX as i128;

/// What an item is counted in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Pieces, or bytes.
    One,
    /// 1024 bytes.
    Kilobyte,
    /// 60 seconds.
    Minute,
}

impl Unit {
    /// How many of what the kernel counts one is.
    pub(crate) fn size(self) -> i128 {
        match self {
            Self::One => 1,
            Self::Kilobyte => 1024,
            Self::Minute => 60,
        }
    }

    /// What the kernel counts, in this unit; rounded up, so that nothing is taken away.
    pub(crate) fn of_kernel(self, quantity: Quantity) -> Quantity {
        match quantity {
            Quantity::Finite(number) => {
                Quantity::Finite((number + self.size() - 1).div_euclid(self.size()))
            }
            Quantity::Unlimited => Quantity::Unlimited,
        }
    }
}

/// One item.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) unit: Unit,
    /// The limit by systemd's name, for items that are a resource limit.
    pub(crate) limit: Option<&'static str>,
}

impl Row {
    const fn within(mut self, max: i128) -> Self {
        self.shape.max = max;
        self
    }

    /// Whether there are a soft and a hard one.
    pub(crate) fn has_sides(&self) -> bool {
        self.shape.form == Form::SoftHard
    }
}

const fn limit(name: &'static str, limit: &'static str, unit: Unit) -> Row {
    let max = match unit {
        Unit::One => U64,
        Unit::Kilobyte => U64 / 1024,
        Unit::Minute => U64 / 60,
    };
    Row {
        name,
        shape: Shape::ceiling(0, max)
            .form(Form::SoftHard)
            .unlimited(UNLIMITED),
        unit,
        limit: Some(limit),
    }
}

const fn other(name: &'static str, shape: Shape) -> Row {
    Row {
        name,
        shape,
        unit: Unit::One,
        limit: None,
    }
}

/// The rows, in the order of limits.conf(5).
pub(crate) const ROWS: &[Row] = &[
    limit("core", "LimitCORE", Unit::Kilobyte),
    limit("data", "LimitDATA", Unit::Kilobyte),
    limit("fsize", "LimitFSIZE", Unit::Kilobyte),
    limit("memlock", "LimitMEMLOCK", Unit::Kilobyte),
    // fs.nr_open itself cannot be set above this (fs/file.c, sysctl_nr_open_max).
    limit("nofile", "LimitNOFILE", Unit::One).within(2_147_483_584),
    limit("rss", "LimitRSS", Unit::Kilobyte),
    limit("stack", "LimitSTACK", Unit::Kilobyte),
    limit("cpu", "LimitCPU", Unit::Minute),
    limit("nproc", "LimitNPROC", Unit::One),
    limit("as", "LimitAS", Unit::Kilobyte),
    other("maxlogins", Shape::ceiling(0, INT).unlimited(UNLIMITED)),
    other("maxsyslogins", Shape::ceiling(0, INT).unlimited(UNLIMITED)),
    other("nonewprivs", Shape::number(0, 1)),
    other("priority", Shape::number(-20, 19)),
    limit("locks", "LimitLOCKS", Unit::One),
    limit("sigpending", "LimitSIGPENDING", Unit::One),
    limit("msgqueue", "LimitMSGQUEUE", Unit::One),
    other("nice", Shape::number(-20, 19)),
    limit("rtprio", "LimitRTPRIO", Unit::One).within(99),
];

/// The row of an item.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}
