// SPDX-License-Identifier: MPL-2.0
//! The vault that several hold: screens, the courier, a recorder. Its lock is taken for one call at
//! a time, never while a relay is asked, so that nobody waits for the network.

use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use amate_vault::{
    CodeCost, Container, Damage, FinishedMedium, Found, MediaReader, MediaWriter, MediumId,
    MediumInfo, Migration, NewSecond, SecondDoor, Space, Vault, VaultError,
};
use rusqlite::{Connection, Transaction};

/// A vault that is open until one of its holders locks it. Closures must not call it again.
#[derive(Clone)]
pub(crate) struct Held(Arc<Shared>);

struct Shared {
    vault: Mutex<Option<Vault>>,
    locked: AtomicBool,
}

/// Content of a medium, until the vault is locked.
pub(crate) struct Reader {
    held: Held,
    medium: MediaReader,
}

impl Held {
    pub(super) fn new(vault: Vault) -> Self {
        let (vault, locked) = (Mutex::new(Some(vault)), AtomicBool::new(false));
        Self(Arc::new(Shared { vault, locked }))
    }

    /// Locks it for everybody. Recorders go on; every later call ends in [`VaultError::Locked`],
    /// and no reader gives more.
    pub(super) fn lock(&self) -> Result<(), VaultError> {
        self.0.locked.store(true, Ordering::SeqCst);
        let vault = self.0.vault.lock().unwrap_or_else(PoisonError::into_inner).take();
        vault.map_or(Ok(()), Vault::lock)
    }

    /// The vault itself, open: no holder has it any more.
    pub(super) fn give_up(&self) -> Option<Vault> {
        self.0.vault.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether somebody locked it, or is about to.
    pub(super) fn is_locked(&self) -> bool {
        self.0.locked.load(Ordering::SeqCst)
    }

    fn with<T>(
        &self,
        call: impl FnOnce(&mut Vault) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let mut vault = self.0.vault.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever locks waits for the call that goes on, not for those that wait behind it.
        if self.is_locked() {
            return Err(VaultError::Locked);
        }
        call(vault.as_mut().ok_or(VaultError::Locked)?)
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        self.with(|vault| vault.read(read))
    }

    pub(crate) fn write<T>(
        &self,
        name: &str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        self.with(|vault| vault.write(name, write))
    }

    pub(crate) fn migrate(&self, migrations: &[Migration]) -> Result<(), VaultError> {
        self.with(|vault| vault.migrate(migrations))
    }

    pub(crate) fn begin_medium(&self) -> Result<MediaWriter, VaultError> {
        self.with(Vault::begin_medium)
    }

    pub(crate) fn read_medium(&self, id: &MediumId) -> Result<Reader, VaultError> {
        let medium = self.with(|vault| vault.read_medium(id))?;
        Ok(Reader { held: self.clone(), medium })
    }

    pub(crate) fn read_medium_unrecorded(
        &self,
        medium: &FinishedMedium,
    ) -> Result<Reader, VaultError> {
        let medium = self.with(|vault| vault.read_medium_unrecorded(medium))?;
        Ok(Reader { held: self.clone(), medium })
    }

    pub(crate) fn medium(&self, id: &MediumId) -> Result<MediumInfo, VaultError> {
        self.with(|vault| vault.medium(id))
    }

    pub(crate) fn delete_medium(&self, id: &MediumId) -> Result<(), VaultError> {
        self.with(|vault| vault.delete_medium(id))
    }

    pub(crate) fn reserve(&self) -> Result<u64, VaultError> {
        self.with(|vault| vault.reserve())
    }

    pub(crate) fn room(&self) -> Result<u64, VaultError> {
        self.with(|vault| vault.room())
    }

    pub(crate) fn set_reserve(&self, bytes: u64) -> Result<(), VaultError> {
        self.with(|vault| vault.set_reserve(bytes))
    }

    pub(crate) fn space(&self) -> Result<Space, VaultError> {
        self.with(|vault| vault.space())
    }

    pub(crate) fn change_code(&self, code: &[u8]) -> Result<(), VaultError> {
        self.with(|vault| vault.change_code(code))
    }

    pub(crate) fn second(&self) -> Result<Option<SecondDoor>, VaultError> {
        self.with(|vault| vault.second())
    }

    pub(crate) fn begin_second(&self, code: &[u8]) -> Result<(Vault, NewSecond), VaultError> {
        self.with(|vault| vault.begin_second(code))
    }

    pub(crate) fn finish_second(&self, new: NewSecond, overwrites: bool) -> Result<(), VaultError> {
        self.with(|vault| vault.finish_second(new, overwrites))
    }

    pub(crate) fn change_second_code(&self, code: &[u8]) -> Result<(), VaultError> {
        self.with(|vault| vault.change_second_code(code))
    }

    pub(crate) fn second_overwrites(&self, overwrites: bool) -> Result<(), VaultError> {
        self.with(|vault| vault.second_overwrites(overwrites))
    }

    pub(crate) fn remove_second(&self) -> Result<(), VaultError> {
        self.with(Vault::remove_second)
    }

    pub(crate) fn container(&self) -> Result<Container, VaultError> {
        self.with(|vault| Ok(vault.container().clone()))
    }

    pub(crate) fn halves(&self) -> Result<u8, VaultError> {
        self.with(|vault| Ok(vault.container().geometry()?.0.halves))
    }

    pub(crate) fn back_up(
        &self,
        words: &[u8],
        cost: CodeCost,
        out: impl Write,
    ) -> Result<Vec<MediumId>, VaultError> {
        self.with(|vault| vault.back_up(words, cost, out))
    }

    pub(crate) fn found(&self) -> Result<Found, VaultError> {
        self.with(|vault| Ok(vault.found()))
    }

    pub(crate) fn check(&self) -> Result<Damage, VaultError> {
        self.with(|vault| vault.check())
    }

    pub(crate) fn in_software(&self) -> Result<bool, VaultError> {
        self.with(|vault| Ok(vault.container().in_software()))
    }
}

impl Reader {
    /// Goes to a byte of the content.
    pub(crate) fn seek_to(&mut self, offset: u64) -> Result<(), VaultError> {
        if self.held.is_locked() {
            return Err(VaultError::Locked);
        }
        self.medium.seek_to(offset)
    }

    fn open(&mut self) -> io::Result<&mut MediaReader> {
        match self.held.is_locked() {
            true => Err(io::Error::other(VaultError::Locked)),
            false => Ok(&mut self.medium),
        }
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.open()?.read(out)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.open()?.seek(to)
    }
}
