// SPDX-License-Identifier: MPL-2.0
//! The whole database in one sealed image, written to area A and then to area B.

use amate_seal::{aead, kdf::derive, random, secret::Secret};

use super::{Refused, container::Container};

/// Largest database that the reference engine holds.
const MAX_DATABASE: usize = 4 * 1024 * 1024;
/// The sealed length is a multiple of this.
const STEP: usize = 64 * 1024;
const INNER: usize = 16;

pub(super) struct Engine {
    container: Container,
    key: Option<Secret<32>>,
    generation: u64,
}

impl Engine {
    pub(super) fn new(container: Container, key: Secret<32>) -> Self {
        Self { container, key: Some(key), generation: 0 }
    }

    pub(super) fn container(&self) -> &Container {
        &self.container
    }

    pub(super) fn unlock(&mut self, key: Secret<32>) {
        self.key = Some(key);
    }

    pub(super) fn lock(&mut self) {
        self.key = None;
    }

    pub(super) fn change_code(&mut self, new: &[u8]) {
        let key = self.key.as_ref().expect("unlocked");
        self.container.seal(key, new);
    }

    pub(super) fn commit(&mut self, image: &[u8]) -> Result<(), Refused> {
        if image.len() > MAX_DATABASE - INNER {
            return Err(Refused::NoSpace);
        }
        self.generation += 1;
        for area in 0..2 {
            let bytes = self.seal(area, image);
            self.container.write_area(area, bytes);
        }
        Ok(())
    }

    pub(super) fn load(&mut self) -> Vec<u8> {
        let copies = [0, 1].map(|area| self.open(area, self.container.read_area(area)));
        let newest = copies.into_iter().flatten().max_by_key(|(generation, _)| *generation);
        let (generation, image) = newest.expect("nobody damages the oracle");
        self.generation = generation;
        image
    }

    fn seal(&self, area: usize, image: &[u8]) -> Vec<u8> {
        let salt: [u8; 32] = random::bytes(&mut random::system());
        let padded = (INNER + image.len()).next_multiple_of(STEP);
        let mut inner = Vec::with_capacity(padded);
        inner.extend_from_slice(&self.generation.to_be_bytes());
        inner.extend_from_slice(&(image.len() as u64).to_be_bytes());
        inner.extend_from_slice(image);
        inner.resize(padded, 0);
        let tag = aead::seal_once(&self.area_key(&salt), &aad(area, padded), &mut inner);
        [salt.as_slice(), &tag, &(padded as u32).to_be_bytes(), &inner].concat()
    }

    fn open(&self, area: usize, bytes: &[u8]) -> Option<(u64, Vec<u8>)> {
        let (salt, rest) = bytes.split_first_chunk::<32>()?;
        let (tag, rest) = rest.split_first_chunk::<{ aead::TAG_LEN }>()?;
        let (padded, rest) = rest.split_first_chunk::<4>()?;
        let padded = usize::try_from(u32::from_be_bytes(*padded)).ok()?;
        let mut inner = rest.get(..padded)?.to_vec();
        aead::open_once(&self.area_key(salt), &aad(area, padded), &mut inner, tag).ok()?;
        let (generation, rest) = inner.split_first_chunk::<8>()?;
        let (len, image) = rest.split_first_chunk::<8>()?;
        let len = usize::try_from(u64::from_be_bytes(*len)).ok()?;
        Some((u64::from_be_bytes(*generation), image.get(..len)?.to_vec()))
    }

    fn area_key(&self, salt: &[u8; 32]) -> Secret<32> {
        let key = self.key.as_ref().expect("unlocked");
        derive(key.expose(), "amate/v1/vault/area", &[salt])
    }
}

fn aad(area: usize, padded: usize) -> [u8; 16] {
    let mut aad = [0; 16];
    let (left, right) = aad.split_at_mut(8);
    left.copy_from_slice(&(area as u64).to_be_bytes());
    right.copy_from_slice(&(padded as u64).to_be_bytes());
    aad
}
