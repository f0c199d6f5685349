// SPDX-License-Identifier: MPL-2.0
//! A key store of the device that fails: nobody is kept out by a key that it does not make or
//! forget, and what that means is said until it is repaired.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use amate_vault::{Container, Vault, VaultError};
use sim::{crash::Crash, disk::SimDisk, rng::Rng};
use world::{
    keys::{Call, surroundings},
    phone::Phone,
};

const CODE: &[u8] = b"cinco palabras de prueba nada";
/// Of codes and of the table.
const KEYS: usize = 2;

impl Phone {
    fn new() -> Self {
        let (phone, mut vault) = Self::made(CODE);
        vault.write("table", |tx| tx.execute_batch("CREATE TABLE note(n)")).unwrap();
        vault.lock().unwrap();
        phone
    }

    /// Whether an older image opens with the keys that are here now.
    fn opens(&self, image: &SimDisk) -> bool {
        let image = image.after(Crash::Kept, &mut Rng::new(1));
        Container::open(surroundings(&image, &self.keys.copy(), 1 << 32)).is_ok()
    }

    fn is_repaired(&self, notes: usize) {
        assert!(self.keys.heal());
        let mut vault = self.unlock(CODE).unwrap();
        assert!(!vault.found().old_key_kept);
        assert_eq!(count(&vault), notes);
        note(&mut vault);
        vault.lock().unwrap();
        assert_eq!(self.keys.count(), KEYS);
    }
}

fn note(vault: &mut Vault) {
    vault.write("note", |tx| tx.execute("INSERT INTO note VALUES(1)", [])).unwrap();
}

fn count(vault: &Vault) -> usize {
    vault.read(|db| db.query_row("SELECT count(*) FROM note", [], |row| row.get(0))).unwrap()
}

#[test]
fn a_key_that_is_not_forgotten_keeps_nobody_out_and_is_said_until_it_is() {
    let phone = Phone::new();
    let image = phone.copy().disk;
    phone.keys.fail(Call::Forget, 0, false);
    for session in 0..4 {
        let container = phone.open().unwrap();
        assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
        let mut vault = container.unlock(CODE).unwrap();
        assert!(vault.found().old_key_kept, "session {session}");
        container.full_pass(|_, _| true).unwrap();
        vault.change_code(CODE).unwrap();
        assert_eq!(count(&vault), session);
        note(&mut vault);
        vault.lock().unwrap();
        assert!(phone.keys.count() <= KEYS + 1, "keys that nobody knows pile up");
        assert!(phone.opens(&image), "what is said is true");
    }
    phone.is_repaired(4);
    assert!(!phone.opens(&image));
}

#[test]
fn a_key_that_is_not_made_keeps_nobody_out_and_is_said_until_it_is() {
    let phone = Phone::new();
    let image = phone.copy().disk;
    phone.keys.fail(Call::Create, 0, false);
    for session in 0..2 {
        let mut vault = phone.unlock(CODE).unwrap();
        assert!(vault.found().old_key_kept, "session {session}");
        note(&mut vault);
        vault.lock().unwrap();
        assert!(phone.opens(&image), "what is said is true");
    }
    phone.is_repaired(2);
    assert!(!phone.opens(&image));
}

type Does = fn(&Phone) -> Result<(), VaultError>;

/// Each call fails once, at each step that asks the key store.
#[test]
fn a_key_store_that_fails_once_costs_at_most_the_step() {
    let steps: [(&str, Does); 4] = [
        ("unlock", |phone| phone.unlock(CODE)?.lock()),
        ("wrong code", |phone| match phone.open()?.unlock(b"otra") {
            Err(VaultError::CannotOpen) => Ok(()),
            other => other.map(drop),
        }),
        ("change of code", |phone| {
            let mut vault = phone.unlock(CODE)?;
            vault.change_code(CODE)
        }),
        ("full pass", |phone| phone.open()?.full_pass(|_, _| true)),
    ];
    let phone = Phone::new();
    for (name, step) in steps {
        for call in [Call::Create, Call::Use, Call::Forget] {
            for number in 0.. {
                let phone = phone.copy();
                phone.keys.fail(call, number, true);
                let done = step(&phone);
                if !phone.keys.heal() {
                    break;
                }
                match (call, done) {
                    (_, Ok(())) | (Call::Use, Err(VaultError::Device)) => {}
                    (_, other) => panic!("{name}, {call:?} {number}: {other:?}"),
                }
                phone.is_repaired(0);
            }
        }
    }
}

/// The power goes at each operation of a session in which nothing is forgotten.
#[test]
fn what_was_not_forgotten_before_the_power_went_is_forgotten_after() {
    let phone = Phone::new();
    let image = phone.copy().disk;
    let session = |phone: &Phone| {
        phone.keys.follow(&phone.disk);
        phone.keys.fail(Call::Forget, 0, false);
        phone.unlock(CODE).and_then(Vault::lock)
    };
    let whole = phone.copy();
    session(&whole).unwrap();
    for number in 0.. {
        let stopped = phone.copy();
        stopped.disk.stop_at(number);
        if session(&stopped).is_ok() {
            // Sets differ, and with them how much is written.
            assert!(number > whole.disk.operations() / 2, "stopped at {number} operations only");
            return;
        }
        let mut rng = Rng::new(number as u64);
        for crash in Crash::ALL {
            let disk = stopped.disk.after(crash, &mut rng);
            let found = Phone { disk, keys: stopped.keys.copy() };
            found.unlock(CODE).unwrap().lock().unwrap();
            assert!(!found.opens(&image), "operation {number}, {crash:?}");
            let used = found.keys.used().len();
            assert!(used <= KEYS, "operation {number}, {crash:?}: {used} keys");
        }
    }
}
