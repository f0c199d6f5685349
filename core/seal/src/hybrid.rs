// SPDX-License-Identifier: MPL-2.0
//! HPKE (RFC 9180) Base mode with X-Wing (X25519 + ML-KEM-768), HKDF-SHA256, ChaCha20-Poly1305.

use hpke::{
    Deserializable, OpModeR, OpModeS, Serializable,
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::{Kem, XWing},
    setup_receiver, setup_sender_with_rng,
};
use rand_core::{CryptoRng, TryCryptoRng, TryRng};
use zeroize::Zeroize;

use crate::{CannotOpen, secret::Secret};

/// Bytes of a public key.
pub const PUBLIC_LEN: usize = 1_216;
/// Bytes of an encapsulation.
pub const ENC_LEN: usize = 1_120;
/// Randomness that one encapsulation uses.
pub const ENCAPSULATION_RANDOMNESS: usize = 64;
const X25519_LEN: usize = 32;

/// A secret key: its 32-byte seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HybridSecret(Secret<32>);

impl HybridSecret {
    /// A fresh key.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::random(rng))
    }

    /// The key of a seed.
    #[must_use]
    pub fn from_seed(seed: Secret<32>) -> Self {
        Self(seed)
    }

    /// The seed, for sealing.
    #[must_use]
    pub fn seed(&self) -> &Secret<32> {
        &self.0
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> HybridPublic {
        let mut bytes = Box::new([0; PUBLIC_LEN]);
        if let Ok(secret) = self.key() {
            bytes.copy_from_slice(&XWing::sk_to_pk(&secret).to_bytes());
        }
        HybridPublic(bytes)
    }

    /// Opens what [`seal`] sealed.
    ///
    /// # Errors
    /// [`CannotOpen`] for any other key, info or byte, and for X25519 shares of low order.
    pub fn open(
        &self,
        info: &[u8],
        enc: &[u8; ENC_LEN],
        sealed: &[u8],
    ) -> Result<Vec<u8>, CannotOpen> {
        contributory(enc.last_chunk().ok_or(CannotOpen)?)?;
        let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).map_err(|_| CannotOpen)?;
        let mut context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.key()?,
            &enc,
            info,
        )
        .map_err(|_| CannotOpen)?;
        context.open(sealed, &[]).map_err(|_| CannotOpen)
    }

    fn key(&self) -> Result<<XWing as Kem>::PrivateKey, CannotOpen> {
        <XWing as Kem>::PrivateKey::from_bytes(self.0.expose()).map_err(|_| CannotOpen)
    }
}

/// A public key that decodes and whose X25519 share has no low order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HybridPublic(Box<[u8; PUBLIC_LEN]>);

impl HybridPublic {
    /// Checks the bytes (spec/keys.md, rule K-3).
    ///
    /// # Errors
    /// [`CannotOpen`] when they are no such key.
    pub fn parse(bytes: &[u8]) -> Result<Self, CannotOpen> {
        let bytes: Box<[u8; PUBLIC_LEN]> = Box::new(bytes.try_into().map_err(|_| CannotOpen)?);
        contributory(bytes.last_chunk().ok_or(CannotOpen)?)?;
        <XWing as Kem>::PublicKey::from_bytes(bytes.as_slice()).map_err(|_| CannotOpen)?;
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; PUBLIC_LEN] {
        &self.0
    }
}

