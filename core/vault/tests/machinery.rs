// SPDX-License-Identifier: MPL-2.0
//! The machinery of the other tests, tested: a disk that forgives, or statistics that see nothing,
//! would let everything pass.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod sim;

use std::{collections::BTreeSet, io::ErrorKind};

use sim::{
    bytes::Bytes,
    crash::Crash,
    disk::{Fault, SimDisk, SimFile},
    platter::{Event, Platter},
    rng::Rng,
};

const NAME: &str = "vault";

/// A disk with one durable file of `len` zeros.
fn disk(len: usize) -> (SimDisk, SimFile) {
    let disk = SimDisk::new(Platter::holding([(NAME, Bytes::from(vec![0; len].as_slice()))]));
    let file = disk.open(NAME).unwrap();
    (disk, file)
}

fn read(disk: &SimDisk, len: usize) -> Vec<u8> {
    let mut out = vec![0; len];
    disk.open(NAME).unwrap().read_at(&mut out, 0).unwrap();
    out
}

/// All contents that 400 crashes leave.
fn contents(disk: &SimDisk, crash: Crash, len: usize) -> BTreeSet<Vec<u8>> {
    (0..400).map(|seed| read(&disk.after(crash, &mut Rng::new(seed)), len)).collect()
}

#[test]
fn bytes_are_what_was_written_across_pieces() {
    let mut bytes = Bytes::default();
    let mut plain = Vec::new();
    let mut rng = Rng::new(7);
    for _ in 0..400 {
        if rng.once_in(5) {
            let len = rng.below(20_000);
            bytes.set_len(len);
            plain.resize(len, 0);
        } else {
            let (at, new) = (rng.below(15_000), { rng.below(9_000) });
            let new = rng.bytes(new);
            bytes.write(&new, at);
            plain.resize(plain.len().max(at + new.len()), 0);
            plain[at..at + new.len()].copy_from_slice(&new);
        }
        assert_eq!(bytes.to_vec(), plain);
    }
    assert!(!bytes.read(&mut [0], plain.len()));
}

#[test]
fn a_copy_does_not_see_later_writes() {
    let (disk, file) = disk(8_192);
    let copy = disk.after(Crash::Kept, &mut Rng::new(1));
    file.write_at(&[1; 8_192], 0).unwrap();
    assert_eq!(read(&copy, 8_192), vec![0; 8_192]);
    assert_eq!(read(&disk, 8_192), vec![1; 8_192]);
}

#[test]
fn what_was_flushed_stays_whatever_the_crash() {
    let (disk, file) = disk(4_096);
    file.write_at(&[5; 4_096], 0).unwrap();
    file.sync().unwrap();
    for crash in Crash::ALL {
        assert_eq!(contents(&disk, crash, 4_096), BTreeSet::from([vec![5; 4_096]]), "{crash:?}");
    }
}

#[test]
fn unflushed_writes_are_lost_kept_and_reordered() {
    let (disk, file) = disk(3);
    for at in 0..3 {
        file.write_at(&[1], at).unwrap();
    }
    assert_eq!(contents(&disk, Crash::Lost, 3), BTreeSet::from([vec![0; 3]]));
    assert_eq!(contents(&disk, Crash::Kept, 3), BTreeSet::from([vec![1; 3]]));
    assert_eq!(contents(&disk, Crash::Some, 3).len(), 8, "every subset");
    let (disk, file) = self::disk(1);
    file.write_at(&[1], 0).unwrap();
    file.write_at(&[2], 0).unwrap();
    let all = BTreeSet::from([vec![0], vec![1], vec![2]]);
    assert_eq!(contents(&disk, Crash::Some, 1), all, "an older write may be the one that arrived");
}

#[test]
fn a_torn_write_breaks_at_sectors_or_anywhere() {
    let (disk, file) = disk(2_048);
    file.write_at(&[1; 2_048], 0).unwrap();
    let sectors = contents(&disk, Crash::TornAtSectors, 2_048);
    assert_eq!(sectors.len(), 16, "every subset of four sectors");
    for content in &sectors {
        assert!(content.chunks(512).all(|sector| sector.iter().all(|byte| *byte == sector[0])));
    }
    let anywhere = contents(&disk, Crash::TornAnywhere, 2_048);
    assert!(anywhere.len() > 100, "{}", anywhere.len());
}

