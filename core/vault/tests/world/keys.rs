// SPDX-License-Identifier: MPL-2.0
//! The phone's key store, and what a store stands on in the tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use amate_seal::{kdf::derive, secret::Secret};
use amate_vault::{
    DeviceKeys, Handle, Random, Surroundings, Uptime, VaultError,
    disk::{Disk, DiskFile},
};

use crate::sim::{
    disk::{SimDisk, SimFile},
    rng::Rng,
};

/// A key store whose changes are durable at once, and known by the operation of the disk before
/// which they came.
#[derive(Clone, Default)]
pub struct SimKeys(Arc<Mutex<State>>);

#[derive(Clone, Default)]
struct State {
    keys: BTreeMap<Handle, [u8; 32]>,
    /// Keys that ever gave something.
    used: BTreeSet<Handle>,
    start: (BTreeMap<Handle, [u8; 32]>, BTreeSet<Handle>),
    changes: Vec<(usize, Change)>,
    disk: Option<SimDisk>,
    fault: Option<Fault>,
    calls: Vec<Call>,
}

/// What a key store is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Create,
    Use,
    Forget,
}

/// Calls that fail.
#[derive(Clone, Copy)]
struct Fault {
    of: Call,
    /// So many are answered first.
    after: usize,
    /// Only one fails.
    once: bool,
}

#[derive(Clone)]
enum Change {
    Created(Handle, [u8; 32]),
    Used(Handle),
    Forgotten(Handle),
}

impl SimKeys {
    /// Notes changes beside this disk's operations from now on.
    pub fn follow(&self, disk: &SimDisk) {
        let mut state = self.state();
        state.start = (state.keys.clone(), state.used.clone());
        state.changes.clear();
        state.disk = Some(disk.clone());
    }

    /// The key store just before operation `number`: what came between it and the one before may
    /// have happened or not.
    pub fn before(&self, number: usize, rng: &mut Rng) -> Self {
        let state = self.state();
        let (keys, used) = state.start.clone();
        let mut before = State { keys, used, ..State::default() };
        let sure = state.changes.iter().filter(|(at, _)| *at < number).count();
        let unsure = state.changes.iter().filter(|(at, _)| *at == number).count();
        let taken = sure + rng.below(unsure + 1);
        for (_, change) in state.changes.iter().take(taken) {
            before.apply(change);
        }
        Self(Arc::new(Mutex::new(before)))
    }

    /// The same keys in another phone: one that was stopped here.
    pub fn copy(&self) -> Self {
        let state = self.state();
        let (keys, used) = (state.keys.clone(), state.used.clone());
        Self(Arc::new(Mutex::new(State { keys, used, ..State::default() })))
    }

    /// Keys that something may stand under.
    pub fn used(&self) -> Vec<Handle> {
        let state = self.state();
        state.keys.keys().filter(|handle| state.used.contains(*handle)).cloned().collect()
    }

    /// From now on calls of this kind fail, when so many were answered.
    pub fn fail(&self, of: Call, after: usize, once: bool) {
        self.state().fault = Some(Fault { of, after, once });
    }

    /// Everything is answered again. True when a call had failed.
    pub fn heal(&self) -> bool {
        self.state().fault.take().is_none_or(|fault| fault.after == usize::MAX)
    }

    /// What it was asked for so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// Keys that are there.
    pub fn count(&self) -> usize {
        self.state().keys.len()
    }

    fn asked(&self, call: Call) -> Result<(), VaultError> {
        let mut state = self.state();
        state.calls.push(call);
        let Some(fault) = state.fault.as_mut().filter(|fault| fault.of == call) else {
            return Ok(());
        };
        if fault.after > 0 && fault.after != usize::MAX {
            fault.after -= 1;
            return Ok(());
        }
        fault.after = usize::MAX;
        if fault.once {
            state.fault = None;
        }
        Err(VaultError::Device)
    }

    fn change(&self, change: Change) {
        let mut state = self.state();
        let operations = state.disk.as_ref().map_or(0, SimDisk::operations);
        state.apply(&change);
        if state.disk.is_some() {
            state.changes.push((operations, change));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn apply(&mut self, change: &Change) {
        match change.clone() {
            Change::Created(handle, key) => drop(self.keys.insert(handle, key)),
            Change::Used(handle) => {
                self.used.insert(handle);
            }
            Change::Forgotten(handle) => drop(self.keys.remove(&handle)),
        }
    }
}

impl DeviceKeys for SimKeys {
    fn create(&self, random: &Random) -> Result<Handle, VaultError> {
        self.asked(Call::Create)?;
        let handle = random.bytes::<20>().to_vec();
        self.change(Change::Created(handle.clone(), random.bytes()));
        Ok(handle)
    }

    fn mac(&self, handle: &[u8], input: &[u8; 32]) -> Result<Secret<32>, VaultError> {
        self.asked(Call::Use)?;
        let key = self.state().keys.get(handle).copied().ok_or(VaultError::Device)?;
        let first = !self.state().used.contains(handle);
        if first {
            self.change(Change::Used(handle.to_vec()));
        }
        Ok(derive(&key, "amate test key store", &[input]))
    }

    fn forget(&self, handle: &[u8]) -> Result<(), VaultError> {
        self.asked(Call::Forget)?;
        self.change(Change::Forgotten(handle.to_vec()));
        Ok(())
    }

    fn in_software(&self) -> bool {
        false
    }

    fn calls_a_second(&self) -> u32 {
        2
    }
}

/// An hour goes by whenever somebody looks: nobody waits after wrong codes.
pub fn no_waiting() -> Uptime {
    static HOURS: AtomicU64 = AtomicU64::new(1);
    Uptime::from(|| Duration::from_secs(3_600 * HOURS.fetch_add(1, Ordering::Relaxed)))
}

/// What a store stands on: the same for the same seed.
pub fn surroundings(disk: &SimDisk, keys: &SimKeys, seed: u64) -> Surroundings {
    Surroundings {
        disk: Arc::new(disk.clone()),
        device: Arc::new(keys.clone()),
        random: Random::from(Rng::new(seed)),
        uptime: no_waiting(),
    }
}

impl Disk for SimDisk {
    fn exists(&self, name: &str) -> io::Result<bool> {
        Self::exists(self, name)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(Self::create(self, name)?))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(Self::open(self, name)?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Self::rename(self, from, to)
    }

    fn sync_names(&self) -> io::Result<()> {
        Self::sync_names(self)
    }
}

impl DiskFile for SimFile {
    fn try_lock(&self) -> io::Result<bool> {
        Self::try_lock(self)
    }

    fn len(&self) -> io::Result<u64> {
        Self::len(self)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        Self::set_len(self, len)
    }

    fn read_at(&self, out: &mut [u8], at: u64) -> io::Result<()> {
        Self::read_at(self, out, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        Self::write_at(self, bytes, at)
    }

    fn sync(&self) -> io::Result<()> {
        Self::sync(self)
    }
}
