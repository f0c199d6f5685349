// SPDX-License-Identifier: MPL-2.0

use serde::{Deserialize, Serialize};

use crate::{
    cursor::{Malformed, Reader, Writer},
    document::{Format, check_hex},
    facts::Commitments,
    id::ItemId,
    manifest::{LogRoot, check_media_type},
};

/// Label of the running hash.
pub const RUNNING: &str = "amate/v1/live";
/// Label of a segment's signature.
pub const SEGMENT: &str = "amate/v1/live-segment";
/// Bytes of framing around the data.
pub const FRAMING: usize = 176;
/// Most data of a segment: its parcel item fills exactly eight blocks of 256 KiB.
pub const MAX_DATA: usize = 2_094_805;
/// Most data of a segment that fills exactly eight blocks of 16 KiB.
pub const SMALL_DATA: usize = 129_205;

/// Opening of a live recording (spec/evidence.md §6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveOpening {
    /// `amate-live/1`.
    pub format: String,
    /// Of all data joined.
    pub media_type: String,
    /// Hex, 32 bytes.
    pub capture_key: String,
    /// Signed after this root existed.
    pub not_before: Option<LogRoot>,
    /// Commitments.
    pub facts: Commitments,
}

impl Format for LiveOpening {
    const NAME: &'static str = "amate-live/1";
    const LABEL: &'static str = "amate/v1/live-opening";

    fn check(&self) -> Result<(), Malformed> {
        check_media_type(&self.media_type)?;
        check_hex(&self.capture_key, 32)?;
        self.not_before.iter().try_for_each(LogRoot::check)?;
        self.facts.check()?;
        if self.format == Self::NAME { Ok(()) } else { Err(Malformed("live opening")) }
    }
}

/// One segment, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Its number, from 0.
    pub index: u32,
    /// Item id of the recording.
    pub opening: ItemId,
    /// Running hash of the segment before.
    pub previous: [u8; 32],
    /// 1 … [`MAX_DATA`] bytes.
    pub data: &'a [u8],
    /// Running hash up to here.
    pub running: [u8; 32],
    /// By the capture key, over the running hash.
    pub signature: [u8; 64],
}

impl<'a> Segment<'a> {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .bytes(b"AMls\x01\0\0\0")
            .u32(self.index)
            .bytes(&self.opening.0)
            .bytes(&self.previous)
            .prefixed(self.data)
            .bytes(&self.running)
            .bytes(&self.signature)
            .finish()
    }

    /// Parses the bytes of exactly one segment.
    ///
    /// # Errors
    /// [`Malformed`]: rule L-3.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("live segment", bytes);
        let segment = Self::next(&mut reader)?;
        reader.end()?;
        Ok(segment)
    }

    fn next(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        reader.expect(b"AMls\x01\0\0\0")?;
        let index = reader.u32()?;
        let opening = ItemId(reader.array()?);
        let previous = reader.array()?;
        let data = reader.prefixed()?;
        if !(1..=MAX_DATA).contains(&data.len()) {
            return Err(reader.malformed());
        }
        let (running, signature) = (reader.array()?, reader.array()?);
        Ok(Self { index, opening, previous, data, running, signature })
    }
}

/// Bytes of the whole segment that begins with these 80 bytes.
///
/// # Errors
/// [`Malformed`]: rule L-3.
pub fn segment_len(head: &[u8; 80]) -> Result<usize, Malformed> {
    let mut reader = Reader::new("live segment", head);
    reader.expect(b"AMls\x01\0\0\0")?;
    reader.take(68)?;
    let data = usize::try_from(reader.u32()?).map_err(|_| reader.malformed())?;
    if (1..=MAX_DATA).contains(&data) { Ok(FRAMING + data) } else { Err(reader.malformed()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_its_data_and_176_bytes() {
        let segment = Segment {
            index: 3,
            opening: ItemId([1; 32]),
            previous: [2; 32],
            data: b"sound",
            running: [3; 32],
            signature: [4; 64],
        };
        let bytes = segment.encode();
        assert_eq!(bytes.len(), FRAMING + 5);
        assert_eq!(Segment::parse(&bytes), Ok(segment));
        assert_eq!(segment_len(bytes.first_chunk().unwrap()), Ok(bytes.len()));
        for len in [0, 79, 80, bytes.len() - 1] {
            assert!(Segment::parse(bytes.get(..len).unwrap()).is_err());
        }
        assert!(Segment::parse(&[bytes.as_slice(), &[0]].concat()).is_err());
        let mut empty = bytes.clone();
        empty.splice(76..85, [0; 4]);
        assert!(Segment::parse(&empty).is_err());
    }
}
