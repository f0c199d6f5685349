// SPDX-License-Identifier: MPL-2.0
//! What was written since the last flush that worked. When a flush fails, the system may keep in
//! memory what it never wrote, call it clean, and give it to who reads: it is written again before
//! anything is built on it.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::DiskFile;

/// Offset and length of writes of one file; outlives its being closed after a failed flush.
#[derive(Clone, Default)]
pub(crate) struct Unsure(Arc<Mutex<Vec<(u64, usize)>>>);

/// A file whose writes are remembered until they are flushed.
pub(crate) struct Remembered {
    file: Box<dyn DiskFile>,
    unsure: Unsure,
}

impl Unsure {
    /// Writes again what a failed flush left unsure, and goes on remembering.
    pub(crate) fn settle(&self, file: Box<dyn DiskFile>) -> io::Result<Remembered> {
        let ranges = self.ranges().clone();
        let len = file.len()?;
        // Beyond the end is what an extension wrote that was cut off again.
        for (at, n) in ranges.iter().filter(|(at, _)| *at < len) {
            let end = at.saturating_add(*n as u64).min(len);
            let mut bytes = vec![0; usize::try_from(end.saturating_sub(*at)).unwrap_or(0)];
            file.read_at(&mut bytes, *at)?;
            file.write_at(&bytes, *at)?;
        }
        if !ranges.is_empty() {
            file.sync()?;
            self.ranges().clear();
        }
        Ok(Remembered { file, unsure: self.clone() })
    }

    fn ranges(&self) -> MutexGuard<'_, Vec<(u64, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DiskFile for Remembered {
    fn try_lock(&self) -> io::Result<bool> {
        self.file.try_lock()
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn read_at(&self, out: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_at(out, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.unsure.ranges().push((at, bytes.len()));
        self.file.write_at(bytes, at)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync()?;
        self.unsure.ranges().clear();
        Ok(())
    }
}
