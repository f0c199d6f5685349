// SPDX-License-Identifier: MPL-2.0
//! The page store under SQLite (spec/vault.md §8): copy-on-write pages of 4 096 bytes in places of
//! one half. A commit is its pages and one record, then one flush. Trees and roots are written at
//! checkpoints.

mod open;
pub(crate) mod record;
pub(crate) mod root;
pub(crate) mod tree;

use std::collections::BTreeSet;

use amate_seal::{aead, secret::Secret};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    VaultError,
    bits::Bits,
    container::{Container, LayerGuard},
    geometry::{Extent, Place, UNIT, Which},
    layer::Set,
    vfs::{PageFile, Staged},
};
pub(crate) use open::has_root;
#[cfg(test)]
pub(crate) use open::tops;
use record::Chain;
use tree::Tree;

/// Commits between two checkpoints, at most.
const COMMITS: u32 = 64;
/// Places that a desk's file grows by, at least.
const GROWTH: u32 = 512;

/// Where a page or a node of the tree is, and what opens it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Entry {
    #[zeroize(skip)]
    pub(crate) place: u32,
    pub(crate) key: [u8; 32],
    pub(crate) tag: [u8; 16],
}

/// What is known of a page.
#[derive(Clone)]
pub(crate) enum Known {
    /// Never written.
    Absent,
    /// Written.
    At(Box<Entry>),
    /// The node that said where it is does not open.
    Lost,
}

/// What opening found, besides a whole store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The last change was not whole and is not kept. After a loss of power that is as it should
    /// be: it was not reported as saved. If it had been, the storage is damaged.
    pub last_change_dropped: bool,
    /// Pages of the records that cannot be found any more.
    pub lost_pages: u32,
    /// One copy of something that stands twice was bad, and was written anew.
    pub repaired: bool,
    /// The device's key store did not make a new key, or did not forget the one before: an image
    /// from before may still be opened, and be compared, on this device. It is tried again at each
    /// opening.
    pub old_key_kept: bool,
}

/// One volume's pages.
pub(crate) struct PageStore {
    container: Container,
    key: Secret<32>,
    volume: [u8; 16],
    half: u8,
    /// Of the newest root.
    generation: u64,
    pages: Vec<Known>,
    tree: Tree,
    chain: Chain,
    used: Bits,
    /// Places that may be written in this session; `None`: any of this half.
    allowed: Option<Bits>,
    /// Free and allowed; the next one is at the end.
    free: Vec<u32>,
    found: Found,
}

impl PageFile for PageStore {
    fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    fn read(&mut self, number: u32, out: &mut [u8; UNIT]) -> Result<(), VaultError> {
        match self.pages.get(number as usize) {
            None | Some(Known::Absent) => out.fill(0),
            Some(Known::Lost) => return Err(VaultError::Damaged),
            Some(Known::At(entry)) => {
                self.container.layer()?.read(Place::Page(entry.place), out)?;
                open(entry, &page_aad(&self.volume, number, entry.place), out)?;
            }
        }
        Ok(())
    }

    fn commit(&mut self, staged: &Staged, pages: u32) -> Result<(), VaultError> {
        if pages > self.pages() && pages > self.most_pages()? {
            return Err(VaultError::NoSpace);
        }
        if self.chain.commits >= COMMITS || self.chain.places.len() > self.most_records()? {
            self.checkpoint()?;
        }
        let writes: Vec<_> = staged.iter().filter(|(number, _)| **number < pages).collect();
        let records = writes.len().div_ceil(record::ENTRIES).max(1);
        let leaves: BTreeSet<u32> = writes.iter().map(|(n, _)| **n / tree::FAN).collect();
        self.reserve(writes.len() + 2 * records + 2 * leaves.len() + 8)?;
        let mut layer = self.container.clone();
        let mut layer = layer_of(&mut layer)?;
        let mut written = Vec::with_capacity(writes.len());
        for (number, bytes) in writes {
            match self.write_page(&mut layer, *number, bytes) {
                Ok(entry) => written.push((*number, entry)),
                Err(error) => {
                    // They hold noise and nothing points to them.
                    self.free.extend(written.iter().map(|(_, entry)| entry.place));
                    written.iter().for_each(|(_, entry)| {
                        self.used.remove(entry.place);
                    });
                    return Err(error);
                }
            }
        }
        if let Err(error) = self.write_records(&mut layer, &written, pages) {
            layer.poison();
            // One copy of a record may be whole: whether it happened shows when it is opened again.
            return Err(match error {
                VaultError::NoSpace => VaultError::Poisoned,
                other => other,
            });
        }
        drop(layer);
        self.adopt(written, pages);
        Ok(())
    }
}

