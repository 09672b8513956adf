//! Every thread takes a number, so kernel.threads-max above kernel.pid_max promises too much.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "threads-max-pid-max",
    summary: "kernel.threads-max is at most kernel.pid_max, since every thread takes a number below it",
    source: "kernel/pid.c alloc_pid (EAGAIN when the numbers are used up); kernel/fork.c copy_process",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let threads = view.sysctl("kernel.threads-max");
    let pids = view.sysctl("kernel.pid_max");
    let judged = numbers(&threads, &pids).map(|both| {
        let (promised, most) = both?;
        // A bound on threads that the host already exceeds is no promise of the profile.
        let promised = threads.promised().unwrap_or(promised);
        let message = format!(
            "{promised} threads can never be there, with {}",
            pids.told()
        );
        (promised > most).then(|| {
            let fault = Fault::out_of_reach(&[&threads, &pids], message);
            fault.help("raise kernel.pid_max; it takes up to 4194304")
        })
    });
    settle(judged).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;
    use testkit::FakeHost;

    #[test]
    fn threads_beyond_the_numbers_are_told() {
        let both = settings(&[
            ("kernel.threads-max", "200000"),
            ("kernel.pid_max", "65536"),
        ]);
        assert_eq!(
            told(RULE.id, None, &both),
            ["drifted: 200000 threads can never be there, with kernel.pid_max 65536"]
        );
        let host = FakeHost::new().file("/proc/sys/kernel/pid_max", "32768\n");
        let one = settings(&[("kernel.threads-max", "60000")]);
        let said = told(RULE.id, Some(&host), &one);
        assert_eq!(
            said,
            ["met: 60000 threads can never be there, with kernel.pid_max 32768 (of the host)"]
        );
    }
}
