// SPDX-License-Identifier: MPL-2.0
//! Faults in the middle, panics, and two that do something at once: nobody is kept out, nothing
//! is lost or given twice.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    thread,
};

use amate_vault::{Container, Geometry, Vault, VaultError};
use sim::{
    crash::Crash,
    disk::{Fault, SimDisk},
    rng::Rng,
};
use world::{
    keys::{SimKeys, surroundings},
    pair::{CHEAP, DESK},
};

/// So often something is tried before it counts as hopeless.
const TRIES: usize = 3_000_000;
const CODE: &[u8] = b"cinco palabras de prueba nada";

/// A store and its key store, locked.
struct Kept {
    disk: SimDisk,
    keys: SimKeys,
}

impl Kept {
    fn new(geometry: &Geometry, fill: impl FnOnce(&mut Vault)) -> Self {
        let (disk, keys) = (SimDisk::default(), SimKeys::default());
        let mut vault =
            Container::create(surroundings(&disk, &keys, 1), CODE, CHEAP, geometry).unwrap();
        fill(&mut vault);
        vault.lock().unwrap();
        Self { disk, keys }
    }

    fn copy(&self) -> Self {
        let disk = self.disk.after(Crash::Kept, &mut Rng::new(1));
        Self { disk, keys: self.keys.copy() }
    }

    fn open(&self) -> Container {
        Container::open(surroundings(&self.disk, &self.keys, 2)).unwrap()
    }
}

/// A recording that was cut: the next unlock walks it, and so may fail late.
fn cut_recording(vault: &mut Vault) {
    let mut writer = vault.begin_medium().unwrap();
    writer.write(&[3; 150_000]).unwrap();
    writer.make_durable().unwrap();
}

#[test]
fn two_that_unlock_at_once_never_both_have_it() {
    let kept = Kept::new(&DESK, cut_recording);
    let operations = {
        let (copy, before) = (kept.copy(), kept.disk.operations());
        let container = copy.open();
        container.unlock(CODE).unwrap();
        copy.disk.operations().max(before)
    };
    // Those after the submission: the vault is there already when it fails.
    for number in (operations - 14..operations).flat_map(|number| [number; 3]) {
        let copy = kept.copy();
        let container = copy.open();
        copy.disk.fail(number, Fault::Io);
        let open = AtomicUsize::new(0);
        let again_and_again = || {
            let mut had = 0;
            for _ in 0..TRIES {
                let Ok(vault) = container.unlock(CODE) else {
                    thread::yield_now();
                    continue;
                };
                assert_eq!(open.fetch_add(1, SeqCst), 0, "two are open: operation {number}");
                (0..8_000).for_each(|_| thread::yield_now());
                open.fetch_sub(1, SeqCst);
                drop(vault);
                had += 1;
                if had == 2 {
                    return;
                }
            }
            panic!("operation {number} keeps everybody out");
        };
        thread::scope(|scope| {
            scope.spawn(again_and_again);
            scope.spawn(again_and_again);
        });
        assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
    }
}
