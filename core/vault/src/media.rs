// SPDX-License-Identifier: MPL-2.0
//! Media: one file each, 64 KiB chunks sealed as they arrive under a chain of keys. What a writer
//! holds opens nothing that it already wrote; a killed recording leaves a sealed, whole prefix.
//!
//! A record of the file is `u32(length of data) ‖ sealed data ‖ tag`, AAD = index ‖ length ‖ end.

mod chain;
mod reader;
mod writer;

use amate_seal::{random::CryptoRng, secret::Secret};
use rusqlite::{OptionalExtension, Transaction};

pub use reader::MediaReader;
pub use writer::{FinishedMedium, MediaWriter};

use crate::{Vault, VaultError};

/// Names a medium: random.
pub type MediumId = [u8; 16];

/// Bytes that all media together may take unless the vault says otherwise.
const RESERVE: u64 = 1024 * 1024 * 1024;

/// Whether a medium is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediumState {
    /// Being written, or cut and not yet walked.
    Open,
    /// Finished by its writer.
    Whole,
    /// Cut: the prefix that was durable.
    Prefix,
}

/// What is known of a medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediumInfo {
    /// Whole or not.
    pub state: MediumState,
    /// Bytes of content.
    pub length: u64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

impl Vault {
    /// Begins a medium: its key is durable before its first byte.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] when the reserve is used up.
    pub fn begin_medium(&mut self, rng: &mut impl CryptoRng) -> Result<MediaWriter, VaultError> {
        let id: MediumId = amate_seal::random::bytes(rng);
        let key = Secret::random(rng);
        let room = self.room()?;
        if room == 0 {
            return Err(VaultError::NoSpace);
        }
        self.write("begin medium", |tx| {
            tx.execute(
                "INSERT INTO media(id, key, state, length) VALUES(?1, ?2, 'open', 0)",
                (id, key.expose()),
            )
        })?;
        MediaWriter::create(&path(self, &id), id, key, room)
    }

    /// Reads a medium.
    ///
    /// # Errors
    /// [`VaultError::NoMedium`]; [`VaultError::Damaged`] when it is shorter than it was.
    pub fn read_medium(&self, id: &MediumId) -> Result<MediaReader, VaultError> {
        let (key, length) = self
            .read(|db| {
                db.query_row("SELECT key, length FROM media WHERE id = ?1", [id], |row| {
                    Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?))
                })
                .optional()
            })?
            .ok_or(VaultError::NoMedium)?;
        MediaReader::open(&path(self, id), Secret::new(key), length)
    }

    /// Reads a medium that is finished and not yet recorded.
    ///
    /// # Errors
    /// As [`Vault::read_medium`].
    pub fn read_medium_unrecorded(
        &self,
        medium: &FinishedMedium,
    ) -> Result<MediaReader, VaultError> {
        let key = self
            .read(|db| {
                db.query_row("SELECT key FROM media WHERE id = ?1", [medium.id], |row| row.get(0))
                    .optional()
            })?
            .ok_or(VaultError::NoMedium)?;
        MediaReader::open(&path(self, &medium.id), Secret::new(key), medium.length)
    }

    /// What is known of a medium.
    ///
    /// # Errors
    /// [`VaultError::NoMedium`].
    pub fn medium(&self, id: &MediumId) -> Result<MediumInfo, VaultError> {
        self.read(|db| {
            db.query_row("SELECT state, length, sha256 FROM media WHERE id = ?1", [id], |row| {
                let state = match row.get::<_, String>(0)?.as_str() {
                    "whole" => MediumState::Whole,
                    "prefix" => MediumState::Prefix,
                    _ => MediumState::Open,
                };
                let sha256: Option<[u8; 32]> = row.get(2)?;
                Ok(MediumInfo { state, length: row.get(1)?, sha256: sha256.unwrap_or_default() })
            })
            .optional()
        })?
        .ok_or(VaultError::NoMedium)
    }

    /// All media.
    ///
    /// # Errors
    /// SQLite's.
    pub fn media(&self) -> Result<Vec<MediumId>, VaultError> {
        self.read(|db| {
            db.prepare("SELECT id FROM media")?.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Deletes a medium: its key is forgotten in a commit, then the file goes.
    ///
    /// # Errors
    /// SQLite's and the file system's.
    pub fn delete_medium(&mut self, id: &MediumId) -> Result<(), VaultError> {
        self.write("delete medium", |tx| tx.execute("DELETE FROM media WHERE id = ?1", [id]))?;
        match std::fs::remove_file(path(self, id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Bytes that all media together may take.
    ///
    /// # Errors
    /// SQLite's.
    pub fn reserve(&self) -> Result<u64, VaultError> {
        let set: Option<u64> = self.read(|db| {
            db.query_row("SELECT bytes FROM reserve", [], |row| row.get(0)).optional()
        })?;
        Ok(set.unwrap_or(RESERVE))
    }

    /// Bytes of the reserve that are free.
    ///
    /// # Errors
    /// SQLite's.
    pub fn room(&self) -> Result<u64, VaultError> {
        let used: u64 =
            self.read(|db| db.query_row("SELECT total(length) FROM media", [], float_row))?;
        Ok(self.reserve()?.saturating_sub(used))
    }

    /// Sets that number; what is there already stays.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_reserve(&mut self, bytes: u64) -> Result<(), VaultError> {
        self.write("set reserve", |tx| {
            tx.execute("INSERT OR REPLACE INTO reserve(id, bytes) VALUES(1, ?1)", [bytes])
        })?;
        Ok(())
    }
}

pub(crate) fn create_table(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch(
        "CREATE TABLE media(
             id BLOB PRIMARY KEY, key BLOB NOT NULL, state TEXT NOT NULL,
             length INTEGER NOT NULL, sha256 BLOB) STRICT;
         CREATE TABLE reserve(id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;",
    )
}

/// Walks each medium that was being written when the vault was last open, records the prefix that
/// opens, and removes files whose key is forgotten.
pub(crate) fn walk_open(vault: &mut Vault) -> Result<(), VaultError> {
    let open: Vec<(MediumId, [u8; 32])> = vault.read(|db| {
        db.prepare("SELECT id, key FROM media WHERE state = 'open'")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    })?;
    for (id, key) in open {
        let prefix = reader::walk(&path(vault, &id), Secret::new(key))?;
        let state = if prefix.ended { "whole" } else { "prefix" };
        vault.write("walk medium", |tx| {
            tx.execute(
                "UPDATE media SET state = ?2, length = ?3, sha256 = ?4 WHERE id = ?1",
                (id, state, prefix.length, prefix.sha256),
            )
        })?;
    }
    remove_forgotten(vault)
}

fn remove_forgotten(vault: &Vault) -> Result<(), VaultError> {
    let known: Vec<_> = vault.media()?.iter().map(name).collect();
    for entry in std::fs::read_dir(vault.dir().join("media"))? {
        let entry = entry?;
        if !known.iter().any(|name| entry.file_name().to_str() == Some(name)) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn path(vault: &Vault, id: &MediumId) -> std::path::PathBuf {
    vault.dir().join("media").join(name(id))
}

fn name(id: &MediumId) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn float_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    // total() is a float; lengths are far below 2⁵³.
    row.get::<_, f64>(0).map(|sum| sum as u64)
}
