// SPDX-License-Identifier: MPL-2.0
//! The outbox: parcels, what they hold, and how far each delivery came.

use amate_wire::{
    facts::Fact,
    id::{BlockId, IdentityId, ItemId, MailboxId, RelayKey},
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use serde::{Deserialize, Serialize};

use super::{Rows, fixed, fixed_or_none};
use crate::clock::Moment;

/// 16 random bytes that name a parcel.
pub type ParcelId = [u8; 16];

/// A parcel in the outbox.
#[derive(Clone)]
pub struct Parcel {
    /// Its id.
    pub id: ParcelId,
    /// Its seed: whoever has it can open the parcel.
    pub seed: [u8; 32],
    /// The case it is from.
    pub dossier: i64,
    /// When it was queued, by this device's clock.
    pub created: Moment,
    /// Content of parcel item 0, once it is fixed.
    pub manifest: Option<Vec<u8>>,
    /// SHA-256 of that content, when it was forgotten with an item that was deleted.
    pub manifest_hash: Option<[u8; 32]>,
    /// What does not go along.
    pub withheld: Withheld,
}

/// What is known of an item and does not go along with it: the recipient sees that it is withheld
/// as anything that was never known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The name or pseudonym of who documented it.
    pub author: bool,
    /// Original names of files.
    pub names: bool,
    /// What the camera wrote into a photo: device, settings, perhaps the place.
    pub metadata: bool,
}

impl Withheld {
    /// Whether this fact stays here.
    #[must_use]
    pub fn holds_back(self, fact: Fact) -> bool {
        match fact {
            Fact::Author => self.author,
            Fact::Name => self.names,
            Fact::Metadata | Fact::Device | Fact::Place => self.metadata,
            _ => false,
        }
    }
}

/// What was asked before sending, and answered. It stays in this vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Whether those who appear agree: the key of an answer.
    pub people: String,
    /// Whether it can hurt somebody: the key of an answer.
    pub harm: String,
}

/// One parcel item other than the manifest: where its content stands and its blocks.
#[derive(Debug, Clone)]
pub struct ParcelItem {
    /// Index in the parcel, from 1; 0 is the manifest.
    pub idx: u32,
    /// Kind of envelope.md §1.
    pub kind: u8,
    /// The item of evidence it belongs to; none for the manifest.
    pub item: Option<ItemId>,
    /// Medium that holds the content; none for the manifest.
    pub medium: Option<[u8; 16]>,
    /// First byte in the medium.
    pub start: u64,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of those bytes.
    pub sha256: [u8; 32],
    /// A live segment: exactly eight blocks.
    pub live: bool,
    /// Number of the block class.
    pub class: u8,
    /// Ids of its blocks in order.
    pub ids: Vec<BlockId>,
}

/// How far a parcel came towards one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The parcel.
    pub parcel: ParcelId,
    /// Towards whom.
    pub contact: IdentityId,
    /// The relay that is used now.
    pub relay: Option<RelayKey>,
    /// The notice as sealed for that relay.
    pub notice: Option<Vec<u8>>,
    /// The relay's receipt for the notice.
    pub receipt: Option<Vec<u8>>,
    /// See [`State`].
    pub state: State,
    /// When the first receipt was given, by the relay's clock.
    pub left_at: Option<u64>,
    /// When the last receipt was given, by the relay's clock.
    pub relay_at: Option<u64>,
}

/// States of spec/receipts.md §5 that a delivery passes, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum State {
    /// Durable here.
    Waiting,
    /// A relay gave the first receipt.
    Left,
    /// All receipts and the leaves' proofs, from one relay.
    AtRelay,
    /// The recipient's signature that a person opened it.
    Opened,
}

impl State {
    /// As stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Left => "left",
            Self::AtRelay => "at-relay",
            Self::Opened => "opened",
        }
    }

    pub(super) fn from_word(word: &str) -> Self {
        match word {
            "left" => Self::Left,
            "at-relay" => Self::AtRelay,
            "opened" => Self::Opened,
            _ => Self::Waiting,
        }
    }
}

