// SPDX-License-Identifier: MPL-2.0

use data_encoding::BASE32_NOPAD;

use crate::cursor::{Malformed, Reader, Writer};

const PREFIX: &str = "amatecap1";
/// Bytes of a capability.
pub const LEN: usize = 52;

/// What lets somebody upload. Secret, and names nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Capability {
    /// The organisation's, random.
    pub id: [u8; 16],
    /// 0 for the organisation itself, else a person's.
    pub n: u32,
    /// Proves both.
    pub secret: [u8; 32],
}

impl Capability {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new().bytes(&self.id).u32(self.n).bytes(&self.secret).finish()
    }

    /// Parses the bytes.
    ///
    /// # Errors
    /// [`Malformed`] for another length.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("capability", bytes);
        let capability = Self { id: reader.array()?, n: reader.u32()?, secret: reader.array()? };
        reader.end()?;
        Ok(capability)
    }

    /// The text that people and headers carry.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&self.encode()).to_ascii_lowercase())
    }

    /// From the text.
    ///
    /// # Errors
    /// [`Malformed`]: rule A-1.
    pub fn from_text(text: &str) -> Result<Self, Malformed> {
        let body = text.strip_prefix(PREFIX).ok_or(Malformed("capability"))?;
        if body.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Malformed("capability"));
        }
        let bytes = BASE32_NOPAD
            .decode(body.to_ascii_uppercase().as_bytes())
            .map_err(|_| Malformed("capability"))?;
        Self::parse(&bytes)
    }
}

impl std::fmt::Debug for Capability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Capability(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_and_nothing_else_does() {
        let capability = Capability { id: [1; 16], n: 7, secret: [2; 32] };
        let text = capability.to_text();
        assert!(text.starts_with(PREFIX) && text.len() == 9 + 84);
        assert_eq!(Capability::from_text(&text), Ok(capability));
        for wrong in
            ["", "amatecap1", "amatecap2aaaa", &text.to_ascii_uppercase(), &format!("{text}a")]
        {
            assert!(Capability::from_text(wrong).is_err(), "{wrong}");
        }
    }
}
