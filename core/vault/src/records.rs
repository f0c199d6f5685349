// SPDX-License-Identifier: MPL-2.0
//! The vault as its users see it: SQLite over the page store, writers and readers apart.

mod space;

use std::{
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use amate_seal::{kdf::CodeCost, secret::Secret};
use rusqlite::{Connection, Transaction};
use zeroize::Zeroize;

pub use space::{Room, Space};

use crate::{
    Found, VaultError,
    cells::Cells,
    container::{Container, Submission, Surroundings, Unlocked},
    disk::Folder,
    geometry::Geometry,
    layer::Set,
    media::{self, MediumId},
    pages::PageStore,
    second::{self, Second},
    slots::Opened,
    vfs::{self, Database},
};

/// A step of the schema. A released one never changes.
pub struct Migration {
    /// Rising from 1.
    pub version: u32,
    /// For people who debug.
    pub name: &'static str,
    /// Runs inside one transaction, row by row.
    pub apply: fn(&Transaction<'_>) -> rusqlite::Result<()>,
}

/// An open vault. Dropping it locks it, as [`Vault::lock`] does.
pub struct Vault {
    container: Container,
    opened: Box<Opened>,
    slot: u32,
    store: Arc<Mutex<PageStore>>,
    database: Option<Database>,
    cells: OnceLock<Arc<Mutex<Cells>>>,
    /// Cells of sets drawn before the cells were known.
    set: Set,
    /// Made in this session: nobody has an image yet.
    fresh: bool,
    /// The volume in the other half that this one keeps fresh. In a box: where there is none, what
    /// moves would take along whatever stood in its room on the stack.
    pub(crate) second: Option<Box<Second>>,
    /// Until it is locked. Given back after everything else: the next one reads what this one wrote.
    unlocked: Option<Unlocked>,
}

impl Vault {
    /// Makes a vault that grows as it needs in `dir`, which must hold none; keys in software.
    ///
    /// # Errors
    /// As [`Container::create`].
    pub fn create(dir: &Path, code: &[u8], cost: CodeCost) -> Result<Self, VaultError> {
        Self::create_with(dir, code, cost, &Geometry::desk())
    }

    /// The same with a size of its own.
    ///
    /// # Errors
    /// As [`Container::create`].
    pub fn create_with(
        dir: &Path,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
    ) -> Result<Self, VaultError> {
        Folder::make(dir)?;
        Container::create(Surroundings::software(dir), code, cost, geometry)
    }

    /// Opens the vault in `dir` and walks what a killed recording left.
    ///
    /// # Errors
    /// As [`Container::open`] and [`Container::unlock`].
    pub fn open(dir: &Path, code: &[u8]) -> Result<Self, VaultError> {
        Container::open(Surroundings::software(dir))?.unlock(code)
    }

    /// Runs the migrations that this vault has not seen.
    ///
    /// # Errors
    /// [`VaultError::NeedsNewerVersion`] when it has seen one that is not listed.
    pub fn migrate(&mut self, migrations: &[Migration]) -> Result<(), VaultError> {
        let seen: u32 =
            self.read(|db| db.pragma_query_value(None, "user_version", |row| row.get(0)))?;
        let newest = migrations.iter().map(|migration| migration.version).max().unwrap_or(0);
        if seen > newest {
            return Err(VaultError::NeedsNewerVersion);
        }
        for migration in migrations.iter().filter(|migration| migration.version > seen) {
            self.write(migration.name, |tx| {
                (migration.apply)(tx)?;
                tx.pragma_update(None, "user_version", migration.version)
            })?;
        }
        Ok(())
    }

    /// Reads records.
    ///
    /// # Errors
    /// The closure's; [`VaultError::Damaged`] when what it asks for does not open any more.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        let database = self.database.as_ref().ok_or(VaultError::Poisoned)?;
        read(database.connection()).map_err(|error| named(database, error))
    }

    /// Writes records: all of it is durable when this returns, or nothing changed. `name` says
    /// what for, to people who debug.
    ///
    /// # Errors
    /// The closure's; [`VaultError::NoSpace`] with the old state kept; [`VaultError::Poisoned`]
    /// after a failed flush, until the vault is opened again.
    pub fn write<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        debug_assert!(!name.is_empty());
        let database = self.database.as_mut().ok_or(VaultError::Poisoned)?;
        let written = commit(database, write).map_err(|error| named(database, error));
        self.or_as_before(written)
    }

    /// After the store refused a commit SQLite goes back to what the store has.
    fn or_as_before<T>(&mut self, done: Result<T, VaultError>) -> Result<T, VaultError> {
        if done.as_ref().is_err_and(|error| !matches!(error, VaultError::Sql(_))) {
            self.database = None;
            self.database = vfs::connect(self.store.clone()).ok();
        }
        done
    }

    /// Puts another code in the place of the one that opened this vault. The old one opens nothing
    /// from here on.
    ///
    /// # Errors
    /// [`VaultError::SameCode`] for that of its second door; the file system's and the device's;
    /// then the old code still opens, or already the new one.
    pub fn change_code(&mut self, code: &[u8]) -> Result<(), VaultError> {
        let second = self.second.as_ref().map(|second| second.slot());
        let known = second.as_slice();
        let set = self.container.replace_slot(self.slot, &self.opened, code, known);
        wipe_stack();
        self.allow(&set?)
    }

    /// Gives back the room of deleted records, in one commit.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] with everything as it was.
    pub fn compact(&mut self) -> Result<(), VaultError> {
        let done = self.database.as_mut().ok_or(VaultError::Poisoned)?.vacuum();
        self.or_as_before(done)
    }

    /// What opening found, besides a whole vault.
    #[must_use]
    pub fn found(&self) -> Found {
        let old_key_kept = self.container.layer().is_ok_and(|layer| layer.keeps_old_key());
        Found { old_key_kept, ..self.store().found() }
    }

    /// Reads every page and every cell; names what does not open.
    ///
    /// # Errors
    /// SQLite's, when the list of media does not open.
    pub fn check(&self) -> Result<Damage, VaultError> {
        let pages = self.store().check();
        let mut media = Vec::new();
        for id in self.media()? {
            let read = self
                .read_medium(&id)
                .map(|mut reader| std::io::copy(&mut reader, &mut std::io::sink()).is_ok());
            if !read.unwrap_or(false) {
                media.push(id);
            }
        }
        Ok(Damage { pages, media })
    }

    /// Locks: what was freed cannot be opened any more, keys are wiped. Recorders go on.
    ///
    /// # Errors
    /// The file system's; it is locked all the same, and what was saved stays.
    pub fn lock(mut self) -> Result<(), VaultError> {
        self.close()
    }

    /// Both files, without a code.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.container
    }

    pub(crate) fn volume_key(&self) -> &Secret<32> {
        &self.opened.volume
    }

    pub(crate) fn slot(&self) -> u32 {
        self.slot
    }

    /// Places that this session may write to.
    pub(crate) fn set(&self) -> &Set {
        &self.set
    }

    pub(crate) fn half(&self) -> u8 {
        self.store().half()
    }

    /// An empty vault in a half of a new container.
    pub(crate) fn format(
        container: &Container,
        submission: Submission,
        half: u8,
    ) -> Result<Self, VaultError> {
        let unlocked = container.begin_unlocked()?;
        Self::format_as(container, submission, half, true, unlocked)
    }

    /// An empty vault in the other half, beside the one that is open.
    pub(crate) fn format_beside(
        container: &Container,
        submission: Submission,
        half: u8,
    ) -> Result<Self, VaultError> {
        Self::format_as(container, submission, half, false, Unlocked::Beside)
    }

    fn format_as(
        container: &Container,
        submission: Submission,
        half: u8,
        fresh: bool,
        unlocked: Unlocked,
    ) -> Result<Self, VaultError> {
        let key = submission.opened.volume.clone();
        let store = PageStore::format(container, key, half, &submission.set)?;
        let mut vault = Self::with(container, submission, store, fresh, unlocked)?;
        let random = container.random();
        vault.write("first tables", |tx| {
            media::create_table(tx)?;
            second::create_table(tx, random)
        })?;
        Ok(vault)
    }

    /// The vault of a container that is being made.
    pub(crate) fn fresh(
        container: &Container,
        submission: Submission,
        store: PageStore,
    ) -> Result<Self, VaultError> {
        let unlocked = container.begin_unlocked()?;
        Self::with(container, submission, store, true, unlocked)
    }

    /// The vault that a code opened. A call of its own, so that its stack is wiped after it.
    #[inline(never)]
    pub(crate) fn over(
        container: &Container,
        submission: Submission,
        unlocked: Unlocked,
    ) -> Result<Self, VaultError> {
        let mut store = PageStore::open(container, submission.opened.volume.clone())?;
        store.allow(&submission.set)?;
        if store.is_unsettled() {
            store.close()?;
        }
        // Held until the vault holds them: what a recorder that ends just now wrote stays taken.
        let running = container.running_cells(store.volume());
        let mut vault = Self::with(container, submission, store, false, unlocked)?;
        vault.open_second()?;
        media::walk_open(&mut vault)?;
        if running.is_some() {
            vault.cells()?;
        }
        Ok(vault)
    }

    fn with(
        container: &Container,
        submission: Submission,
        store: PageStore,
        fresh: bool,
        unlocked: Unlocked,
    ) -> Result<Self, VaultError> {
        let store = Arc::new(Mutex::new(store));
        let database = vfs::connect(store.clone())?;
        // Freed memory that is not wiped would outlive the lock.
        if !database.wipes_freed_memory() {
            return Err(VaultError::Internal("SQLite was begun by another"));
        }
        Ok(Self {
            container: container.clone(),
            opened: submission.opened,
            slot: submission.slot,
            store,
            database: Some(database),
            cells: OnceLock::new(),
            set: submission.set,
            fresh,
            second: None,
            unlocked: Some(unlocked),
        })
    }

    /// Cells of this volume; `used` says which ones the records name, when nobody knows yet.
    pub(crate) fn cells_or(
        &self,
        used: impl FnOnce(&Self) -> Result<Vec<u32>, VaultError>,
    ) -> Result<Arc<Mutex<Cells>>, VaultError> {
        if let Some(cells) = self.cells.get() {
            return Ok(cells.clone());
        }
        let volume = *self.store().volume();
        let half = self.half();
        let cells = match self.container.running_cells(&volume) {
            Some(cells) => {
                let mut known = cells.lock().unwrap_or_else(PoisonError::into_inner);
                known.forget_sets(self.container.layer()?.layout.cells());
                drop(known);
                cells
            }
            None => {
                let used = used(self)?;
                let layer = self.container.layer()?;
                let cells = Cells::new(&layer, volume, half, used.into_iter(), self.fresh);
                let cells = Arc::new(Mutex::new(cells));
                drop(layer);
                self.container.register_cells(&cells);
                cells
            }
        };
        cells.lock().unwrap_or_else(PoisonError::into_inner).allow(&self.set);
        Ok(self.cells.get_or_init(|| cells).clone())
    }

    pub(crate) fn is_being_written(&self, id: &MediumId) -> bool {
        let volume = *self.store().volume();
        self.container
            .running_cells(&volume)
            .is_some_and(|cells| cells.lock().unwrap_or_else(PoisonError::into_inner).is_active(id))
    }

    /// The cells of a walked medium are taken.
    pub(crate) fn mark_walked(&self, id: &MediumId, cells: impl Iterator<Item = u32>) {
        let volume = *self.store().volume();
        if let Some(known) = self.container.running_cells(&volume) {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            // What it began and did not come to is free.
            let begun = known.forget_unrecorded(id);
            known.release(begun);
            known.mark(cells);
        }
    }

    pub(crate) fn allow(&mut self, set: &Set) -> Result<(), VaultError> {
        self.store().allow(set)?;
        if let Some(second) = &mut self.second {
            second.allow(set)?;
        }
        self.set.pages.extend(&set.pages);
        self.set.cells.extend(&set.cells);
        if let Some(cells) = self.cells.get() {
            cells.lock().unwrap_or_else(PoisonError::into_inner).allow(set);
        }
        Ok(())
    }

    pub(crate) fn store(&self) -> std::sync::MutexGuard<'_, PageStore> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&mut self) -> Result<(), VaultError> {
        let closed = self.close_stores();
        wipe_stack();
        closed
    }

    /// A call of its own, so that its stack is wiped after it.
    #[inline(never)]
    fn close_stores(&mut self) -> Result<(), VaultError> {
        let Some(unlocked) = self.unlocked.take() else { return Ok(()) };
        self.database = None;
        // A panic in the middle of a commit: what is in memory must not become a root.
        let closed = self.store.lock().map_or(Err(VaultError::Poisoned), |mut store| store.close());
        // As much as it would have changed, had it been the one that was open.
        let second = self.second.take().map_or(Ok(()), |second| second.close());
        drop(unlocked);
        closed.and(second)
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        // What cannot be closed is settled at the next unlock.
        let _ = self.close();
    }
}

/// What does not open any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Numbers of pages of the records.
    pub pages: Vec<u32>,
    /// Media of which a part does not open.
    pub media: Vec<MediumId>,
}

impl Damage {
    /// Whether everything opens.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.pages.is_empty() && self.media.is_empty()
    }
}

/// Overwrites what ended calls left on the stack of this thread: hash states, blocks of ciphers.
#[inline(never)]
pub(crate) fn wipe_stack() {
    let mut below = [0_u8; 128 * 1024];
    below.zeroize();
    std::hint::black_box(&below);
}

/// The store's own error behind SQLite's.
fn named(database: &Database, error: rusqlite::Error) -> VaultError {
    database.take_error().unwrap_or(VaultError::Sql(error))
}

fn commit<T>(
    database: &mut Database,
    write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let tx = database.connection_mut().transaction()?;
    let value = write(&tx)?;
    tx.commit()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
