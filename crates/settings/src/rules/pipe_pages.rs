//! The soft limit of pipe buffers is reached before the hard one.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "pipe-pages",
    summary: "fs.pipe-user-pages-soft is at most fs.pipe-user-pages-hard, where that is not 0 (no limit)",
    source: "fs/pipe.c alloc_pipe_info: above soft a new pipe is small, above hard there is none",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let soft = view.sysctl("fs.pipe-user-pages-soft");
    let hard = view.sysctl("fs.pipe-user-pages-hard");
    let judged = numbers(&soft, &hard).map(|both| {
        let (before, end) = both?;
        let message = format!(
            "{} is more than {}: pipes are refused instead of made small",
            soft.told(),
            hard.told()
        );
        (before > end).then(|| Fault::broken(&[&soft, &hard], message))
    });
    settle(judged).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;

    #[test]
    fn zero_is_no_limit() {
        let pages = |soft, hard| {
            settings(&[
                ("fs.pipe-user-pages-soft", soft),
                ("fs.pipe-user-pages-hard", hard),
            ])
        };
        assert_eq!(told(RULE.id, None, &pages("262144", "0")), [""; 0]);
        assert_eq!(told(RULE.id, None, &pages("262144", "262143")).len(), 1);
        assert_eq!(told(RULE.id, None, &pages("0", "262143")).len(), 1);
    }
}
