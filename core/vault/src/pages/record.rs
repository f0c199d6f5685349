// SPDX-License-Identifier: MPL-2.0
//! Records: what a commit changed (spec/vault.md §8.2). Each stands in two places, so that one bad
//! place never makes a commit vanish unnamed.

use amate_seal::{aead, hash::sha256, kdf::derive, secret::Secret};
use zeroize::Zeroizing;

use super::{Entry, PageStore, sync};
use crate::{
    VaultError,
    container::LayerGuard,
    geometry::{Place, UNIT},
};

/// Bytes of a record before sealing.
const PLAIN: usize = UNIT - 16 - aead::TAG_LEN;
const HEAD: usize = 8 + 32 + 8 + 4 + 2 + 2;
const ENTRY: usize = 4 + 4 + 32 + 16;
/// Pages that one record names.
pub(super) const ENTRIES: usize = (PLAIN - HEAD) / ENTRY;
/// The last record of its commit.
const LAST: u16 = 1;

/// Where the next record goes, and what it follows.
pub(crate) struct Chain {
    /// Fresh at each checkpoint.
    pub(crate) key: Secret<32>,
    /// Number of the next record.
    pub(crate) sequence: u64,
    /// SHA-256 of the record or root before.
    pub(crate) hash: [u8; 32],
    /// SHA-256 of the root.
    pub(crate) root_hash: [u8; 32],
    /// Both places of the next record.
    pub(crate) next: [u32; 2],
    /// Places of the records since the root.
    pub(crate) places: Vec<u32>,
    /// Commits since the root.
    pub(crate) commits: u32,
}

/// A record that opened.
pub(crate) struct Record {
    pub(crate) next: [u32; 2],
    pub(crate) pages: u32,
    pub(crate) last: bool,
    /// In boxes: a vector that moves leaves its old bytes behind.
    pub(crate) entries: Vec<(u32, Box<Entry>)>,
    pub(crate) hash: [u8; 32],
}

impl PageStore {
    /// Writes the records of a commit and makes it durable.
    pub(super) fn write_records(
        &mut self,
        layer: &mut LayerGuard<'_>,
        written: &[(u32, Box<Entry>)],
        pages: u32,
    ) -> Result<(), VaultError> {
        let mut chunks = written.chunks(ENTRIES).peekable();
        let mut more = true;
        while more {
            let entries = chunks.next().unwrap_or_default();
            more = chunks.peek().is_some();
            let next = [self.allocate()?, self.allocate()?];
            let plain = self.chain.encode(next, pages, !more, entries);
            for place in self.chain.next {
                let salt = self.container.random().bytes();
                let mut sealed = self.chain.seal(salt, &plain);
                layer.write(Place::Page(place), &mut sealed)?;
            }
            self.chain.step(sha256(&plain), next);
        }
        sync(layer)?;
        self.chain.commits += 1;
        Ok(())
    }
}

impl Chain {
    /// Goes on behind a record.
    pub(super) fn step(&mut self, hash: [u8; 32], next: [u32; 2]) {
        self.places.extend(self.next);
        self.next = next;
        self.hash = hash;
        self.sequence += 1;
    }

    fn encode(
        &self,
        next: [u32; 2],
        pages: u32,
        last: bool,
        entries: &[(u32, Box<Entry>)],
    ) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(PLAIN));
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.hash);
        for number in [next[0], next[1], pages] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&(entries.len() as u16).to_be_bytes());
        bytes.extend_from_slice(&(if last { LAST } else { 0 }).to_be_bytes());
        for (number, entry) in entries {
            bytes.extend_from_slice(&number.to_be_bytes());
            bytes.extend_from_slice(&entry.place.to_be_bytes());
            bytes.extend_from_slice(&entry.key);
            bytes.extend_from_slice(&entry.tag);
        }
        bytes.resize(PLAIN, 0);
        bytes
    }

    /// `salt ‖ ChaCha20-Poly1305(derive₃₂(record key, "amate/v1/vault/record", u64(n), salt))`.
    fn seal(&self, salt: [u8; 16], plain: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(UNIT);
        bytes.extend_from_slice(&salt);
        bytes.extend_from_slice(plain);
        let body = bytes.get_mut(16..).unwrap_or_default();
        let tag = aead::seal_once(&self.record_key(&salt), &[], body);
        bytes.extend_from_slice(&tag);
        bytes
    }

    /// The next record from one of its places; `None` when it is none, or torn.
    pub(crate) fn open(&self, bytes: &[u8]) -> Option<Record> {
        let (salt, rest) = bytes.split_first_chunk::<16>()?;
        let (body, tag) = rest.split_at_checked(PLAIN)?;
        let mut plain = Zeroizing::new(body.to_vec());
        aead::open_once(&self.record_key(salt), &[], &mut plain, tag.first_chunk()?).ok()?;
        self.parse(&plain)
    }

    fn parse(&self, plain: &[u8]) -> Option<Record> {
        let (sequence, rest) = plain.split_first_chunk::<8>()?;
        let (before, rest) = rest.split_first_chunk::<32>()?;
        let (first, rest) = rest.split_first_chunk::<4>()?;
        let (second, rest) = rest.split_first_chunk::<4>()?;
        let (pages, rest) = rest.split_first_chunk::<4>()?;
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let (flags, rest) = rest.split_first_chunk::<2>()?;
        let count = usize::from(u16::from_be_bytes(*count));
        let entries = rest.get(..count.checked_mul(ENTRY)?)?.chunks_exact(ENTRY);
        let follows = u64::from_be_bytes(*sequence) == self.sequence && *before == self.hash;
        let record = Record {
            next: [u32::from_be_bytes(*first), u32::from_be_bytes(*second)],
            pages: u32::from_be_bytes(*pages),
            last: u16::from_be_bytes(*flags) & LAST == LAST,
            entries: entries.map(parse_entry).collect::<Option<_>>()?,
            hash: sha256(plain),
        };
        follows.then_some(record)
    }

    fn record_key(&self, salt: &[u8; 16]) -> Secret<32> {
        let label = "amate/v1/vault/record";
        derive(self.key.expose(), label, &[&self.sequence.to_be_bytes(), salt])
    }
}

fn parse_entry(bytes: &[u8]) -> Option<(u32, Box<Entry>)> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    let (place, rest) = rest.split_first_chunk::<4>()?;
    let (key, tag) = rest.split_first_chunk::<32>()?;
    let place = u32::from_be_bytes(*place);
    let entry = Entry { place, key: *key, tag: tag.try_into().ok()? };
    Some((u32::from_be_bytes(*number), Box::new(entry)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Chain {
        Chain {
            key: Secret::new([1; 32]),
            sequence: 7,
            hash: [2; 32],
            root_hash: [2; 32],
            next: [3, 4],
            places: Vec::new(),
            commits: 0,
        }
    }

    /// V-2
    #[test]
    fn a_record_that_does_not_follow_is_not_taken() {
        let entry = Entry { place: 9, key: [5; 32], tag: [6; 16] };
        let sealed =
            chain().seal([8; 16], &chain().encode([10, 11], 12, true, &[(13, entry.into())]));
        assert_eq!(sealed.len(), UNIT);
        let record = chain().open(&sealed).expect("follows");
        assert_eq!((record.next, record.pages, record.last), ([10, 11], 12, true));
        assert_eq!(record.entries.len(), 1);
        assert!(Chain { sequence: 8, ..chain() }.open(&sealed).is_none());
        assert!(Chain { hash: [0; 32], ..chain() }.open(&sealed).is_none());
        assert!(Chain { key: Secret::new([0; 32]), ..chain() }.open(&sealed).is_none());
    }
}
