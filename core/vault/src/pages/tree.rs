// SPDX-License-Identifier: MPL-2.0
//! The tree of a checkpoint (spec/vault.md §8.3): nodes of 78 entries, each child's key and tag in
//! its parent, the top's in the root.

use std::collections::BTreeSet;

use amate_seal::aead::TAG_LEN;
use zeroize::Zeroizing;

use super::{Entry, Known, PageStore, open, seal};
use crate::{
    VaultError,
    container::LayerGuard,
    geometry::{Place, UNIT},
};

const ENTRY: usize = 4 + 32 + TAG_LEN;
const HEAD: usize = 8;
/// Entries of a node.
pub(super) const FAN: u32 = ((UNIT - HEAD) / ENTRY) as u32;
/// In the place of an entry: nothing there; something that was lost.
const ABSENT: u32 = u32::MAX;
const LOST: u32 = u32::MAX - 1;

/// Nodes of each level, leaves first, and which leaves changed since they were written.
#[derive(Default)]
pub(super) struct Tree {
    levels: Vec<Vec<Known>>,
    changed: BTreeSet<u32>,
}

impl Tree {
    /// A page changed.
    pub(super) fn touch(&mut self, page: u32) {
        self.changed.insert(page / FAN);
    }

    /// All pages from this one on are gone.
    pub(super) fn touch_from(&mut self, pages: u32) {
        self.changed.insert(pages.saturating_sub(1) / FAN);
    }

    /// At most so many nodes are written by the next checkpoint.
    pub(super) fn nodes_to_write(&self, pages: u32) -> usize {
        let changed = self.changed.len();
        changed + changed * heights(pages).len() + heights(pages).len()
    }

    /// Places of all nodes.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + '_ {
        self.levels.iter().flatten().filter_map(|known| match known {
            Known::At(entry) => Some(entry.place),
            Known::Absent | Known::Lost => None,
        })
    }

    pub(super) fn top(&self) -> Option<(usize, &Entry)> {
        let level = self.levels.len().checked_sub(1)?;
        match self.levels.get(level)?.first()? {
            Known::At(entry) => Some((level, entry)),
            Known::Absent | Known::Lost => None,
        }
    }
}

impl PageStore {
    /// Writes changed nodes, from the leaves up; gives the places that are free once the root is
    /// durable.
    pub(super) fn write_tree(
        &mut self,
        layer: &mut LayerGuard<'_>,
    ) -> Result<Vec<u32>, VaultError> {
        let heights = heights(self.pages.len() as u32);
        let mut freed = self.fit_levels(&heights);
        let mut changed = std::mem::take(&mut self.tree.changed);
        for (level, nodes) in heights.iter().enumerate() {
            for index in changed.iter().copied().filter(|index| index < nodes) {
                let mut bytes = self.encode_node(level, index);
                let place = self.allocate()?;
                let aad = node_aad(&self.volume, level, index, place);
                let key = self.container.random().bytes();
                let entry = seal(key, place, &aad, &mut bytes);
                layer.write(Place::Page(place), &mut bytes)?;
                let node = self.tree.levels.get_mut(level).and_then(|l| l.get_mut(index as usize));
                if let Some(node) = node {
                    freed.extend(super::place_of(std::mem::replace(node, Known::At(entry.into()))));
                }
            }
            changed = changed.iter().map(|index| index / FAN).collect();
        }
        Ok(freed)
    }

    /// Gives each level as many nodes as the pages need; what falls away is free.
    fn fit_levels(&mut self, heights: &[u32]) -> Vec<u32> {
        let mut freed = Vec::new();
        let levels = &mut self.tree.levels;
        for (level, nodes) in levels.iter_mut().enumerate() {
            let wanted = heights.get(level).copied().unwrap_or(0) as usize;
            if wanted < nodes.len() {
                freed.extend(nodes.drain(wanted..).filter_map(super::place_of));
                // Its parents name what is gone, so they are written again.
                self.tree.changed.insert((wanted.saturating_sub(1) as u32) * FAN.pow(level as u32));
            }
        }
        levels.resize_with(heights.len(), Vec::new);
        for (nodes, wanted) in levels.iter_mut().zip(heights) {
            let mut grown = Vec::with_capacity(*wanted as usize);
            grown.append(nodes);
            grown.resize(*wanted as usize, Known::Absent);
            *nodes = grown;
        }
        freed
    }

