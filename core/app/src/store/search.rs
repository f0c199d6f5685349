// SPDX-License-Identifier: MPL-2.0
//! What is searched: folded text in a full-text index. Deleted text leaves it at once
//! (`secure-delete`), so nothing stays in segments that wait to be merged.

use amate_wire::id::ItemId;
use rusqlite::{Connection, Transaction};

use super::{
    Rows,
    items::{Item, some_items},
};

/// Makes a case be found by its title.
///
/// # Errors
/// SQLite's.
pub fn put_case(tx: &Transaction<'_>, dossier: i64, text: &str) -> Rows<()> {
    put(tx, dossier, None, text)
}

/// Makes an item be found by its text. An item that is found already stays as it is: what it says
/// never changes.
///
/// # Errors
/// SQLite's.
pub fn put_item(tx: &Transaction<'_>, dossier: i64, item: ItemId, text: &str) -> Rows<()> {
    put(tx, dossier, Some(item), text)
}

/// What a search found, by its place in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The case.
    pub dossier: i64,
    /// The item; none when the title of the case fits.
    pub item: Option<ItemId>,
}

/// What fits a full-text expression.
///
/// # Errors
/// SQLite's, also for an expression that is none.
pub fn hits(db: &Connection, expression: &str) -> Rows<Vec<Hit>> {
    db.prepare_cached(
        "SELECT dossier, item FROM words JOIN searched ON searched.id = words.rowid
         WHERE words MATCH ?1",
    )?
    .query_map([expression], |row| {
        let item = super::fixed_or_none(row, 1)?.map(ItemId);
        Ok(Hit { dossier: row.get(0)?, item })
    })?
    .collect()
}

/// Some items that a person has seen and cannot find yet: one's own, and those of opened reports.
///
/// # Errors
/// SQLite's.
pub fn unsearched(db: &Connection, at_most: u32) -> Rows<Vec<Item>> {
    some_items(
        db,
        "WHERE (mine OR EXISTS(
             SELECT 1 FROM received_item JOIN received ON received.id = received_item.received
             WHERE received_item.item = item.id AND received.state = 'opened'))
         AND NOT EXISTS(SELECT 1 FROM searched WHERE searched.item = item.id) LIMIT ?1",
        at_most,
    )
}

/// Some cases with a title that are not found by it yet.
///
/// # Errors
/// SQLite's.
pub fn unsearched_cases(db: &Connection, at_most: u32) -> Rows<Vec<(i64, String)>> {
    db.prepare_cached(
        "SELECT id, title FROM dossier WHERE title != '' AND NOT EXISTS(
             SELECT 1 FROM searched WHERE searched.dossier = dossier.id AND item IS NULL) LIMIT ?1",
    )?
    .query_map([at_most], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

fn put(tx: &Transaction<'_>, dossier: i64, item: Option<ItemId>, text: &str) -> Rows<()> {
    let added = tx.execute(
        "INSERT OR IGNORE INTO searched(dossier, item) VALUES(?1, ?2)",
        (dossier, item.map(|id| id.0)),
    )?;
    if added == 1 {
        tx.execute(
            "INSERT INTO words(rowid, text) VALUES(?1, ?2)",
            (tx.last_insert_rowid(), text),
        )?;
    }
    Ok(())
}
