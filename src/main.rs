//! The binary: hands the arguments to `cli::run` and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    chancery::cli::run(std::env::args_os())
}
