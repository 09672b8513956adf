//! `kernel.anon-bdev`: the device numbers of file systems without a disk.

use super::mount_max::MOUNTS;
use crate::reading::used;
use crate::{Row, Scene};
use model::{
    Amount, Bound, Ceiling, Charge, Cost, Effect, Errno, Host, Limit, Operation, Sign, Unread,
};

/// The minors of device 0 (fs/super.c get_anon_bdev, MINORBITS); 0 itself is not given out.
const MINORS: u64 = (1 << 20) - 1;
/// File systems of a container in thousandths: its root, `/proc`, `/dev`, terminals, message queues,
/// shared memory, `/sys` and the covers over what it shall not see.
const EACH: u64 = 11_100;

pub(super) const ROW: Row = Row {
    limit: Limit {
        id: "kernel.anon-bdev",
        bounds: "device numbers of file systems without a disk",
        defaults: &[
            "1,048,575, compiled in: minors of major 0 (fs/super.c get_anon_bdev, MINORBITS)",
        ],
        effect: Effect::Stops,
        why: "every tmpfs, overlay, proc and device file system of a container has a number",
        raise: &[],
        source: "fs/super.c get_anon_bdev, constant; mount gets EMFILE",
        signs: &[
            Sign::suggests("a mount gets EMFILE where no device number for it is left")
                .errno(&[Errno::FilesOfProcess])
                .during(&[Operation::Mount]),
        ],
    },
    read,
};

fn read(scene: &Scene<'_>) -> Vec<Ceiling> {
    let cost = Cost::exact(
        Charge::each(Amount::thousandths(EACH)),
        "inferred from the kernel's memory for 1,945 containers",
    );
    vec![
        Ceiling::new("host", cost.catalog())
            .max(
                Bound::Finite(Amount::whole(MINORS)),
                "constant of the kernel",
            )
            .used(
                used(highest(scene.host)),
                format!(
                    "{MOUNTS}: the highest number in sight, as the lowest free one is given out"
                ),
            )
            .reshape("fewer tmpfs mounts and volumes a container"),
    ]
}

/// The highest minor of device 0 in the mount table, whose third word is `major:minor`.
fn highest(host: &dyn Host) -> Result<u64, Unread> {
    let text = host.read_text(MOUNTS)?;
    let minors = text.lines().filter_map(|line| {
        let (major, minor) = line.split_whitespace().nth(2)?.split_once(':')?;
        (major == "0").then(|| minor.parse::<u64>().ok())?
    });
    minors
        .max()
        .ok_or_else(|| Unread::because(format!("{MOUNTS}: no file system without a disk")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stock::{ask_one, stock, whole};
    use model::Fate;

    #[test]
    fn the_highest_number_in_sight_is_the_use() {
        let answer = ask_one(&ROW, &stock(), 600);
        assert_eq!(whole(answer.used), Some(29));
        assert_eq!(answer.nodes_fit, Some((MINORS - 29) * 1000 / EACH));
        let many = ask_one(&ROW, &stock(), 100_000);
        assert_eq!((many.verdict, many.raise.len()), (Fate::Stops, 0));
        let odd = stock().file(MOUNTS, "22 1 254:0 / / rw - ext4 /dev/vda rw\n");
        assert_eq!(ask_one(&ROW, &odd, 1).verdict, Fate::Unknown);
    }
}
