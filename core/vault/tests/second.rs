// SPDX-License-Identifier: MPL-2.0
//! The second door: two codes, two volumes, and whatever is cut on the way leaves both whole.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::time::Duration;

use amate_vault::{Container, SecondDoor, Surroundings, Uptime, Vault, VaultError};
use sim::{crash::Crash, disk::SimDisk, platter::Event, rng::Rng, rounds};
use world::{
    keys::{Call, SimKeys, surroundings},
    pair::{CHEAP, SMALL},
    phone::Phone,
};

const FIRST: &[u8] = b"cinco palabras de prueba nada";
const SECOND: &[u8] = b"otras cinco para la puerta";
const THIRD: &[u8] = b"y cinco mas para la tercera";

impl Phone {
    /// With a first vault that says so.
    fn new() -> Self {
        let (phone, mut vault) = Self::made(FIRST);
        say(&mut vault, "first");
        vault.lock().unwrap();
        phone
    }

    fn with_second(overwrites: bool) -> Self {
        let phone = Self::new();
        let mut vault = phone.unlock(FIRST).unwrap();
        set(&mut vault, SECOND, overwrites).unwrap();
        vault.lock().unwrap();
        phone
    }

    /// What a code opens; nothing when it is a wrong one.
    fn says(&self, code: &[u8]) -> Option<String> {
        match self.unlock(code) {
            Ok(vault) => {
                assert!(vault.check().unwrap().is_none());
                let said = said(&vault);
                vault.lock().unwrap();
                Some(said)
            }
            Err(VaultError::CannotOpen) => None,
            Err(other) => panic!("{other}"),
        }
    }

    fn door(&self, code: &[u8]) -> Option<SecondDoor> {
        self.unlock(code).unwrap().second().unwrap()
    }
}

fn say(vault: &mut Vault, text: &str) {
    vault
        .write("note", |tx| {
            tx.execute_batch("CREATE TABLE IF NOT EXISTS note(text TEXT)")?;
            tx.execute("INSERT INTO note VALUES(?1)", [text])
        })
        .unwrap();
}

fn said(vault: &Vault) -> String {
    vault
        .read(|db| db.query_row("SELECT group_concat(text) FROM note", [], |row| row.get(0)))
        .unwrap()
}

fn set(vault: &mut Vault, code: &[u8], overwrites: bool) -> Result<(), VaultError> {
    let (mut second, new) = vault.begin_second(code)?;
    second.write("note", |tx| {
        tx.execute_batch("CREATE TABLE note(text TEXT)")?;
        tx.execute("INSERT INTO note VALUES('second')", [])
    })?;
    second.lock()?;
    vault.finish_second(new, overwrites)
}

#[test]
fn each_code_opens_its_own_and_what_is_written_there_stays() {
    let phone = Phone::with_second(false);
    for round in 0..6 {
        for (code, name) in [(FIRST, "first"), (SECOND, "second")] {
            let mut vault = phone.unlock(code).unwrap();
            let expected: Vec<_> = std::iter::repeat_n(name, round + 1).collect();
            assert_eq!(said(&vault), expected.join(","));
            say(&mut vault, name);
            vault.lock().unwrap();
        }
    }
    assert_eq!(phone.door(FIRST), Some(SecondDoor { overwrites: false, opens: true }));
    assert_eq!(phone.door(SECOND), None, "the second knows nothing of the first");
}

#[test]
fn another_code_for_the_second_door_opens_it_and_the_old_one_nothing() {
    let phone = Phone::with_second(false);
    let mut vault = phone.unlock(FIRST).unwrap();
    vault.change_second_code(THIRD).unwrap();
    vault.lock().unwrap();
    assert_eq!(phone.says(SECOND), None);
    assert_eq!(phone.says(THIRD).unwrap(), "second");
    // The second changes it as any vault does, and the first still keeps it.
    let mut vault = phone.unlock(THIRD).unwrap();
    vault.change_code(SECOND).unwrap();
    vault.lock().unwrap();
    let mut vault = phone.unlock(FIRST).unwrap();
    vault.change_code(THIRD).unwrap();
    vault.lock().unwrap();
    assert_eq!(phone.says(SECOND).unwrap(), "second");
    assert_eq!(phone.says(THIRD).unwrap(), "first");
    assert_eq!(phone.says(FIRST), None);
}

#[test]
fn a_door_that_is_taken_away_opens_nothing_and_another_can_be_set() {
    let phone = Phone::with_second(true);
    let mut vault = phone.unlock(FIRST).unwrap();
    assert!(matches!(set(&mut vault, THIRD, false), Err(VaultError::Exists)));
    vault.remove_second().unwrap();
    assert_eq!(vault.second().unwrap(), None);
    assert!(matches!(vault.remove_second(), Err(VaultError::NoVault)));
    vault.lock().unwrap();
    assert_eq!(phone.says(SECOND), None);
    let mut vault = phone.unlock(FIRST).unwrap();
    assert_eq!(vault.second().unwrap(), None);
    set(&mut vault, THIRD, false).unwrap();
    vault.lock().unwrap();
    assert_eq!(phone.says(SECOND), None);
    assert_eq!(phone.says(THIRD).unwrap(), "second");
    assert_eq!(phone.says(FIRST).unwrap(), "first");
}

