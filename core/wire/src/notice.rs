// SPDX-License-Identifier: MPL-2.0

use crate::{
    cursor::{Malformed, Reader, Writer},
    id::{BlockId, KeySetId, RelayKey},
    index::{INLINE_LEN, Index, MAX_DEPTH},
};

/// Bytes of a notice as deposited: an age file.
pub const SEALED_LEN: usize = 4_096;
/// Bytes of its plaintext.
pub const PLAIN_LEN: usize = 2_437;
/// Bytes that the device signs.
pub const SIGNED_LEN: usize = PLAIN_LEN - 64;
/// Label of the signature.
pub const LABEL: &str = "amate/v1/notice";
const FIXED_LEN: usize = 382;
/// Sequence and times: what JSON and databases hold exactly.
const MAX_NUMBER: u64 = (1 << 53) - 1;
const MORE: u8 = 1;

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticeKind {
    /// 1: a parcel waits.
    Parcel,
    /// 2: a person opened a parcel.
    Opened,
    /// 3: a capability for the reader.
    Grant,
    /// Needs a newer version.
    Unknown(u8),
}

impl NoticeKind {
    /// The number in the notice.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Parcel => 1,
            Self::Opened => 2,
            Self::Grant => 3,
            Self::Unknown(number) => number,
        }
    }

    /// From the number in the notice.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Parcel,
            2 => Self::Opened,
            3 => Self::Grant,
            other => Self::Unknown(other),
        }
    }
}

/// Where the index of a parcel stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticeIndex {
    /// The notice has none.
    None,
    /// In the notice.
    Inline(Index),
    /// In sealed index blocks.
    Tree {
        /// Id of the root.
        root: BlockId,
        /// Level of the root, 0 … 2.
        depth: u8,
        /// Bytes of the whole index.
        len: u64,
    },
}

/// A notice, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub kind: NoticeKind,
    /// The recipient's key set that it was made for.
    pub key_set: KeySetId,
    /// Identity key of the sender.
    pub sender: [u8; 32],
    /// Device key of the sender.
    pub device: [u8; 32],
    /// The identity's signature over the device key.
    pub certificate: [u8; 64],
    /// Parcel id.
    pub parcel: [u8; 16],
    /// Parcel id of the version before, or zero.
    pub previous: [u8; 32],
    /// Counts notices of this sender to this recipient.
    pub sequence: u64,
    /// The sender's clock.
    pub created: u64,
    /// Not to be taken in after this witnessed time.
    pub expiry: u64,
    /// Block with a second signature, or zero.
    pub second_signature: [u8; 32],
    /// Relay that has the blocks.
    pub relay: RelayKey,
    /// More notices of this parcel follow.
    pub more: bool,
    /// Seed of the parcel, or zero.
    pub seed: [u8; 32],
    /// Where the index is.
    pub index: NoticeIndex,
    /// See the kinds.
    pub body: Vec<u8>,
}

impl Notice {
    /// The bytes that are signed.
    ///
    /// # Errors
    /// [`Malformed`] when body and index do not fit.
    pub fn encode(&self) -> Result<Vec<u8>, Malformed> {
        let (form, depth, root, inline, len) = match &self.index {
            NoticeIndex::None => (0, 0, [0; 32], Vec::new(), 0),
            NoticeIndex::Inline(index) => {
                let bytes = index.encode();
                let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                (1, 0, [0; 32], bytes, len)
            }
            NoticeIndex::Tree { root, depth, len } => (2, *depth, root.0, Vec::new(), *len),
        };
        let body_len = u16::try_from(self.body.len()).map_err(|_| Malformed("notice"))?;
        let bytes = Writer::new()
            .bytes(b"AMno\x01")
            .u8(self.kind.number())
            .u16(0)
            .bytes(&self.key_set.0)
            .bytes(&self.sender)
            .bytes(&self.device)
            .bytes(&self.certificate)
            .bytes(&self.parcel)
            .bytes(&self.previous)
            .u64(self.sequence)
            .u64(self.created)
            .u64(self.expiry)
            .bytes(&self.second_signature)
            .bytes(&self.relay.0)
            .u8(if self.more { MORE } else { 0 })
            .u8(form)
            .u8(depth)
            .u8(0)
            .bytes(&self.seed)
            .bytes(&root)
            .u64(len)
            .u16(body_len)
            .bytes(&self.body)
            .bytes(&inline)
            .finish();
        if bytes.len() > SIGNED_LEN || inline.len() > INLINE_LEN {
            return Err(Malformed("notice"));
        }
        Ok(Writer::new().bytes(&bytes).pad_to(SIGNED_LEN).finish())
    }

    /// Parses the signed part of a plaintext.
    ///
    /// # Errors
    /// [`Malformed`]: rule N-1.
    pub fn parse(bytes: &[u8; SIGNED_LEN]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("notice", bytes);
        reader.expect(b"AMno\x01")?;
        let kind = NoticeKind::from_number(reader.u8()?);
        reader.expect(&[0, 0])?;
        let key_set = KeySetId(reader.array()?);
        let (sender, device) = (reader.array()?, reader.array()?);
        let (certificate, parcel, previous) = (reader.array()?, reader.array()?, reader.array()?);
        let (sequence, created, expiry) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let second_signature = reader.array()?;
        let relay = RelayKey(reader.array()?);
        let more = match reader.u8()? {
            0 => false,
            MORE => true,
            _ => return Err(reader.malformed()),
        };
        let (form, depth) = (reader.u8()?, reader.u8()?);
        reader.expect(&[0])?;
        let (seed, root, len) = (reader.array()?, reader.array()?, reader.u64()?);
        let body_len = reader.u16()?;
        let body = reader.take(usize::from(body_len))?.to_vec();
        let index = index(&mut reader, form, depth, root, len)?;
        reader.zeros()?;
        let notice = Self {
            kind,
            key_set,
            sender,
            device,
            certificate,
            parcel,
            previous,
            sequence,
            created,
            expiry,
            second_signature,
            relay,
            more,
            seed,
            index,
            body,
        };
        notice.is_of_its_kind()?;
        Ok(notice)
    }

