//! Whatever a log holds, there is an answer, and it comes soon.

use explain::{NONE, judge, may_be_sign};
use proptest::prelude::*;

/// Pieces of real messages in any order, which come nearer to a fault than any bytes.
const PIECES: &[&str] = &[
    "no space left on device",
    ": ",
    "mkdir ",
    "/sys/fs/cgroup/x",
    "\\\"",
    "caused \"",
    "errno=11",
    "\u{1b}[31m",
    "EAGAIN",
    "fork/exec ",
    "/run/",
    "é",
    "\u{0}",
    "oci runtime error",
    "'",
    "(",
    "cgroup.procs",
    "\n",
    "unable to apply cgroup configuration",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_text_ends_in_an_answer(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_order_of_pieces_ends_in_an_answer(order in prop::collection::vec(0..PIECES.len(), 0..40)) {
        check(&order.into_iter().map(|at| PIECES[at]).collect::<String>());
    }
}

fn check(text: &str) {
    let found = judge(text, None);
    let none = found.iter().filter(|found| found.limit == NONE).count();
    assert!(none == 0 || found.len() == 1, "{text:?}");
    assert!(
        found.is_empty() || text.lines().any(may_be_sign),
        "{text:?}"
    );
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0].confidence >= pair[1].confidence),
        "{text:?}"
    );
}

#[test]
fn an_endless_line_is_read_no_further_than_a_message_is_long() {
    let start = "mkdir /sys/fs/cgroup/a: no space left on device ";
    let found = judge(&start.repeat(200_000), None);
    assert_eq!(found[0].limit, "memcg.ids");
}
