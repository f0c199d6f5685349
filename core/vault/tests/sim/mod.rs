// SPDX-License-Identifier: MPL-2.0
//! Machinery of the tests: a disk in memory that loses, tears and reorders what was not flushed.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "shared by tests, and a test stops where it fails"
)]

pub mod bytes;
pub mod crash;
pub mod disk;
pub mod platter;
pub mod rng;
pub mod rounds;
