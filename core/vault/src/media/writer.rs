// SPDX-License-Identifier: MPL-2.0
//! Writing a medium while it is made.

use std::{
    fmt,
    io::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use amate_seal::{hash::Hasher, secret::Secret};
use rusqlite::Transaction;
use zeroize::Zeroizing;

use super::{
    INLINE, MediumId, Piece,
    chain::{Chain, DATA},
    encode_pieces,
};
use crate::{
    VaultError,
    cells::{Cells, Taken},
    container::Container,
    geometry::{CELL, Place, Which},
};

/// Takes bytes, seals them cell by cell. Works on when the vault is locked meanwhile: of the
/// content it holds the key of what comes next alone. Dropped without an end, what is durable is
/// found at the next unlock and kept as a prefix.
pub struct MediaWriter {
    container: Container,
    cells: Arc<Mutex<Cells>>,
    taken: Taken,
    id: MediumId,
    /// In a box: a writer that moves leaves no key and no content behind.
    chain: Box<Chain>,
    /// Where the next cell goes.
    next: u32,
    pieces: Vec<Piece>,
    /// Content of the next cell, behind room for its head.
    cell: Box<Zeroizing<[u8; CELL]>>,
    filled: usize,
    hasher: Box<Hasher>,
    length: u64,
    room: u64,
    /// A cell could not be written: nothing goes behind it.
    failed: bool,
    ended: bool,
}

/// A medium that is whole; [`FinishedMedium::record`] makes it known. In cells it is durable
/// already; a small one becomes durable with its record.
#[derive(Clone, PartialEq, Eq)]
pub struct FinishedMedium {
    /// Its name.
    pub id: MediumId,
    /// Bytes of content.
    pub length: u64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    pub(super) pieces: Vec<Piece>,
    pub(super) small: Option<Zeroizing<Vec<u8>>>,
}

impl MediaWriter {
    pub(super) fn new(
        container: Container,
        cells: Arc<Mutex<Cells>>,
        id: MediumId,
        key: Secret<32>,
        first: u32,
        room: u64,
    ) -> Self {
        let taken = {
            let mut cells = lock(&cells);
            cells.begin(id);
            cells.taken()
        };
        Self {
            container,
            cells,
            taken,
            id,
            chain: Box::new(Chain::new(id, key)),
            next: first,
            pieces: Vec::new(),
            cell: Box::new(Zeroizing::new([0; CELL])),
            filled: 0,
            hasher: Box::default(),
            length: 0,
            room,
            failed: false,
            ended: false,
        }
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

    /// Takes bytes. Full cells are written, sealed; durable only after
    /// [`MediaWriter::make_durable`] or the end.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] for disk or reserve; what was durable stays. [`VaultError::Locked`]
    /// when another volume has taken the half meanwhile.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), VaultError> {
        let added = bytes.len() as u64;
        if self.length + added > self.room {
            return Err(VaultError::NoSpace);
        }
        while !bytes.is_empty() {
            if self.filled == DATA {
                self.seal_cell(false)?;
            }
            let (now, later) = bytes.split_at((DATA - self.filled).min(bytes.len()));
            let start = Chain::CONTENT + self.filled;
            if let Some(to) = self.cell.get_mut(start..start + now.len()) {
                to.copy_from_slice(now);
            }
            // Hash and length are of what was taken, also when the rest finds no room.
            self.hasher.update(now);
            self.length += now.len() as u64;
            self.filled += now.len();
            bytes = later;
        }
        Ok(())
    }

    /// Everything taken so far survives a kill when this returns. What does not fill a cell takes
    /// one all the same.
    ///
    /// # Errors
    /// As [`MediaWriter::write`].
    pub fn make_durable(&mut self) -> Result<(), VaultError> {
        if self.filled > 0 {
            self.seal_cell(false)?;
        }
        self.container.layer()?.sync(Which::Reserve)
    }

    /// Seals the end and makes the cells durable. The vault learns it by
    /// [`FinishedMedium::record`], in the same commit as the record that needs it.
    ///
    /// # Errors
    /// As [`MediaWriter::write`].
    pub fn finish(mut self) -> Result<FinishedMedium, VaultError> {
        if !self.pieces.is_empty() || self.filled > INLINE {
            return self.finish_in_cells();
        }
        lock(&self.cells).release([self.next]);
        let content = self.cell.get(Chain::CONTENT..Chain::CONTENT + self.filled);
        let small = Zeroizing::new(content.unwrap_or_default().to_vec());
        Ok(self.finished(Some(small)))
    }

    /// The same, in cells however small it is.
    pub(super) fn finish_in_cells(mut self) -> Result<FinishedMedium, VaultError> {
        self.seal_cell(true)?;
        self.container.layer()?.sync(Which::Reserve)?;
        Ok(self.finished(None))
    }

    fn finished(&mut self, small: Option<Zeroizing<Vec<u8>>>) -> FinishedMedium {
        self.ended = true;
        FinishedMedium {
            id: self.id,
            length: self.length,
            sha256: std::mem::take(&mut *self.hasher).finish(),
            pieces: self.pieces.clone(),
            small,
        }
    }

    fn seal_cell(&mut self, end: bool) -> Result<(), VaultError> {
        self.taken.check()?;
        if self.failed {
            return Err(VaultError::NoSpace);
        }
        // Until it is written: a cell that is missing in the middle must not be passed over.
        self.failed = true;
        let following = if end { None } else { Some(lock(&self.cells).take(&self.container)?) };
        let place = self.next;
        self.chain.seal(&mut self.cell, self.filled, place, following);
        self.pieces.push(Piece { cell: place, len: self.filled as u32 });
        self.filled = 0;
        self.next = following.unwrap_or(place);
        // Named by the cell before it, perhaps in another session.
        let outside = lock(&self.cells).goes_outside(place, &self.container);
        let mut layer = self.container.layer()?;
        self.taken.check()?;
        if outside {
            layer.full_pass_is_due(self.container.device())?;
        }
        layer.write(Place::Cell(place), self.cell.as_mut_slice())?;
        drop(layer);
        self.failed = false;
        Ok(())
    }
}

impl Drop for MediaWriter {
    fn drop(&mut self) {
        let mut cells = lock(&self.cells);
        cells.end(self.id, &self.pieces);
        // The one that was to come next was never written.
        if !self.ended {
            cells.release([self.next]);
        }
        // A recorder may end on a thread of its own, while the vault is locked.
        crate::records::wipe_stack();
    }
}

impl FinishedMedium {
    /// Makes it known to the vault.
    ///
    /// # Errors
    /// SQLite's; [`rusqlite::Error::StatementChangedRows`] when the medium was deleted meanwhile:
    /// nothing may name it.
    pub fn record(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let small = self.small.as_ref().map(|bytes| bytes.as_slice());
        let known = tx.execute(
            "UPDATE media SET state = 'whole', length = ?2, sha256 = ?3, pieces = ?4, small = ?5
             WHERE id = ?1",
            (self.id, self.length, self.sha256, encode_pieces(&self.pieces), small),
        )?;
        if known == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(known)) }
    }
}

impl fmt::Debug for FinishedMedium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FinishedMedium").field("length", &self.length).finish_non_exhaustive()
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

pub(super) fn lock(cells: &Mutex<Cells>) -> MutexGuard<'_, Cells> {
    cells.lock().unwrap_or_else(PoisonError::into_inner)
}
