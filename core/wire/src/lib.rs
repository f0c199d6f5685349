// SPDX-License-Identifier: MPL-2.0
//! Every byte layout that crosses between phone, relay, desk and verifier. No I/O, no clock, no
//! randomness, no cryptography, no policy: foreign bytes become a valid type here, or an error.

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

/// Blocks.
pub mod block;
/// Capabilities (spec/relay.md §2).
pub mod capability;
/// Case statements (spec/evidence.md §5).
pub mod case;
pub mod cursor;
/// Custody entries (spec/evidence.md §4).
pub mod custody;
/// Canonical JSON and signed documents (spec/README.md).
pub mod document;
/// Disclosures of facts (spec/evidence.md §3).
pub mod facts;
pub mod id;
/// Index of a parcel (spec/envelope.md §3).
pub mod index;
/// Plaintext of parcel items (spec/envelope.md §1).
pub mod item;
/// Key sets (spec/keys.md §3).
pub mod keyset;
/// Live recordings (spec/evidence.md §6).
pub mod live;
/// Checkpoints, proofs and tiles (spec/receipts.md §2).
pub mod log;
/// Manifests (spec/evidence.md §2).
pub mod manifest;
/// Notices (spec/envelope.md §5).
pub mod notice;
/// Pairing texts and slots (spec/keys.md §4, §5).
pub mod pairing;
/// Parcel manifests (spec/envelope.md §4).
pub mod parcel;
/// Receipts (spec/receipts.md §1).
pub mod receipt;
/// Signed fetch (spec/relay.md §3).
pub mod request;
