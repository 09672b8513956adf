//! The census of one run: walked once, and beside whatever else is read meanwhile.

use super::{PROCESSES, census};
use crate::fault::{AboutPath, failed};
use crate::files;
use crate::root::Root;
use crate::tables::Tables;
use model::{Census, HostResult};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// A census that is walked when it is first expected or asked for.
#[derive(Debug)]
pub(crate) struct Once {
    /// Where the processes are listed, for whoever else asks.
    folders: Arc<Tables<Vec<String>>>,
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
    /// One that is not walked yet.
    pub(crate) fn new(folders: Arc<Tables<Vec<String>>>) -> Self {
        Self {
            folders,
            state: Mutex::default(),
        }
    }

    /// Begins to walk, unless that was done.
    pub(crate) fn expect(&self) {
        let mut state = self.state();
        if matches!(*state, State::Unasked) {
            let folders = Arc::clone(&self.folders);
            // Where no more threads may be started, whoever asks walks.
            if let Ok(walk) = thread::Builder::new().spawn(move || walk(&folders)) {
                *state = State::Walking(walk);
            }
        }
    }

    /// What the walk found; it is waited for.
    pub(crate) fn census(&self) -> HostResult<Arc<Census>> {
        let mut state = self.state();
        let found = match std::mem::take(&mut *state) {
            State::Unasked => walk(&self.folders).map(Arc::new),
            State::Walking(walk) => match walk.join() {
                Ok(found) => found.map(Arc::new),
                Err(_) => Err(failed(PROCESSES, "a walker broke down")),
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

fn walk(folders: &Tables<Vec<String>>) -> HostResult<Census> {
    let live = Root::open(None).reading(PROCESSES)?;
    census(&folders.once(PROCESSES, || files::list(&live, PROCESSES))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_again_gets_the_same_walk_until_it_is_forgotten() {
        let once = Once::new(Arc::default());
        once.expect();
        let first = once.census().unwrap();
        once.expect();
        assert!(Arc::ptr_eq(&first, &once.census().unwrap()));
        once.forget();
        assert!(!Arc::ptr_eq(&first, &once.census().unwrap()));
    }
}
