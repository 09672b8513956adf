//! The kernel's long tables: what it takes milliseconds to write out is read once a run.

use model::HostResult;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files with a line a mount: the kernel walks the path of each, and an overlay's options name all its
/// layers. And the directory with an entry a process.
const LONG: &[&str] = &["/proc/1/mountinfo", "/proc/self/mountinfo", "/proc"];

/// What was read of them.
#[derive(Debug)]
pub(crate) struct Tables<T> {
    read: Mutex<BTreeMap<String, HostResult<T>>>,
}

impl<T> Default for Tables<T> {
    fn default() -> Self {
        Self {
            read: Mutex::default(),
        }
    }
}

impl<T: Clone> Tables<T> {
    /// What `ask` answers, or has answered before if it is about one of the long tables.
    pub(crate) fn once(&self, path: &str, ask: impl FnOnce() -> HostResult<T>) -> HostResult<T> {
        if !LONG.contains(&path) {
            return ask();
        }
        let mut read = self.read();
        match read.get(path) {
            Some(answer) => answer.clone(),
            None => read.entry(path.to_owned()).or_insert(ask()).clone(),
        }
    }

    /// Has the next question read anew.
    pub(crate) fn forget(&self) {
        self.read().clear();
    }

    fn read(&self) -> MutexGuard<'_, BTreeMap<String, HostResult<T>>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_is_read_once_and_anything_else_each_time() {
        let tables = Tables::default();
        let mut count = 0;
        let mut ask = |path: &str| {
            tables.once(path, || {
                count += 1;
                Ok(count)
            })
        };
        assert_eq!((ask(LONG[0]), ask(LONG[0])), (Ok(1), Ok(1)));
        assert_eq!((ask("/proc/stat"), ask("/proc/stat")), (Ok(2), Ok(3)));
        tables.forget();
        assert_eq!(tables.once(LONG[0], || Ok(9)), Ok(9));
    }
}
