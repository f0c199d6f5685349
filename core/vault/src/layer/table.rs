// SPDX-License-Identifier: MPL-2.0
//! The place-key table: the key of every place, in two copies, sealed under the layer key.

use amate_seal::{aead, kdf::derive, secret::Secret};
use zeroize::{Zeroize, Zeroizing};

use super::{Layer, layer_key};
use crate::{
    VaultError,
    device::{DeviceKeys, Handle},
    disk::DiskFile,
    geometry::{Extent, KEY, Layout, Place, TABLE_HEAD, Which},
    header::Header,
    random::Random,
};

type Key = [u8; KEY];

/// The keys of all places, and what the layer remembers between submissions.
pub(crate) struct Table {
    /// Names this writing of the table; the journal is bound to it.
    pub(crate) id: [u8; 16],
    /// Under which the heads of the spool are sealed.
    pub(crate) spool_key: Secret<32>,
    pub(crate) state: State,
    fixed: Zeroizing<Vec<Key>>,
    pages: Zeroizing<Vec<Key>>,
    cells: Zeroizing<Vec<Key>>,
}

/// What the layer remembers: the same for every volume.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// Media went outside a set since the last full pass began.
    pub(crate) full_pass_due: bool,
    /// Places that an interrupted full pass has done.
    pub(crate) full_pass_done: u64,
    /// Codes submitted since one that opened.
    pub(crate) wrong_codes: u32,
}

impl Table {
    pub(super) fn random(layout: &Layout, random: &Random) -> Self {
        let keys = |n: usize| {
            let mut keys = vec![[0; KEY]; n];
            random.noise(keys.as_flattened_mut());
            Zeroizing::new(keys)
        };
        Self {
            id: random.bytes(),
            spool_key: random.secret(),
            state: State::default(),
            fixed: keys(layout.fixed().len()),
            pages: keys(layout.pages() as usize),
            cells: keys(layout.cells() as usize),
        }
    }

    pub(crate) fn key(&self, layout: &Layout, place: Place) -> Option<&Key> {
        let (keys, at) = match place {
            Place::Page(n) => (&self.pages, n as usize),
            Place::Cell(n) => (&self.cells, n as usize),
            fixed => (&self.fixed, fixed_index(layout, fixed)?),
        };
        keys.get(at)
    }

    pub(super) fn set_key(&mut self, layout: &Layout, place: Place, key: &Key) {
        let (keys, at) = match place {
            Place::Page(n) => (&mut self.pages, n as usize),
            Place::Cell(n) => (&mut self.cells, n as usize),
            fixed => (&mut self.fixed, fixed_index(layout, fixed).unwrap_or(usize::MAX)),
        };
        if let Some(old) = keys.get_mut(at) {
            *old = *key;
        }
    }

    pub(super) fn grow(&mut self, extent: Extent, random: &Random) {
        for (keys, more) in [(&mut self.pages, extent.pages), (&mut self.cells, extent.cells)] {
            // A vector that moves leaves its old bytes behind: move it ourselves, and wipe.
            let mut grown = Vec::with_capacity(keys.len() + more as usize);
            grown.extend_from_slice(keys);
            grown.extend((0..more).map(|_| random.bytes::<KEY>()));
            let mut old = std::mem::replace(&mut **keys, grown);
            old.zeroize();
        }
    }

    pub(super) fn shrink(&mut self, extent: Extent) {
        let (pages, cells) = (self.pages.len(), self.cells.len());
        self.pages.truncate(pages.saturating_sub(extent.pages as usize));
        self.cells.truncate(cells.saturating_sub(extent.cells as usize));
    }

