// SPDX-License-Identifier: MPL-2.0
//! The index of a parcel: in the notice, or as sealed index blocks in a tree (spec/envelope.md §3).

use amate_seal::{CannotOpen, aead, hash::sha256, kdf::derive, secret::Secret};
use amate_wire::{
    block::BlockClass,
    cursor::Malformed,
    id::BlockId,
    index::{self, Index, LEAF_LEN, NODE_IDS, PLAIN_LEN},
    notice::NoticeIndex,
};

use super::{SealedBlock, Seed};

/// Puts an index into the notice, or into index blocks that the notice names.
///
/// # Errors
/// [`Malformed`] for an index that a tree of depth 2 does not hold.
pub fn build_index(
    seed: &Seed,
    index: Index,
) -> Result<(NoticeIndex, Vec<SealedBlock>), Malformed> {
    if index.is_inline() {
        return Ok((NoticeIndex::Inline(index), Vec::new()));
    }
    let bytes = index.encode();
    let mut all = Vec::new();
    let mut level = seal_level(seed, 0, bytes.chunks(LEAF_LEN))?;
    let mut depth = 0;
    while level.len() > 1 {
        depth += 1;
        let ids: Vec<u8> = level.iter().flat_map(|block| block.id.0).collect();
        all.append(&mut level);
        level = seal_level(seed, depth, ids.chunks(NODE_IDS * 32))?;
    }
    let root = level.first().ok_or(Malformed("index"))?.id;
    all.append(&mut level);
    if depth > index::MAX_DEPTH {
        return Err(Malformed("index"));
    }
    let len = u64::try_from(bytes.len()).map_err(|_| Malformed("index"))?;
    Ok((NoticeIndex::Tree { root, depth, len }, all))
}

/// What an [`IndexReader`] needs or has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a machine with two outcomes")]
pub enum IndexStep {
    /// Bring this block to [`IndexReader::take`].
    Fetch(BlockId),
    /// All of it.
    Whole(Index),
}

/// Reads an index: asks for blocks, takes bytes, no I/O.
pub struct IndexReader {
    seed: Seed,
    len: u64,
    /// Ids still to read, the next one last: (level, position, id, ids in its level).
    waiting: Vec<(u8, u32, BlockId)>,
    bytes: Vec<u8>,
    next_positions: [u32; 3],
    ended: bool,
}

/// Longest index that is read: half a million blocks, 137 GB of content.
const MAX_INDEX: u64 = 16 * 1024 * 1024;

impl IndexReader {
    /// Begins with what the notice says; an index in the notice is whole at once.
    ///
    /// # Errors
    /// [`CannotOpen`] when the notice has none.
    pub fn new(seed: &Seed, index: &NoticeIndex) -> Result<(Self, IndexStep), CannotOpen> {
        let mut reader = Self {
            seed: seed.clone(),
            len: 0,
            waiting: Vec::new(),
            bytes: Vec::new(),
            next_positions: [0; 3],
            ended: false,
        };
        match index {
            NoticeIndex::Inline(index) => Ok((reader, IndexStep::Whole(index.clone()))),
            NoticeIndex::Tree { len, .. } if *len > MAX_INDEX => Err(CannotOpen),
            NoticeIndex::Tree { root, depth, len } => {
                reader.len = *len;
                reader.waiting.push((*depth, 0, *root));
                Ok((reader, IndexStep::Fetch(*root)))
            }
            _ => Err(CannotOpen),
        }
    }

    /// Takes the block that was asked for.
    ///
    /// # Errors
    /// [`CannotOpen`]: rules B-1, X-1, X-2, X-3.
    pub fn take(&mut self, block: &[u8]) -> Result<IndexStep, CannotOpen> {
        let (level, position, id) = self.waiting.pop().ok_or(CannotOpen)?;
        if sha256(block) != id.0 || self.ended {
            return Err(CannotOpen);
        }
        let payload = open_block(&self.seed, level, position, block)?;
        if level == 0 {
            self.leaf(&payload)?;
        } else {
            self.node(level, &payload)?;
        }
        match self.waiting.last() {
            Some((_, _, id)) => Ok(IndexStep::Fetch(*id)),
            None if u64::try_from(self.bytes.len()) == Ok(self.len) => {
                Index::parse(&self.bytes).map(IndexStep::Whole).map_err(|_| CannotOpen)
            }
            None => Err(CannotOpen),
        }
    }

    /// A leaf is full unless it is the last, and never goes past the length.
    fn leaf(&mut self, payload: &[u8]) -> Result<(), CannotOpen> {
        self.bytes.extend_from_slice(payload);
        let full = payload.len() == LEAF_LEN;
        let so_far = u64::try_from(self.bytes.len()).map_err(|_| CannotOpen)?;
        if so_far > self.len || (!full && so_far != self.len) {
            return Err(CannotOpen);
        }
        Ok(())
    }

    fn node(&mut self, level: u8, payload: &[u8]) -> Result<(), CannotOpen> {
        let ids = index::node_ids(payload).map_err(|_| CannotOpen)?;
        let last_of_its_level = self.waiting.is_empty();
        if ids.is_empty() || (ids.len() < NODE_IDS && !last_of_its_level) {
            return Err(CannotOpen);
        }
        let below = level.checked_sub(1).ok_or(CannotOpen)?;
        let next = self.next_positions.get_mut(usize::from(below)).ok_or(CannotOpen)?;
        let first = *next;
        let count = u32::try_from(ids.len()).map_err(|_| CannotOpen)?;
        *next = first.checked_add(count).ok_or(CannotOpen)?;
        let children = (first..).zip(ids).map(|(position, id)| (below, position, id));
        let mut children: Vec<_> = children.collect();
        children.reverse();
        self.waiting.append(&mut children);
        Ok(())
    }
}

