// SPDX-License-Identifier: MPL-2.0
//! What every store promises, and what the one on disk survives.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod world;

use std::{fs, os::unix::fs::FileExt, path::Path};

use amate_relay::{
    clock,
    relay::Relay,
    store::{Blob, Change, Disk, Loaded, Memory, Owner, Place, Store, StoreError},
};
use amate_seal::{hash::sha256, random, sign::SigningKey};
use amate_wire::id::{IdentityId, MailboxId};
use world::{World, block, leaf_change, seeded};

const OWNER: Owner = Owner { organisation: [1; 16], n: 7 };

fn blob(name: &str, size: usize, notice: Option<u64>) -> Blob {
    let bytes = block(name, size);
    let notice = notice.map(|number| (MailboxId([5; 32]), number));
    Blob { hash: sha256(&bytes), notice, owner: OWNER, at: 10, until: 20, bytes }
}

fn renewal(of: &Blob, until: u64) -> Blob {
    Blob { until, bytes: Vec::new(), ..of.clone() }
}

/// The same for every store: what was appended and changed is loaded again, in order.
fn keeps_its_promises(mut open: impl FnMut(Option<Box<dyn Store>>) -> Box<dyn Store>) {
    let mut store = open(None);
    store.load().unwrap();
    let (first, second, notice) =
        (blob("one", 4096, None), blob("two", 262_144, None), blob("three", 4096, Some(9)));
    let places = store.append(&[first.clone(), second.clone()]).unwrap();
    let more = store.append(&[notice.clone(), renewal(&first, 90)]).unwrap();
    assert!(more.last().unwrap().is_none(), "a renewal has no bytes");
    let reader = store.reader();
    let read = |place: Option<Place>| reader.read(place.unwrap()).unwrap();
    assert_eq!(read(places[0]), first.bytes);
    assert_eq!(read(places[1]), second.bytes);
    assert_eq!(read(more[0]), notice.bytes);
    let changes = [
        leaf_change("leaf1"),
        leaf_change("leaf2"),
        Change::Checkpoint("text\n".into(), 7),
        Change::KeySet(IdentityId([6; 32]), 3, b"set".to_vec()),
        Change::Dropped(MailboxId([5; 32]), 9),
        Change::Revoked([1; 16], 7),
    ];
    store.change(&changes[..3]).unwrap();
    store.change(&changes[3..]).unwrap();
    let loaded = open(Some(store)).load().unwrap();
    let held: Vec<_> = loaded.blobs.iter().map(|(blob, _)| (blob.hash, blob.until)).collect();
    let expected = [(first.hash, 20), (second.hash, 20), (notice.hash, 20), (first.hash, 90)];
    assert_eq!(held, expected);
    assert_eq!(loaded.blobs[2].0.notice, notice.notice);
    assert_eq!(loaded.leaves.concat(), [block("leaf1", 32), block("leaf2", 32)].concat());
    assert_eq!(loaded.checkpoint, Some(("text\n".into(), 7)));
    assert_eq!(loaded.key_sets, [(IdentityId([6; 32]), 3, b"set".to_vec())]);
    assert_eq!(loaded.dropped, [(MailboxId([5; 32]), 9)]);
    assert_eq!(loaded.revoked, [([1; 16], 7)]);
    assert!(!loaded.halted);
}

#[test]
fn memory_keeps_what_it_takes() {
    keeps_its_promises(|held| held.unwrap_or_else(|| Box::new(Memory::default())));
}

#[test]
fn a_folder_keeps_what_it_takes() {
    let dir = tempfile::tempdir().unwrap();
    keeps_its_promises(|held| {
        drop(held);
        Box::new(Disk::open(dir.path()).unwrap())
    });
}

#[test]
fn two_relays_never_share_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let _held = Disk::open(dir.path()).unwrap();
    assert!(matches!(Disk::open(dir.path()), Err(StoreError::InUse)));
}

fn segment(dir: &Path) -> std::path::PathBuf {
    dir.join("segments/00000001.seg")
}

fn three_blobs(dir: &Path) -> Vec<Blob> {
    let mut disk = Disk::open(dir).unwrap();
    disk.load().unwrap();
    let blobs: Vec<_> = ["x", "y", "z"].iter().map(|name| blob(name, 4096, None)).collect();
    blobs.iter().for_each(|blob| drop(disk.append(std::slice::from_ref(blob)).unwrap()));
    blobs
}

fn load(dir: &Path) -> Loaded {
    Disk::open(dir).unwrap().load().unwrap()
}

#[test]
fn a_torn_end_is_cut_and_nothing_before_it_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = three_blobs(dir.path());
    let whole = fs::metadata(segment(dir.path())).unwrap().len();
    let last = whole - whole / 3;
    for cut in (last + 1..whole).step_by(37) {
        let copy = tempfile::tempdir().unwrap();
        fs::create_dir(copy.path().join("segments")).unwrap();
        fs::copy(segment(dir.path()), segment(copy.path())).unwrap();
        let file = fs::OpenOptions::new().write(true).open(segment(copy.path())).unwrap();
        file.set_len(cut).unwrap();
        let loaded = load(copy.path());
        assert_eq!(loaded.blobs.len(), 2, "cut at {cut}");
        assert!(loaded.damaged.is_empty(), "a torn end is no damage");
        assert_eq!(loaded.blobs[1].0.hash, blobs[1].hash);
    }
}

