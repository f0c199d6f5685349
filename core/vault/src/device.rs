// SPDX-License-Identifier: MPL-2.0
//! Keys bound to the device: what only the phone's key store can do. One trait for shells, and the
//! fallback in software, which binds nothing.

use amate_seal::{kdf::derive, secret::Secret};

use crate::{VaultError, random::Random};

/// Longest handle, in bytes.
pub const MAX_HANDLE: usize = 318;

/// Names a key of the key store, or holds it wrapped: public bytes, kept in the vault's header.
pub type Handle = Vec<u8>;

/// Keyed operations of the phone. Keys need no unlocking by a person and cannot be read out.
pub trait DeviceKeys: Send + Sync {
    /// Makes a fresh key.
    ///
    /// # Errors
    /// [`VaultError::Device`].
    fn create(&self, random: &Random) -> Result<Handle, VaultError>;

    /// A keyed pseudorandom function, as HMAC-SHA256 is, under that key.
    ///
    /// # Errors
    /// [`VaultError::Device`] when there is no such key any more.
    fn mac(&self, handle: &[u8], input: &[u8; 32]) -> Result<Secret<32>, VaultError>;

    /// Forgets a key for good; one that is not there is forgotten already.
    ///
    /// # Errors
    /// [`VaultError::Device`].
    fn forget(&self, handle: &[u8]) -> Result<(), VaultError>;

    /// Whether an image of the storage holds the keys: then two images can be compared, and a code
    /// can be guessed elsewhere.
    fn in_software(&self) -> bool;

    /// Chained calls that take a second here; measured by the shell once, when a vault is made.
    fn calls_a_second(&self) -> u32;
}

/// Keys in software: the handle *is* the key, so it lies in the image beside what it seals.
#[derive(Debug, Clone, Copy, Default)]
pub struct SoftwareKeys;

impl DeviceKeys for SoftwareKeys {
    fn create(&self, random: &Random) -> Result<Handle, VaultError> {
        Ok(random.bytes::<32>().to_vec())
    }

    fn mac(&self, handle: &[u8], input: &[u8; 32]) -> Result<Secret<32>, VaultError> {
        let key = Secret::<32>::try_from(handle).map_err(|_| VaultError::Device)?;
        Ok(derive(key.expose(), "amate/v1/vault/device/software", &[input]))
    }

    fn forget(&self, _: &[u8]) -> Result<(), VaultError> {
        Ok(())
    }

    fn in_software(&self) -> bool {
        true
    }

    fn calls_a_second(&self) -> u32 {
        1
    }
}
