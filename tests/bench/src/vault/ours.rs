// SPDX-License-Identifier: MPL-2.0
//! Every use of the vault in these benchmarks: when its API changes, only this file does.

use std::{fs::File, io::Read, path::Path};

use amate_vault::{CodeCost, FinishedMedium, MediaReader, MediumId, Vault, VaultError};
use rusqlite::{Connection, Transaction};

use crate::Stopped;

pub(crate) const CODE: &[u8] = b"cinco palabras de prueba";
/// The code's derivation is not what is measured: this one takes a tenth of a millisecond.
pub(crate) const COST: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
/// Bytes that media may take.
const RESERVE: u64 = 4 << 30;
const PIECE: usize = 1 << 16;

impl From<VaultError> for Stopped {
    fn from(error: VaultError) -> Self {
        Self(error.to_string())
    }
}

impl From<rusqlite::Error> for Stopped {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

/// An open vault. Dropping it locks it.
pub(crate) struct Ours(Vault);

impl Ours {
    pub(crate) fn create(dir: &Path) -> Result<Self, Stopped> {
        let mut vault = Vault::create(dir, CODE, COST)?;
        vault.set_reserve(RESERVE)?;
        Ok(Self(vault))
    }

    pub(crate) fn open(dir: &Path) -> Result<Self, Stopped> {
        Ok(Self(Vault::open(dir, CODE)?))
    }

    pub(crate) fn write<T>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Stopped> {
        Ok(self.0.write("bench", write)?)
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Stopped> {
        Ok(self.0.read(read)?)
    }

    /// Bytes that the records need: the pages of the database, and what stands beside them.
    pub(crate) fn live(&self) -> Result<u64, Stopped> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        self.read(|db| db.query_row(sql, [], |row| row.get(0)))
    }

    /// Takes a file in, a piece at a time; durable when this returns.
    pub(crate) fn take_in(&mut self, path: &Path) -> Result<MediumId, Stopped> {
        let mut source = File::open(path)?;
        let mut writer = self.0.begin_medium()?;
        let mut piece = vec![0; PIECE];
        loop {
            let n = source.read(&mut piece)?;
            if n == 0 {
                break;
            }
            writer.write(piece.get(..n).unwrap_or_default())?;
        }
        let medium = writer.finish()?;
        self.record(&medium)
    }

    /// The same for bytes in memory.
    pub(crate) fn save(&mut self, bytes: &[u8]) -> Result<MediumId, Stopped> {
        let mut writer = self.0.begin_medium()?;
        writer.write(bytes)?;
        let medium = writer.finish()?;
        self.record(&medium)
    }

    fn record(&mut self, medium: &FinishedMedium) -> Result<MediumId, Stopped> {
        self.0.write("medium", |tx| medium.record(tx))?;
        Ok(medium.id)
    }

    /// The only medium.
    pub(crate) fn medium(&self) -> Result<MediaReader, Stopped> {
        let media = self.0.media()?;
        let id = media.first().ok_or_else(|| Stopped("no medium".into()))?;
        Ok(self.0.read_medium(id)?)
    }

    pub(crate) fn forget(&mut self, id: &MediumId) -> Result<(), Stopped> {
        Ok(self.0.delete_medium(id)?)
    }
}
