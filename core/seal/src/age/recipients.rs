// SPDX-License-Identifier: MPL-2.0
//! Wrapping and unwrapping the file key.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hkdf::Hkdf;
use rand_core::CryptoRng;
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

use super::header::{Stanza, decode};
use crate::{
    CannotOpen, aead,
    hybrid::{self, ENCAPSULATION_RANDOMNESS, HybridPublic, HybridSecret},
    secret::Secret,
};

const HYBRID: &str = "mlkem768x25519";
const HYBRID_INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const CLASSIC: &str = "X25519";
const CLASSIC_INFO: &[u8] = b"age-encryption.org/v1/X25519";
const BODY_LEN: usize = 32;

/// Whom a file is sealed for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recipient {
    /// `age1pq1…`: X-Wing.
    Hybrid(HybridPublic),
    /// `age1…`: X25519 alone. A future quantum computer may open the file.
    Classic([u8; 32]),
}

/// What opens a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identity {
    /// `AGE-SECRET-KEY-PQ-1…`.
    Hybrid(HybridSecret),
    /// `AGE-SECRET-KEY-1…`.
    Classic(Secret<32>),
}

impl Identity {
    /// Whom it opens files for.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        match self {
            Self::Hybrid(secret) => Recipient::Hybrid(secret.public()),
            Self::Classic(secret) => Recipient::Classic(
                PublicKey::from(&StaticSecret::from(*secret.expose())).to_bytes(),
            ),
        }
    }

    /// The file key, when the stanza is for this identity; `None` when it is of another type or
    /// for somebody else.
    pub(super) fn unwrap(&self, stanza: &Stanza) -> Result<Option<Secret<16>>, CannotOpen> {
        let wanted = match self {
            Self::Hybrid(_) => HYBRID,
            Self::Classic(_) => CLASSIC,
        };
        let Some((kind, args)) = stanza.args.split_first() else { return Err(CannotOpen) };
        if kind != wanted {
            return Ok(None);
        }
        let [share] = args else { return Err(CannotOpen) };
        let share = decode(share.as_bytes())?;
        match self {
            Self::Hybrid(secret) => unwrap_hybrid(secret, &share, &stanza.body),
            Self::Classic(secret) => unwrap_classic(secret, &share, &stanza.body),
        }
    }
}

/// Wraps a file key for one recipient.
pub(super) fn wrap(
    file_key: &Secret<16>,
    recipient: &Recipient,
    rng: &mut impl CryptoRng,
) -> Result<Stanza, CannotOpen> {
    match recipient {
        Recipient::Hybrid(public) => wrap_hybrid(file_key, public, &Secret::random(rng)),
        Recipient::Classic(public) => wrap_classic(file_key, public, &Secret::random(rng)),
    }
}

/// Wraps a file key for a hybrid recipient with the randomness given.
pub(super) fn wrap_hybrid(
    file_key: &Secret<16>,
    public: &HybridPublic,
    randomness: &Secret<ENCAPSULATION_RANDOMNESS>,
) -> Result<Stanza, CannotOpen> {
    let (enc, body) = hybrid::seal_with(public, HYBRID_INFO, file_key.expose(), randomness)?;
    Ok(Stanza { args: vec![HYBRID.into(), STANDARD_NO_PAD.encode(enc.as_slice())], body })
}

fn unwrap_hybrid(
    secret: &HybridSecret,
    share: &[u8],
    body: &[u8],
) -> Result<Option<Secret<16>>, CannotOpen> {
    let enc: &[u8; hybrid::ENC_LEN] = share.try_into().map_err(|_| CannotOpen)?;
    hybrid::contributory(enc.last_chunk().ok_or(CannotOpen)?)?;
    if body.len() != BODY_LEN {
        return Err(CannotOpen);
    }
    match secret.open(HYBRID_INFO, enc, body) {
        Ok(mut key) => {
            let file_key = Secret::try_from(key.as_slice());
            zeroize::Zeroize::zeroize(&mut key);
            file_key.map(Some)
        }
        Err(CannotOpen) => Ok(None),
    }
}

fn wrap_classic(
    file_key: &Secret<16>,
    public: &[u8; 32],
    ephemeral: &Secret<32>,
) -> Result<Stanza, CannotOpen> {
    let ephemeral = StaticSecret::from(*ephemeral.expose());
    let share = PublicKey::from(&ephemeral).to_bytes();
    let key = classic_key(&ephemeral, &PublicKey::from(*public), &share, public)?;
    let mut body = file_key.expose().to_vec();
    let tag = aead::seal_once(&key, &[], &mut body);
    body.extend_from_slice(&tag);
    Ok(Stanza { args: vec![CLASSIC.into(), STANDARD_NO_PAD.encode(share)], body })
}

fn unwrap_classic(
    secret: &Secret<32>,
    share: &[u8],
    body: &[u8],
) -> Result<Option<Secret<16>>, CannotOpen> {
    let share: [u8; 32] = share.try_into().map_err(|_| CannotOpen)?;
    let body: [u8; BODY_LEN] = body.try_into().map_err(|_| CannotOpen)?;
    let secret = StaticSecret::from(*secret.expose());
    let public = PublicKey::from(&secret).to_bytes();
    let key = classic_key(&secret, &PublicKey::from(share), &share, &public)?;
    let (Some(sealed), Some(tag)) = (body.first_chunk::<16>(), body.last_chunk::<16>()) else {
        return Err(CannotOpen);
    };
    let mut file_key = *sealed;
    match aead::open_once(&key, &[], &mut file_key, tag) {
        Ok(()) => Ok(Some(Secret::new(file_key))),
        Err(CannotOpen) => Ok(None),
    }
}

/// The wrap key of an X25519 stanza.
fn classic_key(
    secret: &StaticSecret,
    other: &PublicKey,
    share: &[u8; 32],
    recipient: &[u8; 32],
) -> Result<Secret<32>, CannotOpen> {
    let shared = secret.diffie_hellman(other);
    if !shared.was_contributory() {
        return Err(CannotOpen);
    }
    let salt = [share.as_slice(), recipient].concat();
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(&salt), shared.as_bytes())
        .expand(CLASSIC_INFO, &mut key)
        .map_err(|_| CannotOpen)?;
    Ok(Secret::new(key))
}
