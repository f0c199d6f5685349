// SPDX-License-Identifier: MPL-2.0
//! Small records in SQLite: keys, organisations, log, key sets, drops.

use std::path::Path;

use amate_seal::{
    random::{self, CryptoRng},
    secret::Secret,
};
use amate_wire::id::{IdentityId, MailboxId};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{Change, Loaded, StoreError};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS secret(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS organisation(id BLOB PRIMARY KEY, quota INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS revoked(id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(id, n)) STRICT;
CREATE TABLE IF NOT EXISTS leaf(place INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS log(id INTEGER PRIMARY KEY CHECK(id = 1), epoch INTEGER NOT NULL,
    halted INTEGER NOT NULL, checkpoint TEXT, time INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS key_set(identity BLOB PRIMARY KEY, sequence INTEGER NOT NULL,
    bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS dropped(mailbox BLOB PRIMARY KEY, through INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO log(id, epoch, halted, checkpoint, time) VALUES(1, 0, 0, NULL, 0);
";

/// The relay's own secrets.
pub struct Secrets {
    /// Seed of the key that it is pinned by.
    pub relay: Secret<32>,
    /// What organisations' secrets are derived from.
    pub capability: Secret<32>,
}

/// An open database.
pub struct Records {
    db: Connection,
}

impl Records {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let db = Connection::open(path)?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;",
        )?;
        db.execute_batch(SCHEMA)?;
        Ok(Self { db })
    }

    /// The relay's secrets, made at its first start.
    ///
    /// # Errors
    /// SQLite's.
    pub fn secrets(&mut self, rng: &mut impl CryptoRng) -> Result<Secrets, StoreError> {
        let tx = self.db.transaction()?;
        let secrets = Secrets {
            relay: secret(&tx, "relay", rng)?,
            capability: secret(&tx, "capability", rng)?,
        };
        tx.commit()?;
        Ok(secrets)
    }

    /// Makes an organisation with a quota in bytes; gives its id.
    ///
    /// # Errors
    /// SQLite's.
    pub fn add_organisation(
        &mut self,
        quota: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<[u8; 16], StoreError> {
        let id: [u8; 16] = random::bytes(rng);
        self.put_organisation(id, quota)?;
        Ok(id)
    }

    /// Adds an organisation by its id, or gives it another quota.
    ///
    /// # Errors
    /// SQLite's.
    pub fn put_organisation(&mut self, id: [u8; 16], quota: u64) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO organisation(id, quota) VALUES(?1, ?2)";
        self.db.execute(sql, (id, quota))?;
        Ok(())
    }

    /// Begins a new origin after a restored backup: the next epoch, an empty log.
    ///
    /// # Errors
    /// SQLite's.
    pub fn new_origin(&mut self) -> Result<u32, StoreError> {
        let tx = self.db.transaction()?;
        tx.execute("DELETE FROM leaf", [])?;
        let epoch = tx.query_row(
            "UPDATE log SET epoch = epoch + 1, halted = 0, checkpoint = NULL RETURNING epoch",
            [],
            |row| row.get(0),
        )?;
        tx.commit()?;
        Ok(epoch)
    }

    pub(super) fn load(&self) -> Result<Loaded, StoreError> {
        let db = &self.db;
        let (epoch, halted, checkpoint, time): (u32, bool, Option<String>, u64) =
            db.query_row("SELECT epoch, halted, checkpoint, time FROM log", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        Ok(Loaded {
            blobs: Vec::new(),
            leaves: all(db, "SELECT entry FROM leaf ORDER BY place", |row| row.get(0))?,
            checkpoint: checkpoint.map(|text| (text, time)),
            key_sets: all(db, "SELECT identity, sequence, bytes FROM key_set", |row| {
                Ok((IdentityId(row.get(0)?), row.get(1)?, row.get(2)?))
            })?,
            dropped: all(db, "SELECT mailbox, through FROM dropped", |row| {
                Ok((MailboxId(row.get(0)?), row.get(1)?))
            })?,
            revoked: all(db, "SELECT id, n FROM revoked", |row| Ok((row.get(0)?, row.get(1)?)))?,
            organisations: all(db, "SELECT id, quota FROM organisation", |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?,
            damaged: Vec::new(),
            halted,
            epoch,
        })
    }

    pub(super) fn change(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        changes.iter().try_for_each(|change| apply(&tx, change))?;
        Ok(tx.commit()?)
    }
}

fn apply(tx: &Transaction<'_>, change: &Change) -> rusqlite::Result<()> {
    match change {
        Change::Leaf(entry) => tx.execute(
            "INSERT INTO leaf(place, entry) VALUES((SELECT coalesce(max(place) + 1, 0) FROM leaf), ?1)",
            [entry],
        ),
        Change::Checkpoint(text, time) => {
            tx.execute("UPDATE log SET checkpoint = ?1, time = ?2", (text, time))
        }
        Change::KeySet(identity, sequence, bytes) => tx.execute(
            "INSERT OR REPLACE INTO key_set(identity, sequence, bytes) VALUES(?1, ?2, ?3)",
            (identity.0, sequence, bytes),
        ),
        Change::Dropped(mailbox, through) => tx.execute(
            "INSERT INTO dropped(mailbox, through) VALUES(?1, ?2)
             ON CONFLICT(mailbox) DO UPDATE SET through = max(through, excluded.through)",
            (mailbox.0, through),
        ),
        Change::Revoked(id, n) => {
            tx.execute("INSERT OR IGNORE INTO revoked(id, n) VALUES(?1, ?2)", (id, n))
        }
        Change::Halted => tx.execute("UPDATE log SET halted = 1", []),
    }
    .map(drop)
}

fn all<T>(
    db: &Connection,
    sql: &str,
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    db.prepare(sql)?.query_map([], row)?.collect()
}

fn secret(
    tx: &Transaction<'_>,
    name: &str,
    rng: &mut impl CryptoRng,
) -> rusqlite::Result<Secret<32>> {
    let held: Option<[u8; 32]> = tx
        .query_row("SELECT value FROM secret WHERE name = ?1", [name], |row| row.get(0))
        .optional()?;
    if let Some(bytes) = held {
        return Ok(Secret::new(bytes));
    }
    let fresh = Secret::random(rng);
    tx.execute("INSERT INTO secret(name, value) VALUES(?1, ?2)", (name, fresh.expose()))?;
    Ok(fresh)
}
