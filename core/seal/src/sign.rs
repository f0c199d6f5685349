// SPDX-License-Identifier: MPL-2.0
//! Ed25519 (RFC 8032) with strict verification; every signature carries a label.

use ed25519_dalek::{Signature, Signer, SigningKey as Inner, VerifyingKey as InnerPublic};
use rand_core::CryptoRng;

use crate::{CannotOpen, hash::length_prefix, secret::Secret};

/// A secret signing key.
#[derive(Clone)]
pub struct SigningKey(Inner);

impl SigningKey {
    /// A fresh key.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self::from_seed(&Secret::random(rng))
    }

    /// The key of a 32-byte seed (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(Inner::from_bytes(seed.expose()))
    }

    /// The seed, for sealing.
    #[must_use]
    pub fn seed(&self) -> Secret<32> {
        Secret::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// `Ed25519(lp(label) ‖ message)`.
    #[must_use]
    pub fn sign(&self, label: &str, message: &[u8]) -> [u8; 64] {
        self.0.sign(&labelled(label, message)).to_bytes()
    }

    /// Signs bytes as they are: only for C2SP notes and cosignatures, whose text carries its own
    /// separation.
    #[must_use]
    pub fn sign_plain(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Checks what [`SigningKey::sign`] made.
///
/// # Errors
/// [`CannotOpen`] for any other key, label, message or signature, and for weak keys.
pub fn verify(
    public: &[u8; 32],
    label: &str,
    message: &[u8],
    signature: &[u8; 64],
) -> Result<(), CannotOpen> {
    verify_plain(public, &labelled(label, message), signature)
}

/// Checks what [`SigningKey::sign_plain`] made.
///
/// # Errors
/// As [`verify`].
pub fn verify_plain(
    public: &[u8; 32],
    message: &[u8],
    signature: &[u8; 64],
) -> Result<(), CannotOpen> {
    InnerPublic::from_bytes(public)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .map_err(|_| CannotOpen)
}

fn labelled(label: &str, message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + label.len() + message.len());
    bytes.extend_from_slice(&length_prefix(label.as_bytes()));
    bytes.extend_from_slice(label.as_bytes());
    bytes.extend_from_slice(message);
    bytes
}
