// SPDX-License-Identifier: MPL-2.0
//! The Merkle tree of RFC 6962 §2.1: hashes, inclusion and consistency proofs.

use crate::{CannotOpen, hash::Hasher};

/// A node of the tree.
pub type Node = [u8; 32];

/// `SHA-256(0x00 ‖ entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Node {
    hash(&[&[0], entry])
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Node, right: &Node) -> Node {
    hash(&[&[1], left, right])
}

/// Root of an empty tree: `SHA-256("")`.
#[must_use]
pub fn empty_root() -> Node {
    crate::hash::sha256(&[])
}

/// All nodes of a growing tree: `levels[0]` are leaf hashes, `levels[n]` the complete subtrees of
/// 2ⁿ leaves. About 64 bytes a leaf.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    levels: Vec<Vec<Node>>,
}

impl Tree {
    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Adds a leaf hash.
    pub fn push(&mut self, leaf: Node) {
        let mut node = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let Some(nodes) = self.levels.get_mut(level) else { return };
            nodes.push(node);
            match nodes.as_slice() {
                [.., left, right] if nodes.len() % 2 == 0 => node = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// Takes leaves off the end until `size` are left: a group that did not become durable.
    pub fn truncate(&mut self, size: u64) {
        for (level, nodes) in self.levels.iter_mut().enumerate() {
            nodes.truncate(usize::try_from(size >> level).unwrap_or(usize::MAX));
        }
    }

    /// A complete subtree of 2^`level` leaves, for tiles.
    #[must_use]
    pub fn node(&self, level: usize, index: u64) -> Option<Node> {
        self.levels.get(level)?.get(usize::try_from(index).ok()?).copied()
    }

    /// Root of the first `size` leaves; `None` when there are fewer.
    #[must_use]
    pub fn root(&self, size: u64) -> Option<Node> {
        match size {
            0 => Some(empty_root()),
            _ => self.subtree(0, size),
        }
    }

    /// Inclusion proof of leaf `index` in the first `size` leaves.
    #[must_use]
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Node>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut start, mut end, mut path) = (0, size, Vec::new());
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                path.push(self.subtree(middle, end)?);
                end = middle;
            } else {
                path.push(self.subtree(start, middle)?);
                start = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// Consistency proof from the first `old` leaves to the first `new`.
    #[must_use]
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<Node>> {
        if old > new || new > self.size() {
            return None;
        }
        if old == 0 || old == new {
            return Some(Vec::new());
        }
        let (mut start, mut end, mut whole, mut path) = (0, new, true, Vec::new());
        while old != end {
            let middle = start + split(end - start);
            if old <= middle {
                path.push(self.subtree(middle, end)?);
                end = middle;
            } else {
                path.push(self.subtree(start, middle)?);
                start = middle;
                whole = false;
            }
        }
        if !whole {
            path.push(self.subtree(start, end)?);
        }
        path.reverse();
        Some(path)
    }

    /// Hash of leaves `start … end`, where `start` is a multiple of the next power of two.
    fn subtree(&self, start: u64, end: u64) -> Option<Node> {
        let len = end.checked_sub(start).filter(|len| *len > 0)?;
        if len.is_power_of_two() {
            let level = len.trailing_zeros();
            return self.node(usize::try_from(level).ok()?, start >> level);
        }
        let middle = start + split(len);
        Some(node_hash(&self.subtree(start, middle)?, &self.subtree(middle, end)?))
    }
}

/// Root that an inclusion proof leads to (RFC 9162 §2.1.3.2).
///
/// # Errors
/// [`CannotOpen`] for an index beyond the size or a path of the wrong length (rules T-3, T-5).
pub fn root_of_inclusion(
    index: u64,
    size: u64,
    leaf: Node,
    path: &[Node],
) -> Result<Node, CannotOpen> {
    let (mut index, mut last) = (index, size.checked_sub(1).ok_or(CannotOpen)?);
    if index > last {
        return Err(CannotOpen);
    }
    let mut node = leaf;
    for sibling in path {
        if last == 0 {
            return Err(CannotOpen);
        }
        if index & 1 == 1 || index == last {
            node = node_hash(sibling, &node);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok(node) } else { Err(CannotOpen) }
}

/// Checks a consistency proof (RFC 9162 §2.1.4.2), rule T-4.
///
/// # Errors
/// [`CannotOpen`] when the new tree does not continue the old one, or the proof is not of its form.
pub fn verify_consistency(
    (old, old_root): (u64, &Node),
    (new, new_root): (u64, &Node),
    path: &[Node],
) -> Result<(), CannotOpen> {
    if old == new {
        let same = path.is_empty() && old_root == new_root;
        return if same { Ok(()) } else { Err(CannotOpen) };
    }
    if old == 0 {
        let empty = path.is_empty() && *old_root == empty_root();
        return if empty { Ok(()) } else { Err(CannotOpen) };
    }
    if old > new {
        return Err(CannotOpen);
    }
    let roots = roots_of_consistency(old, new, old_root, path)?;
    if roots == (*old_root, *new_root) { Ok(()) } else { Err(CannotOpen) }
}

fn roots_of_consistency(
    old: u64,
    new: u64,
    old_root: &Node,
    path: &[Node],
) -> Result<(Node, Node), CannotOpen> {
    let mut nodes = path.iter();
    let (mut index, mut last) = (old - 1, new - 1);
    while index & 1 == 1 {
        index >>= 1;
        last >>= 1;
    }
    let seed = if old.is_power_of_two() { *old_root } else { *nodes.next().ok_or(CannotOpen)? };
    let (mut from, mut to) = (seed, seed);
    for node in nodes {
        if last == 0 {
            return Err(CannotOpen);
        }
        if index & 1 == 1 || index == last {
            from = node_hash(node, &from);
            to = node_hash(node, &to);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            to = node_hash(&to, node);
        }
        index >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok((from, to)) } else { Err(CannotOpen) }
}

/// Largest power of two below `len` (`len` > 1).
fn split(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}

fn hash(parts: &[&[u8]]) -> Node {
    let mut hasher = Hasher::default();
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(size: u64) -> Tree {
        let mut tree = Tree::default();
        (0..size).for_each(|n| tree.push(leaf_hash(&n.to_be_bytes())));
        tree
    }

    /// MTH of RFC 6962 §2.1, straight from the text.
    fn mth(leaves: &[Node]) -> Node {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
                node_hash(&mth(left), &mth(right))
            }
        }
    }

