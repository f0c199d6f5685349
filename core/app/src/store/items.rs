// SPDX-License-Identifier: MPL-2.0
//! Cases, items of evidence, their custody and their leaves.

use amate_wire::id::{DocumentId, IdentityId, ItemId, RelayKey};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{Rows, fixed, fixed_or_none};
use crate::clock::Moment;

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Row number; people see it as the number of the case.
    pub id: i64,
    /// Words for this vault only; never sent.
    pub title: String,
    /// Case key.
    pub public: [u8; 32],
    /// Newest case statement, a signed document.
    pub statement: Option<Vec<u8>>,
}

/// An item of evidence.
#[derive(Debug, Clone)]
pub struct Item {
    /// Item id.
    pub id: ItemId,
    /// Case it belongs to.
    pub dossier: i64,
    /// Its number in the case statement.
    pub number: u32,
    /// As in the manifest; `live` for recordings.
    pub origin: String,
    /// As in the manifest.
    pub media_type: String,
    /// Captured, imported or written in this vault.
    pub mine: bool,
    /// Capture key, salts and values, serialised; only for items of one's own.
    pub kept: Option<Vec<u8>>,
    /// Manifest, or opening of a live recording.
    pub document: Vec<u8>,
    /// Closing manifest of a live recording.
    pub closing: Option<Vec<u8>>,
    /// Whether it is whole.
    pub state: ItemState,
    /// Where the content is; `None` when it has none here.
    pub medium: Option<[u8; 16]>,
    /// Bytes of content (live: of its segments with their framing).
    pub length: u64,
    /// SHA-256 of those bytes, once known.
    pub sha256: Option<[u8; 32]>,
    /// Received: disclosed facts, canonical JSON.
    pub facts: String,
    /// Received: disclosed custody fields, canonical JSON.
    pub custody_facts: String,
    /// Received: who sent it.
    pub source: Option<IdentityId>,
    /// When it came into this vault, by this device's clock.
    pub created: Moment,
    /// Words for this vault only.
    pub title: String,
    /// The checkpoint that the manifest's `not_before` names, a signed note.
    pub before: Option<String>,
}

/// Whether an item is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemState {
    /// Whole.
    Complete,
    /// A live recording that goes on, or was cut and not yet walked.
    Recording,
    /// A live recording without closing: valid up to its last whole segment.
    Interrupted,
}

impl ItemState {
    /// As stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Recording => "recording",
            Self::Interrupted => "interrupted",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "recording" => Self::Recording,
            "interrupted" => Self::Interrupted,
            _ => Self::Complete,
        }
    }
}

/// A custody entry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub n: u32,
    /// Who signed it.
    pub signer: [u8; 32],
    /// Its id.
    pub id: DocumentId,
    /// The signed document.
    pub document: Vec<u8>,
    /// Salts and values of its two fields, canonical JSON; empty when not held.
    pub disclosures: String,
}

impl Item {
    /// Whether both end in the same place: the same closing, or the same last segment.
    #[must_use]
    pub fn has_end_of(&self, other: &Self) -> bool {
        self.closing == other.closing && self.length == other.length
    }
}

/// A leaf and, when the relay answered, its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The item.
    pub item: ItemId,
    /// The custody head it commits to.
    pub head: DocumentId,
    /// Number of that entry.
    pub head_n: u32,
    /// Whose log.
    pub relay: RelayKey,
    /// Salt of the commitment.
    pub salt: [u8; 32],
    /// `.tlog-proof` text.
    pub proof: Option<String>,
}

/// All cases.
///
/// # Errors
/// SQLite's.
pub fn dossiers(db: &Connection) -> Rows<Vec<Dossier>> {
    db.prepare_cached("SELECT id, title, public, statement FROM dossier ORDER BY id")?
        .query_map([], dossier_row)?
        .collect()
}

/// All cases that are not messages about a parcel.
///
/// # Errors
/// SQLite's.
pub fn cases(db: &Connection) -> Rows<Vec<Dossier>> {
    db.prepare_cached(
        "SELECT id, title, public, statement FROM dossier WHERE about IS NULL ORDER BY id",
    )?
    .query_map([], dossier_row)?
    .collect()
}

/// Where one's own messages about a parcel are, oldest first.
///
/// # Errors
/// SQLite's.
pub fn conversation(db: &Connection, about: &[u8; 16]) -> Rows<Vec<i64>> {
    db.prepare_cached("SELECT id FROM dossier WHERE about = ?1 AND seed IS NOT NULL ORDER BY id")?
        .query_map([about], |row| row.get(0))?
        .collect()
}

/// Says of a case that it is messages about a parcel.
///
/// # Errors
/// SQLite's.
pub fn mark_conversation(tx: &Transaction<'_>, id: i64, about: &[u8; 16]) -> Rows<()> {
    tx.execute("UPDATE dossier SET about = ?2 WHERE id = ?1", (id, about))?;
    Ok(())
}

