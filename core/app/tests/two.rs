// SPDX-License-Identifier: MPL-2.0
//! Two vaults and a relay between them; and what a person does while that relay is asked.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

#[path = "two/asked.rs"]
mod asked;
#[path = "two/courier.rs"]
mod courier;
#[path = "two/given.rs"]
mod given;
#[path = "two/locking.rs"]
mod locking;
#[path = "two/messages.rs"]
mod messages;
#[path = "two/pair.rs"]
mod pair;
#[path = "two/relay.rs"]
mod relay;
