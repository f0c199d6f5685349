// SPDX-License-Identifier: MPL-2.0
//! The store of tests: the same answers, nothing durable.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Blob, BlobReader, Change, Loaded, Place, Store, StoreError};

/// Everything in memory.
#[derive(Default)]
pub struct Memory {
    blobs: Arc<Mutex<Vec<Blob>>>,
    changes: Vec<Change>,
    organisations: Vec<([u8; 16], u64)>,
}

impl Memory {
    /// Adds an organisation with its quota in bytes.
    pub fn invite(&mut self, id: [u8; 16], quota: u64) {
        self.organisations.push((id, quota));
    }
}

impl Store for Memory {
    fn load(&mut self) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded { organisations: self.organisations.clone(), ..Loaded::default() };
        let blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, blob) in blobs.iter().enumerate() {
            let place = place(at, blob);
            loaded.blobs.push((Blob { bytes: Vec::new(), ..blob.clone() }, place));
        }
        for change in self.changes.clone() {
            match change {
                Change::Leaf(entry) => loaded.leaves.push(entry),
                Change::Checkpoint(text, time) => loaded.checkpoint = Some((text, time)),
                Change::KeySet(id, sequence, bytes) => loaded.key_sets.push((id, sequence, bytes)),
                Change::Dropped(mailbox, through) => loaded.dropped.push((mailbox, through)),
                Change::Revoked(id, n) => loaded.revoked.push((id, n)),
                Change::Halted => loaded.halted = true,
            }
        }
        Ok(loaded)
    }

    fn append(&mut self, blobs: &[Blob]) -> Result<Vec<Option<Place>>, StoreError> {
        let mut held = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let first = held.len();
        held.extend_from_slice(blobs);
        Ok(blobs.iter().enumerate().map(|(at, blob)| place(first + at, blob)).collect())
    }

    fn change(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        self.changes.extend_from_slice(changes);
        Ok(())
    }

    fn reader(&self) -> Box<dyn BlobReader> {
        Box::new(Reader(self.blobs.clone()))
    }

    fn expire(&mut self, _: &dyn Fn(u32) -> bool) -> Result<(), StoreError> {
        Ok(())
    }
}

struct Reader(Arc<Mutex<Vec<Blob>>>);

impl BlobReader for Reader {
    fn read(&self, place: Place) -> Result<Vec<u8>, StoreError> {
        let blobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = usize::try_from(place.offset).unwrap_or(usize::MAX);
        let blob = blobs.get(at).ok_or_else(|| std::io::Error::other("no such blob"))?;
        Ok(blob.bytes.clone())
    }
}

fn place(at: usize, blob: &Blob) -> Option<Place> {
    let len = u32::try_from(blob.bytes.len()).unwrap_or(u32::MAX);
    (len > 0).then_some(Place { segment: 1, offset: at as u64, len })
}
