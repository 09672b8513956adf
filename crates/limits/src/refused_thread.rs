//! Signs of every limit that refuses a thread: what is printed is the same whichever of them it was.

use model::Sign;

/// runc's own first process in a container dies of it.
pub(crate) const NO_INIT: Sign =
    Sign::suggests("runc's init ended without a word, as it does where a thread is refused")
        .says(&["init-p: connection reset", "init-p: eof"]);

/// Its steps before that get no process, or no namespace, and say neither.
pub(crate) const NO_STEP: Sign =
    Sign::allows("runc's first steps could not fork").says(&["final child's pid"]);

/// What is left of a Go program that got no thread, where its first words were lost: it ends with 2.
pub(crate) const ABORTED: Sign =
    Sign::allows("a Go program broke off, as it does where it gets no thread").says(&[
        "sigabrt: abort",
        "runc did not terminate successfully: exit status 2",
    ]);

/// Runtimes of languages say it without an error of the kernel.
pub(crate) const NO_THREAD: Sign = Sign::allows("a thread could not be made").says(&[
    "create new native thread",
    "create native thread",
    "can't start new thread",
    "failed to create new os thread",
    "unable to create new thread",
]);
