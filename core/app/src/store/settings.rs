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

/// Forgets a value.
///
/// # Errors
/// SQLite's.
pub fn forget(tx: &Transaction<'_>, name: &str) -> Rows<()> {
    tx.execute("DELETE FROM setting WHERE name = ?1", [name])?;
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

/// Moves the witnessed time forward, never back, and not further than this device's clock makes
/// plausible: a relay with a wrong clock must not make every notice look expired.
///
/// # Errors
/// SQLite's.
pub fn witness(tx: &Transaction<'_>, time: u64, now: u64) -> Rows<()> {
    let held = witnessed(tx)?;
    if time > held && time <= furthest(held, now) {
        put(tx, "witnessed", &time.to_be_bytes())
    } else {
        Ok(())
    }
}

const DAY: u64 = 86_400;
/// Before this version was made: a clock that shows less is wrong. 1 January 2026.
const MADE: u64 = 1_767_225_600;

/// The latest time that is believed. A clock that is behind what was witnessed is wrong itself and
/// bounds nothing but the step.
fn furthest(held: u64, now: u64) -> u64 {
    match (held, now) {
        (0, now) if now < MADE => u64::MAX,
        (held, now) if now.saturating_add(DAY) < held => held + 30 * DAY,
        (held, now) => held.max(now).saturating_add(DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, MADE, furthest};

    #[test]
    fn a_relay_moves_time_no_further_than_is_plausible() {
        let now = MADE + 300 * DAY;
        assert_eq!(furthest(0, now), now + DAY, "first contact, a clock that is right");
        assert_eq!(furthest(0, 1_490_000_000), u64::MAX, "first contact, a clock at 2017");
        assert_eq!(furthest(now, now + DAY), now + 2 * DAY);
        assert_eq!(furthest(now, 1_490_000_000), now + 30 * DAY, "the clock fell back to 2017");
        assert_eq!(furthest(now, u64::MAX), u64::MAX);
    }
}
