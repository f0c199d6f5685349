// SPDX-License-Identifier: MPL-2.0
//! The disk that a store under test works on: counts operations, keeps them, stops or fails at one.

use std::{
    collections::BTreeSet,
    io::{self, ErrorKind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    crash::Crash,
    platter::{Event, Platter},
    rng::Rng,
};

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimDisk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    platter: Platter,
    locked: BTreeSet<usize>,
    operations: usize,
    record: Option<Recording>,
    stop_at: Option<usize>,
    fault: Option<(usize, Fault)>,
    fault_met: Option<Event>,
}

/// What fails once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The device: nothing of the operation is sure.
    Io,
    /// No space: a write may have begun. Flushes do not fail of this.
    Full,
}

/// Operations from a known beginning.
#[derive(Clone, Default)]
pub struct Recording {
    pub start: Platter,
    pub events: Vec<Event>,
}

/// A recording as it goes on.
pub struct Replay<'a> {
    pub platter: Platter,
    events: &'a [Event],
    done: usize,
}

/// An open file.
pub struct SimFile {
    disk: SimDisk,
    file: usize,
    holds: Mutex<bool>,
}

impl SimDisk {
    pub fn new(platter: Platter) -> Self {
        Self(Arc::new(Mutex::new(State { platter, ..State::default() })))
    }

    /// Counts and keeps operations from now on.
    pub fn record(&self) {
        let mut state = self.state();
        state.operations = 0;
        state.record = Some(Recording { start: state.platter.clone(), events: Vec::new() });
    }

    pub fn recording(&self) -> Recording {
        self.state().record.clone().unwrap_or_default()
    }

    /// Changing operations so far; each has the number that this was before it.
    pub fn operations(&self) -> usize {
        self.state().operations
    }

    /// Operation `number` and all after it fail, reads too.
    pub fn stop_at(&self, number: usize) {
        self.state().stop_at = Some(number);
    }

    /// Everything fails from now on.
    pub fn stop(&self) {
        self.stop_at(0);
    }

    pub fn has_stopped(&self) -> bool {
        self.state().stopped()
    }

    /// Operation `number` fails, once.
    pub fn fail(&self, number: usize, fault: Fault) {
        let mut state = self.state();
        state.fault = Some((number, fault));
        state.fault_met = None;
    }

    /// The operation that failed, if it was reached.
    pub fn failed(&self) -> Option<Event> {
        self.state().fault_met.clone()
    }

    /// A disk that may be found if the power goes now.
    pub fn after(&self, crash: Crash, rng: &mut Rng) -> Self {
        Self::new(self.state().platter.after(crash, rng))
    }

    pub fn platter(&self) -> Platter {
        self.state().platter.clone()
    }

    pub fn exists(&self, name: &str) -> io::Result<bool> {
        Ok(self.reading()?.platter.find(name).is_some())
    }

    pub fn create(&self, name: &str) -> io::Result<SimFile> {
        let there = self.reading()?.platter.find(name);
        if let Some(file) = there {
            return Ok(self.file(file));
        }
        let mut state = self.state();
        state.change(Event::Create(name.to_owned()))?;
        let file = state.platter.find(name).unwrap();
        Ok(self.file(file))
    }

    pub fn open(&self, name: &str) -> io::Result<SimFile> {
        let file = self.reading()?.platter.find(name).ok_or(ErrorKind::NotFound)?;
        Ok(self.file(file))
    }

    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        state.platter.find(from).ok_or(ErrorKind::NotFound)?;
        state.change(Event::Rename(from.to_owned(), to.to_owned()))
    }

    pub fn sync_names(&self) -> io::Result<()> {
        self.state().change(Event::SyncNames)
    }

    fn file(&self, file: usize) -> SimFile {
        SimFile { disk: self.clone(), file, holds: Mutex::new(false) }
    }

    fn reading(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.stopped() { Err(stopped()) } else { Ok(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn stopped(&self) -> bool {
        self.stop_at.is_some_and(|end| self.operations >= end)
    }

    fn change(&mut self, event: Event) -> io::Result<()> {
        if self.stopped() {
            return Err(stopped());
        }
        let fault = self.fault.filter(|(number, _)| *number == self.operations);
        let (event, result) = match fault {
            Some((number, fault)) => failing(event, fault, number as u64),
            None => (Some(event), Ok(())),
        };
        if result.is_err() {
            self.fault = None;
            self.fault_met = event.clone().or(Some(Event::SyncNames));
        }
        self.operations += 1;
        if let Some(event) = event {
            self.platter.apply(&event);
            if let Some(record) = &mut self.record {
                record.events.push(event);
            }
        }
        result
    }
}

/// What is left of an operation that fails, and its error.
fn failing(event: Event, fault: Fault, seed: u64) -> (Option<Event>, io::Result<()>) {
    let error = match fault {
        Fault::Io => io::Error::other("the device failed"),
        Fault::Full => ErrorKind::StorageFull.into(),
    };
    match event {
        Event::Sync { file } if fault == Fault::Io => {
            (Some(Event::SyncFailed { file, seed }), Err(error))
        }
        Event::Sync { .. } | Event::SyncNames if fault == Fault::Full => (Some(event), Ok(())),
        Event::Write { file, at, bytes } => {
            let some = bytes.len() * Rng::new(seed).below(4) / 4;
            (Some(Event::Write { file, at, bytes: bytes[..some].into() }), Err(error))
        }
        _ => (None, Err(error)),
    }
}

fn stopped() -> io::Error {
    io::Error::other("the power went")
}

impl SimFile {
    pub fn try_lock(&self) -> io::Result<bool> {
        let mut state = self.disk.reading()?;
        let got = state.locked.insert(self.file);
        *self.holds.lock().unwrap() |= got;
        Ok(got)
    }

    pub fn len(&self) -> io::Result<u64> {
        Ok(self.disk.reading()?.platter.content(self.file).len() as u64)
    }

    pub fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.state().change(Event::SetLen { file: self.file, len: len as usize })
    }

    pub fn read_at(&self, out: &mut [u8], at: u64) -> io::Result<()> {
        let state = self.disk.reading()?;
        if state.platter.content(self.file).read(out, at as usize) {
            Ok(())
        } else {
            Err(ErrorKind::UnexpectedEof.into())
        }
    }

    pub fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        let event = Event::Write { file: self.file, at: at as usize, bytes: bytes.into() };
        self.disk.state().change(event)
    }

    pub fn sync(&self) -> io::Result<()> {
        self.disk.state().change(Event::Sync { file: self.file })
    }
}

impl Drop for SimFile {
    fn drop(&mut self) {
        if *self.holds.lock().unwrap() {
            self.disk.state().locked.remove(&self.file);
        }
    }
}

impl Recording {
    pub fn replay(&self) -> Replay<'_> {
        Replay { platter: self.start.clone(), events: &self.events, done: 0 }
    }

    /// File, offset and length of each write.
    pub fn writes(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.events.iter().filter_map(|event| match event {
            Event::Write { file, at, bytes } => Some((*file, *at, bytes.len())),
            _ => None,
        })
    }
}

impl Replay<'_> {
    /// Goes to the moment before operation `number`, which is not before now.
    pub fn go_to(&mut self, number: usize) {
        for event in &self.events[self.done..number] {
            self.platter.apply(event);
        }
        self.done = number;
    }
}
