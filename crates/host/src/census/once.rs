//! The census of one run: walked once, and beside whatever else is read meanwhile.

use super::census;
use crate::fault::failed;
use model::{Census, HostResult};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// A census that is walked when it is first expected or asked for.
#[derive(Debug, Default)]
pub(crate) struct Once {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Unasked,
    Walking(JoinHandle<HostResult<Census>>),
    Known(HostResult<Arc<Census>>),
}

impl Once {
    /// Begins to walk, unless that was done.
    pub(crate) fn expect(&self) {
        let mut state = self.state();
        if matches!(*state, State::Unasked) {
            *state = State::Walking(thread::spawn(census));
        }
    }

    /// What the walk found; it is waited for.
    pub(crate) fn census(&self) -> HostResult<Arc<Census>> {
        let mut state = self.state();
        let found = match std::mem::take(&mut *state) {
            State::Unasked => census().map(Arc::new),
            State::Walking(walk) => match walk.join() {
                Ok(found) => found.map(Arc::new),
                Err(_) => Err(failed(super::PROCESSES, "a walker broke down")),
            },
            State::Known(found) => found,
        };
        *state = State::Known(found.clone());
        found
    }

    /// Has the next question walk anew.
    pub(crate) fn forget(&self) {
        *self.state() = State::Unasked;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_again_gets_the_same_walk_until_it_is_forgotten() {
        let once = Once::default();
        once.expect();
        let first = once.census().unwrap();
        once.expect();
        assert!(Arc::ptr_eq(&first, &once.census().unwrap()));
        once.forget();
        assert!(!Arc::ptr_eq(&first, &once.census().unwrap()));
    }
}