    /// Part 0 has the fixed places and the first extent; each other part one extent.
    fn encode(&self, layout: &Layout, part: usize) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(layout.table_len(part)));
        bytes.extend_from_slice(&self.id);
        if part == 0 {
            bytes.extend_from_slice(self.spool_key.expose());
            bytes.extend_from_slice(&self.state.encode());
            bytes.extend_from_slice(self.fixed.as_flattened());
        }
        let (pages, cells) = ranges(layout, part);
        bytes.extend_from_slice(self.pages.get(pages).unwrap_or_default().as_flattened());
        bytes.extend_from_slice(self.cells.get(cells).unwrap_or_default().as_flattened());
        bytes
    }

    fn decode(&mut self, layout: &Layout, part: usize, bytes: &[u8]) -> Option<()> {
        let (id, mut rest) = bytes.split_first_chunk::<16>()?;
        if part == 0 {
            self.id = *id;
            let (head, keys) = rest.split_at_checked(TABLE_HEAD - 16)?;
            let (spool_key, state) = head.split_first_chunk::<32>()?;
            self.spool_key = Secret::new(*spool_key);
            self.state = State::decode(state)?;
            rest = keys;
        } else if self.id != *id {
            return None;
        }
        let (pages, cells) = ranges(layout, part);
        let fixed = if part == 0 { self.fixed.as_flattened_mut() } else { &mut [] };
        let (from, rest) = rest.split_at_checked(fixed.len())?;
        fixed.copy_from_slice(from);
        let pages = self.pages.get_mut(pages)?.as_flattened_mut();
        let (from, rest) = rest.split_at_checked(pages.len())?;
        pages.copy_from_slice(from);
        let cells = self.cells.get_mut(cells)?.as_flattened_mut();
        (rest.len() == cells.len()).then(|| cells.copy_from_slice(rest))
    }
}

impl State {
    /// 64 bytes: flags, progress, codes, zero.
    fn encode(self) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes[0] = u8::from(self.full_pass_due);
        bytes[8..16].copy_from_slice(&self.full_pass_done.to_be_bytes());
        bytes[16..20].copy_from_slice(&self.wrong_codes.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (flags, rest) = bytes.split_first_chunk::<8>()?;
        let (done, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            // Other flags have no meaning, and are not looked at.
            full_pass_due: flags.first().is_some_and(|flags| flags & 1 == 1),
            full_pass_done: u64::from_be_bytes(*done),
            wrong_codes: u32::from_be_bytes(*rest.first_chunk()?),
        })
    }
}

impl Layer {
    /// Writes the whole table anew, both copies; `rotate`: under another key of the device, and
    /// the old one is forgotten. Copy B is touched only when A is durable.
    pub(crate) fn write_table(
        &mut self,
        device: &dyn DeviceKeys,
        rotate: bool,
    ) -> Result<(), VaultError> {
        self.write_both_copies(rotate.then_some(device)).inspect_err(|_| self.poisoned = true)
    }

    /// Writes the table under the key that it has: the batches in the journal are part of it.
    pub(super) fn settle_journal(&mut self) -> Result<(), VaultError> {
        self.write_both_copies(None).inspect_err(|_| self.poisoned = true)
    }

    /// `device`: under another key of it.
    fn write_both_copies(&mut self, device: Option<&dyn DeviceKeys>) -> Result<(), VaultError> {
        self.table.id = self.random.bytes();
        let old = device.map_or(Ok(None), |device| self.change_key(device))?;
        // The copy that is whole, when only one is, stays until the other one is.
        let first = std::mem::take(&mut self.first_copy);
        self.write_table_copy(first)?;
        self.sync(Which::Vault)?;
        // The journal speaks of the table before.
        let batches = std::mem::take(&mut self.batches);
        self.in_journal.clear();
        self.write_table_copy(1 - first)?;
        if old.is_some() {
            self.header.layer_key = self.handle.clone();
        }
        self.write_header(0)?;
        self.sync(Which::Vault)?;
        // The other copy names the old key until it is forgotten: a cut here forgets nothing.
        let kept = |old: &Handle| device.is_some_and(|device| device.forget(old).is_err());
        if let Some(old) = old.filter(kept) {
            // Then both go on naming it; the other one does so already.
            self.keeps_old_key = true;
            self.header.layer_key = old;
            self.write_header(0)?;
        }
        // Only now: while the copies differ the journal makes them say the same.
        self.close_journal(batches)?;
        self.write_header(1)?;
        self.sync(Which::Vault)
    }