/// One case.
///
/// # Errors
/// SQLite's.
pub fn dossier(db: &Connection, id: i64) -> Rows<Option<Dossier>> {
    db.query_row(
        "SELECT id, title, public, statement FROM dossier WHERE id = ?1",
        [id],
        dossier_row,
    )
    .optional()
}

/// The case of a case key.
///
/// # Errors
/// SQLite's.
pub fn dossier_of(db: &Connection, public: &[u8; 32]) -> Rows<Option<Dossier>> {
    db.query_row(
        "SELECT id, title, public, statement FROM dossier WHERE public = ?1",
        [public],
        dossier_row,
    )
    .optional()
}

/// Secret half of a case key, for cases of one's own.
///
/// # Errors
/// SQLite's.
pub fn dossier_seed(db: &Connection, id: i64) -> Rows<Option<[u8; 32]>> {
    db.query_row("SELECT seed FROM dossier WHERE id = ?1", [id], |row| fixed_or_none(row, 0))
        .optional()
        .map(Option::flatten)
}

/// Adds a case; returns its number.
///
/// # Errors
/// SQLite's.
pub fn add_dossier(
    tx: &Transaction<'_>,
    title: &str,
    public: &[u8; 32],
    seed: Option<&[u8; 32]>,
) -> Rows<i64> {
    tx.execute(
        "INSERT INTO dossier(title, public, seed) VALUES(?1, ?2, ?3)",
        (title, public, seed),
    )?;
    Ok(tx.last_insert_rowid())
}

/// Keeps a newer case statement.
///
/// # Errors
/// SQLite's.
pub fn put_statement(tx: &Transaction<'_>, id: i64, statement: &[u8]) -> Rows<()> {
    tx.execute("UPDATE dossier SET statement = ?2 WHERE id = ?1", (id, statement))?;
    Ok(())
}

/// Items of a case by number, or of all cases.
///
/// # Errors
/// SQLite's.
pub fn items(db: &Connection, dossier: Option<i64>) -> Rows<Vec<Item>> {
    db.prepare_cached(&format!("{ITEM} WHERE ?1 IS NULL OR dossier = ?1 ORDER BY dossier, number"))?
        .query_map([dossier], item_row)?
        .collect()
}

/// Live recordings that were not ended.
///
/// # Errors
/// SQLite's.
pub fn recordings(db: &Connection) -> Rows<Vec<Item>> {
    db.prepare(&format!("{ITEM} WHERE state = 'recording'"))?.query_map([], item_row)?.collect()
}

/// Media that no item and nothing that is being fetched refers to.
///
/// # Errors
/// SQLite's.
pub fn orphans(db: &Connection) -> Rows<Vec<[u8; 16]>> {
    db.prepare(
        "SELECT id FROM media
         WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.medium = media.id)
         AND NOT EXISTS (SELECT 1 FROM incoming WHERE incoming.medium = media.id)",
    )?
    .query_map([], |row| row.get(0))?
    .collect()
}

/// Items that a clause chooses; it has one parameter.
pub(super) fn some_items(db: &Connection, clause: &str, parameter: u32) -> Rows<Vec<Item>> {
    db.prepare_cached(&format!("{ITEM} {clause}"))?.query_map([parameter], item_row)?.collect()
}

/// One item.
///
/// # Errors
/// SQLite's.
pub fn item(db: &Connection, id: ItemId) -> Rows<Option<Item>> {
    db.query_row(&format!("{ITEM} WHERE id = ?1"), [id.0], item_row).optional()
}

/// Adds an item or replaces its row.
///
/// # Errors
/// SQLite's.
pub fn put_item(tx: &Transaction<'_>, item: &Item) -> Rows<()> {
    tx.execute(
        "INSERT INTO item(id, dossier, number, origin, media_type, mine, kept, document, closing,
             state, medium, length, sha256, facts, custody_facts, source, created, title,
             before, created_offset)
         VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)
         ON CONFLICT(id) DO UPDATE SET closing = excluded.closing, state = excluded.state,
             medium = excluded.medium, length = excluded.length, sha256 = excluded.sha256,
             kept = excluded.kept, facts = excluded.facts,
             custody_facts = excluded.custody_facts",
        rusqlite::params![
            item.id.0,
            item.dossier,
            item.number,
            item.origin,
            item.media_type,
            item.mine,
            item.kept,
            item.document,
            item.closing,
            item.state.word(),
            item.medium,
            item.length,
            item.sha256,
            item.facts,
            item.custody_facts,
            item.source.map(|id| id.0),
            item.created.unix,
            item.title,
            item.before,
            item.created.offset,
        ],
    )?;
    Ok(())
}

/// Custody entries of an item, by number, then signer.
///
/// # Errors
/// SQLite's.
pub fn custody(db: &Connection, item: ItemId) -> Rows<Vec<Entry>> {
    entries_of(db, "custody", item)
}