    fn encode_node(&self, level: usize, index: u32) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(UNIT));
        bytes.extend_from_slice(&[level as u8, 0, 0, 0]);
        bytes.extend_from_slice(&index.to_be_bytes());
        let children = match level.checked_sub(1) {
            None => Some(&self.pages),
            Some(below) => self.tree.levels.get(below),
        };
        let first = index as usize * FAN as usize;
        for at in first..first + FAN as usize {
            let (place, key, tag) = match children.and_then(|all| all.get(at)) {
                Some(Known::At(entry)) => (entry.place, entry.key, entry.tag),
                Some(Known::Lost) => (LOST, [0; 32], [0; TAG_LEN]),
                Some(Known::Absent) | None => (ABSENT, [0; 32], [0; TAG_LEN]),
            };
            bytes.extend_from_slice(&place.to_be_bytes());
            bytes.extend_from_slice(&key);
            bytes.extend_from_slice(&tag);
        }
        bytes.resize(UNIT, 0);
        bytes
    }

    /// Reads the tree below a top. A node that does not open loses what is below it, and nothing
    /// else.
    pub(super) fn read_tree(
        &mut self,
        layer: &LayerGuard<'_>,
        pages: u32,
        top: Known,
    ) -> Result<(), VaultError> {
        let heights = heights(pages);
        let mut above = vec![top];
        let mut levels = Vec::new();
        for (level, nodes) in heights.iter().enumerate().rev() {
            above.truncate(*nodes as usize);
            above.resize(*nodes as usize, Known::Lost);
            let below =
                if level == 0 { pages } else { heights.get(level - 1).copied().unwrap_or(0) };
            let mut children = Vec::with_capacity(below as usize);
            for (index, known) in above.iter().enumerate() {
                let wanted = (below as usize - children.len()).min(FAN as usize);
                children.extend(self.read_node(layer, level, index as u32, known, wanted)?);
            }
            levels.push(std::mem::replace(&mut above, children));
        }
        levels.reverse();
        self.tree.levels = levels;
        self.pages = above;
        if heights.is_empty() {
            self.pages.clear();
        }
        Ok(())
    }

    fn read_node(
        &self,
        layer: &LayerGuard<'_>,
        level: usize,
        index: u32,
        known: &Known,
        wanted: usize,
    ) -> Result<Vec<Known>, VaultError> {
        let entry = match known {
            Known::At(entry) => entry,
            Known::Absent => return Ok(vec![Known::Absent; wanted]),
            Known::Lost => return Ok(vec![Known::Lost; wanted]),
        };
        let mut bytes = Zeroizing::new([0; UNIT]);
        layer.read(Place::Page(entry.place), &mut *bytes)?;
        let aad = node_aad(&self.volume, level, index, entry.place);
        if open(entry, &aad, &mut *bytes).is_err() {
            return Ok(vec![Known::Lost; wanted]);
        }
        Ok(children(&bytes, layer.layout.pages()).take(wanted).collect())
    }
}

/// `"node" ‖ volume ‖ u8(level) ‖ u32(index) ‖ u32(place)`.
pub(crate) fn node_aad(volume: &[u8; 16], level: usize, index: u32, place: u32) -> Vec<u8> {
    let (index, place) = (index.to_be_bytes(), place.to_be_bytes());
    [b"node".as_slice(), volume, &[level as u8], &index, &place].concat()
}

/// What an opened node names, where there are so many places.
pub(crate) fn children(bytes: &[u8; UNIT], places: u32) -> impl Iterator<Item = Known> {
    let entries = bytes.get(HEAD..).unwrap_or_default().chunks_exact(ENTRY);
    entries.take(FAN as usize).map(move |entry| child(entry, places))
}

fn child(bytes: &[u8], places: u32) -> Known {
    let parsed = bytes.split_first_chunk::<4>().and_then(|(place, rest)| {
        let (key, tag) = rest.split_first_chunk::<32>()?;
        Some((u32::from_be_bytes(*place), *key, tag.try_into().ok()?))
    });
    match parsed {
        Some((ABSENT, ..)) => Known::Absent,
        Some((place, key, tag)) if place < places => Known::At(Entry { place, key, tag }.into()),
        _ => Known::Lost,
    }
}

/// Nodes of each level, leaves first: none for no pages, one at the top.
fn heights(pages: u32) -> Vec<u32> {
    let mut heights = Vec::new();
    let mut below = pages;
    while below > 0 {
        below = below.div_ceil(FAN);
        heights.push(below);
        if below == 1 {
            break;
        }
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_as_many_nodes_as_its_pages_need() {
        assert_eq!(FAN, 78);
        assert_eq!(heights(0), [0_u32; 0]);
        assert_eq!(heights(78), [1]);
        assert_eq!(heights(79), [2, 1]);
        assert_eq!(heights(5_014), [65, 1]);
        assert_eq!(heights(11_703), [151, 2, 1]);
    }
}
