// SPDX-License-Identifier: MPL-2.0
//! Recorders that go on behind the lock while another code opens another volume: nobody is kept
//! out, nothing is mixed up, and a volume whose half is taken records nothing more.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::io::Read;

use amate_vault::{Extent, MediaWriter, MediumId, Standing, Vault, VaultError};
use world::phone::Phone;

const FIRST: &[u8] = b"cinco palabras de prueba nada";
const SECOND: &[u8] = b"otras cinco para la puerta";
const THIRD: &[u8] = b"y cinco mas para la tercera";

/// A phone with two doors, in hand: whoever submits a code finds the container that stands.
struct InHand {
    phone: Phone,
    standing: Standing,
}

impl InHand {
    fn new(overwrites: bool) -> Self {
        let (phone, mut vault) = Phone::made(FIRST);
        set(&mut vault, SECOND, overwrites);
        vault.lock().unwrap();
        Self { phone, standing: Standing::default() }
    }

    fn unlock(&mut self, code: &[u8]) -> Result<Vault, VaultError> {
        let container = self.standing.container().map_or_else(|| self.phone.open(), Ok)?;
        self.standing = container.standing();
        container.unlock(code)
    }

    /// Begins a recording in the vault of this code and locks it.
    fn record_behind(&mut self, code: &[u8]) -> MediaWriter {
        let mut vault = self.unlock(code).unwrap();
        let mut writer = vault.begin_medium().unwrap();
        writer.write(&content(1, 200_000)).unwrap();
        writer.make_durable().unwrap();
        vault.lock().unwrap();
        writer
    }
}

fn set(vault: &mut Vault, code: &[u8], overwrites: bool) {
    let (second, new) = vault.begin_second(code).unwrap();
    second.lock().unwrap();
    vault.finish_second(new, overwrites).unwrap();
}

fn content(seed: u64, len: usize) -> Vec<u8> {
    sim::rng::Rng::new(seed).bytes(len)
}

fn import(vault: &mut Vault, bytes: &[u8]) -> MediumId {
    let mut writer = vault.begin_medium().unwrap();
    writer.write(bytes).unwrap();
    let finished = writer.finish().unwrap();
    vault.write("import", |tx| finished.record(tx)).unwrap();
    finished.id
}

fn read(vault: &Vault, id: &MediumId) -> Vec<u8> {
    let mut bytes = Vec::new();
    vault.read_medium(id).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_recorder_behind_the_lock_keeps_no_code_out_and_goes_on_under_each() {
    for (recorded, other) in [(FIRST, SECOND), (SECOND, FIRST)] {
        let mut phone = InHand::new(false);
        let mut writer = phone.record_behind(recorded);
        assert!(matches!(phone.unlock(b"otra"), Err(VaultError::CannotOpen)));
        let mut vault = phone.unlock(other).unwrap();
        let id = import(&mut vault, &content(2, 300_000));
        writer.write(&content(3, 150_000)).unwrap();
        writer.make_durable().unwrap();
        assert_eq!(read(&vault, &id), content(2, 300_000));
        vault.lock().unwrap();
        writer.write(&content(4, 70_000)).unwrap();
        let mut vault = phone.unlock(recorded).unwrap();
        let finished = writer.finish().unwrap();
        vault.write("end", |tx| finished.record(tx)).unwrap();
        let whole = [content(1, 200_000), content(3, 150_000), content(4, 70_000)].concat();
        assert_eq!(read(&vault, &finished.id), whole);
        vault.lock().unwrap();
        let vault = phone.unlock(other).unwrap();
        assert_eq!(read(&vault, &id), content(2, 300_000));
        assert!(vault.check().unwrap().is_none());
    }
}

/// What the recorder of a volume that is gone writes would lie among what the next one saved.
fn records_nothing_more(mut writer: MediaWriter) {
    // A piece that fills no cell is only held.
    assert!(matches!(writer.write(&content(5, 200_000)), Err(VaultError::Locked)));
    assert!(matches!(writer.make_durable(), Err(VaultError::Locked)));
    assert!(matches!(writer.finish(), Err(VaultError::Locked)));
}

#[test]
fn a_recorder_of_a_volume_that_is_taken_away_ends() {
    let mut phone = InHand::new(false);
    let writer = phone.record_behind(SECOND);
    let mut vault = phone.unlock(FIRST).unwrap();
    vault.remove_second().unwrap();
    records_nothing_more(writer);
    vault.lock().unwrap();
    assert!(matches!(phone.unlock(SECOND), Err(VaultError::CannotOpen)));
}

#[test]
fn a_recorder_of_a_volume_whose_half_is_taken_writes_into_nothing_of_the_next() {
    let mut phone = InHand::new(true);
    let mut writer = phone.record_behind(FIRST);
    let mut vault = phone.unlock(SECOND).unwrap();
    // Its code opens nothing any more; the half is still its own.
    writer.write(&content(6, 100_000)).unwrap();
    let (mut third, new) = vault.begin_second(THIRD).unwrap();
    let room = third.room().unwrap();
    let id = import(&mut third, &content(7, room as usize));
    records_nothing_more(writer);
    third.lock().unwrap();
    vault.finish_second(new, false).unwrap();
    vault.lock().unwrap();
    let vault = phone.unlock(THIRD).unwrap();
    assert!(vault.check().unwrap().is_none());
    assert_eq!(read(&vault, &id), content(7, room as usize));
}

#[test]
fn what_is_added_from_the_other_volume_is_room_for_a_recorder_too() {
    let mut phone = InHand::new(false);
    let mut writer = phone.record_behind(FIRST);
    let mut vault = phone.unlock(SECOND).unwrap();
    vault.grow(Extent { pages: 80, cells: 60 }).unwrap();
    let id = import(&mut vault, &content(8, 40 * 65_000));
    assert_eq!(read(&vault, &id), content(8, 40 * 65_000));
    vault.lock().unwrap();
    let mut vault = phone.unlock(FIRST).unwrap();
    let room = vault.room().unwrap();
    assert!(room > 40 * 65_000, "{room}");
    let other = import(&mut vault, &content(9, 40 * 65_000));
    writer.write(&content(10, 100_000)).unwrap();
    let finished = writer.finish().unwrap();
    vault.write("end", |tx| finished.record(tx)).unwrap();
    assert_eq!(read(&vault, &other), content(9, 40 * 65_000));
    assert!(vault.check().unwrap().is_none());
    vault.lock().unwrap();
    let vault = phone.unlock(SECOND).unwrap();
    assert_eq!(read(&vault, &id), content(8, 40 * 65_000));
}
