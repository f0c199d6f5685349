// SPDX-License-Identifier: MPL-2.0
//! Leaves and inclusion proofs: rules T-1, T-3, T-5.

use amate_seal::{
    hash::sha256,
    merkle::{Tree, leaf_hash, node_hash},
    note,
};
use amate_wire::{
    document::hex,
    log::{Checkpoint, TlogProof},
};

use super::{super::vector::Vector, TIME, checkpoint, pair::good, relay, sample::key, tree};

const ITEM: &[u8] = b"item";
const CLOSING: &[u8] = b"closing";
const HEAD: &[u8] = b"custody head";

pub(super) fn proofs() -> Vec<Vector> {
    let base = accepted("proof", "of an item, in the middle of a log", ITEM, 4, 11);
    let live = accepted("proof-live", "of a live recording: its end is its closing", CLOSING, 6, 7);
    let alone = accepted("proof-alone", "the only leaf of a log", ITEM, 0, 1);
    let ends = live.bad(
        "t3-end",
        "proof",
        "receipts.md T-3",
        "the same recording shown as ending otherwise",
        |vector| vector.set("end", hex(&sha256(b"running hash"))),
    );
    [text(&base), leaves(&base), places(&base), lies(&alone), vec![ends, base, live, alone]]
        .concat()
}

fn leaf(end: &[u8]) -> [u8; 32] {
    note::leaf(&sha256(b"salt"), &sha256(ITEM), &sha256(end), &sha256(HEAD))
}

fn log(leaf: [u8; 32], index: u8, size: u8) -> Tree {
    let mut log = tree(0..index);
    log.push(leaf_hash(&leaf));
    (index + 1..size).for_each(|n| log.push(leaf_hash(&[n; 32])));
    log
}

fn prove(leaf: [u8; 32], index: u8, size: u8) -> TlogProof {
    let log = log(leaf, index, size);
    let checkpoint = note::sign_checkpoint(&key("relay"), checkpoint(&log), TIME);
    let path = log.inclusion(index.into(), size.into()).unwrap();
    TlogProof { index: index.into(), path, checkpoint }
}

fn accepted(name: &str, why: &str, end: &[u8], index: u8, size: u8) -> Vector {
    let leaf = leaf(end);
    let text = prove(leaf, index, size).to_text();
    good("proof", name, "receipts.md §2", why, text.into_bytes())
        .bytes("relay-key", &relay().0)
        .bytes("salt", &sha256(b"salt"))
        .bytes("item", &sha256(ITEM))
        .bytes("end", &sha256(end))
        .bytes("head", &sha256(HEAD))
        .bytes("gives-leaf", &leaf)
        .bytes("gives-leaf-hash", &leaf_hash(&leaf))
        .with("gives-index", index.to_string())
        .with("gives-size", size.to_string())
        .with("gives-time", TIME.to_string())
}

fn text(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, why: &str, from: &str, to: &str| {
        base.bad(name, "parse", "receipts.md T-1", why, |vector| vector.replace(from, to))
    };
    let long =
        "\n".to_owned() + &format!("{}\n", data_encoding::BASE64.encode(&[0; 32])).repeat(60);
    vec![
        bad("t1-proof-head", "another first line", "proof@v1", "proof@v2"),
        bad("t1-proof-index", "no index", "index 4\n", ""),
        bad("t1-proof-zero", "an index with a leading zero", "index 4", "index 04"),
        bad("t1-proof-hash", "a hash without padding", "=\n", "\n"),
        bad("t1-proof-crlf", "a line that ends in CR LF", "index 4\n", "index 4\r\n"),
        bad("t1-proof-path", "a path of 64 hashes", "index 4\n", &format!("index 4{long}")),
    ]
}

fn leaves(base: &Vector) -> Vec<Vector> {
    ["salt", "item", "end", "head"]
        .map(|key| {
            let (name, why) = (format!("t3-{key}"), format!("another {key}: another leaf"));
            let name = if key == "end" { "t3-whole-end".to_owned() } else { name };
            base.bad(&name, "proof", "receipts.md T-3", &why, |vector| {
                vector.set(key, hex(&sha256(b"another")));
            })
        })
        .into()
}

fn places(base: &Vector) -> Vec<Vector> {
    let bad = |name: &str, rule: &str, why: &str, spoil: &dyn Fn(&mut TlogProof)| {
        base.bad(name, "proof", rule, why, |vector| {
            let mut proof = prove(leaf(ITEM), 4, 11);
            spoil(&mut proof);
            vector.body = proof.to_text().into_bytes();
        })
    };
    let (t3, t5) = ("receipts.md T-3", "receipts.md T-5");
    vec![
        bad("t3-index", t3, "another index within the size", &|proof| proof.index = 5),
        bad("t3-node", t3, "a bit of a hash of the path", &|proof| proof.path[1][0] ^= 1),
        bad("t3-order", t3, "two hashes of the path swapped", &|proof| proof.path.swap(0, 1)),
        bad("t3-shorter", t3, "the last hash of the path is missing", &|proof| {
            proof.path.pop();
        }),
        bad("t3-longer", t3, "a hash more than the path has", &|proof| proof.path.push([0; 32])),
        bad("t5-size", t5, "the index is the size", &|proof| proof.index = 11),
        bad("t5-huge", t5, "an index of 2⁶³ − 1", &|proof| proof.index = (1 << 63) - 1),
        bad("t3-other-root", t3, "a checkpoint of the same size with another root", &|proof| {
            proof.checkpoint = prove([9; 32], 4, 11).checkpoint;
        }),
    ]
}

/// What holds for a reader that leaves out a check: lengths of paths, and the index.
fn lies(alone: &Vector) -> Vec<Vector> {
    let leaf = leaf(ITEM);
    let bad = |name: &str, rule: &str, why: &str, size: u64, root: [u8; 32], index, path: &[_]| {
        alone.bad(name, "proof", rule, why, |vector| {
            let checkpoint = Checkpoint { size, root, ..checkpoint(&log(leaf, 0, 1)) };
            let checkpoint = note::sign_checkpoint(&key("relay"), checkpoint, TIME);
            let proof = TlogProof { index, path: path.to_vec(), checkpoint };
            vector.body = proof.to_text().into_bytes();
        })
    };
    let (root, other) = (leaf_hash(&leaf), sha256(b"other"));
    let (t3, t5) = ("receipts.md T-3", "receipts.md T-5");
    let why = "index 1 of the only leaf, which is the root";
    let short = "a log of two whose root is signed as that of the leaf, without a path";
    let long = "a log of one whose root is signed as that of two, with a path";
    vec![
        bad("t5-alone", t5, why, 1, root, 1, &[]),
        bad("t3-no-path", t3, short, 2, root, 0, &[]),
        bad("t3-path", t3, long, 1, node_hash(&other, &root), 0, &[other]),
    ]
}
