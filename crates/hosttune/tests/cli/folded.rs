//! The table of preflight: what has much room is one line, unless all is asked for.

use crate::common::Tree;
use limits::LIMITS;

#[test]
fn what_has_much_room_or_does_not_apply_is_one_line() {
    let tree = Tree::empty();
    let short = tree.expect(3, &["preflight", "--nodes", "600"]).stdout;
    assert!(
        short.contains(" more fit or do not apply (--verbose)\n"),
        "{short}"
    );
    // Nobody in a tree publishes ports; inotify is what a tree cannot tell.
    assert!(!short.contains("ports.published"), "{short}");
    assert!(short.contains("kernel.threads-max"), "{short}");
    let long = tree
        .expect(3, &["preflight", "--nodes", "600", "--verbose"])
        .stdout;
    assert!(!long.contains("more fit"), "{long}");
    for row in LIMITS {
        assert!(long.contains(row.limit.id), "{}", row.limit.id);
    }
}
