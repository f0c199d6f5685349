// SPDX-License-Identifier: MPL-2.0

use serde::{Serialize, de::DeserializeOwned};

use crate::cursor::{Malformed, Reader, Writer};

/// Largest integer of canonical JSON.
pub const MAX_INT: u64 = (1 << 53) - 1;

/// A format of canonical JSON: what it checks beyond its shape.
pub trait Format: Serialize + DeserializeOwned {
    /// Value of its key `format`; empty for lists that have none.
    const NAME: &'static str;
    /// Label of its signature; empty where it is not signed.
    const LABEL: &'static str;

    /// Checks values that the shape cannot.
    ///
    /// # Errors
    /// [`Malformed`] for values that the format forbids.
    fn check(&self) -> Result<(), Malformed>;
}

/// The exact bytes of a canonical JSON text with a signature over them, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDocument {
    /// The bytes that are signed and hashed.
    pub json: Vec<u8>,
    /// By the key that the format names.
    pub signature: [u8; 64],
}

impl SignedDocument {
    /// `u32(len json) ‖ json ‖ signature`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new().prefixed(&self.json).bytes(&self.signature).finish()
    }

    /// Parses the binary form.
    ///
    /// # Errors
    /// [`Malformed`] for other lengths.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("signed document", bytes);
        let json = reader.prefixed()?.to_vec();
        let signature = reader.array()?;
        reader.end()?;
        Ok(Self { json, signature })
    }

    /// Reads the JSON as a format.
    ///
    /// # Errors
    /// [`Malformed`]: rule M-1 and the format's own.
    pub fn read<F: Format>(&self) -> Result<F, Malformed> {
        read(&self.json)
    }
}

/// Parses canonical JSON: writing it again must give the same bytes.
///
/// # Errors
/// [`Malformed`]: rule M-1 and the format's own.
pub fn read<F: Format>(json: &[u8]) -> Result<F, Malformed> {
    let value: F = serde_json::from_slice(json).map_err(|_| Malformed("document"))?;
    value.check()?;
    if write(&value) == json { Ok(value) } else { Err(Malformed("document")) }
}

/// Writes canonical JSON.
#[must_use]
pub fn write<F: Format>(value: &F) -> Vec<u8> {
    // Structures of text, integers and lists always serialise.
    serde_json::to_vec(value).unwrap_or_default()
}

/// Lower-case hex of `bytes` bytes.
///
/// # Errors
/// [`Malformed`]: rule M-5.
pub fn check_hex(text: &str, bytes: usize) -> Result<(), Malformed> {
    let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if lower && Some(text.len()) == bytes.checked_mul(2) { Ok(()) } else { Err(Malformed("hex")) }
}

/// Bytes of lower-case hex.
///
/// # Errors
/// [`Malformed`]: rule M-5.
pub fn unhex<const N: usize>(text: &str) -> Result<[u8; N], Malformed> {
    check_hex(text, N)?;
    data_encoding::HEXLOWER
        .decode(text.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Malformed("hex"))
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// An integer that every JSON reader keeps.
///
/// # Errors
/// [`Malformed`] above 2⁵³ − 1.
pub fn check_int(n: u64) -> Result<(), Malformed> {
    if n <= MAX_INT { Ok(()) } else { Err(Malformed("integer")) }
}
