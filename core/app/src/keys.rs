// SPDX-License-Identifier: MPL-2.0

mod codes;
mod own;
mod set;
mod words;

pub use codes::{WordList, generate_digits, generate_words};
pub use own::{OwnKeys, WEEKS_AHEAD};
pub use set::{Freshness, VerifiedKeySet, WeeklyChoice};
pub use words::{MeetingA, MeetingB, SpokenWords, meeting_id};

use amate_seal::hash;
use amate_wire::id::{IdentityId, MailboxId};

/// Label of a device certificate.
pub const DEVICE_LABEL: &str = "amate/v1/device";

/// `H("amate/v1/identity", identity key)`.
#[must_use]
pub fn identity_id(identity: &[u8; 32]) -> IdentityId {
    IdentityId(hash::labelled("amate/v1/identity", &[identity]))
}

/// `H("amate/v1/mailbox", mailbox key)`.
#[must_use]
pub fn mailbox_id(mailbox: &[u8; 32]) -> MailboxId {
    MailboxId(hash::labelled("amate/v1/mailbox", &[mailbox]))
}
