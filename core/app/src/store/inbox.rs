// SPDX-License-Identifier: MPL-2.0
//! The inbox: notices that came, what was fetched for them, what a person opened.

use amate_wire::id::{IdentityId, ItemId, RelayKey};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{Rows, fixed, fixed_or_none, parcels::ParcelId};
use crate::clock::Moment;

/// A parcel that somebody sent here.
#[derive(Clone)]
pub struct Received {
    /// Row number; people see it as the number of the report.
    pub id: i64,
    /// Identity id of the sender.
    pub sender: IdentityId,
    /// Parcel id.
    pub parcel: ParcelId,
    /// Kind of notice.
    pub kind: u8,
    /// Relay that has the blocks.
    pub relay: RelayKey,
    /// The opened notice, plaintext as signed.
    pub notice: Vec<u8>,
    /// How far it is.
    pub state: Arrival,
    /// Why it was refused: a message id.
    pub reason: Option<String>,
    /// When its notice came, by this device's clock.
    pub at: Moment,
    /// SHA-256 of the parcel manifest, once it arrived.
    pub manifest_hash: Option<[u8; 32]>,
    /// Whether the acknowledgement that a person opened it is on its way or there.
    pub told: bool,
    /// Who looks after it here, by name.
    pub responsible: Option<String>,
    /// The parcel that it is a message about; `None` for reports.
    pub about: Option<ParcelId>,
}

/// How far a received parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arrival {
    /// Its notice is here; its blocks are being fetched.
    Announced,
    /// All of it is here, opened and checked by the program.
    Arrived,
    /// A person opened it.
    Opened,
    /// It contradicts itself or its signatures; kept, with the reason.
    Refused,
    /// Of a kind that this version does not know; kept.
    Newer,
}

impl Arrival {
    /// As stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Arrived => "arrived",
            Self::Opened => "opened",
            Self::Refused => "refused",
            Self::Newer => "newer",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "arrived" => Self::Arrived,
            "opened" => Self::Opened,
            "refused" => Self::Refused,
            "newer" => Self::Newer,
            _ => Self::Announced,
        }
    }
}

/// All received parcels, oldest first.
///
/// # Errors
/// SQLite's.
pub fn all(db: &Connection) -> Rows<Vec<Received>> {
    db.prepare_cached(&format!("{RECEIVED} ORDER BY id"))?.query_map([], row)?.collect()
}

/// One received parcel.
///
/// # Errors
/// SQLite's.
pub fn one(db: &Connection, id: i64) -> Rows<Option<Received>> {
    db.query_row(&format!("{RECEIVED} WHERE id = ?1"), [id], row).optional()
}

/// Adds a received notice. `false` when this sender's parcel is already here.
///
/// # Errors
/// SQLite's.
pub fn add(tx: &Transaction<'_>, received: &Received) -> Rows<bool> {
    let added = tx.execute(
        "INSERT OR IGNORE INTO received(sender, parcel, kind, relay, notice, state, reason, at,
             at_offset) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        rusqlite::params![
            received.sender.0,
            received.parcel,
            received.kind,
            received.relay.0,
            received.notice,
            received.state.word(),
            received.reason,
            received.at.unix,
            received.at.offset,
        ],
    )?;
    Ok(added == 1)
}

/// Names who looks after a report.
///
/// # Errors
/// SQLite's.
pub fn set_responsible(tx: &Transaction<'_>, id: i64, name: &str) -> Rows<()> {
    let name = Some(name).filter(|name| !name.is_empty());
    tx.execute("UPDATE received SET responsible = ?2 WHERE id = ?1", (id, name))?;
    Ok(())
}

/// Says of a received parcel that it is a message about another.
///
/// # Errors
/// SQLite's.
pub fn set_about(tx: &Transaction<'_>, id: i64, about: &ParcelId) -> Rows<()> {
    tx.execute("UPDATE received SET about = ?2 WHERE id = ?1", (id, about))?;
    Ok(())
}

/// Items that came in a received parcel, with the case that they are in.
///
/// # Errors
/// SQLite's.
pub fn items_of(db: &Connection, received: i64) -> Rows<Vec<(ItemId, i64)>> {
    db.prepare_cached("SELECT item, dossier FROM received_item WHERE received = ?1")?
        .query_map([received], |row| Ok((ItemId(fixed(row, 0)?), row.get(1)?)))?
        .collect()
}

/// Whether a parcel of this number was exchanged with them: sent to them, or come from them.
///
/// # Errors
/// SQLite's.
pub fn exchanged(db: &Connection, parcel: &ParcelId, with: IdentityId) -> Rows<bool> {
    db.prepare_cached(
        "SELECT 1 FROM delivery WHERE parcel = ?1 AND contact = ?2
         UNION ALL SELECT 1 FROM received WHERE parcel = ?1 AND sender = ?2",
    )?
    .exists((parcel, with.0))
}

/// A newer notice of a parcel whose blocks are now at another relay.
///
/// # Errors
/// SQLite's.
pub fn move_to(tx: &Transaction<'_>, received: &Received) -> Rows<()> {
    tx.execute(
        "UPDATE received SET relay = ?3, notice = ?4
         WHERE sender = ?1 AND parcel = ?2 AND state = 'announced'",
        (received.sender.0, received.parcel, received.relay.0, &received.notice),
    )?;
    Ok(())
}

