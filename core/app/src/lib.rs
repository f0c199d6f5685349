// SPDX-License-Identifier: MPL-2.0
//! The product without a screen: records, evidence, parcels, outbox, inbox, export.

/// Parcels, blocks, indexes and notices: sealing and opening (spec/envelope.md).
pub mod envelope;
/// Making and checking items, custody, cases and live recordings (spec/evidence.md).
pub mod evidence;
/// Canonical zip of a case and its verification (spec/export.md).
pub mod export;
/// Identity, key sets, weekly keys, spoken words (spec/keys.md).
pub mod keys;
