// SPDX-License-Identifier: MPL-2.0
//! Recorders that go on behind the lock while another code opens another volume: nobody is kept
//! out, nothing is mixed up, and a volume whose half is taken records nothing more.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::{
    collections::BTreeSet,
    io::Read,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use amate_vault::{CELL, Extent, MediaWriter, MediumId, Standing, Vault, VaultError};
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

/// Which cells two images show as written between them.
fn changed(one: &[u8], other: &[u8]) -> BTreeSet<usize> {
    let both = one.chunks(CELL).zip(other.chunks(CELL)).enumerate();
    both.filter(|(_, (one, other))| one != other).map(|(number, _)| number).collect()
}

impl InHand {
    fn reserve(&self) -> Vec<u8> {
        let platter = self.phone.disk.platter();
        platter.content(platter.find("reserve").unwrap()).to_vec()
    }
}

/// Whatever code was entered last, right or wrong: a recorder writes to the places that it drew, or
/// what it shows is known.
#[test]
fn a_recorder_behind_the_lock_writes_to_the_newest_set_or_a_full_pass_is_due() {
    let mut outside = 0;
    for code in [SECOND, b"otra", FIRST].repeat(4) {
        let mut phone = InHand::new(false);
        let mut writer = phone.record_behind(FIRST);
        let container = phone.standing.container().unwrap();
        container.full_pass(|_, _| true).unwrap();
        assert!(!container.full_pass_due().unwrap());
        let before = phone.reserve();
        let opened = container.unlock(code);
        let drawn = phone.reserve();
        let set = changed(&before, &drawn);
        // What it holds, and another cell.
        writer.write(&content(3, 66_000)).unwrap();
        writer.make_durable().unwrap();
        let written = changed(&drawn, &phone.reserve());
        assert_eq!(written.len(), 2);
        let due = container.full_pass_due().unwrap();
        assert!(due || written.is_subset(&set), "{written:?} of {set:?}");
        outside += written.difference(&set).count();
        drop(opened);
    }
    // The one that was named before is of another set; by chance a set has none of the half.
    assert!((6..16).contains(&outside), "{outside} of 24");
}

#[test]
fn a_full_pass_ends_beside_a_recorder_and_leaves_another_one_due() {
    let mut phone = InHand::new(false);
    let mut writer = phone.record_behind(FIRST);
    let container = phone.standing.container().unwrap();
    let mut last = 0;
    container
        .full_pass_anew(|done, _| {
            assert!(done > last, "it went back from {last} to {done}");
            last = done;
            // Until the half is full.
            let _ = writer.write(&content(done, 65_508));
            true
        })
        .unwrap();
    assert!(last > 0 && container.full_pass_due().unwrap());
    container.full_pass(|_, _| true).unwrap();
    assert!(!container.full_pass_due().unwrap());
}

#[test]
fn a_full_pass_that_was_begun_is_known_after_a_kill() {
    let phone = InHand::new(false).phone;
    assert!(phone.open().unwrap().begin_full_pass().unwrap());
    let container = phone.copy().open().unwrap();
    assert!(container.full_pass_unfinished().unwrap());
    container.full_pass(|_, _| true).unwrap();
    assert!(!container.full_pass_unfinished().unwrap());
}

/// A pass that is cut each time comes to its end all the same, and no other one follows.
#[test]
fn a_full_pass_that_was_due_and_cut_is_done_once() {
    let mut phone = InHand::new(false);
    let mut vault = phone.unlock(FIRST).unwrap();
    import(&mut vault, &content(11, 600_000));
    let container = vault.container().clone();
    vault.lock().unwrap();
    assert!(container.full_pass_due().unwrap());
    container.begin_full_pass().unwrap();
    let container = phone.phone.copy().open().unwrap();
    assert!(container.full_pass_due().unwrap());
    container.full_pass(|_, _| true).unwrap();
    assert!(!container.full_pass_due().unwrap());
}

/// Opening a vault, or drawing a screen, reads many pages: they do not wait for a stretch each.
#[test]
fn whoever_reads_much_beside_a_full_pass_waits_for_few_stretches() {
    const READS: usize = 200;
    let mut phone = InHand::new(false);
    let vault = phone.unlock(FIRST).unwrap();
    let container = vault.container().clone();
    let (stretches, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Relaxed) {
                let more = |_, _| {
                    stretches.fetch_add(1, Relaxed);
                    !ended.load(Relaxed)
                };
                container.full_pass(more).unwrap();
            }
        });
        let before = stretches.load(Relaxed);
        for _ in 0..READS {
            container.geometry().unwrap();
            // What somebody does with a page that they read.
            std::thread::park_timeout(Duration::from_micros(300));
        }
        let beside = stretches.load(Relaxed) - before;
        ended.store(true, Relaxed);
        assert!(beside < READS / 4, "{beside} stretches beside {READS} reads");
    });
}

fn shows_half(vault: &Vault) -> bool {
    vault.space().unwrap().shows_half
}

#[test]
fn each_vault_knows_of_its_own_media_alone_that_they_show_its_half() {
    let mut phone = InHand::new(false);
    let mut writer = phone.record_behind(FIRST);
    let container = phone.standing.container().unwrap();
    container.full_pass(|_, _| true).unwrap();
    let mut second = phone.unlock(SECOND).unwrap();
    assert!(!shows_half(&second));
    import(&mut second, &content(11, 600_000));
    assert!(shows_half(&second));
    container.full_pass(|_, _| true).unwrap();
    assert!(!shows_half(&second));
    writer.write(&content(12, 500_000)).unwrap();
    assert!(container.full_pass_due().unwrap() && !shows_half(&second), "of the first alone");
    second.lock().unwrap();
    let first = phone.unlock(FIRST).unwrap();
    assert!(shows_half(&first), "what was recorded behind the lock");
    container.full_pass(|_, _| true).unwrap();
    assert!(!shows_half(&first));
}
