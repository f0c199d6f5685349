// SPDX-License-Identifier: MPL-2.0
//! Names under which SQLite may open a file: each once, by the connection it was made for.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Errors, PageFile};

type Waiting = BTreeMap<String, (Arc<Mutex<dyn PageFile>>, Errors)>;

static WAITING: Mutex<Waiting> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A name of the registry, gone from it on drop.
pub(super) struct Entry(String);

impl Entry {
    pub(super) fn name(&self) -> &str {
        &self.0
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        take(&self.0);
    }
}

/// Lets `file` be opened once, under the name returned.
pub(super) fn enter(file: Arc<Mutex<dyn PageFile>>, errors: Errors) -> Entry {
    let name = format!("vault-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    waiting(|waiting| waiting.insert(name.clone(), (file, errors)));
    Entry(name)
}

/// The file of that name, for the first who asks.
pub(super) fn take(name: &str) -> Option<(Arc<Mutex<dyn PageFile>>, Errors)> {
    waiting(|waiting| waiting.remove(name))
}

fn waiting<T>(run: impl FnOnce(&mut Waiting) -> T) -> T {
    // A map is whole after every call on it, so a panic elsewhere leaves nothing half-done.
    run(&mut WAITING.lock().unwrap_or_else(PoisonError::into_inner))
}
