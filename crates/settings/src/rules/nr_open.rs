//! fs.nr_open above fs.file-max promises a process more files than there are for all.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "nr-open-file-max",
    summary: "fs.nr_open, the most files of one process, is at most fs.file-max, the most of the host",
    source: "fs/file.c alloc_fd; fs/file_table.c alloc_empty_file (ENFILE; CAP_SYS_ADMIN is exempt); systemd sets fs.file-max to 2^63-1 at boot",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let (nr_open, file_max) = (view.sysctl("fs.nr_open"), view.sysctl("fs.file-max"));
    let judged = numbers(&nr_open, &file_max).map(|both| {
        let (one, all) = both?;
        let message = format!(
            "{} is more than {}: no process without CAP_SYS_ADMIN can open so many",
            nr_open.told(),
            file_max.told()
        );
        (one > all).then(|| Fault::note(&[&nr_open, &file_max], message))
    });
    settle(judged).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;

    #[test]
    fn it_is_a_note_and_file_max_may_be_unlimited() {
        let low = settings(&[("fs.nr_open", "2097152"), ("fs.file-max", "exact 1048576")]);
        assert!(told(RULE.id, None, &low)[0].starts_with("met: fs.nr_open 2097152 is more"));
        let high = settings(&[
            ("fs.nr_open", "2097152"),
            ("fs.file-max", "9223372036854775807"),
        ]);
        assert_eq!(told(RULE.id, None, &high), [""; 0]);
    }
}
