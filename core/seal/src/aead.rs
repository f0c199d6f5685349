// SPDX-License-Identifier: MPL-2.0
//! ChaCha20-Poly1305 (RFC 8439) for stored pages, cells and index blocks. One key seals one
//! message: the nonce is zero unless the caller counts chunks under one key.

use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Nonce, Tag};

use crate::{CannotOpen, secret::Secret};

/// Bytes that sealing adds.
pub const TAG_LEN: usize = 16;

/// Seals `buffer` in place under a key used for this message alone; returns the tag.
pub fn seal_once(key: &Secret<32>, aad: &[u8], buffer: &mut [u8]) -> [u8; TAG_LEN] {
    seal(key, &[0; 12], aad, buffer)
}

/// Opens what [`seal_once`] sealed, in place. On failure the buffer is wiped.
///
/// # Errors
/// [`CannotOpen`] for any other key, AAD, byte or tag.
pub fn open_once(
    key: &Secret<32>,
    aad: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_LEN],
) -> Result<(), CannotOpen> {
    open(key, &[0; 12], aad, buffer, tag)
}

/// Seals under an explicit nonce. The caller proves that (key, nonce) never repeats.
pub fn seal(key: &Secret<32>, nonce: &[u8; 12], aad: &[u8], buffer: &mut [u8]) -> [u8; TAG_LEN] {
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    // Fails only past 256 GiB, which no buffer holds.
    cipher
        .encrypt_inout_detached(&Nonce::from(*nonce), aad, buffer.into())
        .map(Into::into)
        .unwrap_or([0; TAG_LEN])
}

/// Opens what [`seal`] sealed.
///
/// # Errors
/// [`CannotOpen`] for any other key, nonce, AAD, byte or tag; the buffer is wiped then.
pub fn open(
    key: &Secret<32>,
    nonce: &[u8; 12],
    aad: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_LEN],
) -> Result<(), CannotOpen> {
    let cipher = ChaCha20Poly1305::new(key.expose().into());
    let opened = cipher.decrypt_inout_detached(
        &Nonce::from(*nonce),
        aad,
        (&mut *buffer).into(),
        &Tag::from(*tag),
    );
    opened.map_err(|_| {
        zeroize::Zeroize::zeroize(buffer);
        CannotOpen
    })
}
