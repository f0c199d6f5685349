// SPDX-License-Identifier: MPL-2.0
//! The index in the clear: rule X-1.

use amate_wire::{
    block::BlockClass,
    id::BlockId,
    index::{Index, IndexItem},
};

use super::{super::vector::Vector, pair::good};

/// Two items, of one and of two blocks.
pub(super) fn index() -> Index {
    let id = |n: u8| BlockId([n; 32]);
    Index {
        items: vec![
            IndexItem { class: BlockClass::Small, blocks: vec![id(1)] },
            IndexItem { class: BlockClass::Large, blocks: vec![id(2), id(3)] },
        ],
    }
}

/// Offset of the second item.
const SECOND: usize = 4 + 5 + 32;

pub(super) fn indexes() -> Vec<Vector> {
    let why = "two items, of one and of two blocks";
    let base = good("index", "index", "envelope.md §3", why, index().encode())
        .with("gives-items", "2")
        .with("gives-blocks", "3");
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        base.bad(name, "parse", "envelope.md X-1", why, |vector| spoil(&mut vector.body))
    };
    let only = [&[0, 0, 0, 1], &base.body[SECOND..]].concat();
    let one = good("index", "index-one", "envelope.md §3", "one item", only)
        .with("gives-items", "1")
        .with("gives-blocks", "2");
    vec![
        bad("x1-no-items", "no items, and nothing after", &|body| *body = vec![0; 4]),
        bad("x1-no-blocks", "a further item without blocks", &|body| {
            body[3] = 3;
            body.extend([1, 0, 0, 0, 0]);
        }),
        bad("x1-class-0", "class 0", &|body| body[4] = 0),
        bad("x1-class-4", "class 4", &|body| body[4] = 4),
        bad("x1-twice-here", "a block twice in one item", &|body| {
            body[SECOND + 5..].fill(2);
        }),
        bad("x1-twice", "a block in two items", &|body| body[SECOND + 5..][..32].fill(1)),
        bad("x1-cut", "the last byte is missing", &|body| {
            body.pop();
        }),
        bad("x1-trailing", "a byte is left over", &|body| body.push(0)),
        bad("x1-more-items", "one item more than there is", &|body| body[3] = 3),
        base,
        one,
    ]
}
