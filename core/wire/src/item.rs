// SPDX-License-Identifier: MPL-2.0

use crate::cursor::{Malformed, Reader, Writer};

/// Bytes before the content.
pub const HEADER_LEN: usize = 16;
const HEADER_LEN_U64: u64 = 16;

/// What a parcel item holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemKind {
    /// 1: the parcel manifest.
    Manifest,
    /// 2: content of an item of evidence.
    Content,
    /// 3: one segment of a live recording.
    LiveSegment,
}

impl ItemKind {
    /// The number in the header.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Manifest => 1,
            Self::Content => 2,
            Self::LiveSegment => 3,
        }
    }

    /// From the number in the header (rule I-1).
    ///
    /// # Errors
    /// [`Malformed`] for any other number.
    pub fn from_number(number: u8) -> Result<Self, Malformed> {
        [Self::Manifest, Self::Content, Self::LiveSegment]
            .into_iter()
            .find(|kind| kind.number() == number)
            .ok_or(Malformed("item"))
    }
}

/// The first 16 bytes of an item's plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemHeader {
    /// What it holds.
    pub kind: ItemKind,
    /// Bytes of content; zeros follow.
    pub content_len: u64,
}

impl ItemHeader {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .bytes(b"AMit\x01")
            .u8(self.kind.number())
            .u16(0)
            .u64(self.content_len)
            .finish()
    }

    /// Parses it, knowing how long the whole plaintext is.
    ///
    /// # Errors
    /// [`Malformed`]: rule I-1.
    pub fn parse(bytes: &[u8; HEADER_LEN], plaintext_len: u64) -> Result<Self, Malformed> {
        let mut reader = Reader::new("item", bytes);
        reader.expect(b"AMit\x01")?;
        let kind = ItemKind::from_number(reader.u8()?)?;
        reader.expect(&[0, 0])?;
        let content_len = reader.u64()?;
        match plaintext_len.checked_sub(HEADER_LEN_U64) {
            Some(room) if content_len <= room => Ok(Self { kind, content_len }),
            _ => Err(Malformed("item")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_its_sixteen_bytes() {
        let header = ItemHeader { kind: ItemKind::Content, content_len: 0x0102 };
        let bytes = header.encode();
        assert_eq!(bytes, b"AMit\x01\x02\0\0\0\0\0\0\0\0\x01\x02");
        let bytes: [u8; 16] = bytes.try_into().unwrap();
        assert_eq!(ItemHeader::parse(&bytes, 16 + 0x0102), Ok(header));
        assert!(ItemHeader::parse(&bytes, 16 + 0x0101).is_err());
        assert!(ItemHeader::parse(&bytes, 3).is_err());
    }

    #[test]
    fn any_other_byte_in_the_fixed_part_is_rejected() {
        let good: [u8; 16] =
            ItemHeader { kind: ItemKind::Content, content_len: 0 }.encode().try_into().unwrap();
        for at in 0..8 {
            let mut bytes = good;
            *bytes.get_mut(at).unwrap() ^= 0x80;
            assert!(ItemHeader::parse(&bytes, 1 << 40).is_err(), "byte {at}");
        }
    }
}