    /// Makes the next key, names it in both copies of the header, and goes over to it; gives the
    /// one before, which is still to be forgotten. `None`: the key store refused, and the table
    /// stays under its key. That keeps nobody out; it is tried again at the next change.
    fn change_key(&mut self, device: &dyn DeviceKeys) -> Result<Option<Handle>, VaultError> {
        self.keeps_old_key = true;
        // There is room for two: what was not forgotten, or was made in vain, must be gone first.
        let named = [self.header.layer_key.clone(), self.header.next_layer_key.clone()];
        for other in named.into_iter().filter(|handle| *handle != self.handle) {
            if device.forget(&other).is_err() {
                return Ok(None);
            }
        }
        self.header.layer_key = self.handle.clone();
        self.header.next_layer_key = self.handle.clone();
        let Ok(next) = device.create(&self.random) else { return Ok(None) };
        self.header.next_layer_key = next.clone();
        self.write_header(0)?;
        self.sync(Which::Vault)?;
        self.write_header(1)?;
        self.sync(Which::Vault)?;
        let Ok(key) = layer_key(device, &self.header, &next) else { return Ok(None) };
        self.key = key;
        self.keeps_old_key = false;
        Ok(Some(std::mem::replace(&mut self.handle, next)))
    }

    pub(super) fn write_table_copy(&mut self, copy: u64) -> Result<(), VaultError> {
        (0..=self.layout.extents().len()).try_for_each(|part| self.write_table_part(part, copy))
    }

    pub(super) fn write_table_part(&mut self, part: usize, copy: u64) -> Result<(), VaultError> {
        if self.is_poisoned() {
            return Err(VaultError::Poisoned);
        }
        let (at, len) = self.layout.table(part, copy);
        let plain = self.table.encode(&self.layout, part);
        let mut bytes = vec![0; len];
        self.random.noise(&mut bytes);
        seal(&self.key, self.random.bytes(), &plain, &mut bytes);
        Ok(self.file(Which::Vault).write_at(&bytes, at)?)
    }
}

/// `salt ‖ ChaCha20-Poly1305(derive₃₂(layer key, "amate/v1/vault/table", salt), plain) ‖ noise`.
fn seal(key: &Secret<32>, salt: [u8; 16], plain: &[u8], out: &mut [u8]) {
    let key = derive(key.expose(), "amate/v1/vault/table", &[&salt]);
    let Some((head, rest)) = out.split_first_chunk_mut::<16>() else { return };
    *head = salt;
    let Some((body, rest)) = rest.split_at_mut_checked(plain.len()) else { return };
    body.copy_from_slice(plain);
    let tag = aead::seal_once(&key, &[], body);
    if let Some(place) = rest.first_chunk_mut() {
        *place = tag;
    }
}

fn open(key: &Secret<32>, len: usize, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (salt, rest) = bytes.split_first_chunk::<16>()?;
    let (body, rest) = rest.split_at_checked(len)?;
    let key = derive(key.expose(), "amate/v1/vault/table", &[salt]);
    let mut plain = Zeroizing::new(body.to_vec());
    aead::open_once(&key, &[], &mut plain, rest.first_chunk()?).ok()?;
    Some(plain)
}

/// What was found of the table.
pub(super) struct Whole {
    pub(super) table: Table,
    /// Under which it is, and the device's key that gives it.
    pub(super) key: Secret<32>,
    pub(super) handle: Handle,
    /// Copy 0 or 1.
    pub(super) copy: u64,
    /// The other copy is the same, under the header's first key.
    pub(super) twice: bool,
}

