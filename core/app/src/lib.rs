// SPDX-License-Identifier: MPL-2.0
//! The product without a screen: records, evidence, parcels, outbox, inbox, export.

pub mod clock;
/// Parcels, blocks, indexes and notices: sealing and opening (spec/envelope.md).
pub mod envelope;
/// Making and checking items, custody, cases and live recordings (spec/evidence.md).
pub mod evidence;
pub mod exchange;
/// Identity, key sets, weekly keys, spoken words (spec/keys.md).
pub mod keys;
