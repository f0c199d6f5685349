// SPDX-License-Identifier: MPL-2.0

use crate::{cursor::Writer, id::RelayKey};

/// Label of the mailbox key's signature.
pub const FETCH_LABEL: &str = "amate/v1/fetch";
/// Most seconds between the signed time and the relay's clock.
pub const FETCH_WINDOW: u64 = 600;

/// The bytes that a mailbox key signs to read its mailbox (spec/relay.md §3).
#[must_use]
pub fn fetch_message(method: &str, path: &str, relay: &RelayKey, time: u64) -> Vec<u8> {
    Writer::new()
        .prefixed(method.as_bytes())
        .prefixed(path.as_bytes())
        .bytes(&relay.0)
        .u64(time)
        .finish()
}
