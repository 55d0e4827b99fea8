//! Tests of the whole room, one line a case.