#[test]
fn a_flipped_bit_is_named_and_costs_one_blob() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = three_blobs(dir.path());
    let frame = fs::metadata(segment(dir.path())).unwrap().len() / 3;
    for at in (0..frame).step_by(61) {
        let file = fs::OpenOptions::new().read(true).write(true).open(segment(dir.path())).unwrap();
        let mut byte = [0];
        file.read_exact_at(&mut byte, frame + at).unwrap();
        file.write_all_at(&[byte[0] ^ 4], frame + at).unwrap();
        let loaded = load(dir.path());
        assert_eq!(loaded.damaged, [(1, frame)], "byte {at}");
        let held: Vec<_> = loaded.blobs.iter().map(|(blob, _)| blob.hash).collect();
        assert_eq!(held, [blobs[0].hash, blobs[2].hash], "byte {at}");
        file.write_all_at(&byte, frame + at).unwrap();
    }
    assert_eq!(load(dir.path()).blobs.len(), 3);
}

#[test]
fn segments_with_nothing_alive_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    three_blobs(dir.path());
    let mut disk = Disk::open(dir.path()).unwrap();
    disk.load().unwrap();
    disk.expire(&|_| false).unwrap();
    assert!(segment(dir.path()).exists(), "the open segment stays");
}

/// The store of a folder, with an organisation that may upload.
fn with_organisation(dir: &Path) -> Box<dyn Store> {
    let mut disk = Disk::open(dir).unwrap();
    if disk.load().unwrap().organisations.is_empty() {
        disk.records().put_organisation([1; 16], 1 << 30).unwrap();
    }
    Box::new(disk)
}

#[test]
fn a_restart_serves_what_was_acknowledged_and_signs_on() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let mut world = World::over(with_organisation(dir.path()));
        for name in ["a", "b", "middle"] {
            let line = format!("PUT /v1/blocks/{{{name}}} as person body {name}");
            let (status, _, _) = world.ask(&line);
            assert_eq!(status.as_u16(), if round == 0 { 201 } else { 200 }, "{name}");
            let (_, _, bytes) = world.ask(&format!("GET /v1/blocks/{{{name}}}"));
            assert_eq!(bytes, world.body(name));
        }
        let leaf = format!("leaf{}", round + 1);
        let line = format!("POST /v1/log/leaves as person body {leaf}");
        let (_, _, proof) = world.ask(&line);
        world.proof(&line, &String::from_utf8(proof).unwrap(), "restart");
        world.end();
    }
}

#[test]
fn a_number_from_outside_moves_no_mailbox_not_even_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    for notice in ["n1", "n2"] {
        let mut world = World::over(with_organisation(dir.path()));
        for mailbox in ["other", "box"] {
            let through = 9_223_372_036_854_775_807_u64;
            let line = format!(
                "DELETE /v1/mailboxes/{{{mailbox}}}/notices?through={through} signed by {mailbox}"
            );
            assert_eq!(world.ask(&line).0.as_u16(), 204);
        }
        let line = format!("POST /v1/mailboxes/{{box}}/notices as person body {notice}");
        assert_eq!(world.ask(&line).0.as_u16(), 201);
        let (_, _, page) = world.ask("GET /v1/mailboxes/{box}/notices?after=0 signed by box");
        let number = u64::from_be_bytes(page[..8].try_into().unwrap());
        assert!(number < 1 << 53, "{number}");
        world.end();
    }
}

#[test]
fn a_restored_backup_stops_signing_when_it_is_shown_what_it_forgot() {
    let dir = tempfile::tempdir().unwrap();
    let anchor = dir.path().join("anchor");
    let key = || SigningKey::from_seed(&seeded("relay"));
    let start = |data: &str| {
        let disk = Disk::open(&dir.path().join(data)).unwrap();
        Relay::start(Box::new(disk), key(), seeded("c"), clock::system(), Some(anchor.clone()))
            .unwrap()
    };
    let mut disk = Disk::open(&dir.path().join("data")).unwrap();
    disk.records().put_organisation([1; 16], 1 << 30).unwrap();
    drop(disk);
    copy(&dir.path().join("data"), &dir.path().join("backup"));
    let relay = start("data");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(relay.log(OWNER, [7; 32])).unwrap();
    relay.finish();
    assert!(anchor.exists());
    let restored = start("backup");
    assert!(
        runtime.block_on(restored.log(OWNER, [8; 32])).is_err(),
        "it must not sign a second history"
    );
    restored.finish();
    let mut disk = Disk::open(&dir.path().join("backup")).unwrap();
    assert_eq!(disk.records().new_origin().unwrap(), 1);
    drop(disk);
    let again = start("backup");
    assert!(runtime.block_on(again.log(OWNER, [9; 32])).is_ok(), "a new origin signs");
    again.finish();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn secrets_are_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let made = |dir: &Path| {
        let mut disk = Disk::open(dir).unwrap();
        *disk.records().secrets(&mut random::system()).unwrap().relay.expose()
    };
    assert_eq!(made(dir.path()), made(dir.path()));
}
