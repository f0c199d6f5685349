// SPDX-License-Identifier: MPL-2.0
//! SHA-256 (FIPS 180-4), the evidence hash, and labelled hashes (spec/README.md, Conventions).

use sha2::{Digest, Sha256};

/// `SHA-256(bytes)`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// `H(label, parts…) = SHA-256(lp(label) ‖ lp(part) …)`, `lp(x) = u32(len x) ‖ x`.
#[must_use]
pub fn labelled(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
        hasher.update(length_prefix(part));
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A SHA-256 computed while bytes pass by.
#[derive(Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all bytes taken.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// `u32(len)`, big-endian. Parts are far below 4 GiB: content is hashed apart.
pub(crate) fn length_prefix(part: &[u8]) -> [u8; 4] {
    u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes()
}
