// SPDX-License-Identifier: MPL-2.0
//! Writing a medium while it is made.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
};

use amate_seal::{hash::Hasher, secret::Secret};
use rusqlite::Transaction;
use zeroize::Zeroizing;

use super::{
    MediumId,
    chain::{CHUNK, Chain, FRAMING},
};
use crate::VaultError;

/// Takes bytes, seals them chunk by chunk. Works on when the vault is locked meanwhile: it holds
/// its chain key alone. Dropped without an end, what is durable is kept as a prefix.
pub struct MediaWriter {
    id: MediumId,
    file: File,
    chain: Chain,
    /// Room for a length, then data of the next chunk.
    record: Zeroizing<Vec<u8>>,
    hasher: Hasher,
    length: u64,
    room: u64,
}

/// A medium whose file is whole and durable; [`FinishedMedium::record`] makes it known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedMedium {
    /// Its name.
    pub id: MediumId,
    /// Bytes of content.
    pub length: u64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

impl MediaWriter {
    pub(super) fn create(
        path: &Path,
        id: MediumId,
        key: Secret<32>,
        room: u64,
    ) -> Result<Self, VaultError> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Self {
            id,
            file,
            chain: Chain::new(key),
            record: empty_record(),
            hasher: Hasher::default(),
            length: 0,
            room,
        })
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> MediumId {
        self.id
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Takes bytes. Full chunks go to the file, sealed; durable only after
    /// [`MediaWriter::make_durable`] or the end.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] for disk or reserve; what was durable stays.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), VaultError> {
        let added = bytes.len() as u64;
        if self.length + added > self.room {
            return Err(VaultError::NoSpace);
        }
        self.hasher.update(bytes);
        while !bytes.is_empty() {
            if self.record.len() == HEAD + CHUNK {
                self.seal_chunk(false)?;
            }
            let room = HEAD + CHUNK - self.record.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.record.extend_from_slice(now);
            bytes = later;
        }
        self.length += added;
        Ok(())
    }

    /// Everything taken so far survives a kill when this returns.
    ///
    /// # Errors
    /// As [`MediaWriter::write`].
    pub fn make_durable(&mut self) -> Result<(), VaultError> {
        if self.record.len() > HEAD {
            self.seal_chunk(false)?;
        }
        Ok(self.file.sync_data()?)
    }

    /// Seals the end and makes the file durable. The vault learns it by
    /// [`FinishedMedium::record`], in the same commit as the record that needs it.
    ///
    /// # Errors
    /// As [`MediaWriter::write`].
    pub fn finish(mut self) -> Result<FinishedMedium, VaultError> {
        self.seal_chunk(true)?;
        self.file.sync_all()?;
        Ok(FinishedMedium { id: self.id, length: self.length, sha256: self.hasher.finish() })
    }

    fn seal_chunk(&mut self, end: bool) -> Result<(), VaultError> {
        self.chain.seal(&mut self.record, end);
        let written = self.file.write_all(&self.record);
        self.record.truncate(HEAD);
        Ok(written?)
    }
}

/// Bytes of a record before its data.
const HEAD: usize = 4;

/// Never grows, so that no copy of data stays behind in freed memory.
fn empty_record() -> Zeroizing<Vec<u8>> {
    let mut record = Vec::with_capacity(CHUNK + FRAMING as usize);
    record.extend_from_slice(&[0; HEAD]);
    Zeroizing::new(record)
}

impl FinishedMedium {
    /// Makes it known to the vault.
    ///
    /// # Errors
    /// SQLite's.
    pub fn record(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        tx.execute(
            "UPDATE media SET state = 'whole', length = ?2, sha256 = ?3 WHERE id = ?1",
            (self.id, self.length, self.sha256),
        )?;
        Ok(())
    }
}

impl Write for MediaWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match Self::write(self, bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(VaultError::Io(error)) => Err(error),
            Err(VaultError::NoSpace) => Err(std::io::ErrorKind::StorageFull.into()),
            Err(_) => Err(std::io::ErrorKind::Other.into()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