/// Entries of an item in a table of custody.
pub(super) fn entries_of(db: &Connection, table: &str, item: ItemId) -> Rows<Vec<Entry>> {
    db.prepare_cached(&format!(
        "SELECT n, signer, id, document, disclosures FROM {table} WHERE item = ?1 ORDER BY n, signer"
    ))?
    .query_map([item.0], |row| {
        Ok(Entry {
            n: row.get(0)?,
            signer: fixed(row, 1)?,
            id: DocumentId(fixed(row, 2)?),
            document: row.get(3)?,
            disclosures: row.get(4)?,
        })
    })?
    .collect()
}

/// Adds a custody entry. The same entry again changes nothing.
///
/// # Errors
/// SQLite's; a second, different entry of one signer with one number is refused.
pub fn add_entry(tx: &Transaction<'_>, item: ItemId, entry: &Entry) -> Rows<()> {
    tx.execute(
        "INSERT INTO custody(item, n, signer, id, document, disclosures)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT(item, signer, n) DO UPDATE SET disclosures = excluded.disclosures
             WHERE id = excluded.id AND disclosures = '[]'",
        (item.0, entry.n, entry.signer, entry.id.0, &entry.document, &entry.disclosures),
    )?;
    Ok(())
}

/// Whether an item has its content in this medium.
///
/// # Errors
/// SQLite's.
pub fn keeps(db: &Connection, medium: &[u8; 16]) -> Rows<bool> {
    db.prepare_cached("SELECT 1 FROM item WHERE medium = ?1")?.exists([medium])
}

/// Leaves of an item, oldest head first.
///
/// # Errors
/// SQLite's.
pub fn leaves(db: &Connection, item: ItemId) -> Rows<Vec<Leaf>> {
    db.prepare_cached(
        "SELECT item, head, head_n, relay, salt, proof FROM leaf WHERE item = ?1
         ORDER BY head_n, relay",
    )?
    .query_map([item.0], leaf_row)?
    .collect()
}

/// Forgets the leaves of an item that was replaced by a longer one.
///
/// # Errors
/// SQLite's.
pub fn drop_leaves(tx: &Transaction<'_>, item: ItemId) -> Rows<()> {
    tx.execute("DELETE FROM leaf WHERE item = ?1", [item.0])?;
    Ok(())
}

/// Adds a leaf, with or without its proof; a proof once held stays. Of an item that was deleted
/// meanwhile nothing is kept.
///
/// # Errors
/// SQLite's.
pub fn put_leaf(tx: &Transaction<'_>, leaf: &Leaf) -> Rows<()> {
    tx.execute(
        "INSERT INTO leaf(item, head, head_n, relay, salt, proof)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS(SELECT 1 FROM item WHERE id = ?1)
         ON CONFLICT(item, head, relay, salt) DO UPDATE
             SET proof = coalesce(proof, excluded.proof)",
        (leaf.item.0, leaf.head.0, leaf.head_n, leaf.relay.0, leaf.salt, &leaf.proof),
    )?;
    Ok(())
}

const ITEM: &str = "SELECT id, dossier, number, origin, media_type, mine, kept, document, closing,
    state, medium, length, sha256, facts, custody_facts, source, created, title, before,
    created_offset
    FROM item";

fn item_row(row: &Row<'_>) -> Rows<Item> {
    Ok(Item {
        id: ItemId(fixed(row, 0)?),
        dossier: row.get(1)?,
        number: row.get(2)?,
        origin: row.get(3)?,
        media_type: row.get(4)?,
        mine: row.get(5)?,
        kept: row.get(6)?,
        document: row.get(7)?,
        closing: row.get(8)?,
        state: ItemState::from_word(&row.get::<_, String>(9)?),
        medium: fixed_or_none(row, 10)?,
        length: row.get(11)?,
        sha256: fixed_or_none(row, 12)?,
        facts: row.get(13)?,
        custody_facts: row.get(14)?,
        source: fixed_or_none(row, 15)?.map(IdentityId),
        created: Moment { unix: row.get(16)?, offset: row.get(19)? },
        title: row.get(17)?,
        before: row.get(18)?,
    })
}

fn dossier_row(row: &Row<'_>) -> Rows<Dossier> {
    Ok(Dossier {
        id: row.get(0)?,
        title: row.get(1)?,
        public: fixed(row, 2)?,
        statement: row.get(3)?,
    })
}

fn leaf_row(row: &Row<'_>) -> Rows<Leaf> {
    Ok(Leaf {
        item: ItemId(fixed(row, 0)?),
        head: DocumentId(fixed(row, 1)?),
        head_n: row.get(2)?,
        relay: RelayKey(fixed(row, 3)?),
        salt: fixed(row, 4)?,
        proof: row.get(5)?,
    })
}
