// SPDX-License-Identifier: MPL-2.0
//! Making an empty store, and opening one: the newest root, its tree, then every whole record
//! behind it. Nothing is written here.

use amate_seal::secret::Secret;
use zeroize::Zeroizing;

use super::{Chain, Found, Known, PageStore, page_aad, root::Root};
use crate::{
    VaultError,
    bits::Bits,
    container::{Container, LayerGuard},
    geometry::{Place, ROOTS, UNIT},
    layer::Set,
};

impl PageStore {
    /// An empty store in a half, in places of a set; durable when this returns. Nothing in it says
    /// whether it was made with the container or later.
    pub(crate) fn format(
        container: &Container,
        key: Secret<32>,
        half: u8,
        set: &Set,
    ) -> Result<Self, VaultError> {
        let random = container.random();
        let mut store = Self::empty(container, key, half, random.bytes())?;
        // Counted from anywhere, so that neither number says how old it is.
        store.generation = u64::from_be_bytes(random.bytes()) >> 2;
        store.chain.sequence = u64::from_be_bytes(random.bytes()) >> 2;
        if store.allowed.is_none() {
            store.find_free()?;
        }
        store.allow(set)?;
        store.chain.next = [store.allocate()?, store.allocate()?];
        store.close()?;
        Ok(store)
    }

    /// The store that a key opens, in whichever half it is.
    ///
    /// # Errors
    /// [`VaultError::CannotOpen`] when no root opens: a volume that another took the place of is no
    /// other than one that never was.
    pub(crate) fn open(container: &Container, key: Secret<32>) -> Result<Self, VaultError> {
        let mut guard = container.clone();
        let layer = super::layer_of(&mut guard)?;
        let (half, root, whole) = newest_root(&layer, &key)?;
        drop(layer);
        let mut store = Self::empty(container, key, half, root.volume)?;
        let layer = super::layer_of(&mut guard)?;
        store.found.repaired = !whole;
        store.generation = root.generation;
        if root.pages > layer.layout.pages() {
            return Err(VaultError::Damaged);
        }
        store.read_tree(&layer, root.pages, root.top)?;
        store.chain = Chain {
            key: root.record_key,
            sequence: root.sequence,
            hash: root.hash,
            root_hash: root.hash,
            next: root.next,
            places: Vec::new(),
            commits: 0,
        };
        store.roll_forward(&layer)?;
        let lost = store.pages.iter().filter(|known| matches!(known, Known::Lost)).count();
        store.found.lost_pages = lost as u32;
        drop(layer);
        store.find_used();
        store.find_free()?;
        Ok(store)
    }

    /// Whether a checkpoint should settle what opening found: records to fold, copies to repair, a
    /// next record that would go outside the set and so show the half.
    pub(crate) fn is_unsettled(&self) -> bool {
        let outside = |place: &u32| self.allowed.as_ref().is_some_and(|set| !set.has(*place));
        self.chain.commits > 0
            || self.found != Found::default()
            || self.chain.next.iter().any(outside)
    }

    fn empty(
        container: &Container,
        key: Secret<32>,
        half: u8,
        volume: [u8; 16],
    ) -> Result<Self, VaultError> {
        let layer = container.layer()?;
        let pages = layer.layout.pages();
        let sets = layer.layout.geometry.set_pages > 0;
        Ok(Self {
            container: container.clone(),
            key,
            volume,
            half,
            generation: 0,
            pages: Vec::new(),
            tree: super::Tree::default(),
            chain: Chain {
                key: container.random().secret(),
                sequence: 0,
                hash: [0; 32],
                root_hash: [0; 32],
                next: [0; 2],
                places: Vec::new(),
                commits: 0,
            },
            used: Bits::new(pages),
            allowed: sets.then(|| Bits::new(pages)),
            free: Vec::new(),
            found: Found::default(),
        })
    }

    /// Applies every whole commit behind the root.
    fn roll_forward(&mut self, layer: &LayerGuard<'_>) -> Result<(), VaultError> {
        let mut records = Vec::new();
        let mut commits = Vec::new();
        loop {
            let mut copies = 0;
            let mut found = None;
            for place in self.chain.next {
                let mut bytes = Zeroizing::new([0; UNIT]);
                if place >= layer.layout.pages() {
                    return Err(VaultError::Damaged);
                }
                layer.read(Place::Page(place), &mut *bytes)?;
                let record = self.chain.open(&*bytes);
                copies += u32::from(record.is_some());
                found = found.or(record);
            }
            let Some(record) = found else { break };
            self.found.repaired |= copies == 1;
            self.chain.step(record.hash, record.next);
            let last = record.last;
            records.push(record);
            if last {
                commits.push((std::mem::take(&mut records), self.chain_place()));
            }
        }
        self.found.last_change_dropped = !records.is_empty();
        self.verify_last(layer, &mut commits)?;
        if self.found.last_change_dropped {
            self.go_back(commits.last().map(|(_, place)| place.clone()));
        }
        for (records, _) in commits {
            let pages = records.last().map_or(0, |record| record.pages);
            let entries = records.into_iter().flat_map(|record| record.entries).collect();
            self.adopt(entries, pages.min(layer.layout.pages()));
            self.chain.commits += 1;
        }
        Ok(())
    }