impl PageStore {
    pub(crate) fn volume(&self) -> &[u8; 16] {
        &self.volume
    }

    pub(crate) fn half(&self) -> u8 {
        self.half
    }

    pub(crate) fn found(&self) -> Found {
        self.found
    }

    /// Places in use, and places of this half.
    pub(crate) fn room(&self) -> Result<(u32, u32), VaultError> {
        Ok((self.used.count(), self.half_places()?))
    }

    /// Places of a set that was refreshed may be written from here on.
    pub(crate) fn allow(&mut self, set: &Set) -> Result<(), VaultError> {
        let Some(allowed) = &mut self.allowed else { return Ok(()) };
        let layer = self.container.layer()?;
        allowed.grow(layer.layout.pages());
        self.used.grow(layer.layout.pages());
        for place in set.pages.iter().rev() {
            let own = layer.halves.of_page(*place) == self.half;
            if own && allowed.insert(*place) && !self.used.has(*place) {
                self.free.push(*place);
            }
        }
        Ok(())
    }

    /// Writes changed nodes and a root, under new keys: what was freed before cannot be opened by
    /// this root any more.
    pub(crate) fn checkpoint(&mut self) -> Result<(), VaultError> {
        self.reserve(self.tree.nodes_to_write(self.pages()) + 2)?;
        let mut container = self.container.clone();
        let mut layer = layer_of(&mut container)?;
        let written = self.write_checkpoint(&mut layer);
        if written.is_err() {
            layer.poison();
        }
        written
    }

    /// Both roots: afterwards nothing that was freed can be opened, also with the code.
    pub(crate) fn close(&mut self) -> Result<(), VaultError> {
        self.checkpoint()?;
        self.checkpoint()
    }

