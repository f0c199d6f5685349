// SPDX-License-Identifier: MPL-2.0
//! Blinded blocks in, content out. Only authenticated bytes pass; padding is checked at the end.

use std::io::{self, Read};

use amate_seal::{
    age::{Identity, Reader},
    blind,
    secret::Secret,
};
use amate_wire::item::{HEADER_LEN, ItemHeader};

use super::{Seed, blind_key, item_identity, item_secret};

/// Reads the content of one item. A read gives authenticated bytes; whole is only what was read to
/// its end without an error (rules I-1, I-2).
pub struct ItemReader<S: Iterator<Item = io::Result<Vec<u8>>>> {
    reader: Reader<Unblinded<S>>,
    header: ItemHeader,
    left: u64,
}

impl<S: Iterator<Item = io::Result<Vec<u8>>>> ItemReader<S> {
    /// Begins with the first block. `sealed_len` is the sum of all blocks' sizes.
    ///
    /// # Errors
    /// `InvalidData` when the item does not open; else the supply's.
    pub fn new(seed: &Seed, index: u32, sealed_len: u64, blocks: S) -> io::Result<Self> {
        let unblinded = Unblinded {
            secret: item_secret(seed, index),
            blocks,
            number: 0,
            block: Vec::new(),
            given: 0,
        };
        let identity = Identity::Hybrid(item_identity(seed, index));
        let mut reader = Reader::new(unblinded, &[identity])?;
        let mut head = [0; HEADER_LEN];
        reader.read_exact(&mut head).map_err(|_| io::ErrorKind::InvalidData)?;
        let plain = amate_seal::age::plain_len_for(sealed_len).ok_or(io::ErrorKind::InvalidData)?;
        let header = ItemHeader::parse(&head, plain).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Self { reader, header, left: header.content_len })
    }

    /// What it holds.
    #[must_use]
    pub fn header(&self) -> ItemHeader {
        self.header
    }

    fn padding_is_zero(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4_096];
        loop {
            match self.reader.read(&mut buffer)? {
                0 => return Ok(()),
                n if buffer.iter().take(n).all(|byte| *byte == 0) => {}
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl<S: Iterator<Item = io::Result<Vec<u8>>>> Read for ItemReader<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            return self.padding_is_zero().map(|()| 0);
        }
        let most = self.left.min(out.len() as u64) as usize;
        let n = self.reader.read(out.get_mut(..most).unwrap_or_default())?;
        if n == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.left -= n as u64;
        Ok(n)
    }
}

/// The age file behind the blinded blocks.
struct Unblinded<S> {
    secret: Secret<32>,
    blocks: S,
    number: u32,
    block: Vec<u8>,
    given: usize,
}

impl<S: Iterator<Item = io::Result<Vec<u8>>>> Read for Unblinded<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() {
            match self.blocks.next() {
                None => return Ok(0),
                Some(block) => self.block = block?,
            }
            blind::apply(&blind_key(&self.secret, self.number), &mut self.block);
            self.number = self.number.checked_add(1).ok_or(io::ErrorKind::InvalidData)?;
            self.given = 0;
        }
        let ready = self.block.get(self.given..).unwrap_or_default();
        let n = ready.len().min(out.len());
        for (to, from) in out.iter_mut().zip(ready) {
            *to = *from;
        }
        self.given += n;
        Ok(n)
    }
}
