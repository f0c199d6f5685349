// SPDX-License-Identifier: MPL-2.0
//! The outer layer (spec/vault.md §4): every place of both files under a stream key of its own, so
//! that an image says nothing, and an older one stays closed once the table of these keys stands
//! under another key of the device. It knows nothing of codes and volumes.

pub(crate) mod journal;
mod refresh;
pub(crate) mod table;

use std::collections::HashSet;

use amate_seal::{blind, kdf::derive, secret::Secret};

pub(crate) use refresh::Set;
use table::Whole;

pub(crate) use table::Table;

use crate::{
    VaultError,
    device::{DeviceKeys, Handle},
    disk::DiskFile,
    geometry::{Extent, Halves, Layout, Place, UNIT, Which},
    header::Header,
    random::Random,
};

/// Both open files with their table.
pub(crate) struct Layer {
    vault: Box<dyn DiskFile>,
    reserve: Box<dyn DiskFile>,
    pub(crate) header: Header,
    pub(crate) layout: Layout,
    pub(crate) halves: Halves,
    pub(crate) table: Table,
    /// Under which the table is, and the device's key that gives it.
    key: Secret<32>,
    handle: Handle,
    /// The key store did not make a key, or did not forget one: an older image may still open.
    keeps_old_key: bool,
    pub(crate) random: Random,
    /// Batches in the journal since the table was written, and their places.
    batches: u32,
    in_journal: HashSet<Place>,
    /// Which copy of the table is written first: the one that is not whole.
    first_copy: u64,
    /// A flush failed, or a write that cannot be taken back: nothing is sure until the files are
    /// opened again.
    poisoned: bool,
}

impl Layer {
    /// Takes the two files of a new container, of the right lengths, and fills them.
    pub(crate) fn create(
        vault: Box<dyn DiskFile>,
        reserve: Box<dyn DiskFile>,
        header: Header,
        device: &dyn DeviceKeys,
        random: Random,
    ) -> Result<Self, VaultError> {
        let layout = header.layout();
        let key = layer_key(device, &header, &header.layer_key)?;
        let halves = Halves::new(&layout, &header.seed);
        let table = Table::random(&layout, &random);
        let mut layer = Self {
            vault,
            reserve,
            handle: header.layer_key.clone(),
            keeps_old_key: false,
            header,
            layout,
            halves,
            table,
            key,
            random,
            batches: 0,
            in_journal: HashSet::new(),
            first_copy: 0,
            poisoned: false,
        };
        layer.fill(Which::Vault, 0)?;
        layer.fill(Which::Reserve, 0)?;
        layer.write_table_copy(0)?;
        layer.write_table_copy(1)?;
        layer.write_header(0)?;
        layer.write_header(1)?;
        layer.sync(Which::Reserve)?;
        layer.sync(Which::Vault)?;
        Ok(layer)
    }

    /// Opens both files and finishes what was interrupted.
    pub(crate) fn open(
        vault: Box<dyn DiskFile>,
        reserve: Box<dyn DiskFile>,
        device: &dyn DeviceKeys,
        random: Random,
    ) -> Result<Self, VaultError> {
        let (mut header, other) = Header::read(&*vault)?;
        let named = Header::layer_keys(&*vault);
        let layout = header.layout();
        let lengths = header.lengths();
        if vault.len()? < lengths.0 || reserve.len()? < lengths.1 {
            return Err(VaultError::Damaged);
        }
        let Whole { table, key, handle, copy, twice } =
            table::find(&*vault, &header, &layout, device)?;
        if let Some(other) = other {
            // Keys that only this copy names are forgotten now, or nobody would know them.
            header.forget_others(device, &named);
            vault.write_at(&header.encode(), other * UNIT as u64)?;
            vault.sync()?;
        }
        let halves = Halves::new(&layout, &header.seed);
        let mut layer = Self {
            vault,
            reserve,
            header,
            layout,
            halves,
            table,
            key,
            handle,
            keeps_old_key: false,
            random,
            batches: 0,
            in_journal: HashSet::new(),
            first_copy: if twice { 0 } else { 1 - copy },
            poisoned: false,
        };
        layer.cut_unfinished_extent(lengths)?;
        let redone = layer.redo()?;
        if redone || !twice || other.is_some() {
            layer.write_table(device, true)?;
        }
        Ok(layer)
    }

    /// Reads a place without its outer layer.
    pub(crate) fn read(&self, place: Place, out: &mut [u8]) -> Result<(), VaultError> {
        // A place that has no key has no position either.
        let key = self.stream_key(place)?;
        let (which, at, _) = self.layout.position(place);
        self.file(which).read_at(out, at)?;
        blind::apply(&key, out);
        Ok(())
    }

    /// Writes a place; `bytes` are what lies under the outer layer, and are the place's content
    /// afterwards. Durable after [`Layer::sync`].
    pub(crate) fn write(&mut self, place: Place, bytes: &mut [u8]) -> Result<(), VaultError> {
        if self.poisoned {
            return Err(VaultError::Poisoned);
        }
        if self.in_journal.contains(&place) {
            // A batch that is done again after a cut would put back what stood here before.
            self.settle_journal()?;
        }
        let key = self.stream_key(place)?;
        let (which, at, _) = self.layout.position(place);
        blind::apply(&key, bytes);
        Ok(self.file(which).write_at(bytes, at)?)
    }

