//! The `onrecord` program: parses arguments, runs one command, returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    onrecord::cli::main(std::env::args_os())
}
