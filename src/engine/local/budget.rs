//! A bound on the memory of records under way: read, but not yet indexed.
//!
//! tantivy's own queue counts documents (10,000), not bytes; with long articles that is gigabytes. So every record claims
//! its bytes before it is read and its documents give them back when they are dropped.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// The bytes there are.
#[derive(Debug)]
pub struct Budget {
    free: Mutex<usize>,
    total: usize,
    freed: Condvar,
}

/// Bytes claimed from a [`Budget`]; dropping it gives them back.
#[derive(Debug)]
pub struct Claim {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Budget {
    /// A budget of `total` bytes.
    pub fn new(total: usize) -> Arc<Budget> {
        Arc::new(Budget { free: Mutex::new(total), total, freed: Condvar::new() })
    }

    /// Claims `bytes` if they are free now. Whoever holds claims it has not passed on asks this way: waiting for bytes that
    /// one holds oneself would take for ever.
    pub fn try_claim(self: &Arc<Self>, bytes: usize) -> Option<Claim> {
        let bytes = bytes.min(self.total);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(bytes)?;
        Some(Claim { budget: Arc::clone(self), bytes })
    }

    /// Waits until `bytes` are free and claims them. A claim for more than there is takes all.
    pub fn claim(self: &Arc<Self>, bytes: usize) -> Claim {
        let bytes = bytes.min(self.total);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < bytes {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Claim { budget: Arc::clone(self), bytes }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_wait_for_room_and_give_it_back() {
        let budget = Budget::new(100);
        let first = budget.claim(80);
        let waiting = {
            let budget = Arc::clone(&budget);
            std::thread::spawn(move || budget.claim(1_000).bytes)
        };
        drop(first);
        assert_eq!(waiting.join().ok(), Some(100));
        assert_eq!(*budget.free.lock().expect("not poisoned"), 100);
    }
}
