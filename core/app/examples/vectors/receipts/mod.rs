// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/receipts.md.

mod logs;
mod notes;
mod proofs;
mod stored;

use amate_seal::{
    merkle::{Tree, leaf_hash},
    note,
};
use amate_wire::{id::RelayKey, log::Checkpoint};

use super::{
    pair,
    sample::{self, key},
    vector::Vector,
};

const TIME: u64 = 1_795_516_963;

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [stored::receipts(), notes::checkpoints(), proofs::proofs(), logs::consistency()].concat()
}

fn relay() -> RelayKey {
    RelayKey(key("relay").public())
}

/// A log of leaves `first`, `first` + 1 …
fn tree(sizes: std::ops::Range<u8>) -> Tree {
    let mut tree = Tree::default();
    sizes.for_each(|n| tree.push(leaf_hash(&[n; 32])));
    tree
}

fn checkpoint(tree: &Tree) -> Checkpoint {
    let size = tree.size();
    Checkpoint { origin: note::origin(&relay(), 0), size, root: tree.root(size).unwrap() }
}
