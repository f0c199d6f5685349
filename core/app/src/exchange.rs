// SPDX-License-Identifier: MPL-2.0
//! What the state machines ask a relay and what it answers: values, no network. The driver sends
//! them (driver.rs); tests answer them by hand.

use amate_seal::sign::SigningKey;
use amate_wire::id::{BlockId, IdentityId, KeySetId, MailboxId, RelayKey};

/// A relay as this vault knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// The key it is pinned by.
    pub key: RelayKey,
    /// Where it answers, without a trailing slash.
    pub url: String,
    /// What lets this vault upload there, as text (spec/relay.md §2).
    pub capability: Option<String>,
}

/// One request to one relay.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Ask {
    /// `GET /v1/relay`.
    Info,
    /// `PUT /v1/blocks/{id}`.
    PutBlock(BlockId, Vec<u8>),
    /// `GET /v1/blocks/{id}`.
    GetBlock(BlockId),
    /// `POST /v1/mailboxes/{mailbox}/notices`.
    PostNotice(MailboxId, Vec<u8>),
    /// `GET /v1/mailboxes/{mailbox}/notices?after=`, signed at the relay's time.
    ListNotices {
        /// Key of the mailbox.
        key: SigningKey,
        /// Its number.
        mailbox: MailboxId,
        /// Highest number already held.
        after: u64,
        /// The relay's clock, from [`Ask::Info`].
        time: u64,
    },
    /// `DELETE /v1/mailboxes/{mailbox}/notices?through=`, signed.
    DropNotices {
        /// Key of the mailbox.
        key: SigningKey,
        /// Its number.
        mailbox: MailboxId,
        /// Highest number that is kept here now.
        through: u64,
        /// The relay's clock.
        time: u64,
    },
    /// `PUT /v1/keysets/{identity}`.
    PutKeySet(IdentityId, Vec<u8>),
    /// `GET /v1/keysets/{identity}`, unless it is still the one that is held.
    GetKeySet {
        /// Whose.
        identity: IdentityId,
        /// The key set held; the relay then answers 304 when it has no other.
        held: Option<KeySetId>,
    },
    /// `POST /v1/log/leaves`.
    PostLeaf([u8; 32]),
    /// `GET /v1/log/consistency/{old}/{new}`.
    Consistency {
        /// Smaller size.
        old: u64,
        /// Larger size.
        new: u64,
    },
    /// `POST /v1/log/checkpoint`: shows the relay what it signed before.
    ShowCheckpoint(String),
    /// `PUT /v1/meetings/{id}/{slot}`.
    PutSlot {
        /// Meeting id.
        meeting: [u8; 32],
        /// 0, 1 or 2.
        slot: u8,
        /// At most 512.
        bytes: Vec<u8>,
    },
    /// `GET /v1/meetings/{id}/{slot}`.
    GetSlot {
        /// Meeting id.
        meeting: [u8; 32],
        /// 0, 1 or 2.
        slot: u8,
    },
}

/// A relay's answer. Foreign bytes: each machine checks them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body, bounded by the driver.
    pub body: Vec<u8>,
}

/// No answer came: the relay is down, slow, or the network is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the relay does not answer")]
pub struct NoAnswer;
