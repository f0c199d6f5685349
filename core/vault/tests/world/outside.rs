// SPDX-License-Identifier: MPL-2.0
//! What an examiner knows, and the phone's key store; no oracle.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by tests, and a test stops where it fails"
)]

pub mod header;
pub mod keys;
