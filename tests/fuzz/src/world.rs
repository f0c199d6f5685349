// SPDX-License-Identifier: MPL-2.0
//! Invented keys and samples, the same in every run. A hostile sender is one who holds keys too, so
//! many targets sign or seal what the fuzzer gives them.

use std::convert::Infallible;

use amate_seal::{hash::labelled, hybrid::HybridSecret, secret::Secret, sign::SigningKey};
use rand_core::{TryCryptoRng, TryRng};

/// When the samples happen.
pub(crate) const TIME: u64 = 1_795_516_963;
/// The same for people.
pub(crate) const CLOCK: &str = "2026-11-24T10:42:43Z";

/// Bytes that look random and are the same each time.
pub(crate) struct Seeded {
    seed: &'static str,
    next: u64,
}

impl Seeded {
    pub(crate) fn new(seed: &'static str) -> Self {
        Self { seed, next: 0 }
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            let block = labelled("amate fuzz", &[self.seed.as_bytes(), &self.next.to_be_bytes()]);
            self.next += 1;
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}

/// A secret of its own for each name.
pub(crate) fn secret(name: &str) -> Secret<32> {
    Secret::new(labelled("amate fuzz key", &[name.as_bytes()]))
}

/// A signing key of its own for each name.
pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(&secret(name))
}

/// A hybrid key of its own for each name.
pub(crate) fn hybrid(name: &str) -> HybridSecret {
    HybridSecret::from_seed(secret(name))
}

/// Takes numbers off the front of the fuzzer's bytes; zeros when there are none left.
pub(crate) struct Cursor<'a>(pub(crate) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        for (to, from) in out.iter_mut().zip(self.take(N)) {
            *to = *from;
        }
        out
    }

    pub(crate) fn u8(&mut self) -> u8 {
        u8::from_be_bytes(self.array())
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_be_bytes(self.array())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.array())
    }

    pub(crate) fn u64(&mut self) -> u64 {
        u64::from_be_bytes(self.array())
    }

    pub(crate) fn take(&mut self, n: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(n.min(self.0.len()));
        self.0 = rest;
        head
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
