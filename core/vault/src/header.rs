// SPDX-License-Identifier: MPL-2.0
//! The header of the file `vault` (spec/vault.md §3): plain, in two copies, the same in form for
//! everybody. Nothing in it depends on how many volumes there are.

use amate_seal::{hash::sha256, kdf::CodeCost};

use crate::{
    VaultError,
    device::{DeviceKeys, Handle, MAX_HANDLE},
    disk::DiskFile,
    geometry::{Extent, Geometry, Layout, MAX_EXTENTS, UNIT, Which},
};

const MAGIC: &[u8; 4] = b"AMvt";
/// Version of the container.
const VERSION: u8 = 1;
/// Bytes that never change once a container is made: slots are bound to them.
const FIXED: usize = 108;
const HASH: usize = UNIT - 32;
/// What a header may ask for: a hostile one must not exhaust memory or patience.
const MAX_COST: CodeCost = CodeCost { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };
const MAX_CALLS: u32 = 1 << 20;

/// A header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) geometry: Geometry,
    pub(crate) cost: CodeCost,
    /// Chained calls of the device's key in the derivation of a code.
    pub(crate) calls: u32,
    pub(crate) salt: [u8; 32],
    /// Assigns the halves.
    pub(crate) seed: [u8; 32],
    /// The device's key that hardens codes.
    pub(crate) code_key: Handle,
    /// The device's key under which the table is, or was: what is still to be forgotten.
    pub(crate) layer_key: Handle,
    /// The next one, while the table is being written under it and until the one before is
    /// forgotten; otherwise the same.
    pub(crate) next_layer_key: Handle,
    pub(crate) extents: Vec<Extent>,
}

impl Header {
    pub(crate) fn layout(&self) -> Layout {
        Layout::new(self.geometry, self.extents.clone())
    }

    /// Hash of what never changes.
    pub(crate) fn binding(&self) -> [u8; 32] {
        sha256(self.encode().get(..FIXED).unwrap_or_default())
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let geometry = self.geometry;
        let mut bytes = MAGIC.to_vec();
        bytes.extend([VERSION, geometry.halves, geometry.spool, u8::from(geometry.grows)]);
        for number in [
            geometry.pages,
            geometry.cells,
            geometry.journal,
            geometry.set_pages,
            geometry.set_cells,
            self.cost.memory_kib,
            self.cost.passes,
            self.cost.lanes,
            self.calls,
        ] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(self.salt);
        bytes.extend(self.seed);
        for handle in [&self.code_key, &self.layer_key, &self.next_layer_key] {
            let end = bytes.len() + 2 + MAX_HANDLE;
            bytes.extend((handle.len() as u16).to_be_bytes());
            bytes.extend(handle);
            bytes.resize(end, 0);
        }
        bytes.extend((self.extents.len() as u16).to_be_bytes());
        for extent in &self.extents {
            bytes.extend(extent.pages.to_be_bytes());
            bytes.extend(extent.cells.to_be_bytes());
        }
        bytes.resize(HASH, 0);
        bytes.extend(sha256(&bytes));
        bytes
    }

