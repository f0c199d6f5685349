// SPDX-License-Identifier: MPL-2.0
//! What a vault of fixed size promises: room that is named, recordings that go on, full passes,
//! another code, backups, the spool.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{fs, io::Read, path::Path};

use amate_vault::{Container, Geometry, MediumState, SpoolEntry, Surroundings, Vault, VaultError};
use tempfile::TempDir;

mod home;
mod inside;

use home::{CHEAP, CODE, MARK, content, create_phone, medium, note, notes};
use inside::Inside;

#[test]
fn a_full_database_keeps_its_old_state() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, "antes").unwrap();
    let big = "x".repeat(5 * 1024 * 1024);
    assert!(matches!(note(&mut vault, &big), Err(VaultError::NoSpace)));
    assert_eq!(notes(&vault), ["antes"]);
    note(&mut vault, "después").unwrap();
    drop(vault);
    assert_eq!(notes(&Vault::open(dir.path(), CODE).unwrap()), ["antes", "después"]);
}

/// Filled to the brim: deleting still works, and gives room.
#[test]
fn a_full_vault_can_be_emptied() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let page = "x".repeat(3_000);
    let mut count = 0;
    while note(&mut vault, &page).is_ok() {
        count += 1;
    }
    let space = vault.space().unwrap();
    assert!(space.records.used * 100 / space.records.total >= 95, "{space:?} after {count}");
    assert_eq!(notes(&vault).len(), count);
    // Row by row: a change of everything at once would need everything twice.
    for id in (2..=count).step_by(2) {
        vault.write("delete", |tx| tx.execute("DELETE FROM note WHERE id = ?1", [id])).unwrap();
    }
    note(&mut vault, &page).unwrap();
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault).len(), count - count / 2 + 1);
}

#[test]
fn records_that_cannot_be_compacted_go_on() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    while vault.space().unwrap().records.used * 100 < vault.space().unwrap().records.total * 80 {
        note(&mut vault, &"x".repeat(3_000)).unwrap();
    }
    assert!(matches!(vault.compact(), Err(VaultError::NoSpace)));
    note(&mut vault, MARK).unwrap();
    assert_eq!(notes(&vault).pop().unwrap(), MARK);
}

#[test]
fn a_record_of_a_medium_that_was_deleted_is_refused_whole() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let mut writer = vault.begin_medium().unwrap();
    writer.write(&content(100_000)).unwrap();
    let finished = writer.finish().unwrap();
    vault.delete_medium(&finished.id).unwrap();
    let recorded = vault.write("note and medium", |tx| {
        tx.execute("INSERT INTO note(text) VALUES('nadie')", [])?;
        finished.record(tx)
    });
    assert!(recorded.is_err());
    assert!(notes(&vault).is_empty());
}

#[test]
fn a_full_reserve_of_a_phone_keeps_what_is_there_and_can_grow() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let room = vault.room().unwrap();
    let kept = medium(&mut vault, &content(500_000));
    let mut writer = vault.begin_medium().unwrap();
    let id = writer.id();
    assert!(matches!(writer.write(&content(room as usize)), Err(VaultError::NoSpace)));
    drop(writer);
    vault.delete_medium(&id).unwrap();
    let before = vault.reserve().unwrap();
    vault.set_reserve(2 * before).unwrap();
    assert!(vault.reserve().unwrap() >= 2 * before);
    let larger = medium(&mut vault, &content(room as usize));
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    for (id, len) in [(kept, 500_000), (larger, room as usize)] {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content(len), "{len}");
    }
}

#[test]
fn another_code_opens_and_the_old_one_does_not() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    vault.change_code(b"otras cinco palabras de prueba").unwrap();
    note(&mut vault, "dos").unwrap();
    drop(vault);
    assert!(matches!(Vault::open(dir.path(), CODE), Err(VaultError::CannotOpen)));
    let vault = Vault::open(dir.path(), b"otras cinco palabras de prueba").unwrap();
    assert_eq!(notes(&vault), [MARK, "dos"]);
}

#[test]
fn a_recording_goes_on_while_the_vault_is_locked() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let whole = content(400_000);
    let mut writer = vault.begin_medium().unwrap();
    writer.write(&whole[..100_000]).unwrap();
    let container = vault.container().clone();
    vault.lock().unwrap();
    writer.write(&whole[100_000..200_000]).unwrap();
    assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
    writer.write(&whole[200_000..300_000]).unwrap();
    let mut vault = container.unlock(CODE).unwrap();
    assert_eq!(vault.medium(&writer.id()).unwrap().state, MediumState::Open);
    let other = medium(&mut vault, &content(70_000));
    vault.lock().unwrap();
    writer.write(&whole[300_000..]).unwrap();
    let id = writer.finish().unwrap().id;
    let vault = container.unlock(CODE).unwrap();
    for (id, content) in [(id, whole), (other, content(70_000))] {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content);
        assert_eq!(vault.medium(&id).unwrap().state, MediumState::Whole);
    }
}

/// Somebody may have had an image between the two.
#[test]
fn a_full_pass_that_a_person_asks_for_changes_also_what_a_cut_one_had_done() {
    let dir = TempDir::new().unwrap();
    let vault = create_phone(dir.path());
    vault.container().full_pass(|_, _| false).unwrap();
    let keys = || Inside::read(dir.path(), CODE).place_keys().collect::<Vec<_>>();
    let before = keys();
    vault.container().full_pass_anew(|_, _| true).unwrap();
    assert!(before.iter().zip(keys()).all(|(before, after)| *before != after));
}