/// A whole copy. Should both be whole and differ, a crash came between writing them, and the
/// journal makes them say the same.
pub(super) fn find(
    vault: &dyn DiskFile,
    header: &Header,
    layout: &Layout,
    device: &dyn DeviceKeys,
) -> Result<Whole, VaultError> {
    // While a key is being changed, one copy may be under the next one.
    let mut handles = vec![&header.next_layer_key, &header.layer_key];
    handles.dedup();
    let with =
        |handle: &Handle| layer_key(device, header, handle).ok().map(|key| (handle.clone(), key));
    let keys: Vec<_> = handles.iter().filter_map(|handle| with(handle)).collect();
    let copies = [0, 1].map(|copy| {
        let read = read_copy(vault, layout, copy);
        keys.iter().find_map(|(handle, key)| {
            let table = read.as_ref().and_then(|parts| decode(layout, parts, key))?;
            Some((table, handle.clone(), key.clone()))
        })
    });
    match copies {
        [Some((table, handle, key)), Some((other, its, _))] => {
            let twice = table.id == other.id && handle == its && handles.len() == 1;
            Ok(Whole { table, key, handle, copy: 0, twice })
        }
        [Some((table, handle, key)), None] => {
            Ok(Whole { table, key, handle, copy: 0, twice: false })
        }
        [None, Some((table, handle, key))] => {
            Ok(Whole { table, key, handle, copy: 1, twice: false })
        }
        // A key that gives nothing may be the one: that is no sign of altered files.
        [None, None] if keys.len() < handles.len() => Err(VaultError::Device),
        [None, None] => Err(VaultError::CannotOpen),
    }
}

fn read_copy(vault: &dyn DiskFile, layout: &Layout, copy: u64) -> Option<Vec<Vec<u8>>> {
    (0..=layout.extents().len())
        .map(|part| {
            let (at, len) = layout.table(part, copy);
            let mut bytes = vec![0; len];
            vault.read_at(&mut bytes, at).ok().map(|()| bytes)
        })
        .collect()
}

/// One copy of the table, from its parts.
pub(crate) fn decode(layout: &Layout, parts: &[Vec<u8>], key: &Secret<32>) -> Option<Table> {
    let mut table = Table {
        id: [0; 16],
        spool_key: Secret::new([0; 32]),
        state: State::default(),
        fixed: Zeroizing::new(vec![[0; KEY]; layout.fixed().len()]),
        pages: Zeroizing::new(vec![[0; KEY]; layout.pages() as usize]),
        cells: Zeroizing::new(vec![[0; KEY]; layout.cells() as usize]),
    };
    for (part, bytes) in parts.iter().enumerate() {
        let plain = open(key, layout.table_len(part), bytes)?;
        table.decode(layout, part, &plain)?;
    }
    Some(table)
}

/// Which pages and cells a part has.
fn ranges(layout: &Layout, part: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let (mut pages, mut cells) = (0, 0);
    for (at, extent) in layout.all().enumerate() {
        let next = (pages + extent.pages as usize, cells + extent.cells as usize);
        if at == part {
            return (pages..next.0, cells..next.1);
        }
        (pages, cells) = next;
    }
    (0..0, 0..0)
}

fn fixed_index(layout: &Layout, place: Place) -> Option<usize> {
    let roots = usize::from(layout.geometry.halves) * 4;
    let at = match place {
        Place::Slot(n) => n as usize,
        Place::Action(n) => 8 + n as usize,
        Place::Root(n) => 16 + n as usize,
        Place::Head(n) => 16 + roots + n as usize,
        Place::Page(_) | Place::Cell(_) => return None,
    };
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Geometry;

    #[test]
    fn each_fixed_place_has_a_key_of_its_own() {
        let layout = Layout::new(Geometry::phone(16 << 20, 16 << 20), Vec::new());
        for (at, place) in layout.fixed().into_iter().enumerate() {
            assert_eq!(fixed_index(&layout, place), Some(at));
        }
        assert!(layout.table(0, 0).1 >= layout.table_len(0) + 32);
    }
}