    /// Reads one copy.
    ///
    /// # Errors
    /// [`VaultError::Damaged`]; [`VaultError::NeedsNewerVersion`] for a whole one of a later
    /// version.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        let (body, hash) = bytes.split_at_checked(HASH).ok_or(VaultError::Damaged)?;
        // H-1: the whole of it, unchanged.
        if bytes.len() != UNIT || sha256(body) != hash {
            return Err(VaultError::Damaged);
        }
        let mut reader = Reader(body);
        // H-2: ours, of this version.
        if reader.take::<4>()? != *MAGIC {
            return Err(VaultError::Damaged);
        }
        let [version, halves, spool, grows] = reader.take::<4>()?;
        if version != VERSION {
            return Err(VaultError::NeedsNewerVersion);
        }
        let geometry = Geometry {
            halves,
            spool,
            grows: grows == 1,
            pages: reader.u32()?,
            cells: reader.u32()?,
            journal: reader.u32()?,
            set_pages: reader.u32()?,
            set_cells: reader.u32()?,
        };
        let cost =
            CodeCost { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? };
        let header = Self {
            geometry,
            cost,
            calls: reader.u32()?,
            salt: reader.take()?,
            seed: reader.take()?,
            code_key: reader.handle()?,
            layer_key: reader.handle()?,
            next_layer_key: reader.handle()?,
            extents: reader.extents()?,
        };
        // H-3: what can be computed with; H-4: what can be paid. H-5: no other form of the same.
        let extents = &header.extents;
        let places = |of: fn(&Extent) -> u32| extents.iter().map(|e| u64::from(of(e))).sum::<u64>();
        let sound = geometry.is_sound()
            && extents.iter().all(|extent| extent.is_sound())
            && places(|extent| extent.pages).max(places(|extent| extent.cells)) <= 1 << 30;
        let payable = cost.memory_kib <= MAX_COST.memory_kib
            && cost.passes <= MAX_COST.passes
            && cost.lanes <= MAX_COST.lanes
            && (1..=MAX_CALLS).contains(&header.calls);
        if sound && payable && header.encode() == bytes {
            Ok(header)
        } else {
            Err(VaultError::Damaged)
        }
    }

    /// Reads both copies of a file. The first is always written before the second, so it is the
    /// newer one whenever it is whole. Also the copy that is not the same, and must become so
    /// before the one that was read is touched.
    pub(crate) fn read(file: &dyn DiskFile) -> Result<(Self, Option<u64>), VaultError> {
        let mut copies = Vec::new();
        for copy in 0..2 {
            let mut bytes = vec![0; UNIT];
            let read = file.read_at(&mut bytes, copy * UNIT as u64);
            copies.push(read.map_err(VaultError::from).and_then(|()| Self::parse(&bytes)));
        }
        let second = copies.pop().unwrap_or(Err(VaultError::Damaged));
        let first = copies.pop().unwrap_or(Err(VaultError::Damaged));
        match (first, second) {
            (Ok(first), second) => {
                let same = second.is_ok_and(|second| second == first);
                Ok((first, (!same).then_some(1)))
            }
            (Err(_), Ok(second)) => Ok((second, Some(0))),
            (Err(VaultError::NeedsNewerVersion), _) | (_, Err(VaultError::NeedsNewerVersion)) => {
                Err(VaultError::NeedsNewerVersion)
            }
            // Altered or cut: not told apart from a wrong code, which was not even tried.
            _ => Err(VaultError::CannotOpen),
        }
    }

    /// Keys of the device that any whole copy names for the table.
    pub(crate) fn layer_keys(file: &dyn DiskFile) -> Vec<Handle> {
        let mut named = Vec::new();
        for copy in 0..2 {
            let mut bytes = vec![0; UNIT];
            let read = file.read_at(&mut bytes, copy * UNIT as u64).is_ok();
            if let Some(header) = Self::parse(&bytes).ok().filter(|_| read) {
                named.extend([header.layer_key, header.next_layer_key]);
            }
        }
        named
    }

    /// Forgets keys of the table that were named and that this header does not name. One that the
    /// key store does not forget is named again, to be tried later. When there is no room for it,
    /// a third key was announced; that is done only once all others were forgotten.
    pub(crate) fn forget_others(&mut self, device: &dyn DeviceKeys, named: &[Handle]) {
        for handle in named {
            let known = [&self.layer_key, &self.next_layer_key].contains(&handle);
            if !known && device.forget(handle).is_err() && self.layer_key == self.next_layer_key {
                self.layer_key = handle.clone();
            }
        }
    }

    /// Bytes that both files must have.
    pub(crate) fn lengths(&self) -> (u64, u64) {
        let layout = self.layout();
        (layout.file_len(Which::Vault), layout.file_len(Which::Reserve))
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], VaultError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(VaultError::Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u32(&mut self) -> Result<u32, VaultError> {
        self.take().map(u32::from_be_bytes)
    }

    fn handle(&mut self) -> Result<Handle, VaultError> {
        let len = usize::from(u16::from_be_bytes(self.take()?));
        let field = self.take::<MAX_HANDLE>()?;
        Ok(field.get(..len).ok_or(VaultError::Damaged)?.to_vec())
    }

    fn extents(&mut self) -> Result<Vec<Extent>, VaultError> {
        let count = usize::from(u16::from_be_bytes(self.take()?));
        if count > MAX_EXTENTS {
            return Err(VaultError::Damaged);
        }
        (0..count).map(|_| Ok(Extent { pages: self.u32()?, cells: self.u32()? })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            geometry: Geometry::phone(16 << 20, 16 << 20),
            cost: CodeCost::STANDARD,
            calls: 3,
            salt: [1; 32],
            seed: [2; 32],
            code_key: vec![3; 32],
            layer_key: vec![4; 32],
            next_layer_key: vec![5; 40],
            extents: vec![Extent { pages: 512, cells: 0 }, Extent { pages: 2, cells: 64 }],
        }
    }

    /// The bytes of a header, changed and hashed again.
    fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut bytes = header().encode();
        bytes.truncate(HASH);
        change(&mut bytes);
        bytes.extend(sha256(&bytes));
        bytes
    }

    fn set(at: usize, number: u32) -> Vec<u8> {
        changed(|bytes| bytes[at..at + 4].copy_from_slice(&number.to_be_bytes()))
    }

    fn is_damaged(bytes: &[u8]) -> bool {
        matches!(Header::parse(bytes), Err(VaultError::Damaged))
    }

    #[test]
    fn a_header_is_read_as_it_was_written() {
        assert_eq!(Header::parse(&header().encode()).expect("whole"), header());
    }

    /// H-1
    #[test]
    fn a_header_that_was_changed_is_rejected() {
        let bytes = header().encode();
        for at in 0..UNIT {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(is_damaged(&flipped), "{at}");
        }
        assert!(is_damaged(&bytes[..UNIT - 1]));
        assert!(is_damaged(&[bytes, vec![0]].concat()));
    }

    /// H-2
    #[test]
    fn a_header_of_another_kind_is_rejected() {
        assert!(is_damaged(&changed(|bytes| bytes[3] = b'x')));
        let newer = Header::parse(&changed(|bytes| bytes[4] = VERSION + 1));
        assert!(matches!(newer, Err(VaultError::NeedsNewerVersion)));
    }

    /// H-3
    #[test]
    fn a_header_that_cannot_be_computed_with_is_rejected() {
        for halves in [0, 3] {
            assert!(is_damaged(&changed(|bytes| bytes[5] = halves)));
        }
        assert!(is_damaged(&changed(|bytes| bytes[6] = 17)));
        // Pages, cells, journal, sets.
        for (at, number) in [(8, 0), (8, 3), (8, u32::MAX), (12, 1), (16, 63), (16, 65_537)] {
            assert!(is_damaged(&set(at, number)), "{number} at {at}");
        }
        assert!(is_damaged(&set(20, 65_537)) && is_damaged(&set(24, 4_097)));
        // The first extent.
        for number in [1, (1 << 28) + 2] {
            assert!(is_damaged(&set(1_070, number)), "{number}");
        }
        assert!(is_damaged(&changed(|bytes| bytes[1_068..1_070].copy_from_slice(&[0, 129]))));
    }

    /// H-4
    #[test]
    fn a_header_that_cannot_be_paid_is_rejected() {
        for (at, number) in [(28, 1_048_577), (32, 65), (36, 17), (40, 0), (40, 1_048_577)] {
            assert!(is_damaged(&set(at, number)), "{number} at {at}");
        }
    }

    /// H-5
    #[test]
    fn a_header_in_another_form_is_rejected() {
        // Growing said otherwise, bytes behind a handle, behind the extents.
        for at in [7, 108 + 2 + 40, 2_000, HASH - 1] {
            assert!(is_damaged(&changed(|bytes| bytes[at] = 2)), "{at}");
        }
    }
}
