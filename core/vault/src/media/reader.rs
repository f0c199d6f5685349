// SPDX-License-Identifier: MPL-2.0
//! Reading a medium: from its beginning, or any range; one cell in memory.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use amate_seal::{hash::Hasher, secret::Secret};
use zeroize::Zeroizing;

use super::{
    MediumId, Piece,
    chain::{Chain, DATA},
};
use crate::{
    VaultError,
    container::Container,
    geometry::{CELL, Place},
};

/// States of the chain are kept for every so many cells, so that a range is found in few steps.
const KEPT: u64 = 64;

/// Content of a medium. Reading goes on from where it stands; [`MediaReader::seek_to`] moves it.
pub struct MediaReader {
    container: Container,
    pieces: Vec<Piece>,
    /// Offset of the content of each piece.
    offsets: Vec<u64>,
    kept: Vec<Chain>,
    /// In a box, as in the writer: a reader that moves leaves no key behind.
    chain: Box<Chain>,
    next: usize,
    plain: Box<Zeroizing<[u8; CELL]>>,
    ready: usize,
    given: usize,
    length: u64,
}

/// What a walk found.
pub(super) struct Prefix {
    pub(super) pieces: Vec<Piece>,
    pub(super) length: u64,
    pub(super) sha256: [u8; 32],
    pub(super) ended: bool,
}

impl MediaReader {
    /// Of a medium in cells.
    pub(super) fn of_cells(
        container: Container,
        id: MediumId,
        key: Secret<32>,
        pieces: Vec<Piece>,
        length: u64,
    ) -> Result<Self, VaultError> {
        let mut all = 0;
        let mut offsets = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            offsets.push(all);
            all += u64::from(piece.len);
        }
        let chain = Box::new(Chain::new(id, key));
        // All the room at once: a vector that moves leaves its old bytes behind.
        let mut kept = Vec::with_capacity(1 + pieces.len() / KEPT as usize);
        kept.push(Chain::clone(&chain));
        let plain = Box::new(Zeroizing::new([0; CELL]));
        let reader = Self {
            container,
            pieces,
            offsets,
            kept,
            chain,
            next: 0,
            plain,
            ready: 0,
            given: 0,
            length,
        };
        if all < length { Err(VaultError::Damaged) } else { Ok(reader) }
    }

    /// Of a small medium, which stands among the records.
    pub(super) fn of_small(
        container: Container,
        id: MediumId,
        content: &[u8],
    ) -> Result<Self, VaultError> {
        let length = content.len() as u64;
        let key = Secret::new([0; 32]);
        let mut reader = Self::of_cells(container, id, key, Vec::new(), 0)?;
        let place = reader.plain.get_mut(Chain::CONTENT..Chain::CONTENT + content.len());
        place.ok_or(VaultError::Damaged)?.copy_from_slice(content);
        reader.ready = content.len();
        reader.length = length;
        Ok(reader)
    }

    /// Bytes of content.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Goes to a byte of the content.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the cell there does not open; beyond the end reads give
    /// nothing.
    pub fn seek_to(&mut self, offset: u64) -> Result<(), VaultError> {
        if self.pieces.is_empty() {
            self.given = usize::try_from(offset).unwrap_or(usize::MAX).min(self.ready);
            return Ok(());
        }
        let at = self.offsets.partition_point(|start| *start <= offset).saturating_sub(1);
        let before = (at as u64 / KEPT).min(self.kept.len() as u64 - 1) as usize;
        if let Some(chain) = self.kept.get(before) {
            *self.chain = chain.clone();
        }
        while self.chain.index() < at as u64 {
            self.chain.step();
            self.keep();
        }
        self.next = at;
        (self.ready, self.given) = (0, 0);
        let start = self.offsets.get(at).copied().unwrap_or_default();
        self.open_cell().map_err(|_| VaultError::Damaged)?;
        self.given = usize::try_from(offset - start).unwrap_or(usize::MAX).min(self.ready);
        Ok(())
    }

    fn open_cell(&mut self) -> io::Result<bool> {
        let Some(piece) = self.pieces.get(self.next).copied() else { return Ok(false) };
        (self.ready, self.given) = (0, 0);
        let opened = read_cell(&self.container, &mut self.chain, piece.cell, &mut self.plain)
            .map_err(|_| ErrorKind::InvalidData)?;
        if opened.len != piece.len as usize {
            return Err(ErrorKind::InvalidData.into());
        }
        self.keep();
        self.next += 1;
        self.ready = opened.len;
        Ok(true)
    }

    fn keep(&mut self) {
        if self.chain.index() == self.kept.len() as u64 * KEPT {
            self.kept.push(Chain::clone(&self.chain));
        }
    }

    fn position(&self) -> u64 {
        let before = self.next.checked_sub(1).and_then(|at| self.offsets.get(at));
        before.copied().unwrap_or_default() + self.given as u64
    }
}

impl Read for MediaReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready {
            if !self.open_cell()? {
                return Ok(0);
            }
        }
        let left = usize::try_from(self.length.saturating_sub(self.position())).unwrap_or(DATA);
        let start = Chain::CONTENT + self.given;
        let n = (self.ready - self.given).min(out.len()).min(left);
        let ready = self.plain.get(start..start + n).unwrap_or_default();
        if let Some(out) = out.get_mut(..n) {
            out.copy_from_slice(ready);
        }
        self.given += n;
        Ok(n)
    }
}

impl Seek for MediaReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position().checked_add_signed(by),
        };
        let target = target.ok_or(ErrorKind::InvalidInput)?;
        self.seek_to(target).map_err(|_| ErrorKind::InvalidData)?;
        Ok(target)
    }
}

/// Opens cells from the first one on until one does not.
pub(super) fn walk(
    container: &Container,
    id: MediumId,
    key: Secret<32>,
    first: u32,
) -> Result<Prefix, VaultError> {
    let mut prefix = Prefix { pieces: Vec::new(), length: 0, sha256: [0; 32], ended: false };
    let mut hasher = Hasher::default();
    let mut chain = Chain::new(id, key);
    let mut plain = Box::new(Zeroizing::new([0; CELL]));
    let cells = container.layer()?.layout.cells();
    let mut cell = first;
    while cell < cells && !prefix.ended {
        let Ok(opened) = read_cell(container, &mut chain, cell, &mut plain) else { break };
        let content = plain.get(Chain::CONTENT..Chain::CONTENT + opened.len);
        hasher.update(content.unwrap_or_default());
        prefix.pieces.push(Piece { cell, len: opened.len as u32 });
        prefix.length += opened.len as u64;
        prefix.ended = opened.end;
        cell = opened.next;
    }
    prefix.sha256 = hasher.finish();
    Ok(prefix)
}

fn read_cell(
    container: &Container,
    chain: &mut Chain,
    cell: u32,
    plain: &mut [u8; CELL],
) -> Result<super::chain::Opened, VaultError> {
    container.layer()?.read(Place::Cell(cell), plain)?;
    chain.open(plain, cell).map_err(|_| VaultError::Damaged)
}
