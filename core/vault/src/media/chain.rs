// SPDX-License-Identifier: MPL-2.0
//! The key chain: cell `i` under a key from `kᵢ`, then `kᵢ₊₁ = derive(kᵢ)` and `kᵢ` is wiped.

use amate_seal::{CannotOpen, aead, kdf::derive, secret::Secret};

/// Data bytes of a full chunk.
pub(super) const CHUNK: usize = 65_536;
/// Bytes around the data of a chunk.
pub(super) const FRAMING: u64 = 4 + aead::TAG_LEN as u64;

/// Place in the chain.
#[derive(Clone)]
pub(super) struct Chain {
    key: Secret<32>,
    index: u64,
}

impl Chain {
    pub(super) fn new(key: Secret<32>) -> Self {
        Self { key, index: 0 }
    }

    pub(super) fn index(&self) -> u64 {
        self.index
    }

    /// Makes the record of the next chunk in place: `record` holds four bytes for the length, then
    /// the data; afterwards nothing of the data is left in it.
    pub(super) fn seal(&mut self, record: &mut Vec<u8>, end: bool) {
        let Some((head, data)) = record.split_first_chunk_mut::<4>() else { return };
        *head = (data.len() as u32).to_be_bytes();
        let tag = aead::seal_once(&self.cell_key(), &self.aad(data.len(), end), data);
        record.extend_from_slice(&tag);
        self.step();
    }

    /// Opens the next chunk in place; gives whether it was the last.
    pub(super) fn open(&mut self, data: &mut [u8], tag: &[u8; 16]) -> Result<bool, CannotOpen> {
        let key = self.cell_key();
        let mut copy = data.to_vec();
        if aead::open_once(&key, &self.aad(data.len(), false), &mut copy, tag).is_ok() {
            data.copy_from_slice(&copy);
            zeroize::Zeroize::zeroize(&mut copy);
            self.step();
            return Ok(false);
        }
        aead::open_once(&key, &self.aad(data.len(), true), data, tag)?;
        self.step();
        Ok(true)
    }

    pub(super) fn step(&mut self) {
        self.key = derive(self.key.expose(), "amate/v1/vault/media/next", &[]);
        self.index += 1;
    }

    fn cell_key(&self) -> Secret<32> {
        derive(self.key.expose(), "amate/v1/vault/media/cell", &[])
    }

    fn aad(&self, len: usize, end: bool) -> Vec<u8> {
        let mut aad = self.index.to_be_bytes().to_vec();
        aad.extend_from_slice(&(len as u64).to_be_bytes());
        aad.push(u8::from(end));
        aad
    }
}
