// SPDX-License-Identifier: MPL-2.0
//! Taking an item out, and what was kept of it for sending or from receiving. What stays names no
//! content: signed custody of received items, ids in case statements, receipts of other items.

use amate_seal::hash::sha256;
use amate_wire::id::ItemId;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{
    Rows, fixed,
    inbox::{self, Arrival},
    items::{Entry, Item, custody, entries_of},
    parcels::{ParcelId, State},
};

/// Why a report that was deleted before it was opened is not there: a message id.
pub const DELETED: &str = "problem-deleted";

/// States of the deliveries of all parcels that hold an item.
///
/// # Errors
/// SQLite's.
pub fn deliveries(db: &Connection, item: ItemId) -> Rows<Vec<State>> {
    db.prepare_cached(
        "SELECT state FROM delivery
         WHERE parcel IN (SELECT parcel FROM parcel_item WHERE item = ?1)",
    )?
    .query_map([item.0], |row| Ok(State::from_word(&row.get::<_, String>(0)?)))?
    .collect()
}

/// Takes out of the outbox what has not arrived at a relay of the parcels that hold an item.
///
/// # Errors
/// SQLite's.
pub fn withdraw(tx: &Transaction<'_>, item: ItemId) -> Rows<()> {
    for parcel in parcels_with(tx, item)? {
        tx.execute(
            "DELETE FROM delivery WHERE parcel = ?1 AND state IN ('waiting', 'left')",
            [parcel],
        )?;
        let rest = tx.prepare("SELECT 1 FROM delivery WHERE parcel = ?1")?.exists([parcel])?;
        if !rest {
            drop_receipts(tx, parcel, None)?;
            tx.execute("DELETE FROM parcel WHERE id = ?1", [parcel])?;
        }
    }
    Ok(())
}

/// Takes an item out, with all that only it was kept for. Nothing of it may wait to be sent.
///
/// # Errors
/// SQLite's.
pub fn remove(tx: &Transaction<'_>, item: &Item) -> Rows<()> {
    for parcel in parcels_with(tx, item.id)? {
        forget_in_parcel(tx, parcel, item.id)?;
    }
    forget_in_reports(tx, item.id)?;
    // Written after the rest is gone: in a full vault there is no room for both.
    let kept = if item.mine { Vec::new() } else { custody(tx, item.id)? };
    let id = item.id.0;
    tx.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM searched WHERE item = ?1)", [id])?;
    for table in ["searched", "custody", "leaf"] {
        tx.execute(&format!("DELETE FROM {table} WHERE item = ?1"), [id])?;
    }
    tx.execute("DELETE FROM item WHERE id = ?1", [id])?;
    kept.iter().try_for_each(|entry| keep(tx, item.id, entry))
}

/// Custody of a received item that was deleted: when it comes again, its custody goes on from
/// there. Beginning anew would be a fork under this vault's own signature.
///
/// # Errors
/// SQLite's.
pub fn kept_custody(db: &Connection, item: ItemId) -> Rows<Vec<Entry>> {
    entries_of(db, "kept_custody", item)
}

/// Gives an item that came again its custody back.
///
/// # Errors
/// SQLite's.
pub fn restore_custody(tx: &Transaction<'_>, item: ItemId) -> Rows<()> {
    tx.execute(
        "INSERT OR IGNORE INTO custody(item, n, signer, id, document, disclosures)
         SELECT item, n, signer, id, document, disclosures FROM kept_custody WHERE item = ?1",
        [item.0],
    )?;
    tx.execute("DELETE FROM kept_custody WHERE item = ?1", [item.0])?;
    Ok(())
}

/// Without the clocks that an entry discloses.
fn keep(tx: &Transaction<'_>, item: ItemId, entry: &Entry) -> Rows<()> {
    tx.execute(
        "INSERT INTO kept_custody(item, n, signer, id, document, disclosures)
         VALUES(?1, ?2, ?3, ?4, ?5, '[]')",
        (item.0, entry.n, entry.signer, entry.id.0, &entry.document),
    )?;
    Ok(())
}

/// A parcel that arrived keeps who got it and when. Its manifest tells the item's facts and its
/// seed opens what a relay still has: of these only the hash stays, which an acknowledgement names.
fn forget_in_parcel(tx: &Transaction<'_>, parcel: ParcelId, item: ItemId) -> Rows<()> {
    let manifest: Option<Vec<u8>> =
        tx.query_row("SELECT manifest FROM parcel WHERE id = ?1", [parcel], |row| row.get(0))?;
    tx.execute(
        "UPDATE parcel SET seed = zeroblob(32), manifest = NULL,
             manifest_hash = coalesce(?2, manifest_hash) WHERE id = ?1",
        (parcel, manifest.map(|bytes| sha256(&bytes))),
    )?;
    tx.execute("DELETE FROM index_block WHERE parcel = ?1", [parcel])?;
    drop_receipts(tx, parcel, Some(item))?;
    tx.execute(
        "UPDATE parcel_item SET item = NULL, medium = NULL, start = 0, length = 0,
             sha256 = zeroblob(32), ids = x'' WHERE parcel = ?1 AND item = ?2",
        (parcel, item.0),
    )?;
    Ok(())
}

/// Receipts for the blocks of a parcel, or of one item in it.
fn drop_receipts(tx: &Transaction<'_>, parcel: ParcelId, item: Option<ItemId>) -> Rows<()> {
    let ids: Vec<Vec<u8>> = tx
        .prepare_cached(
            "SELECT ids FROM parcel_item WHERE parcel = ?1 AND (?2 IS NULL OR item = ?2)",
        )?
        .query_map((parcel, item.map(|id| id.0)), |row| row.get(0))?
        .collect::<Rows<_>>()?;
    for id in ids.iter().flat_map(|all| all.as_chunks::<32>().0) {
        tx.execute("DELETE FROM block_receipt WHERE block = ?1", [id])?;
    }
    Ok(())
}

/// The notice of a report has the seed of its parcel. A report of which nothing is left, and that
/// nobody opened, will not be opened.
fn forget_in_reports(tx: &Transaction<'_>, item: ItemId) -> Rows<()> {
    let reports: Vec<i64> = tx
        .prepare_cached(
            "SELECT id FROM received WHERE state IN ('arrived', 'opened')
             AND id IN (SELECT received FROM received_item WHERE item = ?1)",
        )?
        .query_map([item.0], |row| row.get(0))?
        .collect::<Rows<_>>()?;
    for report in reports {
        tx.execute("UPDATE received SET notice = x'' WHERE id = ?1", [report])?;
        let left: Option<i64> = tx
            .query_row(
                "SELECT 1 FROM received_item JOIN item ON item.id = received_item.item
                 WHERE received = ?1 AND item != ?2 LIMIT 1",
                (report, item.0),
                |row| row.get(0),
            )
            .optional()?;
        let opened = tx
            .prepare_cached("SELECT 1 FROM received WHERE id = ?1 AND state = 'opened'")?
            .exists([report])?;
        if left.is_none() && !opened {
            inbox::set_state(tx, report, Arrival::Refused, Some(DELETED), None)?;
        }
    }
    Ok(())
}

fn parcels_with(tx: &Transaction<'_>, item: ItemId) -> Rows<Vec<ParcelId>> {
    tx.prepare_cached("SELECT DISTINCT parcel FROM parcel_item WHERE item = ?1")?
        .query_map([item.0], |row| fixed(row, 0))?
        .collect()
}
