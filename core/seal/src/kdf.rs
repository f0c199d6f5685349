// SPDX-License-Identifier: MPL-2.0
//! Derivation: HKDF-SHA256 (RFC 5869) with labels, Argon2id (RFC 9106) for codes.

use hkdf::Hkdf;
use sha2::Sha256;

use crate::{hash::length_prefix, secret::Secret};

/// `derive(ikm, label, parts…) = HKDF-SHA256(salt = "", ikm, info = lp(label) ‖ lp(part) …)`.
/// `N` is at most 8160 (255 × 32).
#[must_use]
pub fn derive<const N: usize>(ikm: &[u8], label: &str, parts: &[&[u8]]) -> Secret<N> {
    let len = |part: &[u8]| 4 + part.len();
    let room = len(label.as_bytes()) + parts.iter().map(|part| len(part)).sum::<usize>();
    let mut info = zeroize::Zeroizing::new(Vec::with_capacity(room));
    for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
        info.extend_from_slice(&length_prefix(part));
        info.extend_from_slice(part);
    }
    let mut out = [0; N];
    // Expand fails only for more than 255 blocks; no caller asks for so many.
    let expanded = Hkdf::<Sha256>::new(None, ikm).expand(&info, &mut out);
    debug_assert!(expanded.is_ok());
    Secret::new(out)
}

/// Argon2id cost: memory in KiB, passes, lanes. Public, stored in the vault's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes, computed one after another.
    pub lanes: u32,
}

impl CodeCost {
    /// 64 MiB, three passes, one lane: the least that a vault is made with.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
}

/// `Argon2id(code, salt, cost)`, version 1.3, 32 bytes.
///
/// # Errors
/// When the cost is outside what RFC 9106 allows (a hostile header).
pub fn code_key(
    code: &[u8],
    salt: &[u8; 32],
    cost: CodeCost,
) -> Result<Secret<32>, crate::CannotOpen> {
    let params = argon2::Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .map_err(|_| crate::CannotOpen)?;
    let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut out = zeroize::Zeroizing::new([0; 32]);
    hasher.hash_password_into(code, salt, &mut *out).map_err(|_| crate::CannotOpen)?;
    Ok(Secret::new(*out))
}
