// SPDX-License-Identifier: MPL-2.0
//! The product without a screen: records, evidence, parcels, outbox, inbox, export.

/// Messages about a report, both ways.
pub mod answers;
pub mod app;
pub mod care;
pub mod clock;
pub mod content;
/// Delivers and collects in the background.
pub mod courier;
pub mod delete;
pub mod drafts;
pub mod driver;
/// Parcels, blocks, indexes and notices: sealing and opening (spec/envelope.md).
pub mod envelope;
/// Making and checking items, custody, cases and live recordings (spec/evidence.md).
pub mod evidence;
pub mod exchange;
/// Canonical zip of a case and its verification (spec/export.md).
pub mod export;
pub mod film;
mod full_pass;
pub mod hand_over;
pub mod inbox;
/// Identity, key sets, weekly keys, spoken words (spec/keys.md).
pub mod keys;
pub mod outbox;
pub mod people;
pub mod problem;
/// QR codes, drawn and read.
pub mod qr;
pub mod records;
pub mod room;
pub mod search;
pub mod second_door;
pub mod session;
pub mod store;
pub mod take;
pub mod text;
pub mod witness;
