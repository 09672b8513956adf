//! What every test needs: the program with a bare environment, and a file tree of its own.

pub(crate) mod run;
pub(crate) mod snapshot;
pub(crate) mod tracer;
pub(crate) mod traces;
pub(crate) mod tree;

pub(crate) use run::Output;
pub(crate) use snapshot::{Node, Snapshot};
pub(crate) use tree::Tree;

use run::{PROGRAM, bare, finish};

/// Says that a test was left out for want of a program; where everything must be there, it fails.
pub(crate) fn left_out(program: &str) {
    assert!(
        std::env::var_os("CI").is_none_or(|value| value != "true"),
        "{program} is not installed"
    );
    eprintln!("left out: {program} is not installed");
}

/// Runs the program. What changes a host is refused without a tree to change.
pub(crate) fn hosttune(args: &[&str]) -> Output {
    let changes = args.iter().any(|arg| {
        matches!(
            *arg,
            "apply" | "confirm" | "revert" | "install" | "uninstall"
        )
    });
    assert!(
        !changes || args.contains(&"--root"),
        "a test changes file trees only: {args:?}"
    );
    let mut command = bare(PROGRAM);
    command.args(args);
    finish(command)
}