/// Checks a block against the id asked for (rule B-1).
///
/// # Errors
/// [`CannotOpen`] for other bytes or a size that is no class.
pub fn read_block(id: BlockId, bytes: &[u8]) -> Result<BlockClass, CannotOpen> {
    let class = BlockClass::from_size(bytes.len()).map_err(|_| CannotOpen)?;
    if sha256(bytes) == id.0 { Ok(class) } else { Err(CannotOpen) }
}

fn seal_level<'a>(
    seed: &Seed,
    level: u8,
    payloads: impl Iterator<Item = &'a [u8]>,
) -> Result<Vec<SealedBlock>, Malformed> {
    (0_u32..)
        .zip(payloads)
        .map(|(position, payload)| {
            let plain = index::pad_payload(payload)?;
            Ok(seal_block(seed, level, position, plain))
        })
        .collect()
}

fn seal_block(seed: &Seed, level: u8, position: u32, mut plain: Vec<u8>) -> SealedBlock {
    let siv = siv(seed, level, position, &plain);
    let tag = aead::seal_once(&key(seed, level, position, &siv), &[], &mut plain);
    let bytes = [siv.expose().as_slice(), &plain, &tag].concat();
    SealedBlock { id: BlockId(sha256(&bytes)), bytes }
}

fn open_block(seed: &Seed, level: u8, position: u32, block: &[u8]) -> Result<Vec<u8>, CannotOpen> {
    let (given, rest) = block.split_first_chunk::<32>().ok_or(CannotOpen)?;
    let (sealed, tag) = rest.split_last_chunk::<{ aead::TAG_LEN }>().ok_or(CannotOpen)?;
    if sealed.len() != PLAIN_LEN {
        return Err(CannotOpen);
    }
    let given = Secret::new(*given);
    let mut plain = sealed.to_vec();
    aead::open_once(&key(seed, level, position, &given), &[], &mut plain, tag)?;
    if siv(seed, level, position, &plain) != given {
        return Err(CannotOpen);
    }
    index::unpad_payload(&plain).map(<[u8]>::to_vec).map_err(|_| CannotOpen)
}

fn siv(seed: &Seed, level: u8, position: u32, plain: &[u8]) -> Secret<32> {
    let parts: [&[u8]; 3] = [&[level], &position.to_be_bytes(), &sha256(plain)];
    derive(seed.expose(), "amate/v1/index/siv", &parts)
}

fn key(seed: &Seed, level: u8, position: u32, siv: &Secret<32>) -> Secret<32> {
    let parts: [&[u8]; 3] = [&[level], &position.to_be_bytes(), siv.expose()];
    derive(seed.expose(), "amate/v1/index/key", &parts)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use amate_wire::index::IndexItem;

    use super::*;

    fn seed() -> Seed {
        Secret::new([1; 32])
    }

    fn sample(blocks: u32) -> Index {
        let blocks = (0..blocks).map(|n| BlockId(sha256(&n.to_be_bytes()))).collect();
        Index { items: vec![IndexItem { class: BlockClass::Large, blocks }] }
    }

    fn read(notice: &NoticeIndex, store: &HashMap<BlockId, Vec<u8>>) -> Result<Index, CannotOpen> {
        let (mut reader, mut step) = IndexReader::new(&seed(), notice)?;
        loop {
            match step {
                IndexStep::Whole(index) => return Ok(index),
                IndexStep::Fetch(id) => step = reader.take(store.get(&id).ok_or(CannotOpen)?)?,
            }
        }
    }

    fn build(blocks: u32) -> (NoticeIndex, HashMap<BlockId, Vec<u8>>) {
        let (notice, sealed) = build_index(&seed(), sample(blocks)).unwrap();
        assert!(sealed.iter().all(|block| block.bytes.len() == 16_384));
        (notice, sealed.into_iter().map(|block| (block.id, block.bytes)).collect())
    }

    #[test]
    fn indexes_of_every_depth_come_back() {
        for (blocks, depth) in
            [(32, None), (33, Some(0)), (510, Some(0)), (511, Some(1)), (300_000, Some(2))]
        {
            let (notice, store) = build(blocks);
            match (&notice, depth) {
                (NoticeIndex::Inline(_), None) => {}
                (NoticeIndex::Tree { depth, .. }, Some(wanted)) => assert_eq!(*depth, wanted),
                other => panic!("{blocks}: {other:?}"),
            }
            assert_eq!(read(&notice, &store), Ok(sample(blocks)), "{blocks}");
        }
    }

    #[test]
    fn the_same_index_seals_to_the_same_blocks() {
        assert_eq!(build_index(&seed(), sample(600)), build_index(&seed(), sample(600)));
    }

    #[test]
    fn changed_lengths_levels_and_bytes_are_rejected() {
        let (notice, store) = build(600);
        let NoticeIndex::Tree { root, depth, len } = notice else { panic!() };
        for spoilt in [
            NoticeIndex::Tree { root, depth, len: len + 1 },
            NoticeIndex::Tree { root, depth, len: len - 1 },
            NoticeIndex::Tree { root, depth: 0, len },
            NoticeIndex::Tree { root, depth: 2, len },
        ] {
            assert_eq!(read(&spoilt, &store), Err(CannotOpen), "{spoilt:?}");
        }
        for id in store.keys() {
            let mut changed = store.clone();
            changed.get_mut(id).unwrap()[40] ^= 1;
            let notice = NoticeIndex::Tree { root, depth, len };
            assert_eq!(read(&notice, &changed), Err(CannotOpen));
        }
    }
}