    /// Where all pages are and what opens them.
    #[cfg(test)]
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let known = self.pages.iter().filter_map(|known| match known {
            Known::At(entry) => Some((**entry).clone()),
            Known::Absent | Known::Lost => None,
        });
        known.collect()
    }

    /// Reads every page; the numbers of those that do not open.
    pub(crate) fn check(&mut self) -> Vec<u32> {
        let mut bytes = Zeroizing::new([0; UNIT]);
        (0..self.pages()).filter(|number| self.read(*number, &mut bytes).is_err()).collect()
    }

    fn write_page(
        &mut self,
        layer: &mut LayerGuard<'_>,
        number: u32,
        bytes: &[u8; UNIT],
    ) -> Result<Box<Entry>, VaultError> {
        let place = self.allocate()?;
        let mut sealed = *bytes;
        let aad = page_aad(&self.volume, number, place);
        let entry = seal(self.container.random().bytes(), place, &aad, &mut sealed);
        match layer.write(Place::Page(place), &mut sealed) {
            Ok(()) => Ok(Box::new(entry)),
            Err(error) => {
                self.used.remove(place);
                self.free.push(place);
                Err(error)
            }
        }
    }

    /// Takes over a commit that is durable.
    fn adopt(&mut self, written: Vec<(u32, Box<Entry>)>, pages: u32) {
        let mut freed = Vec::new();
        let old = self.pages.len();
        let new = pages as usize;
        if new < old {
            freed.extend(self.pages.drain(new..).filter_map(place_of));
            self.tree.touch_from(pages);
        }
        if new > old {
            let mut grown = Vec::with_capacity(new.next_power_of_two());
            grown.append(&mut self.pages);
            grown.resize(new, Known::Absent);
            self.pages = grown;
        }
        for (number, entry) in written {
            if let Some(known) = self.pages.get_mut(number as usize) {
                freed.extend(place_of(std::mem::replace(known, Known::At(entry))));
            }
            self.tree.touch(number);
        }
        freed.into_iter().for_each(|place| self.release(place));
    }

    fn allocate(&mut self) -> Result<u32, VaultError> {
        let place = self.free.pop().ok_or(VaultError::NoSpace)?;
        self.used.insert(place);
        Ok(place)
    }

    fn release(&mut self, place: u32) {
        let was = self.used.remove(place);
        if was && self.allowed.as_ref().is_none_or(|allowed| allowed.has(place)) {
            self.free.push(place);
        }
    }

    /// Makes sure that so many places can be allocated: by further sets, or by growing.
    fn reserve(&mut self, places: usize) -> Result<(), VaultError> {
        while self.free.len() < places {
            let (used, all) = self.room()?;
            let grows = self.container.layer()?.layout.geometry.grows;
            if grows {
                let more = (all / 4).max(GROWTH).max(places as u32).next_multiple_of(4);
                self.grow(Extent { pages: more, cells: 0 })?;
            } else if self.allowed.is_some() && (all - used) as usize >= places {
                let set = self.container.layer()?.further_set(self.container.device())?;
                self.allow(&set)?;
            } else {
                return Err(VaultError::NoSpace);
            }
        }
        Ok(())
    }

    /// Adds places; those of this half may be written at once: no image has them yet.
    pub(crate) fn grow(&mut self, extent: Extent) -> Result<(), VaultError> {
        let mut layer = self.container.layer()?;
        let before = layer.layout.pages();
        layer.grow(extent)?;
        let after = layer.layout.pages();
        self.used.grow(after);
        if let Some(allowed) = &mut self.allowed {
            allowed.grow(after);
        }
        for place in (before..after).rev() {
            if layer.halves.of_page(place) == self.half {
                if let Some(allowed) = &mut self.allowed {
                    allowed.insert(place);
                }
                self.free.push(place);
            }
        }
        Ok(())
    }

    fn half_places(&self) -> Result<u32, VaultError> {
        let layer = self.container.layer()?;
        Ok(layer.layout.pages() / u32::from(layer.layout.geometry.halves))
    }

    /// Pages that records may have where the file does not grow by itself: a quarter of the half
    /// stays free, and room for old and new nodes and for the records between two checkpoints.
    pub(crate) fn most_pages(&self) -> Result<u32, VaultError> {
        if self.container.layer()?.layout.geometry.grows {
            return Ok(u32::MAX);
        }
        let all = self.half_places()?;
        let usable = all - all / 4;
        let overhead = usable / tree::FAN * 2 + 8 + self.most_records()? as u32;
        Ok(usable.saturating_sub(overhead))
    }

    /// Places of records between two checkpoints; fewer in a small half.
    fn most_records(&self) -> Result<usize, VaultError> {
        Ok((self.half_places()? / 8).clamp(8, 2 * COMMITS + 2) as usize)
    }
}

fn layer_of(container: &mut Container) -> Result<LayerGuard<'_>, VaultError> {
    let layer = container.layer()?;
    if layer.is_poisoned() { Err(VaultError::Poisoned) } else { Ok(layer) }
}

fn place_of(known: Known) -> Option<u32> {
    match known {
        Known::At(entry) => Some(entry.place),
        Known::Absent | Known::Lost => None,
    }
}

/// Seals in place under a key used for this alone.
fn seal(key: [u8; 32], place: u32, aad: &[u8], bytes: &mut [u8]) -> Entry {
    let key = Secret::new(key);
    let tag = aead::seal_once(&key, aad, bytes);
    Entry { place, key: *key.expose(), tag }
}

pub(crate) fn open(entry: &Entry, aad: &[u8], bytes: &mut [u8]) -> Result<(), VaultError> {
    aead::open_once(&Secret::new(entry.key), aad, bytes, &entry.tag)
        .map_err(|_| VaultError::Damaged)
}