#[test]
fn a_full_pass_changes_every_place_and_nothing_that_is_kept() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    let id = medium(&mut vault, &content(800_000));
    assert!(!vault.space().unwrap().full_pass_due, "nobody has an image of a new vault");
    drop(vault);
    let mut vault = Vault::open(dir.path(), CODE).unwrap();
    let second = medium(&mut vault, &content(800_000));
    assert!(vault.space().unwrap().full_pass_due);
    let before = fs::read(dir.path().join("vault")).unwrap();
    // Interrupted after each stretch, it goes on where it was.
    let mut stretches = 0;
    loop {
        let (mut done, mut all) = (0, 0);
        vault
            .container()
            .full_pass(|now, of| {
                (done, all) = (now, of);
                false
            })
            .unwrap();
        stretches += 1;
        if done == all {
            break;
        }
    }
    assert!(stretches > 1);
    assert!(!vault.space().unwrap().full_pass_due);
    let after = fs::read(dir.path().join("vault")).unwrap();
    let places = before.len() - 1_200 * 4_096;
    let same = (places..before.len())
        .step_by(4_096)
        .filter(|at| before[*at..at + 4_096] == after[*at..at + 4_096])
        .count();
    assert_eq!(same, 0);
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault), [MARK]);
    for id in [id, second] {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content(800_000));
    }
}

#[test]
fn a_backup_opens_with_its_own_code_on_another_device() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    let ids = [10, 70_000, 300_000].map(|len| (medium(&mut vault, &content(len)), content(len)));
    let mut backup = Vec::new();
    vault.back_up(b"seis palabras del respaldo", CHEAP, &mut backup).unwrap();
    drop(vault);
    assert!(!backup.windows(MARK.len()).any(|window| window == MARK.as_bytes()));
    let restore = |dir: &Path, code: &[u8], bytes: &[u8]| {
        let surroundings = Surroundings::software(dir);
        Container::restore(surroundings, CODE, CHEAP, &Geometry::desk(), code, bytes)
    };
    let wrong = restore(other.path(), b"otras", &backup);
    assert!(matches!(wrong, Err(VaultError::CannotOpen)));
    for cut in [0, 40, 2_000, backup.len() / 2, backup.len() - 1] {
        let cut = restore(other.path(), b"seis palabras del respaldo", &backup[..cut]);
        assert!(matches!(cut, Err(VaultError::CannotOpen | VaultError::Damaged)));
        assert!(matches!(Vault::open(other.path(), CODE), Err(VaultError::NoVault)));
    }
    drop(restore(other.path(), b"seis palabras del respaldo", &backup).unwrap());
    let vault = Vault::open(other.path(), CODE).unwrap();
    assert_eq!(notes(&vault), [MARK]);
    for (id, content) in ids {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content);
    }
}

#[test]
fn a_backup_leaves_out_a_damaged_medium_and_names_it() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    let [hurt, whole] = [150_000, 170_000].map(|len| medium(&mut vault, &content(len)));
    drop(vault);
    let mut inside = Inside::read(dir.path(), CODE);
    let mut cells = 0..inside.plan.geometry().cells;
    let cell = cells.find(|cell| {
        let mut hit = inside.clone();
        hit.flip(inside::CELL, *cell, 9);
        hit.write(dir.path());
        let damage = Vault::open(dir.path(), CODE).unwrap().check().unwrap();
        inside.write(dir.path());
        damage.media == [hurt]
    });
    inside.flip(inside::CELL, cell.unwrap(), 9);
    inside.write(dir.path());
    let vault = Vault::open(dir.path(), CODE).unwrap();
    let mut backup = Vec::new();
    assert_eq!(vault.back_up(b"seis", CHEAP, &mut backup).unwrap(), [hurt]);
    let elsewhere = TempDir::new().unwrap();
    let around = Surroundings::software(elsewhere.path());
    let geometry = Geometry::desk();
    let restored =
        Container::restore(around, b"otra", CHEAP, &geometry, b"seis", &backup[..]).unwrap();
    assert_eq!(notes(&restored), [MARK]);
    assert_eq!(restored.check().unwrap().media, [hurt]);
    let mut back = Vec::new();
    restored.read_medium(&whole).unwrap().read_to_end(&mut back).unwrap();
    assert!(back == content(170_000));
}

#[test]
fn the_spool_holds_what_waits_without_a_code() {
    let dir = TempDir::new().unwrap();
    let vault = create_phone(dir.path());
    let entry = |n: u8| SpoolEntry { note: vec![n; 300], body: vec![n; 262_144 - usize::from(n)] };
    assert_eq!(vault.own_spool().unwrap(), []);
    vault.set_spool(vec![entry(1), entry(2)]).unwrap();
    assert!(matches!(vault.set_spool(vec![entry(1); 3]), Err(VaultError::NoSpace)));
    let container = vault.container().clone();
    vault.lock().unwrap();
    let before = fs::read(dir.path().join("reserve")).unwrap();
    let mut partitions = container.spool().unwrap();
    let full = usize::from(partitions[0].is_empty());
    assert_eq!(partitions[full], [entry(1), entry(2)]);
    partitions[full].remove(0);
    container.write_spool(&partitions).unwrap();
    let after = fs::read(dir.path().join("reserve")).unwrap();
    let cells = |bytes: &[u8]| bytes.chunks(65_536).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let changed: Vec<bool> =
        cells(&before).iter().zip(cells(&after)).map(|(old, new)| *old != new).collect();
    assert!(changed[..18].iter().all(|changed| *changed), "both partitions, whole");
    assert!(!changed[18..].iter().any(|changed| *changed));
    drop(container);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(vault.own_spool().unwrap(), [entry(2)]);
}