/// A small notice that waits to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Row number.
    pub id: i64,
    /// Relay of the mailbox.
    pub relay: RelayKey,
    /// The mailbox.
    pub mailbox: MailboxId,
    /// 4 096 sealed bytes.
    pub notice: Vec<u8>,
}

/// All parcels, oldest first.
///
/// # Errors
/// SQLite's.
pub fn parcels(db: &Connection) -> Rows<Vec<Parcel>> {
    db.prepare_cached(
        "SELECT id, seed, dossier, created, manifest, created_offset, manifest_hash, withheld
         FROM parcel ORDER BY rowid",
    )?
    .query_map([], |row| {
        Ok(Parcel {
            id: fixed(row, 0)?,
            seed: fixed(row, 1)?,
            dossier: row.get(2)?,
            created: Moment { unix: row.get(3)?, offset: row.get(5)? },
            manifest: row.get(4)?,
            manifest_hash: fixed_or_none(row, 6)?,
            withheld: withheld(row.get(7)?),
        })
    })?
    .collect()
}

/// Adds a parcel with its items and one waiting delivery per contact.
///
/// # Errors
/// SQLite's.
pub fn add(
    tx: &Transaction<'_>,
    parcel: &Parcel,
    items: &[ParcelItem],
    contacts: &[IdentityId],
) -> Rows<()> {
    tx.execute(
        "INSERT INTO parcel(id, seed, dossier, created, manifest, created_offset, withheld)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            parcel.id,
            parcel.seed,
            parcel.dossier,
            parcel.created.unix,
            &parcel.manifest,
            parcel.created.offset,
            serde_json::to_string(&parcel.withheld).ok(),
        ),
    )?;
    for item in items {
        put_item(tx, parcel.id, item)?;
    }
    for contact in contacts {
        tx.execute(
            "INSERT INTO delivery(parcel, contact, state) VALUES(?1, ?2, 'waiting')",
            (parcel.id, contact.0),
        )?;
    }
    Ok(())
}

/// Keeps what was asked before sending.
///
/// # Errors
/// SQLite's.
pub fn put_consent(tx: &Transaction<'_>, parcel: ParcelId, consent: &Consent) -> Rows<()> {
    let answers = serde_json::to_string(consent).unwrap_or_default();
    tx.execute("UPDATE parcel SET consent = ?2 WHERE id = ?1", (parcel, answers))?;
    Ok(())
}

/// What was asked before sending.
///
/// # Errors
/// SQLite's.
pub fn consent(db: &Connection, parcel: ParcelId) -> Rows<Option<Consent>> {
    let held: Option<Option<String>> = db
        .query_row("SELECT consent FROM parcel WHERE id = ?1", [parcel], |row| row.get(0))
        .optional()?;
    Ok(held.flatten().and_then(|text| serde_json::from_str(&text).ok()))
}

/// Of parcels that were queued before anything could be withheld: nothing is. What cannot be read
/// holds everything back.
fn withheld(text: Option<String>) -> Withheld {
    let all = Withheld { author: true, names: true, metadata: true };
    text.map_or_else(Withheld::default, |text| serde_json::from_str(&text).unwrap_or(all))
}

/// Adds one parcel item.
///
/// # Errors
/// SQLite's.
pub fn put_item(tx: &Transaction<'_>, parcel: ParcelId, item: &ParcelItem) -> Rows<()> {
    let ids: Vec<u8> = item.ids.iter().flat_map(|id| id.0).collect();
    tx.execute(
        "INSERT INTO parcel_item(parcel, idx, kind, item, medium, start, length, sha256, live,
             class, ids) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)",
        rusqlite::params![
            parcel,
            item.idx,
            item.kind,
            item.item.map(|id| id.0),
            item.medium,
            item.start,
            item.length,
            item.sha256,
            item.live,
            item.class,
            ids,
        ],
    )?;
    Ok(())
}

