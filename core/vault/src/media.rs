// SPDX-License-Identifier: MPL-2.0
//! Media (spec/vault.md §9): cells of 64 KiB, sealed as they come under a chain of keys. What a
//! writer holds opens nothing that it already wrote; a killed recording leaves a sealed, whole
//! prefix. What is small stands among the records instead of filling a cell.

pub(crate) mod chain;
mod reader;
mod writer;

use std::sync::{Arc, Mutex};

use amate_seal::secret::Secret;
use rusqlite::{OptionalExtension, Transaction};

pub use reader::MediaReader;
pub use writer::{FinishedMedium, MediaWriter};

use crate::{Extent, Vault, VaultError, cells::Cells, geometry::Which};

/// Names a medium: random.
pub type MediumId = [u8; 16];

/// Media up to this many bytes stand among the records.
const INLINE: usize = 16 * 1024;
/// Bytes that all media together may take where the file grows by itself, unless the vault says
/// otherwise.
const RESERVE: u64 = 1024 * 1024 * 1024;

/// A cell of a medium, and the bytes of content in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) cell: u32,
    pub(crate) len: u32,
}

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

/// A row of the table, as far as reading needs it.
struct Row {
    key: Secret<32>,
    length: u64,
    pieces: Vec<Piece>,
    small: Option<zeroize::Zeroizing<Vec<u8>>>,
}

impl Vault {
    /// Begins a medium: its key is durable before its first byte.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] when the reserve is used up.
    pub fn begin_medium(&mut self) -> Result<MediaWriter, VaultError> {
        let random = self.container().random().clone();
        let (id, key): (MediumId, Secret<32>) = (random.bytes(), random.secret());
        let room = self.room()?;
        if room == 0 {
            return Err(VaultError::NoSpace);
        }
        let cells = self.cells()?;
        let first = writer::lock(&cells).take(self.container())?;
        let begun = self.write("begin medium", |tx| {
            tx.execute(
                "INSERT INTO media(id, key, state, length, first) VALUES(?1, ?2, 'open', 0, ?3)",
                (id, key.expose(), first),
            )
        });
        if let Err(error) = begun {
            writer::lock(&cells).release([first]);
            return Err(error);
        }
        Ok(MediaWriter::new(self.container().clone(), cells, id, key, first, room))
    }

    /// Reads a medium.
    ///
    /// # Errors
    /// [`VaultError::NoMedium`]; [`VaultError::Damaged`] when it is shorter than it was.
    pub fn read_medium(&self, id: &MediumId) -> Result<MediaReader, VaultError> {
        let row = self.row(id)?;
        let container = self.container().clone();
        match row.small {
            Some(content) => MediaReader::of_small(container, *id, &content),
            None => MediaReader::of_cells(container, *id, row.key, row.pieces, row.length),
        }
    }

    /// Reads a medium that is finished and not yet recorded.
    ///
    /// # Errors
    /// As [`Vault::read_medium`].
    pub fn read_medium_unrecorded(
        &self,
        medium: &FinishedMedium,
    ) -> Result<MediaReader, VaultError> {
        let container = self.container().clone();
        if let Some(content) = &medium.small {
            return MediaReader::of_small(container, medium.id, content);
        }
        let key = self.row(&medium.id)?.key;
        MediaReader::of_cells(container, medium.id, key, medium.pieces.clone(), medium.length)
    }

