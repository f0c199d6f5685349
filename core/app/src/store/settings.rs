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

/// Newest time that a verified receipt or cosignature showed (spec/keys.md §3), as far as this
/// device's clock makes it plausible.
///
/// # Errors
/// SQLite's.
pub fn witnessed(db: &Connection, now: u64) -> Rows<u64> {
    let held = held(db)?;
    Ok(if now < MADE { held } else { held.min(now.saturating_add(DAY)) })
}

/// Moves the witnessed time forward, never back, and not further than is plausible: a relay with a
/// wrong clock must not make every notice look expired.
///
/// # Errors
/// SQLite's.
pub fn witness(tx: &Transaction<'_>, time: u64, now: u64) -> Rows<()> {
    let held = held(tx)?;
    if time > held && time <= furthest(held, now) {
        put(tx, "witnessed", &time.to_be_bytes())
    } else {
        Ok(())
    }
}

fn held(db: &Connection) -> Rows<u64> {
    let bytes = read(db, "witnessed")?.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    Ok(bytes.map_or(0, u64::from_be_bytes))
}

const DAY: u64 = 86_400;
/// Before this version was made: a clock that shows less is wrong. 1 January 2026.
const MADE: u64 = 1_767_225_600;
/// As long as a copy of this version may be in use.
const YEARS: u64 = 10 * 365 * DAY;

/// The latest time that is believed. A clock that is right to a day decides; one that is wrong for
/// certain bounds nothing but the step.
pub fn furthest(held: u64, now: u64) -> u64 {
    match (held, now) {
        (0, now) if now < MADE => MADE + YEARS,
        (held, now) if now < MADE => (held + 30 * DAY).min(MADE + YEARS),
        (_, now) => now.saturating_add(DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, MADE, YEARS, furthest};

    #[test]
    fn a_relay_moves_time_no_further_than_is_plausible() {
        let now = MADE + 300 * DAY;
        let mut held = 0;
        for receipt in 0..3 {
            assert_eq!(furthest(held, now), now + DAY, "receipt {receipt}: a day and no more");
            held = furthest(held, now);
        }
        assert_eq!(furthest(0, 1_490_000_000), MADE + YEARS, "first contact, a clock at 2017");
        assert_eq!(furthest(now, 1_490_000_000), now + 30 * DAY, "the clock fell back to 2017");
        assert_eq!(furthest(MADE + YEARS, 0), MADE + YEARS);
        assert_eq!(furthest(now, u64::MAX), u64::MAX);
    }
}