/// Notes that its sender is told of its opening.
///
/// # Errors
/// SQLite's.
pub fn set_told(tx: &Transaction<'_>, id: i64) -> Rows<()> {
    tx.execute("UPDATE received SET told = 1 WHERE id = ?1", [id])?;
    Ok(())
}

/// Forgets a received parcel.
///
/// # Errors
/// SQLite's.
pub fn remove(tx: &Transaction<'_>, id: i64) -> Rows<()> {
    tx.execute("DELETE FROM received WHERE id = ?1", [id])?;
    Ok(())
}

/// Sets how far a parcel is.
///
/// # Errors
/// SQLite's.
pub fn set_state(
    tx: &Transaction<'_>,
    id: i64,
    state: Arrival,
    reason: Option<&str>,
    manifest_hash: Option<[u8; 32]>,
) -> Rows<()> {
    tx.execute(
        "UPDATE received SET state = ?2, reason = coalesce(?3, reason),
             manifest_hash = coalesce(?4, manifest_hash) WHERE id = ?1",
        (id, state.word(), reason, manifest_hash),
    )?;
    Ok(())
}

/// Says which item of which case came in a parcel.
///
/// # Errors
/// SQLite's.
pub fn add_item(tx: &Transaction<'_>, received: i64, item: &[u8; 32], dossier: i64) -> Rows<()> {
    tx.execute(
        "INSERT OR IGNORE INTO received_item(received, item, dossier) VALUES(?1, ?2, ?3)",
        (received, item, dossier),
    )?;
    Ok(())
}

/// Marks a sequence as seen. `false` when it was seen before: a repeat.
///
/// # Errors
/// SQLite's.
pub fn see(tx: &Transaction<'_>, sender: IdentityId, sequence: u64) -> Rows<bool> {
    let added = tx.execute(
        "INSERT OR IGNORE INTO seen(sender, sequence) VALUES(?1, ?2)",
        (sender.0, sequence),
    )?;
    Ok(added == 1)
}

/// Medium that collects the blinded blocks of one parcel item.
///
/// # Errors
/// SQLite's.
pub fn incoming(db: &Connection, received: i64, idx: u32) -> Rows<Option<[u8; 16]>> {
    db.query_row(
        "SELECT medium FROM incoming WHERE received = ?1 AND idx = ?2",
        (received, idx),
        |row| fixed(row, 0),
    )
    .optional()
}

/// All media that collect blinded blocks of a parcel.
///
/// # Errors
/// SQLite's.
pub fn all_incoming(db: &Connection, received: i64) -> Rows<Vec<[u8; 16]>> {
    db.prepare_cached("SELECT medium FROM incoming WHERE received = ?1")?
        .query_map([received], |row| fixed(row, 0))?
        .collect()
}

/// Forgets which media those are.
///
/// # Errors
/// SQLite's.
pub fn drop_incoming(tx: &Transaction<'_>, received: i64) -> Rows<()> {
    tx.execute("DELETE FROM incoming WHERE received = ?1", [received])?;
    Ok(())
}

/// How many notices of people who are not verified wait for their blocks or for a newer version.
///
/// # Errors
/// SQLite's.
pub fn unverified_waiting(db: &Connection) -> Rows<u64> {
    db.query_row(
        "SELECT count(*) FROM received WHERE state IN ('announced', 'newer')
             AND sender NOT IN (SELECT identity FROM contact WHERE verified)",
        [],
        |row| row.get(0),
    )
}

/// Names that medium, or forgets it.
///
/// # Errors
/// SQLite's.
pub fn set_incoming(
    tx: &Transaction<'_>,
    received: i64,
    idx: u32,
    medium: Option<[u8; 16]>,
) -> Rows<()> {
    match medium {
        Some(medium) => tx.execute(
            "INSERT OR REPLACE INTO incoming(received, idx, medium) VALUES(?1, ?2, ?3)",
            (received, idx, medium),
        )?,
        None => {
            tx.execute("DELETE FROM incoming WHERE received = ?1 AND idx = ?2", (received, idx))?
        }
    };
    Ok(())
}

const RECEIVED: &str = "SELECT id, sender, parcel, kind, relay, notice, state, reason, at, manifest_hash, told, at_offset,
    responsible, about FROM received";

fn row(row: &Row<'_>) -> Rows<Received> {
    Ok(Received {
        id: row.get(0)?,
        sender: IdentityId(fixed(row, 1)?),
        parcel: fixed(row, 2)?,
        kind: row.get(3)?,
        relay: RelayKey(fixed(row, 4)?),
        notice: row.get(5)?,
        state: Arrival::from_word(&row.get::<_, String>(6)?),
        reason: row.get(7)?,
        at: Moment { unix: row.get(8)?, offset: row.get(11)? },
        manifest_hash: fixed_or_none(row, 9)?,
        told: row.get(10)?,
        responsible: row.get(12)?,
        about: fixed_or_none(row, 13)?,
    })
}
