// SPDX-License-Identifier: MPL-2.0
//! An open file as SQLite sees it: the pages of the last commit under those staged since.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use zeroize::Zeroizing;

use super::{Errors, PAGE, PageFile, Staged};
use crate::VaultError;

/// Invariants: `kept` ≤ `pages`; every staged number is below `pages`; while nothing is changed,
/// nothing is staged and both are the store's own length.
pub(super) struct Staging {
    file: Arc<Mutex<dyn PageFile>>,
    errors: Errors,
    staged: Staged,
    /// Length as SQLite sees it.
    pages: u32,
    /// Committed pages that still show. What was cut off and grown again reads as zeros.
    kept: u32,
    changed: bool,
    /// A commit failed. What SQLite writes to undo it is swallowed: the store has the old state.
    /// No sync succeeds any more, so nothing is ever called durable that is not.
    broken: bool,
}

impl Staging {
    pub(super) fn new(file: Arc<Mutex<dyn PageFile>>, errors: Errors) -> Result<Self, VaultError> {
        let pages = lock(&file)?.pages();
        let staged = Staged::new();
        Ok(Self { file, errors, staged, pages, kept: pages, changed: false, broken: false })
    }

    /// Where the store's errors are left for the caller.
    pub(super) fn errors(&self) -> &Errors {
        &self.errors
    }

    /// Length in bytes.
    pub(super) fn size(&self) -> u64 {
        u64::from(self.pages) * PAGE as u64
    }

    /// Fills `out`; false when the file ends before it, and the rest is zeros.
    pub(super) fn read(&mut self, offset: u64, out: &mut [u8]) -> Result<bool, VaultError> {
        let there = self.size().saturating_sub(offset);
        let (mut inside, beyond) =
            out.split_at_mut(usize::try_from(there).unwrap_or(usize::MAX).min(out.len()));
        beyond.fill(0);
        let mut at = offset;
        while !inside.is_empty() {
            let (number, from) = place(at)?;
            let (piece, rest) = inside.split_at_mut(inside.len().min(PAGE - from));
            self.read_page(number, from, piece)?;
            at += piece.len() as u64;
            inside = rest;
        }
        Ok(beyond.is_empty())
    }

    /// Stages `bytes`. A page that is written in part keeps the rest of itself.
    pub(super) fn write(&mut self, offset: u64, mut bytes: &[u8]) -> Result<(), VaultError> {
        if self.broken {
            return Ok(());
        }
        let mut at = offset;
        while !bytes.is_empty() {
            let (number, from) = place(at)?;
            let (piece, rest) = bytes.split_at(bytes.len().min(PAGE - from));
            self.write_page(number, from, piece)?;
            at += piece.len() as u64;
            bytes = rest;
        }
        Ok(())
    }

    /// Stages a new length; part of a page counts as a page.
    pub(super) fn truncate(&mut self, size: u64) -> Result<(), VaultError> {
        let pages = u32::try_from(size.div_ceil(PAGE as u64)).map_err(|_| VaultError::NoSpace)?;
        if !self.broken && pages != self.pages {
            self.set_length(pages);
            self.changed = true;
        }
        Ok(())
    }

    /// Commits what is staged.
    pub(super) fn sync(&mut self) -> Result<(), VaultError> {
        if self.broken {
            return Err(VaultError::Poisoned);
        }
        if !self.changed {
            return Ok(());
        }
        // Until the commit is known to be whole it counts as failed, also should it panic.
        self.broken = true;
        let committed = self.commit();
        self.staged.clear();
        self.changed = false;
        self.broken = committed.is_err();
        if committed.is_err() {
            self.pages = lock(&self.file)?.pages();
        }
        self.kept = self.pages;
        committed
    }

    fn commit(&mut self) -> Result<(), VaultError> {
        if let Some(first) = self.staged.get(&0) {
            let header = Header(first);
            if header.asks_for_wal() {
                return Err(VaultError::Io(io::Error::from(io::ErrorKind::Unsupported)));
            }
            if let Some(pages) = header.pages().filter(|pages| *pages < self.pages) {
                self.set_length(pages);
            }
        }
        for number in self.kept..self.pages {
            self.staged.entry(number).or_insert_with(blank);
        }
        lock(&self.file)?.commit(&self.staged, self.pages)
    }

    fn set_length(&mut self, pages: u32) {
        self.staged.split_off(&pages);
        self.kept = self.kept.min(pages);
        self.pages = pages;
    }

    fn read_page(&mut self, number: u32, from: usize, out: &mut [u8]) -> Result<(), VaultError> {
        if let Some(page) = self.staged.get(&number) {
            out.copy_from_slice(part(page, from, out.len()));
        } else if number >= self.kept {
            out.fill(0);
        } else if let Ok(whole) = <&mut [u8; PAGE]>::try_from(&mut *out) {
            lock(&self.file)?.read(number, whole)?;
        } else {
            let mut page = blank();
            lock(&self.file)?.read(number, &mut page)?;
            out.copy_from_slice(part(&page, from, out.len()));
        }
        Ok(())
    }

    fn write_page(&mut self, number: u32, from: usize, bytes: &[u8]) -> Result<(), VaultError> {
        if !self.staged.contains_key(&number) {
            let mut page = blank();
            if bytes.len() < PAGE && number < self.kept {
                lock(&self.file)?.read(number, &mut page)?;
            }
            self.staged.insert(number, page);
        }
        if let Some(page) = self.staged.get_mut(&number) {
            page[from..from + bytes.len()].copy_from_slice(bytes);
        }
        self.pages = self.pages.max(number + 1);
        self.changed = true;
        Ok(())
    }
}

/// What the first page says of the database: file format of SQLite, section 1.3.
struct Header<'a>(&'a [u8; PAGE]);

impl Header<'_> {
    fn asks_for_wal(&self) -> bool {
        self.0[18] == 2 || self.0[19] == 2
    }

    /// Length in pages, when it is sure. SQLite shortens the file only after the commit that made
    /// it shorter; taking the length from here makes both one commit, and the cut that follows
    /// changes nothing.
    fn pages(&self) -> Option<u32> {
        let sure = self.number(24) == self.number(92);
        Some(self.number(28)).filter(|pages| sure && *pages > 0)
    }

    fn number(&self, at: usize) -> u32 {
        u32::from_be_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
    }
}

/// A panic while the lock was held says nothing good of what is behind it.
fn lock(file: &Mutex<dyn PageFile>) -> Result<MutexGuard<'_, dyn PageFile + 'static>, VaultError> {
    file.lock().map_err(|_| VaultError::Poisoned)
}

/// Number of the page, and place in it. The last number is kept free, so that a length fits too.
fn place(at: u64) -> Result<(u32, usize), VaultError> {
    let number = u32::try_from(at / PAGE as u64).map_err(|_| VaultError::NoSpace)?;
    let from = (at % PAGE as u64) as usize;
    if number == u32::MAX { Err(VaultError::NoSpace) } else { Ok((number, from)) }
}

fn part(page: &[u8; PAGE], from: usize, len: usize) -> &[u8] {
    &page[from..from + len]
}

fn blank() -> Box<Zeroizing<[u8; PAGE]>> {
    Box::new(Zeroizing::new([0; PAGE]))
}