    /// Fields that a kind forbids or demands.
    fn is_of_its_kind(&self) -> Result<(), Malformed> {
        let bare = self.index == NoticeIndex::None && self.seed == [0; 32] && !self.more;
        let numbers = [self.sequence, self.created, self.expiry];
        let good = self.sequence > 0
            && numbers.iter().all(|number| *number <= MAX_NUMBER)
            && self.previous.ends_with(&[0; 16])
            && match self.kind {
                NoticeKind::Parcel => self.index != NoticeIndex::None && self.body.is_empty(),
                NoticeKind::Opened => bare && self.body.len() == 32,
                NoticeKind::Grant => bare && self.body.len() == 52,
                NoticeKind::Unknown(_) => true,
            };
        if good { Ok(()) } else { Err(Malformed("notice")) }
    }
}

fn index(
    reader: &mut Reader<'_>,
    form: u8,
    depth: u8,
    root: [u8; 32],
    len: u64,
) -> Result<NoticeIndex, Malformed> {
    match form {
        0 if depth == 0 && root == [0; 32] && len == 0 => Ok(NoticeIndex::None),
        1 if depth == 0 && root == [0; 32] => {
            let len = usize::try_from(len).map_err(|_| reader.malformed())?;
            let index = Index::parse(reader.take(len)?)?;
            if index.is_inline() { Ok(NoticeIndex::Inline(index)) } else { Err(reader.malformed()) }
        }
        2 if depth <= MAX_DEPTH && len > 0 => {
            Ok(NoticeIndex::Tree { root: BlockId(root), depth, len })
        }
        _ => Err(reader.malformed()),
    }
}

// The fixed part as the table of the spec counts it.
const _: () = assert!(FIXED_LEN == 8 + 32 * 3 + 64 + 16 + 32 + 24 + 32 * 2 + 4 + 32 * 2 + 8 + 2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{block::BlockClass, index::IndexItem};

    fn sample() -> Notice {
        Notice {
            kind: NoticeKind::Parcel,
            key_set: KeySetId([1; 32]),
            sender: [2; 32],
            device: [3; 32],
            certificate: [4; 64],
            parcel: [5; 16],
            previous: [0; 32],
            sequence: 6,
            created: 7,
            expiry: 8,
            second_signature: [0; 32],
            relay: RelayKey([9; 32]),
            more: false,
            seed: [10; 32],
            index: NoticeIndex::Inline(Index {
                items: vec![IndexItem {
                    class: BlockClass::Large,
                    blocks: (0..32).map(|n| BlockId([n; 32])).collect(),
                }],
            }),
            body: Vec::new(),
        }
    }

    fn bytes(notice: &Notice) -> [u8; SIGNED_LEN] {
        notice.encode().unwrap().try_into().unwrap()
    }

    #[test]
    fn offsets_are_those_of_the_spec() {
        let bytes = bytes(&sample());
        for (at, value) in [(8, 1), (40, 2), (72, 3), (104, 4), (168, 5), (272, 9), (308, 10)] {
            assert_eq!(bytes.get(at), Some(&value), "offset {at}");
        }
        assert_eq!(bytes.get(216..224), Some([0, 0, 0, 0, 0, 0, 0, 6].as_slice()));
        assert_eq!(bytes.get(305), Some(&1));
        assert_eq!(bytes.get(FIXED_LEN..FIXED_LEN + 4), Some([0, 0, 0, 1].as_slice()));
        assert_eq!(Notice::parse(&bytes), Ok(sample()));
    }

    #[test]
    fn a_tree_and_small_kinds_come_back_whole() {
        let tree = NoticeIndex::Tree { root: BlockId([1; 32]), depth: 2, len: 99 };
        let notice = Notice { index: tree, ..sample() };
        assert_eq!(Notice::parse(&bytes(&notice)), Ok(notice));
        let opened = Notice {
            kind: NoticeKind::Opened,
            seed: [0; 32],
            index: NoticeIndex::None,
            body: vec![1; 32],
            ..sample()
        };
        assert_eq!(Notice::parse(&bytes(&opened)), Ok(opened));
    }

    #[test]
    fn what_a_kind_forbids_is_rejected() {
        for spoilt in [
            Notice { kind: NoticeKind::Opened, ..sample() },
            Notice { body: vec![1], ..sample() },
            Notice { sequence: 0, ..sample() },
            Notice { index: NoticeIndex::None, ..sample() },
            Notice { previous: [1; 32], ..sample() },
        ] {
            assert!(Notice::parse(&bytes(&spoilt)).is_err(), "{spoilt:?}");
        }
        let mut trailing = bytes(&sample());
        *trailing.last_mut().unwrap() = 1;
        assert!(Notice::parse(&trailing).is_err());
    }
}