/// `"page" ‖ volume ‖ u32(number) ‖ u32(place)`. The key is fresh for each writing, so that no
/// older page opens under its old number; hence no generation.
pub(crate) fn page_aad(volume: &[u8; 16], number: u32, place: u32) -> Vec<u8> {
    [b"page".as_slice(), volume, &number.to_be_bytes(), &place.to_be_bytes()].concat()
}

/// Flushes the file `vault`.
fn sync(layer: &mut LayerGuard<'_>) -> Result<(), VaultError> {
    layer.sync(Which::Vault)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use amate_seal::kdf::CodeCost;

    use super::*;
    use crate::{Geometry, Surroundings, device::SoftwareKeys, random::Random};

    const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
    const PHONE: Geometry = Geometry {
        halves: 2,
        spool: 1,
        grows: false,
        pages: 600,
        cells: 48,
        journal: 64,
        set_pages: 64,
        set_cells: 8,
    };

    fn staged(pages: &[(u32, u8)]) -> Staged {
        let mut staged: Staged = BTreeMap::new();
        for (number, byte) in pages {
            staged.insert(*number, Box::new(Zeroizing::new([*byte; UNIT])));
        }
        staged
    }

    fn container(dir: &std::path::Path, geometry: &Geometry) -> (Container, Secret<32>, PageStore) {
        crate::disk::Folder::make(dir).expect("a folder");
        let surroundings = Surroundings::software(dir);
        let (container, opened, _) =
            Container::make_files(surroundings, b"clave", CHEAP, geometry).expect("made");
        let set = container.layer().expect("layer").draw_set();
        let half = 1 % geometry.halves;
        let store =
            PageStore::format(&container, opened.volume.clone(), half, &set).expect("formatted");
        (container, opened.volume.clone(), store)
    }

    /// Hundreds of commits, reopened again and again with and without a checkpoint before.
    #[test]
    fn what_was_committed_is_there() {
        for geometry in [PHONE, Geometry::desk()] {
            let dir = tempfile::TempDir::new().expect("a folder");
            let (container, key, mut store) = container(dir.path(), &geometry);
            let mut expected: BTreeMap<u32, u8> = BTreeMap::new();
            let random = Random::system();
            for round in 0..400_u32 {
                let pages: Vec<(u32, u8)> = (0..1 + random.below(4))
                    .map(|_| (random.below(100), random.below(256) as u8))
                    .collect();
                expected.extend(pages.iter().copied());
                store.commit(&staged(&pages), 100).expect("room");
                if round % 7 == 0 {
                    if round % 2 == 0 {
                        store.close().expect("closed");
                    }
                    store = PageStore::open(&container, key.clone()).expect("opens");
                    let set = container.layer().expect("layer").further_set(&SoftwareKeys);
                    store.allow(&set.expect("drawn")).expect("allowed");
                    assert_eq!(store.found(), Found::default(), "round {round}");
                    let mut bytes = [0; UNIT];
                    for number in 0..100 {
                        store.read(number, &mut bytes).expect("whole");
                        let byte = expected.get(&number).copied().unwrap_or(0);
                        assert_eq!(bytes, [byte; UNIT], "page {number}, round {round}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_commit_that_does_not_fit_changes_nothing() {
        let dir = tempfile::TempDir::new().expect("a folder");
        let (container, key, mut store) = container(dir.path(), &PHONE);
        store.commit(&staged(&[(0, 1), (1, 2)]), 2).expect("room");
        let many: Vec<(u32, u8)> = (0..290).map(|n| (n, 9)).collect();
        assert!(matches!(store.commit(&staged(&many), 290), Err(VaultError::NoSpace)));
        store.commit(&staged(&[(1, 3)]), 2).expect("room");
        drop(store);
        let mut store = PageStore::open(&container, key).expect("opens");
        let mut bytes = [0; UNIT];
        store.read(0, &mut bytes).expect("whole");
        assert_eq!(bytes, [1; UNIT]);
        store.read(1, &mut bytes).expect("whole");
        assert_eq!(bytes, [3; UNIT]);
        assert_eq!(store.pages(), 2);
    }
}
