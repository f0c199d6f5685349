// SPDX-License-Identifier: MPL-2.0
//! How many blocks of which class an item becomes (spec/envelope.md §2): arithmetic alone.

use amate_seal::age;
use amate_wire::{
    block::{BlockClass, padme},
    item::{HEADER_LEN, ItemKind},
};

/// Blocks of class 1 that an item may have before it becomes class 2.
const SMALL_BLOCKS: u64 = 2;
/// Blocks of class 2 that an item may have before it becomes class 3.
const MEDIUM_BLOCKS: u64 = 8;
/// Blocks of a live segment.
const LIVE_BLOCKS: u64 = 8;

/// The shape of a sealed item; it follows from kind and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemPlan {
    /// What it holds.
    pub kind: ItemKind,
    /// Bytes of content.
    pub content_len: u64,
    /// Bytes of plaintext with header and padding: `P`.
    pub padded_len: u64,
    /// Size of the blocks.
    pub class: BlockClass,
    /// Number of blocks.
    pub blocks: u32,
}

/// The plan for content of this length. `live` fixes the class and eight blocks; `None` when the
/// content does not fit into them, or into 2³² blocks.
#[must_use]
pub fn plan(kind: ItemKind, content_len: u64, live: Option<BlockClass>) -> Option<ItemPlan> {
    let need = age::sealed_len(content_len.checked_add(HEADER_LEN as u64)?);
    let (class, blocks) = match live {
        Some(class) if need <= LIVE_BLOCKS * size(class) => (class, LIVE_BLOCKS),
        Some(_) => return None,
        None => {
            let class = class_for(need);
            (class, padme(need.div_ceil(size(class))))
        }
    };
    let (blocks, padded_len) = (blocks..blocks + 2)
        .find_map(|n| age::plain_len_for(n * size(class)).map(|plain| (n, plain)))?;
    let blocks = u32::try_from(blocks).ok()?;
    Some(ItemPlan { kind, content_len, padded_len, class, blocks })
}

fn class_for(need: u64) -> BlockClass {
    if need <= SMALL_BLOCKS * size(BlockClass::Small) {
        BlockClass::Small
    } else if need <= MEDIUM_BLOCKS * size(BlockClass::Medium) {
        BlockClass::Medium
    } else {
        BlockClass::Large
    }
}

fn size(class: BlockClass) -> u64 {
    class.size() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(len: u64) -> (BlockClass, u32) {
        let plan = plan(ItemKind::Content, len, None).unwrap();
        assert!(plan.padded_len >= len + 16);
        assert_eq!(age::sealed_len(plan.padded_len), u64::from(plan.blocks) * size(plan.class));
        (plan.class, plan.blocks)
    }

    #[test]
    fn classes_change_at_their_borders() {
        assert_eq!(shape(0), (BlockClass::Small, 1));
        assert_eq!(shape(2_421), (BlockClass::Small, 1));
        assert_eq!(shape(2_422), (BlockClass::Small, 2));
        assert_eq!(shape(6_517), (BlockClass::Small, 2));
        assert_eq!(shape(6_518), (BlockClass::Medium, 1));
        assert_eq!(shape(129_381), (BlockClass::Medium, 8));
        assert_eq!(shape(129_382), (BlockClass::Large, 1));
        assert_eq!(shape(3_000_000), (BlockClass::Large, 12));
        assert_eq!(shape(100_000_000).1, 384);
    }

    #[test]
    fn growth_stays_within_padme_and_a_block() {
        for len in (0..40_000_000_u64).step_by(977_777) {
            let plan = plan(ItemKind::Content, len, None).unwrap();
            let sealed = age::sealed_len(len + 16);
            let limit = sealed + sealed * 12 / 100 + size(plan.class);
            assert!(u64::from(plan.blocks) * size(plan.class) <= limit, "{len}");
        }
    }

    #[test]
    fn where_no_length_fits_a_block_more_is_taken() {
        // 3 047 blocks of 256 KiB: the last chunk would hold nothing.
        assert_eq!(age::plain_len_for(3_047 * 262_144), None);
        let plan = plan(ItemKind::Content, 3_046 * 262_144, None).unwrap();
        assert_eq!(age::sealed_len(plan.padded_len), u64::from(plan.blocks) * 262_144);
    }

    #[test]
    fn a_live_segment_fills_eight_blocks_whatever_it_holds() {
        use amate_wire::live::{FRAMING, MAX_DATA, SMALL_DATA};
        for (class, most) in [(BlockClass::Large, MAX_DATA), (BlockClass::Medium, SMALL_DATA)] {
            for data in [1, most] {
                let len = (data + FRAMING) as u64;
                assert_eq!(plan(ItemKind::LiveSegment, len, Some(class)).unwrap().blocks, 8);
            }
            let over = (most + FRAMING + 1) as u64;
            assert_eq!(plan(ItemKind::LiveSegment, over, Some(class)), None);
        }
    }
}
