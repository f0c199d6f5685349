// SPDX-License-Identifier: MPL-2.0
//! A store and the oracle, side by side.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "shared by tests, and a test stops where it fails"
)]

pub mod header;
pub mod keys;
pub mod pair;
pub mod phone;
pub mod sql;
pub mod state;
pub mod steps;