    fn row(&self, id: &MediumId) -> Result<Row, VaultError> {
        let row = self.read(|db| {
            db.query_row(
                "SELECT key, length, pieces, small FROM media WHERE id = ?1",
                [id],
                |row| {
                    let small: Option<Vec<u8>> = row.get(3)?;
                    Ok(Row {
                        key: Secret::new(row.get(0)?),
                        length: row.get(1)?,
                        pieces: decode_pieces(row.get::<_, Option<Vec<u8>>>(2)?.as_deref()),
                        small: small.map(zeroize::Zeroizing::new),
                    })
                },
            )
            .optional()
        })?;
        row.ok_or(VaultError::NoMedium)
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

    /// Deletes a medium: its key is forgotten in a commit, and after the next lock nothing of it
    /// can be opened, also with the code.
    ///
    /// # Errors
    /// SQLite's and the file system's.
    pub fn delete_medium(&mut self, id: &MediumId) -> Result<(), VaultError> {
        let pieces = match self.row(id) {
            Err(VaultError::NoMedium) => return Ok(()),
            row => row?.pieces,
        };
        let cells = self.cells()?;
        self.write("delete medium", |tx| tx.execute("DELETE FROM media WHERE id = ?1", [id]))?;
        let mut cells = writer::lock(&cells);
        let unrecorded = cells.forget_unrecorded(id);
        cells.release(unrecorded);
        cells.release(pieces.iter().map(|piece| piece.cell));
        Ok(())
    }

    /// Bytes that all media together may take.
    ///
    /// # Errors
    /// SQLite's.
    pub fn reserve(&self) -> Result<u64, VaultError> {
        let (geometry, extents) = self.container().geometry()?;
        if !geometry.grows {
            let cells: u64 = extents.iter().map(|extent| u64::from(extent.cells)).sum();
            let cells = (u64::from(geometry.cells) + cells) / u64::from(geometry.halves);
            return Ok(cells * chain::DATA as u64);
        }
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
        let (geometry, _) = self.container().geometry()?;
        let cells = self.cells()?;
        if !geometry.grows {
            let (free, _) = writer::lock(&cells).free();
            return Ok(u64::from(free) * chain::DATA as u64);
        }
        let used = u64::from(writer::lock(&cells).used()) * chain::DATA as u64;
        Ok(self.reserve()?.saturating_sub(used))
    }

    /// Gives media so much room. Where the files grow by themselves it is the most that they may
    /// take; elsewhere cells are added to both halves, for good. What is there stays.
    ///
    /// # Errors
    /// SQLite's; [`VaultError::NoSpace`] with everything as it was.
    pub fn set_reserve(&mut self, bytes: u64) -> Result<(), VaultError> {
        let (geometry, _) = self.container().geometry()?;
        if geometry.grows {
            self.write("set reserve", |tx| {
                tx.execute("INSERT OR REPLACE INTO reserve(id, bytes) VALUES(1, ?1)", [bytes])
            })?;
            return Ok(());
        }
        let more = bytes.saturating_sub(self.reserve()?).div_ceil(chain::DATA as u64);
        let cells = u32::try_from(more * u64::from(geometry.halves)).unwrap_or(u32::MAX);
        match cells.checked_next_multiple_of(2) {
            Some(0) => Ok(()),
            Some(cells) => self.grow(Extent { pages: 0, cells }),
            None => Err(VaultError::NoSpace),
        }
    }

    /// Media that stand in cells.
    pub(crate) fn media_in_cells(&self) -> Result<Vec<MediumId>, VaultError> {
        self.read(|db| {
            db.prepare("SELECT id FROM media WHERE pieces IS NOT NULL AND small IS NULL")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// In a vault that comes out of a backup: the rows speak of cells of another container.
    pub(crate) fn forget_media_in_cells(&mut self) -> Result<(), VaultError> {
        self.write("media of a backup", |tx| {
            tx.execute("DELETE FROM media WHERE state = 'open'", [])?;
            tx.execute("UPDATE media SET pieces = x'' WHERE small IS NULL", [])
        })?;
        Ok(())
    }

    /// Takes the content of a medium out of a backup, and compares it with what the records say.
    pub(crate) fn take_back(
        &mut self,
        id: &MediumId,
        content: &mut impl std::io::Read,
        length: u64,
    ) -> Result<(), VaultError> {
        let known = self.medium(id).map_err(|_| VaultError::Damaged)?;
        // B-5: as long as the records say.
        if known.length != length {
            return Err(VaultError::Damaged);
        }
        let key: Secret<32> = self.container().random().secret();
        let cells = self.cells()?;
        let first = writer::lock(&cells).take(self.container())?;
        let container = self.container().clone();
        let mut writer = MediaWriter::new(container, cells, *id, key.clone(), first, length);
        let mut buffer = zeroize::Zeroizing::new(vec![0; crate::CELL]);
        loop {
            let n = content.read(&mut buffer).map_err(|_| VaultError::Damaged)?;
            if n == 0 {
                break;
            }
            writer.write(buffer.get(..n).unwrap_or_default())?;
        }
        let finished = writer.finish_in_cells()?;
        if finished.length != known.length || finished.sha256 != known.sha256 {
            return Err(VaultError::Damaged);
        }
        self.write("medium of a backup", |tx| {
            tx.execute(
                "UPDATE media SET key = ?2, first = ?3, pieces = ?4 WHERE id = ?1",
                (id, key.expose(), first, encode_pieces(&finished.pieces)),
            )
        })?;
        Ok(())
    }

    /// The cells of this volume, known from the records when they are first needed.
    pub(crate) fn cells(&self) -> Result<Arc<Mutex<Cells>>, VaultError> {
        self.cells_or(|vault| {
            let pieces: Vec<Vec<u8>> = vault.read(|db| {
                db.prepare("SELECT pieces FROM media WHERE pieces IS NOT NULL")?
                    .query_map([], |row| row.get(0))?
                    .collect()
            })?;
            Ok(pieces.iter().flat_map(|bytes| decode_pieces(Some(bytes))).map(|p| p.cell).collect())
        })
    }
}

pub(crate) fn create_table(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch(
        "CREATE TABLE media(
             id BLOB PRIMARY KEY, key BLOB NOT NULL, state TEXT NOT NULL,
             length INTEGER NOT NULL, sha256 BLOB,
             first INTEGER NOT NULL,   -- cell of the beginning
             pieces BLOB,              -- u32(cell) ‖ u32(bytes) of each, once it is known
             small BLOB                -- content, when it takes no cells
         ) STRICT;
         CREATE INDEX media_open ON media(id) WHERE state = 'open';
         CREATE TABLE reserve(id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;",
    )
}

/// Walks each medium that was being written when the vault was last open and whose writer is gone,
/// and records the prefix that opens. Nothing may be allocated before.
pub(crate) fn walk_open(vault: &mut Vault) -> Result<(), VaultError> {
    let open: Vec<MediumId> = vault.read(|db| {
        db.prepare("SELECT id FROM media WHERE state = 'open'")?
            .query_map([], |row| row.get(0))?
            .collect()
    })?;
    for id in open {
        if vault.is_being_written(&id) {
            continue;
        }
        let (key, first) = vault.read(|db| {
            db.query_row("SELECT key, first FROM media WHERE id = ?1", [id], |row| {
                Ok((Secret::new(row.get(0)?), row.get(1)?))
            })
        })?;
        // A killed recorder's cells may be in memory alone: what is recorded must be durable.
        vault.container().layer()?.sync(Which::Reserve)?;
        let prefix = reader::walk(vault.container(), id, key, first)?;
        let state = if prefix.ended { "whole" } else { "prefix" };
        vault.write("walk medium", |tx| {
            tx.execute(
                "UPDATE media SET state = ?2, length = ?3, sha256 = ?4, pieces = ?5 WHERE id = ?1",
                (id, state, prefix.length, prefix.sha256, encode_pieces(&prefix.pieces)),
            )
        })?;
        vault.mark_walked(&id, prefix.pieces.iter().map(|piece| piece.cell));
    }
    Ok(())
}

fn encode_pieces(pieces: &[Piece]) -> Vec<u8> {
    pieces
        .iter()
        .flat_map(|piece| piece.cell.to_be_bytes().into_iter().chain(piece.len.to_be_bytes()))
        .collect()
}

fn decode_pieces(bytes: Option<&[u8]>) -> Vec<Piece> {
    let numbers = bytes.unwrap_or_default().as_chunks::<4>().0.as_chunks::<2>().0;
    numbers
        .iter()
        .map(|[cell, len]| Piece { cell: u32::from_be_bytes(*cell), len: u32::from_be_bytes(*len) })
        .collect()
}