#[test]
fn a_length_may_be_lost_with_what_it_made() {
    let (disk, file) = disk(0);
    file.set_len(10).unwrap();
    let lens: BTreeSet<u64> = (0..100)
        .map(|seed| disk.after(Crash::Some, &mut Rng::new(seed)))
        .map(|found| found.open(NAME).unwrap().len().unwrap())
        .collect();
    assert_eq!(lens, BTreeSet::from([0, 10]));
}

#[test]
fn a_name_is_durable_only_after_the_names_were_flushed() {
    let disk = SimDisk::default();
    let file = disk.create("new").unwrap();
    file.write_at(&[9], 0).unwrap();
    file.sync().unwrap();
    disk.rename("new", NAME).unwrap();
    let names = |crash, seed| -> Vec<String> {
        let found = disk.after(crash, &mut Rng::new(seed)).platter();
        found.names().map(|(name, _)| name.to_owned()).collect()
    };
    assert!(names(Crash::Lost, 1).is_empty());
    let some: BTreeSet<_> = (0..50).map(|seed| names(Crash::Some, seed)).collect();
    assert_eq!(some.len(), 3, "none, the first name, the second: {some:?}");
    disk.sync_names().unwrap();
    assert_eq!(names(Crash::Lost, 1), [NAME]);
    assert_eq!(read(&disk.after(Crash::Lost, &mut Rng::new(1)), 1), [9]);
}

#[test]
fn nothing_works_after_the_power_went() {
    let (disk, file) = disk(4);
    disk.record();
    disk.stop_at(1);
    file.write_at(&[1], 0).unwrap();
    assert!(file.write_at(&[1], 1).is_err());
    assert!(file.sync().is_err());
    assert!(file.read_at(&mut [0], 0).is_err());
    assert!(disk.exists(NAME).is_err() && disk.open(NAME).is_err() && disk.create("b").is_err());
    assert_eq!(disk.operations(), 1);
    assert_eq!(read(&disk.after(Crash::Kept, &mut Rng::new(1)), 4), [1, 0, 0, 0]);
}

#[test]
fn a_fault_comes_once_and_a_failed_flush_loses_some_for_good() {
    let (disk, file) = disk(64);
    for at in 0..64 {
        file.write_at(&[1], at).unwrap();
    }
    disk.fail(64, Fault::Io);
    assert!(file.sync().is_err());
    assert!(matches!(disk.failed(), Some(Event::SyncFailed { .. })));
    assert_eq!(read(&disk, 64), vec![1; 64], "the process still sees what it wrote");
    file.sync().unwrap();
    let found = read(&disk.after(Crash::Lost, &mut Rng::new(1)), 64);
    assert!(found.contains(&0) && found.contains(&1), "{found:?}");
}

#[test]
fn a_full_disk_refuses_writes_and_no_flush() {
    let (disk, file) = disk(4_096);
    disk.fail(0, Fault::Full);
    let error = file.write_at(&[1; 4_096], 0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    file.write_at(&[2; 4_096], 0).unwrap();
    disk.fail(2, Fault::Full);
    file.sync().unwrap();
    assert!(disk.failed().is_none());
    disk.fail(3, Fault::Full);
    assert_eq!(file.set_len(9_000).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(file.len().unwrap(), 4_096);
}

#[test]
fn a_lock_is_held_once_and_given_back() {
    let (disk, file) = disk(1);
    let other = disk.open(NAME).unwrap();
    assert!(file.try_lock().unwrap());
    assert!(!other.try_lock().unwrap());
    drop(file);
    assert!(other.try_lock().unwrap());
}

#[test]
fn a_recording_shows_the_disk_before_each_operation() {
    let (disk, file) = disk(8);
    disk.record();
    for n in 0..8 {
        file.write_at(&[n as u8 + 1], n).unwrap();
        file.sync().unwrap();
    }
    let recording = disk.recording();
    assert_eq!(recording.events.len(), disk.operations());
    assert_eq!(recording.writes().nth(3).unwrap(), (0, 3, 1));
    let mut replay = recording.replay();
    for n in 0..8 {
        replay.go_to(2 * n + 1);
        let before = SimDisk::new(replay.platter.after(Crash::Lost, &mut Rng::new(1)));
        let after = SimDisk::new(replay.platter.after(Crash::Kept, &mut Rng::new(1)));
        assert_eq!(read(&before, 8).iter().filter(|byte| **byte != 0).count(), n);
        assert_eq!(read(&after, 8).iter().filter(|byte| **byte != 0).count(), n + 1);
    }
}
