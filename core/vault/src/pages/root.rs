// SPDX-License-Identifier: MPL-2.0
//! Roots (spec/vault.md §8.4): two take turns, each stands in two places.

use amate_seal::{aead, hash::sha256, kdf::derive, secret::Secret};
use zeroize::Zeroizing;

use super::{Chain, Entry, Known, PageStore, sync};
use crate::{
    VaultError,
    container::LayerGuard,
    geometry::{Place, ROOTS, UNIT},
};

const PLAIN: usize = UNIT - 16 - aead::TAG_LEN;
/// Version of a volume's format.
const VERSION: u16 = 1;

/// A root that opened.
pub(crate) struct Root {
    pub(crate) volume: [u8; 16],
    pub(crate) generation: u64,
    pub(crate) pages: u32,
    pub(crate) top: Known,
    pub(crate) record_key: Secret<32>,
    pub(crate) next: [u32; 2],
    /// Number of the next record.
    pub(crate) sequence: u64,
    pub(crate) hash: [u8; 32],
}

impl PageStore {
    /// Nodes, flush, root in both copies, flush.
    pub(super) fn write_checkpoint(
        &mut self,
        layer: &mut LayerGuard<'_>,
    ) -> Result<(), VaultError> {
        let mut freed = self.write_tree(layer)?;
        freed.append(&mut self.chain.places);
        freed.extend(self.chain.next);
        let next = [self.allocate()?, self.allocate()?];
        sync(layer)?;
        self.generation += 1;
        self.chain = Chain {
            key: self.container.random().secret(),
            sequence: self.chain.sequence,
            hash: self.chain.hash,
            root_hash: [0; 32],
            next,
            places: Vec::new(),
            commits: 0,
        };
        self.write_root(layer)?;
        sync(layer)?;
        freed.into_iter().for_each(|place| self.release(place));
        Ok(())
    }

    /// Writes the root of the present state over the older one.
    fn write_root(&mut self, layer: &mut LayerGuard<'_>) -> Result<(), VaultError> {
        let plain = self.encode_root();
        self.chain.hash = sha256(&plain);
        self.chain.root_hash = self.chain.hash;
        let turn = (self.generation % 2) as u32 * 2;
        for copy in 0..2 {
            let salt: [u8; 16] = self.container.random().bytes();
            let mut bytes = Vec::with_capacity(UNIT);
            bytes.extend_from_slice(&salt);
            bytes.extend_from_slice(&plain);
            let key = root_key(&self.key, &salt);
            let tag = aead::seal_once(&key, &[], bytes.get_mut(16..).unwrap_or_default());
            bytes.extend_from_slice(&tag);
            layer.write(Place::Root(u32::from(self.half) * ROOTS + turn + copy), &mut bytes)?;
        }
        Ok(())
    }

    fn encode_root(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(PLAIN));
        bytes.extend_from_slice(&self.volume);
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(&VERSION.to_be_bytes());
        bytes.extend_from_slice(&(self.pages.len() as u32).to_be_bytes());
        let top = self.tree.top().map(|(_, entry)| entry.clone());
        let top = top.unwrap_or(Entry { place: u32::MAX, key: [0; 32], tag: [0; 16] });
        bytes.extend_from_slice(&top.place.to_be_bytes());
        bytes.extend_from_slice(&top.key);
        bytes.extend_from_slice(&top.tag);
        bytes.extend_from_slice(self.chain.key.expose());
        bytes.extend_from_slice(&self.chain.next[0].to_be_bytes());
        bytes.extend_from_slice(&self.chain.next[1].to_be_bytes());
        bytes.extend_from_slice(&self.chain.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.chain.hash);
        bytes.resize(PLAIN, 0);
        bytes
    }
}

impl Root {
    /// Any of the four places may hold it: what counts is its generation.
    pub(crate) fn open(key: &Secret<32>, bytes: &[u8]) -> Result<Option<Self>, VaultError> {
        let Some((plain, version)) = decrypt(key, bytes) else { return Ok(None) };
        if version != VERSION {
            return Err(VaultError::NeedsNewerVersion);
        }
        Ok(Self::parse(&plain))
    }

    fn parse(plain: &[u8]) -> Option<Self> {
        let (volume, rest) = plain.split_first_chunk::<16>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        let (_, rest) = rest.split_first_chunk::<2>()?;
        let (pages, rest) = rest.split_first_chunk::<4>()?;
        let (place, rest) = rest.split_first_chunk::<4>()?;
        let (key, rest) = rest.split_first_chunk::<32>()?;
        let (tag, rest) = rest.split_first_chunk::<16>()?;
        let (record_key, rest) = rest.split_first_chunk::<32>()?;
        let (first, rest) = rest.split_first_chunk::<4>()?;
        let (second, rest) = rest.split_first_chunk::<4>()?;
        let (sequence, rest) = rest.split_first_chunk::<8>()?;
        let place = u32::from_be_bytes(*place);
        let top = match place {
            u32::MAX => Known::Lost,
            place => Known::At(Entry { place, key: *key, tag: *tag }.into()),
        };
        Some(Self {
            volume: *volume,
            generation: u64::from_be_bytes(*generation),
            pages: u32::from_be_bytes(*pages),
            top,
            record_key: Secret::new(*record_key),
            next: [u32::from_be_bytes(*first), u32::from_be_bytes(*second)],
            sequence: u64::from_be_bytes(*sequence),
            hash: sha256(plain),
        })
        .filter(|_| rest.len() >= 32)
    }
}

fn decrypt(key: &Secret<32>, bytes: &[u8]) -> Option<(Zeroizing<Vec<u8>>, u16)> {
    let (salt, rest) = bytes.split_first_chunk::<16>()?;
    let (body, tag) = rest.split_at_checked(PLAIN)?;
    let mut plain = Zeroizing::new(body.to_vec());
    aead::open_once(&root_key(key, salt), &[], &mut plain, tag.first_chunk()?).ok()?;
    let version = u16::from_be_bytes(*plain.get(24..)?.first_chunk()?);
    Some((plain, version))
}

/// `derive₃₂(volume key, "amate/v1/vault/root", salt)`.
fn root_key(key: &Secret<32>, salt: &[u8; 16]) -> Secret<32> {
    derive(key.expose(), "amate/v1/vault/root", &[salt])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V-3
    #[test]
    fn a_volume_of_a_later_version_is_left_alone() {
        let (key, salt) = (Secret::new([1; 32]), [2; 16]);
        let of_version = |version: u16| {
            let mut plain = vec![0; PLAIN];
            plain[24..26].copy_from_slice(&version.to_be_bytes());
            let tag = aead::seal_once(&root_key(&key, &salt), &[], &mut plain);
            [salt.as_slice(), &plain, &tag].concat()
        };
        assert!(matches!(Root::open(&key, &of_version(VERSION)), Ok(Some(_))));
        let later = Root::open(&key, &of_version(VERSION + 1));
        assert!(matches!(later, Err(VaultError::NeedsNewerVersion)));
    }
}