/// Fixes the content of parcel item 0; from now on it never changes. `false` when it is fixed
/// already, or the parcel was withdrawn.
///
/// # Errors
/// SQLite's.
pub fn fix_manifest(tx: &Transaction<'_>, parcel: ParcelId, manifest: &[u8]) -> Rows<bool> {
    let fixed = tx.execute(
        "UPDATE parcel SET manifest = ?2 WHERE id = ?1 AND manifest IS NULL",
        (parcel, manifest),
    )?;
    Ok(fixed == 1)
}

/// Items of a parcel in order; item 0 only once it is fixed.
///
/// # Errors
/// SQLite's.
pub fn items(db: &Connection, parcel: ParcelId) -> Rows<Vec<ParcelItem>> {
    db.prepare_cached(
        "SELECT idx, kind, item, medium, start, length, sha256, live, class, ids
         FROM parcel_item WHERE parcel = ?1 ORDER BY idx",
    )?
    .query_map([parcel], |row| {
        let ids: Vec<u8> = row.get(9)?;
        let (ids, _) = ids.as_chunks::<32>();
        Ok(ParcelItem {
            idx: row.get(0)?,
            kind: row.get(1)?,
            item: fixed_or_none(row, 2)?.map(ItemId),
            medium: fixed_or_none(row, 3)?,
            start: row.get(4)?,
            length: row.get(5)?,
            sha256: fixed(row, 6)?,
            live: row.get(7)?,
            class: row.get(8)?,
            ids: ids.iter().copied().map(BlockId).collect(),
        })
    })?
    .collect()
}

/// Keeps the sealed index blocks of a parcel.
///
/// # Errors
/// SQLite's.
pub fn add_index_block(
    tx: &Transaction<'_>,
    parcel: ParcelId,
    id: BlockId,
    bytes: &[u8],
) -> Rows<()> {
    tx.execute(
        "INSERT OR IGNORE INTO index_block(parcel, id, bytes) VALUES(?1, ?2, ?3)",
        (parcel, id.0, bytes),
    )?;
    Ok(())
}

/// Sealed index blocks of a parcel.
///
/// # Errors
/// SQLite's.
pub fn index_blocks(db: &Connection, parcel: ParcelId) -> Rows<Vec<(BlockId, Vec<u8>)>> {
    db.prepare_cached("SELECT id, bytes FROM index_block WHERE parcel = ?1 ORDER BY rowid")?
        .query_map([parcel], |row| Ok((BlockId(fixed(row, 0)?), row.get(1)?)))?
        .collect()
}

/// Deliveries of a parcel.
///
/// # Errors
/// SQLite's.
pub fn deliveries(db: &Connection, parcel: ParcelId) -> Rows<Vec<Delivery>> {
    db.prepare_cached(
        "SELECT parcel, contact, relay, notice, receipt, state, left_at, relay_at FROM delivery
         WHERE parcel = ?1 ORDER BY contact",
    )?
    .query_map([parcel], delivery_row)?
    .collect()
}

/// Writes a delivery back. A state never moves back. `false` when it was withdrawn meanwhile.
///
/// # Errors
/// SQLite's.
pub fn put_delivery(tx: &Transaction<'_>, delivery: &Delivery) -> Rows<bool> {
    let held: Option<String> = tx
        .query_row(
            "SELECT state FROM delivery WHERE parcel = ?1 AND contact = ?2",
            (delivery.parcel, delivery.contact.0),
            |row| row.get(0),
        )
        .optional()?;
    let state = held.map_or(State::Waiting, |word| State::from_word(&word)).max(delivery.state);
    let changed = tx.execute(
        "UPDATE delivery SET relay = ?3, notice = ?4, receipt = ?5, state = ?6,
             left_at = coalesce(left_at, ?7), relay_at = coalesce(relay_at, ?8)
         WHERE parcel = ?1 AND contact = ?2",
        rusqlite::params![
            delivery.parcel,
            delivery.contact.0,
            delivery.relay.map(|key| key.0),
            delivery.notice,
            delivery.receipt,
            state.word(),
            delivery.left_at,
            delivery.relay_at,
        ],
    )?;
    Ok(changed == 1)
}