    pub(crate) fn sync(&mut self, which: Which) -> Result<(), VaultError> {
        if self.poisoned {
            return Err(VaultError::Poisoned);
        }
        self.file(which).sync().map_err(|error| {
            self.poisoned = true;
            error.into()
        })
    }

    /// Nothing more is written until the files are opened again.
    pub(crate) fn poison(&mut self) {
        self.poisoned = true;
    }

    /// Whether an image from before the last submission may still open with the keys of this device.
    pub(crate) fn keeps_old_key(&self) -> bool {
        self.keeps_old_key
    }

    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// Adds places to both halves alike: their noise and their keys first, then the header.
    pub(crate) fn grow(&mut self, extent: Extent) -> Result<(), VaultError> {
        if self.poisoned {
            return Err(VaultError::Poisoned);
        }
        let old = self.header.lengths();
        // What a reader would reject is not written.
        let mut grown = self.header.clone();
        grown.extents.push(extent);
        if Header::parse(&grown.encode()).is_err() {
            return Err(VaultError::NoSpace);
        }
        let layout = self.layout.with(extent);
        let before = self.layout.clone();
        self.table.grow(extent, &self.random);
        self.layout = layout;
        let grown = self.write_extent(old);
        if grown.is_err() {
            self.table.shrink(extent);
            self.layout = before;
            let _ = self.vault.set_len(old.0);
            let _ = self.reserve.set_len(old.1);
            return grown;
        }
        self.header.extents.push(extent);
        self.halves = Halves::new(&self.layout, &self.header.seed);
        let named = (0..2).try_for_each(|copy| {
            self.write_header(copy)?;
            self.sync(Which::Vault)
        });
        if named.is_err() {
            self.poison();
        }
        named
    }

    fn write_extent(&mut self, old: (u64, u64)) -> Result<(), VaultError> {
        self.fill(Which::Vault, old.0)?;
        self.fill(Which::Reserve, old.1)?;
        let part = self.layout.extents().len();
        self.write_table_part(part, 0)?;
        self.write_table_part(part, 1)?;
        self.sync(Which::Reserve)?;
        self.sync(Which::Vault)
    }

    /// Fills a file with noise, from an offset to the length that the layout says. A desk's cells
    /// hide nothing by it: they are written once, when they are used.
    fn fill(&mut self, which: Which, from: u64) -> Result<(), VaultError> {
        let end = self.layout.file_len(which);
        if which == Which::Reserve && self.layout.geometry.set_cells == 0 {
            return Ok(self.file(which).set_len(end)?);
        }
        let mut noise = vec![0; 256 * UNIT];
        let mut at = from;
        while at < end {
            self.random.noise(&mut noise);
            let n = usize::try_from(end - at).unwrap_or(usize::MAX).min(noise.len());
            self.file(which).write_at(noise.get(..n).unwrap_or_default(), at)?;
            at += n as u64;
        }
        Ok(())
    }

    /// An extent that no header names was never used.
    fn cut_unfinished_extent(&self, lengths: (u64, u64)) -> Result<(), VaultError> {
        if self.vault.len()? > lengths.0 {
            self.vault.set_len(lengths.0)?;
        }
        if self.reserve.len()? > lengths.1 {
            self.reserve.set_len(lengths.1)?;
        }
        Ok(())
    }

    fn write_header(&self, copy: u64) -> Result<(), VaultError> {
        Ok(self.vault.write_at(&self.header.encode(), copy * UNIT as u64)?)
    }

    /// Bytes of a full pass that one batch of the journal holds.
    fn batch_bytes(&self) -> usize {
        self.payload_units() * UNIT
    }

    fn stream_key(&self, place: Place) -> Result<Secret<32>, VaultError> {
        Ok(stream_key(place, self.table.key(&self.layout, place).ok_or(VaultError::Damaged)?))
    }

    pub(crate) fn file(&self, which: Which) -> &dyn DiskFile {
        match which {
            Which::Vault => &*self.vault,
            Which::Reserve => &*self.reserve,
        }
    }
}

/// `layer key = derive₃₂(mac(handle, derive₃₂(salt, "…/layer/input")), "…/layer")`.
pub(crate) fn layer_key(
    device: &dyn DeviceKeys,
    header: &Header,
    handle: &[u8],
) -> Result<Secret<32>, VaultError> {
    let input: Secret<32> = derive(&header.salt, "amate/v1/vault/layer/input", &[]);
    let mac = device.mac(handle, input.expose())?;
    Ok(derive(mac.expose(), "amate/v1/vault/layer", &[]))
}

/// `stream key = derive₃₂(place key, "amate/v1/vault/place", u8(kind), u32(number))`.
pub(crate) fn stream_key(place: Place, key: &[u8]) -> Secret<32> {
    let (kind, number) = place_number(place);
    derive(key, "amate/v1/vault/place", &[&[kind], &number.to_be_bytes()])
}

pub(crate) fn place_number(place: Place) -> (u8, u32) {
    match place {
        Place::Slot(n) => (1, n),
        Place::Action(n) => (2, n),
        Place::Root(n) => (3, n),
        Place::Head(n) => (4, n),
        Place::Page(n) => (5, n),
        Place::Cell(n) => (6, n),
    }
}
