// SPDX-License-Identifier: MPL-2.0
//! Where the relay's time comes from.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Unix seconds; tests bring their own.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The system's clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one source of time of the server")]
pub fn system() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs())
}
