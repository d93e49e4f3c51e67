//! The `onrecord` program: parses arguments, runs one command, returns its exit code.

use std::process::ExitCode;

/// Extraction makes many small strings on many threads; measured cheaper here than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    onrecord::cli::main(std::env::args_os())
}