    /// Pages of the last commit may not have reached the disk: then it did not happen.
    fn verify_last(
        &mut self,
        layer: &LayerGuard<'_>,
        commits: &mut Vec<(Vec<super::record::Record>, Position)>,
    ) -> Result<(), VaultError> {
        let Some((records, _)) = commits.last() else { return Ok(()) };
        let mut bytes = Zeroizing::new([0; UNIT]);
        let whole = records.iter().flat_map(|record| &record.entries).all(|(number, entry)| {
            entry.place < layer.layout.pages()
                && layer.read(Place::Page(entry.place), &mut *bytes).is_ok()
                && super::open(entry, &page_aad(&self.volume, *number, entry.place), &mut *bytes)
                    .is_ok()
        });
        if !whole {
            commits.pop();
            self.found.last_change_dropped = true;
        }
        Ok(())
    }

    fn chain_place(&self) -> Position {
        let chain = &self.chain;
        Position {
            sequence: chain.sequence,
            hash: chain.hash,
            next: chain.next,
            records: chain.places.len(),
        }
    }

    /// Behind the last whole commit, or behind the root.
    fn go_back(&mut self, position: Option<Position>) {
        let chain = &mut self.chain;
        let position = position.unwrap_or_else(|| Position {
            sequence: chain.sequence - chain.places.len() as u64 / 2,
            hash: chain.root_hash,
            next: match chain.places.first_chunk::<2>() {
                Some(first) => *first,
                None => chain.next,
            },
            records: 0,
        });
        chain.places.truncate(position.records);
        chain.sequence = position.sequence;
        chain.hash = position.hash;
        chain.next = position.next;
    }

    fn find_used(&mut self) {
        let pages = self.pages.iter().filter_map(|known| match known {
            Known::At(entry) => Some(entry.place),
            Known::Absent | Known::Lost => None,
        });
        let chain = self.chain.places.iter().chain(&self.chain.next).copied();
        let places: Vec<u32> = pages.chain(self.tree.places()).chain(chain).collect();
        places.into_iter().for_each(|place| {
            self.used.insert(place);
        });
    }

    /// All free places that may be written, the first at the end.
    fn find_free(&mut self) -> Result<(), VaultError> {
        let layer = self.container.layer()?;
        self.free = (0..layer.layout.pages())
            .rev()
            .filter(|place| {
                layer.halves.of_page(*place) == self.half
                    && !self.used.has(*place)
                    && self.allowed.as_ref().is_none_or(|allowed| allowed.has(*place))
            })
            .collect();
        Ok(())
    }
}

/// A place in the chain of records.
#[derive(Clone)]
struct Position {
    sequence: u64,
    hash: [u8; 32],
    next: [u32; 2],
    records: usize,
}

/// Whether a volume has a root that opens, also one of a later version.
pub(crate) fn has_root(layer: &LayerGuard<'_>, key: &Secret<32>) -> Result<bool, VaultError> {
    match newest_root(layer, key) {
        Ok(_) | Err(VaultError::NeedsNewerVersion) => Ok(true),
        Err(VaultError::CannotOpen) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The newest root of all that open, its half, and whether all four of that half do.
fn newest_root(layer: &LayerGuard<'_>, key: &Secret<32>) -> Result<(u8, Root, bool), VaultError> {
    let mut newest: Option<(u8, Root)> = None;
    let mut opened = Vec::new();
    for half in 0..layer.layout.geometry.halves {
        for n in 0..ROOTS {
            let mut bytes = Zeroizing::new([0; UNIT]);
            layer.read(Place::Root(u32::from(half) * ROOTS + n), &mut *bytes)?;
            let Some(root) = Root::open(key, &*bytes)? else { continue };
            opened.push((half, root.generation));
            if newest.as_ref().is_none_or(|(_, old)| old.generation < root.generation) {
                newest = Some((half, root));
            }
        }
    }
    let (half, root) = newest.ok_or(VaultError::CannotOpen)?;
    // All four open, and the newest stands twice.
    let own = opened.iter().filter(|(other, _)| *other == half).count();
    let newest = opened.iter().filter(|opened| **opened == (half, root.generation)).count();
    let whole = own == ROOTS as usize && newest == 2;
    Ok((half, root, whole))
}

/// Place of the top node, of each root that opens.
#[cfg(test)]
pub(crate) fn tops(container: &Container, key: &Secret<32>) -> Vec<u32> {
    let layer = container.layer().expect("open");
    let all = 0..u32::from(layer.layout.geometry.halves) * ROOTS;
    let roots = all.filter_map(|n| {
        let mut bytes = [0; UNIT];
        layer.read(Place::Root(n), &mut bytes).expect("there");
        match Root::open(key, &bytes).expect("of this version")?.top {
            Known::At(entry) => Some(entry.place),
            Known::Absent | Known::Lost => None,
        }
    });
    roots.collect()
}
