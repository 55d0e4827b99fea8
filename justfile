# What is typed often; `just` alone lists it.

_list:
    @just --list

# Everything that CI runs
ci:
    .ci/run

# The program as it is shipped, in target/release
build:
    cargo build --release --locked

# Unit tests, tests from outside, and the examples of the documentation
test *arguments:
    cargo test --locked {{arguments}}

# Format, warnings, documentation, licences
lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked
    .ci/licences

# Extraction, ingest and questions, measured
bench *arguments:
    cargo bench --locked {{arguments}}

# Write the goldens anew; read the difference before you accept it
goldens:
    UPDATE_GOLDENS=1 cargo test --locked --test main
    git diff --stat -- tests/data
