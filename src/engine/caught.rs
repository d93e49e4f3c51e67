//! Panics that are expected: tantivy reads damaged files without checking them, and no page may end a build of thousands.
//!
//! In: something that may panic. Out: its result, or what the panic said. While it runs, [`is_caught`] tells panic hooks to
//! keep quiet: the user is given an error, not a trace.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Whether a panic on this thread now would be caught by [`caught`].
pub fn is_caught() -> bool {
    DEPTH.try_with(|depth| depth.get() > 0).unwrap_or(false)
}

/// Runs `run`; a panic becomes its message.
///
/// # Errors
/// The message of the panic.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    let result = catch_unwind(AssertUnwindSafe(run));
    DEPTH.with(|depth| depth.set(depth.get() - 1));
    result.map_err(|panic| {
        let owned = panic.downcast_ref::<String>().cloned();
        owned
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "unknown".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_messages() {
        assert_eq!(caught(|| 7), Ok(7));
        let number = 3;
        assert_eq!(caught(|| assert!(number > 4, "page {number}")), Err("page 3".to_owned()));
        assert!(!is_caught());
        assert_eq!(caught(is_caught), Ok(true));
    }
}