/// Seals `plain` to a key; returns the encapsulation and the ciphertext.
///
/// # Errors
/// [`CannotOpen`] only when the randomness given is not exactly what one encapsulation draws.
pub fn seal(
    to: &HybridPublic,
    info: &[u8],
    plain: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<(Box<[u8; ENC_LEN]>, Vec<u8>), CannotOpen> {
    let randomness = Secret::random(rng);
    seal_with(to, info, plain, &randomness)
}

/// [`seal`] with the encapsulation's randomness given: the same input, the same bytes. The caller
/// proves that the randomness is used for this plaintext alone.
///
/// # Errors
/// As [`seal`].
pub fn seal_with(
    to: &HybridPublic,
    info: &[u8],
    plain: &[u8],
    randomness: &Secret<ENCAPSULATION_RANDOMNESS>,
) -> Result<(Box<[u8; ENC_LEN]>, Vec<u8>), CannotOpen> {
    let key = <XWing as Kem>::PublicKey::from_bytes(to.0.as_slice()).map_err(|_| CannotOpen)?;
    let mut given = Given { bytes: *randomness.expose(), drawn: 0 };
    let (enc, mut context) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &key,
        info,
        &mut given,
    )
    .map_err(|_| CannotOpen)?;
    if given.drawn != ENCAPSULATION_RANDOMNESS {
        return Err(CannotOpen);
    }
    let sealed = context.seal(plain, &[]).map_err(|_| CannotOpen)?;
    let mut out = Box::new([0; ENC_LEN]);
    out.copy_from_slice(&enc.to_bytes());
    Ok((out, sealed))
}

/// Refuses X25519 shares of low order: the result of any scalar with them is zero, so they add
/// nothing to the secret. `hpke` lets them pass, age rejects them.
pub(crate) fn contributory(share: &[u8; X25519_LEN]) -> Result<(), CannotOpen> {
    let any_scalar = x25519_dalek::StaticSecret::from([0x55; X25519_LEN]);
    let shared = any_scalar.diffie_hellman(&x25519_dalek::PublicKey::from(*share));
    if shared.was_contributory() { Ok(()) } else { Err(CannotOpen) }
}

/// Randomness that was given beforehand. Drawing more than there is counts on, so that the caller
/// notices; those bytes are zero and never used.
struct Given {
    bytes: [u8; ENCAPSULATION_RANDOMNESS],
    drawn: usize,
}

impl TryRng for Given {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        let end = self.drawn.saturating_add(out.len());
        match self.bytes.get(self.drawn..end) {
            Some(bytes) => out.copy_from_slice(bytes),
            None => out.fill(0),
        }
        self.drawn = end;
        Ok(())
    }
}

impl TryCryptoRng for Given {}

impl Drop for Given {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> HybridSecret {
        HybridSecret::from_seed(Secret::new([seed; 32]))
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_alone() {
        let mut rng = crate::random::system();
        let (enc, sealed) = seal(&key(1).public(), b"info", b"content", &mut rng).unwrap();
        assert_eq!(key(1).open(b"info", &enc, &sealed).unwrap(), b"content");
        assert!(key(2).open(b"info", &enc, &sealed).is_err());
        assert!(key(1).open(b"other", &enc, &sealed).is_err());
        let mut cut = sealed.clone();
        cut.pop();
        assert!(key(1).open(b"info", &enc, &cut).is_err());
    }

    #[test]
    fn the_same_randomness_gives_the_same_bytes() {
        let randomness = Secret::new([7; 64]);
        let seal = |plain: &[u8]| seal_with(&key(1).public(), b"", plain, &randomness).unwrap();
        assert_eq!(seal(b"a"), seal(b"a"));
        assert_ne!(seal(b"a").1, seal(b"b").1);
    }

    #[test]
    fn shares_of_low_order_are_refused() {
        let mut one = [0; 32];
        one[0] = 1;
        for share in [[0; 32], one] {
            let mut bytes = *key(1).public().bytes();
            *bytes.last_chunk_mut().unwrap() = share;
            assert!(HybridPublic::parse(&bytes).is_err());
            let mut rng = crate::random::system();
            let (mut enc, sealed) = seal(&key(1).public(), b"", b"x", &mut rng).unwrap();
            *enc.last_chunk_mut().unwrap() = share;
            assert!(key(1).open(b"", &enc, &sealed).is_err());
        }
        assert!(HybridPublic::parse(key(1).public().bytes()).is_ok());
        assert!(HybridPublic::parse(&[0; 1215]).is_err());
    }
}
