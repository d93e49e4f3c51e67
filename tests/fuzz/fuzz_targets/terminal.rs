//! Feeds bytes that reach new code to the law of the same name.
#![no_main]

#[allow(dead_code)]
#[path = "../../it/fuzz/laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::terminal_law(bytes));
