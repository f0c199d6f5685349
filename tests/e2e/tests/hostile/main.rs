// SPDX-License-Identifier: MPL-2.0
//! Hostile relays, hostile recipients, hostile senders, wrong clocks: nothing is believed without
//! its proof, nothing is lost, and each problem has its name.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

mod deleting;
mod forge;
mod relays;
mod senders;
mod world;