#[test]
fn a_code_that_overwrites_leaves_its_own_alone() {
    let phone = Phone::with_second(false);
    for overwrites in [true, false, true] {
        let mut vault = phone.unlock(FIRST).unwrap();
        vault.second_overwrites(overwrites).unwrap();
        vault.lock().unwrap();
        assert_eq!(phone.door(FIRST), Some(SecondDoor { overwrites, opens: true }));
    }
    for wrong in [b"una".as_slice(), b"otra"] {
        assert_eq!(phone.says(wrong), None);
    }
    assert_eq!(phone.says(FIRST).unwrap(), "first", "wrong codes do nothing");
    for _ in 0..3 {
        assert_eq!(phone.says(SECOND).unwrap(), "second");
        assert_eq!(phone.says(FIRST), None);
    }
    // As in any vault that is the only one.
    let mut vault = phone.unlock(SECOND).unwrap();
    set(&mut vault, THIRD, false).unwrap();
    vault.lock().unwrap();
    assert_eq!(phone.says(SECOND).unwrap(), "second");
    assert_eq!(phone.says(THIRD).unwrap(), "second");
}

#[test]
fn a_door_set_behind_the_second_takes_the_room_of_the_first() {
    let phone = Phone::with_second(false);
    let mut vault = phone.unlock(SECOND).unwrap();
    set(&mut vault, THIRD, false).unwrap();
    vault.lock().unwrap();
    assert_eq!(phone.says(SECOND).unwrap(), "second");
    assert_eq!(phone.says(THIRD).unwrap(), "second");
    assert_eq!(phone.says(FIRST), None, "as a wrong code");
}

fn standing_still(phone: &Phone) -> Container {
    let still = Uptime::from(|| Duration::ZERO);
    let around = Surroundings { uptime: still, ..surroundings(&phone.disk, &phone.keys, 55) };
    Container::open(around).unwrap()
}

/// Each submission with the clock standing still: the sixth waits when five opened nothing.
fn submissions(phone: &Phone, codes: &[&[u8]]) -> Vec<Result<(), VaultError>> {
    let container = standing_still(phone);
    codes.iter().map(|code| container.unlock(code).and_then(Vault::lock)).collect()
}

#[test]
fn the_code_of_a_first_whose_room_was_taken_counts_as_any_wrong_one() {
    let phone = Phone::with_second(false);
    let mut vault = phone.unlock(SECOND).unwrap();
    set(&mut vault, THIRD, false).unwrap();
    vault.lock().unwrap();
    let codes: [&[u8]; 6] = [b"una", b"otra", FIRST, FIRST, b"tres", SECOND];
    let all = submissions(&phone, &codes);
    assert!(all[..5].iter().all(|one| matches!(one, Err(VaultError::CannotOpen))), "{all:?}");
    assert!(matches!(all[5], Err(VaultError::Wait(_))), "{all:?}");
}

#[test]
fn a_code_that_opens_ends_the_count_and_a_key_store_that_fails_adds_nothing_to_it() {
    let phone = Phone::with_second(false);
    let codes: [&[u8]; 9] =
        [b"una", b"dos", b"tres", b"cuatro", FIRST, b"una", b"dos", b"tres", b"cuatro"];
    let all = submissions(&phone, &codes);
    assert!(all.iter().all(|one| !matches!(one, Err(VaultError::Wait(_)))), "{all:?}");
    let container = standing_still(&phone);
    for _ in 0..6 {
        // The first that is asked for is that of codes.
        phone.keys.fail(Call::Use, 0, true);
        assert!(matches!(container.unlock(FIRST).map(drop), Err(VaultError::Device)));
    }
    container.unlock(FIRST).unwrap();
}

/// A backup holds every byte of the records, and opens elsewhere: nothing there knows of a door.
#[test]
fn a_backup_of_the_first_does_not_say_whether_there_is_a_second() {
    let phone = Phone::with_second(false);
    let vault = phone.unlock(FIRST).unwrap();
    let mut backup = Vec::new();
    vault.back_up(b"seis palabras", CHEAP, &mut backup).unwrap();
    vault.lock().unwrap();
    let other = Phone { disk: SimDisk::default(), keys: SimKeys::default() };
    let around = surroundings(&other.disk, &other.keys, 9);
    let restored =
        Container::restore(around, FIRST, CHEAP, &SMALL, b"seis palabras", &backup[..]).unwrap();
    assert_eq!(said(&restored), "first");
    assert_eq!(restored.second().unwrap(), None);
    restored.lock().unwrap();
    let mut vault = other.unlock(FIRST).unwrap();
    assert_eq!(vault.second().unwrap(), None);
    set(&mut vault, SECOND, false).unwrap();
    vault.lock().unwrap();
    assert_eq!(other.says(SECOND).unwrap(), "second");
}