/// Keeps the recipient's signed acknowledgement that a person opened the parcel.
///
/// # Errors
/// SQLite's.
pub fn mark_opened(
    tx: &Transaction<'_>,
    parcel: ParcelId,
    contact: IdentityId,
    proof: &[u8],
) -> Rows<bool> {
    let changed = tx.execute(
        "UPDATE delivery SET state = 'opened', opened = coalesce(opened, ?3)
         WHERE parcel = ?1 AND contact = ?2",
        (parcel, contact.0, proof),
    )?;
    Ok(changed == 1)
}

/// Whether this relay gave a receipt for this block.
///
/// # Errors
/// SQLite's.
pub fn has_receipt(db: &Connection, block: BlockId, relay: RelayKey) -> Rows<bool> {
    db.prepare_cached("SELECT 1 FROM block_receipt WHERE block = ?1 AND relay = ?2")?
        .exists((block.0, relay.0))
}

/// Keeps a verified receipt.
///
/// # Errors
/// SQLite's.
pub fn add_receipt(
    tx: &Transaction<'_>,
    block: BlockId,
    relay: RelayKey,
    receipt: &[u8],
) -> Rows<()> {
    tx.execute(
        "INSERT OR REPLACE INTO block_receipt(block, relay, receipt) VALUES(?1, ?2, ?3)",
        (block.0, relay.0, receipt),
    )?;
    Ok(())
}

/// Queues a small notice.
///
/// # Errors
/// SQLite's.
pub fn add_mail(
    tx: &Transaction<'_>,
    contact: IdentityId,
    relay: RelayKey,
    mailbox: MailboxId,
    notice: &[u8],
) -> Rows<()> {
    tx.execute(
        "INSERT INTO mail(contact, relay, mailbox, notice) VALUES(?1, ?2, ?3, ?4)",
        (contact.0, relay.0, mailbox.0, notice),
    )?;
    Ok(())
}

/// Small notices that wait; not those to somebody blocked.
///
/// # Errors
/// SQLite's.
pub fn mail(db: &Connection) -> Rows<Vec<Mail>> {
    db.prepare_cached(&format!(
        "SELECT id, relay, mailbox, notice FROM mail WHERE {TO_NOBODY_BLOCKED} ORDER BY id"
    ))?
    .query_map([], |row| {
        Ok(Mail {
            id: row.get(0)?,
            relay: RelayKey(fixed(row, 1)?),
            mailbox: MailboxId(fixed(row, 2)?),
            notice: row.get(3)?,
        })
    })?
    .collect()
}

/// Whether it still waits, and to nobody blocked.
///
/// # Errors
/// SQLite's.
pub fn mail_waits(db: &Connection, id: i64) -> Rows<bool> {
    db.prepare_cached(&format!("SELECT 1 FROM mail WHERE id = ?1 AND {TO_NOBODY_BLOCKED}"))?
        .exists([id])
}

/// Takes a small notice out: its receipt is verified.
///
/// # Errors
/// SQLite's.
pub fn drop_mail(tx: &Transaction<'_>, id: i64) -> Rows<()> {
    tx.execute("DELETE FROM mail WHERE id = ?1", [id])?;
    Ok(())
}

const TO_NOBODY_BLOCKED: &str = "contact NOT IN (SELECT identity FROM contact WHERE blocked)";

fn delivery_row(row: &Row<'_>) -> Rows<Delivery> {
    Ok(Delivery {
        parcel: fixed(row, 0)?,
        contact: IdentityId(fixed(row, 1)?),
        relay: fixed_or_none(row, 2)?.map(RelayKey),
        notice: row.get(3)?,
        receipt: row.get(4)?,
        state: State::from_word(&row.get::<_, String>(5)?),
        left_at: row.get(6)?,
        relay_at: row.get(7)?,
    })
}
