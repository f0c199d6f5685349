// SPDX-License-Identifier: MPL-2.0
//! The index as sealed blocks: rules. Written here straight from the specification.

use amate_app::envelope::build_index;
use amate_seal::{aead, hash::sha256, kdf::derive, secret::Secret};
use amate_wire::{
    block::BlockClass,
    document::hex,
    id::BlockId,
    index::{Index, IndexItem},
    notice::NoticeIndex,
};

use super::{super::vector::Vector, pair::good, seed};

const LEAF: usize = 16_332;
const PLAIN: usize = 16_336;
const BLOCK: usize = 16_384;

pub(super) fn trees() -> Vec<Vector> {
    let leaf = whole("tree-leaf", "an index that one block holds", 40);
    let tree = whole("tree", "an index of two leaves and their root", 520);
    let full = whole("tree-full", "an index that fills its leaf to the last byte", FULL);
    [sealing(&leaf), lengths(&full), shapes(&tree), vec![leaf, tree, full]].concat()
}

/// As many blocks, in eight items, as a leaf holds.
const FULL: u32 = 509;

fn index(blocks: u32) -> Vec<u8> {
    sample(blocks).encode()
}

fn sample(blocks: u32) -> Index {
    let ids: Vec<_> = (0..blocks).map(|n| BlockId(sha256(&n.to_be_bytes()))).collect();
    let most = if blocks == FULL { ids.len().div_ceil(8) } else { ids.len() };
    let class = BlockClass::Large;
    let items = ids.chunks(most).map(|ids| IndexItem { class, blocks: ids.to_vec() });
    Index { items: items.collect() }
}

/// What the reader asks for, in that order: root first.
fn whole(name: &str, why: &str, blocks: u32) -> Vector {
    let (NoticeIndex::Tree { root, depth, len }, mut sealed) =
        build_index(&seed(), sample(blocks)).unwrap()
    else {
        panic!()
    };
    sealed.rotate_right(1);
    assert_eq!(sealed[0].id, root);
    let body: Vec<u8> = sealed.into_iter().flat_map(|block| block.bytes).collect();
    let bytes = index(blocks);
    assert_eq!(body, build(&bytes.chunks(LEAF).collect::<Vec<_>>()));
    good("tree", name, "envelope.md §3", why, body)
        .bytes("seed", seed().expose())
        .bytes("root", &root.0)
        .with("depth", depth.to_string())
        .with("length", len.to_string())
        .bytes("gives-index-sha256", &sha256(&bytes))
}

/// Root first, then the leaves.
fn build(leaves: &[&[u8]]) -> Vec<u8> {
    let mut position = 0..;
    let sealed: Vec<_> =
        leaves.iter().map(|leaf| seal(0, position.next().unwrap(), &padded(leaf), None)).collect();
    let [only] = sealed.as_slice() else {
        let ids: Vec<u8> = sealed.iter().flat_map(|block| sha256(block)).collect();
        return [seal(1, 0, &padded(&ids), None), sealed.concat()].concat();
    };
    only.clone()
}

fn sealing(base: &Vector) -> Vec<Vector> {
    let good = padded(&index(40));
    let bad = |name: &str, expect: &str, why: &str, block: &dyn Fn() -> Vec<u8>| {
        base.bad(name, expect, "envelope.md X-2", why, |vector| put(vector, block()))
    };
    vec![
        bad("x2-position", "open", "a block of another position", &|| seal(0, 1, &good, None)),
        bad("x2-siv", "open", "opens, but its siv is not that of its bytes", &|| {
            seal(0, 0, &good, Some(&Secret::new(sha256(b"another siv"))))
        }),
        bad("x2-padding", "parse", "the last byte of the padding is not zero", &|| {
            let mut plain = good.clone();
            plain[PLAIN - 1] = 1;
            seal(0, 0, &plain, None)
        }),
    ]
}

fn lengths(base: &Vector) -> Vec<Vector> {
    let len = index(FULL).len();
    assert_eq!(len, LEAF);
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "parse", "envelope.md X-3", why, spoil)
    };
    vec![
        bad("x3-longer", "the notice says one byte more", &|vector| {
            vector.set("length", (len + 1).to_string());
        }),
        bad("x3-huge", "longer than 16 MiB: nothing is fetched", &|vector| {
            vector.set("length", (16 * 1024 * 1024 + 1).to_string());
            vector.body.clear();
        }),
    ]
}

fn shapes(base: &Vector) -> Vec<Vector> {
    let bytes = index(520);
    let bad = |name: &str, why: &str, spoil: &dyn Fn(&mut Vector)| {
        base.bad(name, "parse", "envelope.md X-3", why, spoil)
    };
    vec![bad("x3-not-full", "the first of two leaves is not full", &|vector| {
        let (first, second) = bytes.split_at(LEAF - 32);
        put(vector, build(&[first, second]));
    })]
}

/// Blocks of which the first is the root.
fn put(vector: &mut Vector, blocks: Vec<u8>) {
    vector.set("root", hex(&sha256(&blocks[..BLOCK])));
    vector.body = blocks;
}

fn padded(payload: &[u8]) -> Vec<u8> {
    let mut plain = [&(payload.len() as u32).to_be_bytes(), payload].concat();
    plain.resize(PLAIN, 0);
    plain
}

/// One index block; with another siv than its own where one is given.
fn seal(level: u8, position: u32, plain: &[u8], other: Option<&Secret<32>>) -> Vec<u8> {
    let at = position.to_be_bytes();
    let hash = sha256(plain);
    let own = derive(seed().expose(), "amate/v1/index/siv", &[&[level], &at, &hash]);
    let siv = other.unwrap_or(&own);
    let key = derive(seed().expose(), "amate/v1/index/key", &[&[level], &at, siv.expose()]);
    let mut sealed = plain.to_vec();
    let tag = aead::seal_once(&key, &[], &mut sealed);
    [siv.expose().as_slice(), &sealed, &tag].concat()
}
