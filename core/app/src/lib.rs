// SPDX-License-Identifier: MPL-2.0
//! The product without a screen: records, evidence, parcels, outbox, inbox, export.

pub mod clock;
/// Parcels, blocks, indexes and notices: sealing and opening (spec/envelope.md).
pub mod envelope;
pub mod exchange;
/// Identity, key sets, weekly keys, spoken words (spec/keys.md).
pub mod keys;
