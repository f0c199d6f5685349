// SPDX-License-Identifier: MPL-2.0

use crate::{
    block::BlockClass,
    cursor::{Malformed, Reader, Writer},
    id::BlockId,
};

/// Most ids that an index inside a notice may have.
pub const INLINE_IDS: usize = 32;
/// Most bytes of an index inside a notice.
pub const INLINE_LEN: usize = 1_280;
/// Payload of one index block.
pub const LEAF_LEN: usize = 16_332;
/// Plaintext of one index block: length, payload, zeros.
pub const PLAIN_LEN: usize = 16_336;
/// Ids in a full inner node.
pub const NODE_IDS: usize = 510;
/// Highest level of the root.
pub const MAX_DEPTH: u8 = 2;
const MAX_ITEMS: u32 = 65_536;

/// Blocks of one parcel item, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexItem {
    /// Size of its blocks.
    pub class: BlockClass,
    /// Their ids.
    pub blocks: Vec<BlockId>,
}

/// All items of a parcel, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// At least one.
    pub items: Vec<IndexItem>,
}

impl Index {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let start = Writer::new().u32(count(self.items.len()));
        let all = self.items.iter().fold(start, |writer, item| {
            let head = writer.u8(item.class.number()).u32(count(item.blocks.len()));
            item.blocks.iter().fold(head, |writer, id| writer.bytes(&id.0))
        });
        all.finish()
    }

    /// Parses the bytes.
    ///
    /// # Errors
    /// [`Malformed`]: rule X-1.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new("index", bytes);
        let items = reader.u32()?;
        if !(1..=MAX_ITEMS).contains(&items) {
            return Err(reader.malformed());
        }
        let items = (0..items).map(|_| item(&mut reader)).collect::<Result<_, _>>()?;
        reader.end()?;
        let index = Self { items };
        let mut ids: Vec<BlockId> = index.ids().collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() == count { Ok(index) } else { Err(Malformed("index")) }
    }

    /// Ids of all blocks.
    pub fn ids(&self) -> impl Iterator<Item = BlockId> {
        self.items.iter().flat_map(|item| item.blocks.iter().copied())
    }

    /// Whether it stands in the notice itself.
    #[must_use]
    pub fn is_inline(&self) -> bool {
        self.ids().count() <= INLINE_IDS && self.encode().len() <= INLINE_LEN
    }
}

/// Plaintext of one index block.
///
/// # Errors
/// [`Malformed`] for an empty payload or one longer than [`LEAF_LEN`].
pub fn pad_payload(payload: &[u8]) -> Result<Vec<u8>, Malformed> {
    if payload.is_empty() || payload.len() > LEAF_LEN {
        return Err(Malformed("index block"));
    }
    Ok(Writer::new().prefixed(payload).pad_to(PLAIN_LEN).finish())
}

/// Payload of one index block's plaintext.
///
/// # Errors
/// [`Malformed`]: rule X-2.
pub fn unpad_payload(plain: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new("index block", plain);
    let payload = reader.prefixed()?;
    if payload.is_empty() || payload.len() > LEAF_LEN || plain.len() != PLAIN_LEN {
        return Err(reader.malformed());
    }
    reader.zeros()?;
    Ok(payload)
}

/// Ids in the payload of an inner node.
///
/// # Errors
/// [`Malformed`]: rule X-3, for a length that is not a multiple of 32.
pub fn node_ids(payload: &[u8]) -> Result<Vec<BlockId>, Malformed> {
    match payload.as_chunks::<32>() {
        (ids, []) => Ok(ids.iter().copied().map(BlockId).collect()),
        _ => Err(Malformed("index node")),
    }
}

fn item(reader: &mut Reader<'_>) -> Result<IndexItem, Malformed> {
    let class = BlockClass::from_number(reader.u8()?)?;
    let blocks = usize::try_from(reader.u32()?).map_err(|_| reader.malformed())?;
    let bytes = reader.take(blocks.checked_mul(32).ok_or(reader.malformed())?)?;
    let (ids, _) = bytes.as_chunks::<32>();
    if ids.is_empty() {
        return Err(reader.malformed());
    }
    Ok(IndexItem { class, blocks: ids.iter().copied().map(BlockId).collect() })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Index {
        Index {
            items: vec![
                IndexItem { class: BlockClass::Small, blocks: vec![BlockId([1; 32])] },
                IndexItem {
                    class: BlockClass::Large,
                    blocks: (2..5).map(|n| BlockId([n; 32])).collect(),
                },
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sample().encode();
        assert_eq!(bytes.len(), 4 + 5 + 32 + 5 + 96);
        assert_eq!(Index::parse(&bytes), Ok(sample()));
        assert!(sample().is_inline());
    }

    #[test]
    fn cut_and_continued_indexes_are_rejected() {
        let bytes = sample().encode();
        for len in 0..bytes.len() {
            assert!(Index::parse(bytes.get(..len).unwrap()).is_err(), "{len}");
        }
        assert!(Index::parse(&[bytes, vec![0]].concat()).is_err());
        assert!(Index::parse(&[0, 0, 0, 0]).is_err());
        assert!(Index::parse(&[0, 0, 0, 1, 3, 0, 0, 0, 0]).is_err());
        assert!(Index::parse(&[0, 0, 0, 1, 3, 255, 255, 255, 255]).is_err());
    }

    #[test]
    fn an_index_block_is_its_payload_and_zeros() {
        let plain = pad_payload(&[7; 100]).unwrap();
        assert_eq!(plain.len(), PLAIN_LEN);
        assert_eq!(unpad_payload(&plain), Ok([7; 100].as_slice()));
        let mut spoilt = plain;
        *spoilt.last_mut().unwrap() = 1;
        assert!(unpad_payload(&spoilt).is_err());
        assert!(pad_payload(&[]).is_err() && pad_payload(&[0; LEAF_LEN + 1]).is_err());
    }
}
