// SPDX-License-Identifier: MPL-2.0
//! What stands under SQLite. The reference engine keeps the whole database in one sealed image,
//! written to area A and then to area B: a commit is reported after both are durable, so one bad
//! copy never loses it, and a kill between them leaves the state before or after, whole.

use amate_seal::{
    aead,
    kdf::derive,
    random::{self, CryptoRng},
    secret::Secret,
};
use zeroize::Zeroizing;

use crate::{VaultError, container::Container};

/// Largest database that the reference engine holds.
pub const MAX_DATABASE: usize = 4 * 1024 * 1024;
/// The sealed length is a multiple of this.
const STEP: usize = 64 * 1024;
const OVERHEAD: usize = 32 + aead::TAG_LEN;
const INNER: usize = 16;

/// Where SQLite's bytes live. A commit is whole and durable when it returns, or changed nothing.
pub(crate) trait Engine {
    /// The newest whole image; empty in a new vault.
    fn load(&mut self) -> Result<Zeroizing<Vec<u8>>, VaultError>;
    /// Makes an image durable.
    fn commit(&mut self, image: &[u8]) -> Result<(), VaultError>;
}

/// The whole database, sealed, twice.
pub(crate) struct Reference {
    container: Container,
    key: Secret<32>,
    generation: u64,
    poisoned: bool,
}

impl Reference {
    pub(crate) fn new(container: Container, key: Secret<32>) -> Self {
        Self { container, key, generation: 0, poisoned: false }
    }

    fn seal(&self, area: u64, image: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let salt: [u8; 32] = random::bytes(rng);
        let padded = (INNER + image.len()).next_multiple_of(STEP);
        let mut inner = Vec::with_capacity(padded);
        inner.extend_from_slice(&self.generation.to_be_bytes());
        inner.extend_from_slice(&(image.len() as u64).to_be_bytes());
        inner.extend_from_slice(image);
        inner.resize(padded, 0);
        let tag = aead::seal_once(&self.area_key(&salt), &aad(area, padded), &mut inner);
        let mut bytes = Vec::with_capacity(OVERHEAD + padded + 4);
        bytes.extend_from_slice(&salt);
        bytes.extend_from_slice(&tag);
        bytes.extend_from_slice(&(padded as u32).to_be_bytes());
        bytes.append(&mut inner);
        bytes
    }

    /// Generation and image of an area, when it opens.
    fn open(&self, area: u64, bytes: &[u8]) -> Option<(u64, Zeroizing<Vec<u8>>)> {
        let (salt, rest) = bytes.split_first_chunk::<32>()?;
        let (tag, rest) = rest.split_first_chunk::<{ aead::TAG_LEN }>()?;
        let (padded, rest) = rest.split_first_chunk::<4>()?;
        let padded = usize::try_from(u32::from_be_bytes(*padded)).ok()?;
        let mut inner = Zeroizing::new(rest.get(..padded)?.to_vec());
        aead::open_once(&self.area_key(salt), &aad(area, padded), &mut inner, tag).ok()?;
        let (generation, rest) = inner.split_first_chunk::<8>()?;
        let (len, image) = rest.split_first_chunk::<8>()?;
        let len = usize::try_from(u64::from_be_bytes(*len)).ok()?;
        let image = Zeroizing::new(image.get(..len)?.to_vec());
        Some((u64::from_be_bytes(*generation), image))
    }

    fn area_key(&self, salt: &[u8; 32]) -> Secret<32> {
        derive(self.key.expose(), "amate/v1/vault/area", &[salt])
    }

    fn write_both(&mut self, image: &[u8]) -> Result<(), VaultError> {
        let mut rng = random::system();
        for area in 0..2 {
            let bytes = self.seal(area, image, &mut rng);
            if let Err(error) = self.container.write_area(area, &bytes) {
                self.poisoned = true;
                return Err(error.into());
            }
        }
        Ok(())
    }
}

impl Engine for Reference {
    fn load(&mut self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let mut copies = Vec::new();
        for area in 0..2 {
            let bytes = self.container.read_area(area)?;
            copies.push(self.open(area, &bytes));
        }
        let newest = copies.iter().flatten().max_by_key(|(generation, _)| *generation);
        let Some((generation, image)) = newest.cloned() else { return Err(VaultError::Damaged) };
        self.generation = generation;
        self.poisoned = false;
        let both = copies.iter().flatten().filter(|copy| copy.0 == generation).count() == 2;
        if !both {
            self.write_both(&image)?;
        }
        Ok(image)
    }

    fn commit(&mut self, image: &[u8]) -> Result<(), VaultError> {
        if self.poisoned {
            return Err(VaultError::Poisoned);
        }
        if image.len() > MAX_DATABASE - INNER {
            return Err(VaultError::NoSpace);
        }
        self.generation += 1;
        self.write_both(image)
    }
}

fn aad(area: u64, padded: usize) -> [u8; 16] {
    let mut aad = [0; 16];
    let (left, right) = aad.split_at_mut(8);
    left.copy_from_slice(&area.to_be_bytes());
    right.copy_from_slice(&(padded as u64).to_be_bytes());
    aad
}
