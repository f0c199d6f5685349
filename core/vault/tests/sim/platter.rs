// SPDX-License-Identifier: MPL-2.0
//! What a disk holds: what is durable, and in their order the changes that are not.

use std::{collections::BTreeMap, sync::Arc};

use super::{bytes::Bytes, rng::Rng};

/// A change that a disk is asked for; each is an operation of its own.
#[derive(Clone, Debug)]
pub enum Event {
    Create(String),
    Rename(String, String),
    SyncNames,
    Write {
        file: usize,
        at: usize,
        bytes: Arc<[u8]>,
    },
    SetLen {
        file: usize,
        len: usize,
    },
    Sync {
        file: usize,
    },
    /// What the kernel does when a flush fails: pages count as clean, and some of them were
    /// written. No later flush writes the others.
    SyncFailed {
        file: usize,
        seed: u64,
    },
}

/// A change of one file's content.
#[derive(Clone)]
pub(super) enum Change {
    Write { at: usize, bytes: Arc<[u8]> },
    SetLen(usize),
}

/// A change of the names.
#[derive(Clone)]
pub(super) enum NameChange {
    Is(String, usize),
    Moved(String, String),
}

#[derive(Clone, Default)]
pub(super) struct File {
    pub(super) durable: Bytes,
    pub(super) live: Bytes,
    pub(super) pending: Vec<Change>,
}

#[derive(Clone, Default)]
pub struct Platter {
    pub(super) files: Vec<File>,
    pub(super) names: BTreeMap<String, usize>,
    pub(super) durable_names: BTreeMap<String, usize>,
    pub(super) pending_names: Vec<NameChange>,
}

impl Platter {
    /// A disk on which these files are durable.
    pub fn holding<'a>(files: impl IntoIterator<Item = (&'a str, Bytes)>) -> Self {
        let mut platter = Self::default();
        for (name, bytes) in files {
            platter.names.insert(name.to_owned(), platter.files.len());
            platter.files.push(File { durable: bytes.clone(), live: bytes, pending: Vec::new() });
        }
        platter.durable_names = platter.names.clone();
        platter
    }

    /// Number of a file.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// As a running process sees it.
    pub fn content(&self, file: usize) -> &Bytes {
        &self.files[file].live
    }

    pub fn names(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names.iter().map(|(name, file)| (name.as_str(), *file))
    }

    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Create(name) => {
                let new = NameChange::Is(name.clone(), self.files.len());
                self.files.push(File::default());
                self.change_names(new);
            }
            Event::Rename(from, to) => {
                self.change_names(NameChange::Moved(from.clone(), to.clone()));
            }
            Event::SyncNames => {
                self.durable_names = self.names.clone();
                self.pending_names.clear();
            }
            Event::Write { file, at, bytes } => {
                self.files[*file].change(Change::Write { at: *at, bytes: bytes.clone() });
            }
            Event::SetLen { file, len } => self.files[*file].change(Change::SetLen(*len)),
            Event::Sync { file } => {
                let file = &mut self.files[*file];
                let File { durable, pending, .. } = file;
                pending.drain(..).for_each(|change| change.apply(durable));
            }
            Event::SyncFailed { file, seed } => {
                let mut rng = Rng::new(*seed);
                let File { durable, pending, .. } = &mut self.files[*file];
                let written = pending.drain(..).filter(|_| rng.once_in(2));
                written.for_each(|change| change.apply(durable));
            }
        }
    }

    fn change_names(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.pending_names.push(change);
    }
}

impl File {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.live);
        self.pending.push(change);
    }
}

impl Change {
    pub(super) fn apply(&self, to: &mut Bytes) {
        match self {
            Self::Write { at, bytes } => to.write(bytes, *at),
            Self::SetLen(len) => to.set_len(*len),
        }
    }
}

impl NameChange {
    pub(super) fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Is(name, file) => {
                names.insert(name.clone(), *file);
            }
            Self::Moved(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
        }
    }
}
