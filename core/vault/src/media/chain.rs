// SPDX-License-Identifier: MPL-2.0
//! The capture chain (spec/vault.md §9): cell `i` under a key from `kᵢ`, then
//! `kᵢ₊₁ = derive(kᵢ)` and `kᵢ` is wiped. Each cell names the place of the next one.

use amate_seal::{CannotOpen, aead, kdf::derive, secret::Secret};

use super::MediumId;
use crate::geometry::CELL;

/// Length, next cell, flags, reserved.
const HEAD: usize = 12;
/// Bytes of content in a full cell.
pub(crate) const DATA: usize = CELL - HEAD - aead::TAG_LEN;
const END: u8 = 1;

/// Place in the chain of a medium.
#[derive(Clone)]
pub(crate) struct Chain {
    id: MediumId,
    key: Secret<32>,
    index: u64,
}

/// What a cell holds besides its content, which begins at [`Chain::CONTENT`].
pub(crate) struct Opened {
    pub(crate) len: usize,
    pub(crate) next: u32,
    pub(crate) end: bool,
}

impl Chain {
    /// Offset of the content in an opened cell.
    pub(crate) const CONTENT: usize = HEAD;

    pub(crate) fn new(id: MediumId, key: Secret<32>) -> Self {
        Self { id, key, index: 0 }
    }

    pub(super) fn index(&self) -> u64 {
        self.index
    }

    /// Makes a cell in place: `cell` has room for a head, then `len` bytes of content.
    pub(super) fn seal(
        &mut self,
        cell: &mut [u8; CELL],
        len: usize,
        place: u32,
        next: Option<u32>,
    ) {
        let (body, tag) = cell.split_at_mut(CELL - aead::TAG_LEN);
        let (head, data) = body.split_at_mut(HEAD);
        let next_place = next.unwrap_or(u32::MAX);
        let numbers = (len as u32).to_be_bytes().into_iter().chain(next_place.to_be_bytes());
        let flags = [if next.is_none() { END } else { 0 }, 0, 0, 0];
        head.iter_mut().zip(numbers.chain(flags)).for_each(|(to, from)| *to = from);
        data.iter_mut().skip(len).for_each(|byte| *byte = 0);
        let sealed = aead::seal_once(&self.cell_key(), &self.aad(place), body);
        tag.copy_from_slice(&sealed);
        self.step();
    }

    /// Opens the next cell in place. On failure nothing of it is left and the chain stands still.
    pub(crate) fn open(&mut self, cell: &mut [u8; CELL], place: u32) -> Result<Opened, CannotOpen> {
        let (body, tag) = cell.split_at_mut(CELL - aead::TAG_LEN);
        let tag = tag.first_chunk().ok_or(CannotOpen)?;
        aead::open_once(&self.cell_key(), &self.aad(place), body, tag)?;
        self.step();
        let (len, rest) = body.split_first_chunk::<4>().ok_or(CannotOpen)?;
        let (next, rest) = rest.split_first_chunk::<4>().ok_or(CannotOpen)?;
        let len = u32::from_be_bytes(*len) as usize;
        if len > DATA {
            return Err(CannotOpen);
        }
        let end = rest.first().is_some_and(|flags| flags & END == END);
        Ok(Opened { len, next: u32::from_be_bytes(*next), end })
    }

    pub(crate) fn step(&mut self) {
        self.key = derive(self.key.expose(), "amate/v1/vault/media/next", &[]);
        self.index += 1;
    }

    fn cell_key(&self) -> Secret<32> {
        derive(self.key.expose(), "amate/v1/vault/media/cell", &[])
    }

    /// `"cell" ‖ medium ‖ u64(index) ‖ u32(place)`.
    fn aad(&self, place: u32) -> Vec<u8> {
        let (index, place) = (self.index.to_be_bytes(), place.to_be_bytes());
        [b"cell".as_slice(), &self.id, &index, &place].concat()
    }
}
