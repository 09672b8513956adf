//! Signals that end a program, held off while there is something to take away first.

use crate::fault::failed;
use model::HostResult;
use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use std::sync::atomic::{AtomicI32, Ordering};

/// What a terminal, an operator and systemd end a program with.
const ENDING: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// Holds them off, for this thread and those it makes, until it is dropped; what came meanwhile then
/// ends the program as it would have.
#[derive(Debug)]
pub struct Held {
    before: SigSet,
    queue: SignalFd,
    /// The number of the signal that came, 0 while none has.
    came: AtomicI32,
}

impl Held {
    /// From now on. No other thread may have been made before: it would take the signal.
    pub fn begin() -> HostResult<Self> {
        let told = |error: nix::Error| failed("holding off signals", error.desc());
        let set: SigSet = ENDING.into_iter().collect();
        let before = SigSet::thread_get_mask().map_err(told)?;
        set.thread_block().map_err(told)?;
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        match SignalFd::with_flags(&set, flags) {
            Ok(queue) => Ok(Self {
                before,
                queue,
                came: AtomicI32::new(0),
            }),
            Err(error) => {
                let _ = before.thread_set_mask();
                Err(told(error))
            }
        }
    }

    /// Ends the hold and obeys no signal that came: the caller has said what it came to.
    pub fn let_go(self) {
        self.came();
        self.came.store(0, Ordering::Relaxed);
    }

    /// Whether one has come; any thread may ask.
    pub fn came(&self) -> bool {
        if let Ok(Some(info)) = self.queue.read_signal() {
            let number = i32::try_from(info.ssi_signo).unwrap_or_default();
            self.came.store(number, Ordering::Relaxed);
        }
        self.came.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let came = self.came();
        let _ = self.before.thread_set_mask();
        let signal = Signal::try_from(self.came.load(Ordering::Relaxed));
        if let (true, Ok(signal)) = (came, signal) {
            let _ = raise(signal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_seen_and_not_obeyed() {
        let held = Held::begin().unwrap();
        assert!(!held.came());
        raise(Signal::SIGTERM).unwrap();
        assert!(held.came());
        assert!(held.came(), "and it is not forgotten");
        // It would end the tests.
        held.came.store(0, Ordering::Relaxed);
    }
}