    /// Leaves and roots of the reference test of certificate-transparency-go.
    #[test]
    fn roots_are_the_published_ones() {
        let entries: [&[u8]; 3] = [&[], &[0], &[0x10]];
        let mut tree = Tree::default();
        entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
        let hex = |node: Node| node.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for (size, root) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ] {
            assert_eq!(hex(tree.root(size).unwrap()), root);
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_verifies_and_no_other() {
        let tree = tree(40);
        let leaves: Vec<_> = (0..40).map(|n| tree.node(0, n).unwrap()).collect();
        for size in 1..=40_u64 {
            let root = tree.root(size).unwrap();
            assert_eq!(root, mth(&leaves[..size as usize]));
            for index in 0..size {
                let path = tree.inclusion(index, size).unwrap();
                let leaf = leaves[index as usize];
                assert_eq!(root_of_inclusion(index, size, leaf, &path), Ok(root));
                assert_ne!(root_of_inclusion(index, size, [9; 32], &path), Ok(root));
                let longer = [path, vec![[0; 32]]].concat();
                assert!(root_of_inclusion(index, size, leaf, &longer).is_err());
            }
            assert!(root_of_inclusion(size, size, leaves[0], &[]).is_err());
        }
    }

    #[test]
    fn consistency_holds_between_all_sizes_and_not_across_forks() {
        let tree = tree(40);
        let mut fork = self::tree(20);
        (20..40_u64).for_each(|n| fork.push(leaf_hash(&(n + 1).to_be_bytes())));
        for old in 0..=40 {
            for new in old..=40 {
                let (from, to) = (tree.root(old).unwrap(), tree.root(new).unwrap());
                let path = tree.consistency(old, new).unwrap();
                assert_eq!(
                    verify_consistency((old, &from), (new, &to), &path),
                    Ok(()),
                    "{old} {new}"
                );
                let other = fork.root(new).unwrap();
                if old > 20 {
                    let path = fork.consistency(old, new).unwrap();
                    assert!(verify_consistency((old, &from), (new, &other), &path).is_err());
                }
            }
        }
    }

    #[test]
    fn a_group_that_was_not_durable_leaves_no_trace() {
        let mut shorter = tree(21);
        shorter.truncate(13);
        assert_eq!(shorter.root(13), tree(13).root(13));
        shorter.push(leaf_hash(&13_u64.to_be_bytes()));
        assert_eq!(shorter.root(14), tree(14).root(14));
    }
}