/// Where a step is stopped, and what must hold afterwards.
fn stopped_anywhere(
    phone: &Phone,
    step: impl Fn(&Phone) -> Result<(), VaultError>,
    holds: impl Fn(&Phone) -> bool,
) {
    let whole = phone.copy();
    step(&whole).unwrap();
    let operations = whole.disk.operations();
    assert!(holds(&whole), "done");
    let mut done = [0_usize; 2];
    let mut rng = Rng::new(rounds::seed());
    // In a soak every operation; here every third, from another one each time.
    let stride = if rounds::rounds(1) > 1 { 1 } else { 3 };
    for number in (rng.below(stride)..).step_by(stride) {
        let stopped = phone.copy();
        stopped.disk.stop_at(number);
        if step(&stopped).is_ok() {
            // Another set, and less to write.
            assert!(number > operations / 2, "{number} of {operations}");
            break;
        }
        let crash = *rng.pick(&Crash::ALL);
        let disk = stopped.disk.after(crash, &mut rng);
        let found = Phone { disk, keys: stopped.keys.copy() };
        let now = holds(&found);
        done[usize::from(now)] += 1;
        assert!(rng.once_in(2) || holds(&found) == now, "and stays so");
        rounds::counted("crash points of the second door", 1);
    }
    assert!(done.iter().all(|count| *count > 0), "before and after: {done:?}");
}

/// The first is whole, and the second is as the first says. Whether it opens with this code.
fn both_whole(phone: &Phone, code: &[u8], old: Option<&[u8]>) -> bool {
    assert_eq!(phone.says(FIRST).unwrap(), "first");
    let door = phone.door(FIRST);
    let (new, old) = (phone.says(code), old.and_then(|old| phone.says(old)));
    assert!(new.is_none() || old.is_none(), "one code opens it");
    assert_eq!(door.is_some(), new.is_some() || old.is_some(), "what the first says is true");
    assert!(door.is_none_or(|door| door.opens));
    assert!([&new, &old].into_iter().flatten().all(|said| said == "second"));
    new.is_some()
}

#[test]
fn setting_that_is_cut_sets_all_or_nothing() {
    let phone = Phone::new();
    let step = |phone: &Phone| {
        let mut vault = phone.unlock(FIRST)?;
        set(&mut vault, SECOND, false)?;
        vault.lock()
    };
    stopped_anywhere(&phone, step, |phone| both_whole(phone, SECOND, None));
}

#[test]
fn another_code_that_is_cut_leaves_one_of_both() {
    let phone = Phone::with_second(false);
    let step = |phone: &Phone| {
        let mut vault = phone.unlock(FIRST)?;
        vault.change_second_code(THIRD)?;
        vault.lock()
    };
    stopped_anywhere(&phone, step, |phone| both_whole(phone, THIRD, Some(SECOND)));
}

#[test]
fn taking_away_that_is_cut_takes_all_or_nothing() {
    let phone = Phone::with_second(false);
    let step = |phone: &Phone| {
        let mut vault = phone.unlock(FIRST)?;
        vault.remove_second()?;
        vault.lock()
    };
    stopped_anywhere(&phone, step, |phone| !both_whole(phone, SECOND, None));
}

#[test]
fn an_action_that_is_cut_happens_or_is_still_to_happen() {
    let phone = Phone::with_second(true);
    let step = |phone: &Phone| phone.unlock(SECOND)?.lock();
    stopped_anywhere(&phone, step, |phone| {
        // Before anything else is submitted: has it happened?
        let acted = phone.copy().says(FIRST).is_none();
        if !acted {
            assert_eq!(phone.says(FIRST).unwrap(), "first");
        }
        assert_eq!(phone.copy().says(SECOND).unwrap(), "second");
        acted
    });
}

/// What a code asks of the disk and of the key store until it is known whether it opens.
fn work(phone: &Phone, code: &[u8]) -> (Vec<String>, Vec<Call>) {
    let phone = phone.copy();
    let container = Container::open(surroundings(&phone.disk, &phone.keys, 77)).unwrap();
    phone.disk.record();
    let before = phone.keys.calls().len();
    drop(container.unlock(code));
    let shape = |event: Event| match event {
        Event::Write { file, bytes, .. } => format!("write {} to {file}", bytes.len()),
        Event::Sync { file } => format!("flush {file}"),
        other => format!("{other:?}"),
    };
    let events = phone.disk.recording().events.into_iter().map(shape).collect();
    (events, phone.keys.calls().split_off(before))
}

#[test]
fn right_duress_wrong_and_unused_codes_cost_the_same_work() {
    for overwrites in [false, true] {
        let phone = Phone::with_second(overwrites);
        let mut vault = phone.unlock(FIRST).unwrap();
        // THIRD opened it once and does no more.
        vault.change_second_code(THIRD).unwrap();
        vault.change_second_code(SECOND).unwrap();
        vault.lock().unwrap();
        let (wrong, keys) = work(&phone, b"otra");
        assert!(wrong.len() > 100 && keys.len() > 3, "{} {}", wrong.len(), keys.len());
        for code in [FIRST, SECOND, THIRD] {
            let (events, calls) = work(&phone, code);
            assert_eq!(events[..wrong.len()], wrong);
            assert_eq!(calls, keys);
        }
    }
}
