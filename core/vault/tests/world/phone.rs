// SPDX-License-Identifier: MPL-2.0
//! A phone that nobody holds: its storage, and its key store.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use amate_vault::{Container, Vault, VaultError};

use super::{
    keys::{SimKeys, surroundings},
    pair::{CHEAP, SMALL},
};
use crate::sim::{crash::Crash, disk::SimDisk, rng::Rng};

pub struct Phone {
    pub disk: SimDisk,
    pub keys: SimKeys,
}

impl Phone {
    /// With a vault of this code, which is open.
    pub fn made(code: &[u8]) -> (Self, Vault) {
        let (disk, keys) = (SimDisk::default(), SimKeys::default());
        let around = surroundings(&disk, &keys, 1);
        let vault = Container::create(around, code, CHEAP, &SMALL).unwrap();
        (Self { disk, keys }, vault)
    }

    /// This phone with its storage, and its keys, as they are now.
    pub fn copy(&self) -> Self {
        let disk = self.disk.after(Crash::Kept, &mut Rng::new(1));
        Self { disk, keys: self.keys.copy() }
    }

    pub fn open(&self) -> Result<Container, VaultError> {
        // Another each time: no two keys may have one name.
        static SEED: AtomicU64 = AtomicU64::new(2);
        Container::open(surroundings(&self.disk, &self.keys, SEED.fetch_add(1, Relaxed)))
    }

    pub fn unlock(&self, code: &[u8]) -> Result<Vault, VaultError> {
        self.open()?.unlock(code)
    }
}
