// SPDX-License-Identifier: MPL-2.0
//! Header with a slot, and two areas.

use amate_seal::{
    aead,
    kdf::{self, CodeCost, derive},
    random,
    secret::Secret,
};

use super::Refused;

const TAG: &[u8; 5] = b"AMvr\x01";
const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };

pub(super) struct Container {
    salt: [u8; 32],
    slot: [u8; 32],
    tag: [u8; 16],
    areas: [Vec<u8>; 2],
}

impl Container {
    pub(super) fn create(code: &[u8]) -> (Self, Secret<32>) {
        let key = Secret::random(&mut random::system());
        let mut container =
            Self { salt: [0; 32], slot: [0; 32], tag: [0; 16], areas: [Vec::new(), Vec::new()] };
        container.seal(&key, code);
        (container, key)
    }

    pub(super) fn seal(&mut self, key: &Secret<32>, code: &[u8]) {
        self.salt = random::bytes(&mut random::system());
        self.slot = *key.expose();
        self.tag = aead::seal_once(&self.slot_key(code), TAG, &mut self.slot);
    }

    pub(super) fn open(&self, code: &[u8]) -> Result<Secret<32>, Refused> {
        let mut opened = self.slot;
        aead::open_once(&self.slot_key(code), TAG, &mut opened, &self.tag)
            .map_err(|_| Refused::CannotOpen)?;
        Ok(Secret::new(opened))
    }

    pub(super) fn read_area(&self, area: usize) -> &[u8] {
        &self.areas[area]
    }

    pub(super) fn write_area(&mut self, area: usize, bytes: Vec<u8>) {
        self.areas[area] = bytes;
    }

    fn slot_key(&self, code: &[u8]) -> Secret<32> {
        let key = kdf::code_key(code, &self.salt, CHEAP).unwrap();
        derive(key.expose(), "amate/v1/vault/slot", &[])
    }
}
