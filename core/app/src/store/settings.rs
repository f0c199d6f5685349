// SPDX-License-Identifier: MPL-2.0
//! Small named values.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::Rows;

/// A value, if it was ever put.
///
/// # Errors
/// SQLite's.
pub fn read(db: &Connection, name: &str) -> Rows<Option<Vec<u8>>> {
    db.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0)).optional()
}

/// Puts a value in place of the one before.
///
/// # Errors
/// SQLite's.
pub fn put(tx: &Transaction<'_>, name: &str, value: &[u8]) -> Rows<()> {
    tx.execute("INSERT OR REPLACE INTO setting(name, value) VALUES(?1, ?2)", (name, value))?;
    Ok(())
}

/// Newest time that a verified receipt or cosignature showed (spec/keys.md §3).
///
/// # Errors
/// SQLite's.
pub fn witnessed(db: &Connection) -> Rows<u64> {
    let bytes = read(db, "witnessed")?.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    Ok(bytes.map_or(0, u64::from_be_bytes))
}

/// Moves the witnessed time forward, never back.
///
/// # Errors
/// SQLite's.
pub fn witness(tx: &Transaction<'_>, time: u64) -> Rows<()> {
    if time > witnessed(tx)? { put(tx, "witnessed", &time.to_be_bytes()) } else { Ok(()) }
}
