// SPDX-License-Identifier: MPL-2.0
//! Rules of spec/vault.md and spec/backup.md that single structures cannot show: what the store
//! does when something in its files is not as it should be.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    path::Path,
};

use amate_seal::{
    age,
    hybrid::HybridSecret,
    kdf::{code_key, derive},
    random,
};
use amate_vault::{
    Container, Geometry, SpoolEntry, Surroundings, UNIT, Vault, VaultError, examine::Child,
};
use tempfile::TempDir;

mod home;
mod inside;

use home::{CHEAP, CODE, PHONE, content, create_phone, medium, note, notes};
use inside::{CELL, Inside, PAGE, ROOT, SLOT};

const ROOT_LABEL: &str = "amate/v1/vault/root";
const RECORD_LABEL: &str = "amate/v1/vault/record";

/// A phone's vault with notes and two media in cells, locked.
fn kept(dir: &Path) -> (Inside, Vec<String>) {
    let mut vault = create_phone(dir);
    (0..90).for_each(|n| assert_eq!(note(&mut vault, &long(n)).unwrap(), 1));
    medium(&mut vault, &content(150_000));
    medium(&mut vault, &content(70_000));
    let kept = notes(&vault);
    vault.lock().unwrap();
    (Inside::read(dir, CODE), kept)
}

fn long(n: usize) -> String {
    format!("nota {n} {}", "palabras ".repeat(300))
}

/// All notes, or none when a page of theirs does not open.
fn read_notes(vault: &Vault) -> Option<Vec<String>> {
    let rows = vault.read(|db| {
        db.prepare("SELECT text FROM note ORDER BY id")?.query_map([], |row| row.get(0))?.collect()
    });
    rows.ok()
}

#[test]
fn damage_is_named_and_what_verifies_stays() {
    let dir = TempDir::new().unwrap();
    let (whole, kept) = kept(dir.path());
    let opened = |inside: &Inside| {
        inside.write(dir.path());
        Vault::open(dir.path(), CODE)
    };
    let all_there = |vault: &Vault| {
        assert!(vault.check().unwrap().is_none());
        assert_eq!(read_notes(vault).unwrap(), kept);
    };
    // One copy of a slot or a root costs nothing; a root's is written anew.
    let mut inside = whole.clone();
    inside.flip(SLOT, whole.slot, 20);
    all_there(&opened(&inside).unwrap());
    let (roots, root) = whole.roots();
    assert_eq!(roots.len(), 4);
    for number in &roots {
        let mut inside = whole.clone();
        inside.flip(ROOT, *number, 99);
        let vault = opened(&inside).unwrap();
        assert!(vault.found().repaired);
        all_there(&vault);
    }
    // No root, no vault of this code; both copies of the slot, no code.
    let mut inside = whole.clone();
    roots.iter().for_each(|number| inside.flip(ROOT, *number, 99));
    assert!(matches!(opened(&inside), Err(VaultError::CannotOpen)));
    let mut inside = whole.clone();
    inside.flip(SLOT, whole.slot, 20);
    inside.flip(SLOT, whole.slot, UNIT / 2 + 20);
    assert!(matches!(opened(&inside), Err(VaultError::CannotOpen)));

    // A page: it is named, and no other; what is read is what was saved.
    let pages = whole.pages();
    assert!(pages.len() > 80 && root.pages > 80, "{}", pages.len());
    let mut named = 0;
    for (number, entry) in pages.iter().step_by(13) {
        let mut inside = whole.clone();
        inside.flip(PAGE, entry.place, 1_000);
        match opened(&inside) {
            Ok(vault) => {
                assert_eq!(vault.check().unwrap().pages, [*number]);
                assert!(read_notes(&vault).is_none_or(|read| read == kept));
                named += 1;
            }
            Err(error) => assert!(matches!(error, VaultError::Damaged), "{error}"),
        }
    }
    assert!(named > 4, "{named}");
    // Two pages in each other's places: neither is taken for the other.
    let [(first, one), (second, other)] = [&pages[40], &pages[70]];
    let mut inside = whole.clone();
    inside.put(PAGE, one.place, whole.place(PAGE, other.place));
    inside.put(PAGE, other.place, whole.place(PAGE, one.place));
    let vault = opened(&inside).unwrap();
    assert_eq!(vault.check().unwrap().pages, [*first, *second]);
    drop(vault);

    // A node: what it names is lost, and that is said.
    let leaves = whole.leaves();
    let (node, children) = leaves.last().unwrap();
    let lost = children.iter().take(root.pages as usize - 78).collect::<Vec<_>>();
    assert!(leaves.len() == 2 && lost.iter().all(|child| matches!(child, Child::At(_))));
    let mut inside = whole.clone();
    inside.flip(PAGE, node.place, 7);
    let vault = opened(&inside).unwrap();
    assert_eq!(vault.found().lost_pages as usize, lost.len());
    let named = vault.check().map(|damage| damage.pages);
    assert!(
        named.is_err() || named.is_ok_and(|pages| pages == (78..root.pages).collect::<Vec<_>>())
    );
    drop(vault);

    // Cells: their media are named, nothing else.
    let mut named = BTreeSet::new();
    for first in (0..PHONE.cells).step_by(8) {
        let mut inside = whole.clone();
        (first..first + 8).for_each(|cell| inside.flip(CELL, cell, 30_000));
        let vault = opened(&inside).unwrap();
        let damage = vault.check().unwrap();
        assert!(damage.pages.is_empty());
        assert_eq!(read_notes(&vault).unwrap(), kept);
        named.extend(damage.media);
    }
    assert_eq!(named.len(), 2);
}

/// Commits behind the root, and in their places records that follow nothing.
#[test]
fn an_older_record_is_not_followed() {
    let dir = TempDir::new().unwrap();
    let (copies, expected) = two_commits(dir.path());
    let (_, root) = copies.roots();
    let opened = |inside: &Inside| {
        inside.write(dir.path());
        notes(&Vault::open(dir.path(), CODE).unwrap())
    };
    assert_eq!(opened(&copies), expected[2]);
    let sealed = |sequence: u64, plain: &[u8]| {
        inside::seal(&root.record_key, RECORD_LABEL, &[&sequence.to_be_bytes()], plain)
    };
    let first = copies.place(PAGE, root.next[0]);
    let plain =
        inside::open(&root.record_key, RECORD_LABEL, &[&root.sequence.to_be_bytes()], &first);
    let be = |at: usize| u32::from_be_bytes(plain[at..at + 4].try_into().unwrap());
    let second = [be(40), be(44)];
    let both = |places: [u32; 2], bytes: &[u8]| {
        let mut inside = copies.clone();
        places.iter().for_each(|place| inside.put(PAGE, *place, bytes.to_vec()));
        inside
    };
    // The first one again where the second stood, as it was and under the second's key.
    assert_eq!(opened(&both(second, &first)), expected[1]);
    assert_eq!(opened(&both(second, &sealed(root.sequence + 1, &plain))), expected[1]);
    // The right number, behind another record.
    let mut other = plain.clone();
    other[..8].copy_from_slice(&(root.sequence + 1).to_be_bytes());
    assert_eq!(opened(&both(second, &sealed(root.sequence + 1, &other))), expected[1]);
    // One copy alone suffices, and is written anew.
    let mut inside = copies.clone();
    inside.put(PAGE, second[0], first.clone());
    inside.write(dir.path());
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert!(vault.found().repaired);
    assert_eq!(notes(&vault), expected[2]);
    drop(vault);
    // Where the first stands: nothing is followed. A place that the first had freed may hold a page
    // of the second; then that page is missing, and is named.
    both(root.next, &copies.place(PAGE, second[0])).write(dir.path());
    match Vault::open(dir.path(), CODE) {
        Ok(vault) => assert!(read_notes(&vault).is_none_or(|notes| notes == expected[0])),
        Err(error) => assert!(matches!(error, VaultError::Damaged), "{error}"),
    }
}

/// Files as a kill leaves them behind two commits, and the notes before, between and after.
fn two_commits(dir: &Path) -> (Inside, [Vec<String>; 3]) {
    let mut vault = create_phone(dir);
    note(&mut vault, "antes").unwrap();
    vault.lock().unwrap();
    let mut vault = Vault::open(dir, CODE).unwrap();
    let mut all = [notes(&vault), Vec::new(), Vec::new()];
    for (n, text) in ["primera", "segunda"].into_iter().enumerate() {
        note(&mut vault, text).unwrap();
        all[n + 1] = notes(&vault);
    }
    let inside = Inside::read(dir, CODE);
    drop(vault);
    (inside, all)
}

#[test]
fn a_volume_of_a_later_version_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let (whole, kept) = kept(dir.path());
    let version = |inside: &Inside, number: u16| {
        let mut other = inside.clone();
        for root in whole.roots().0 {
            let bytes = inside.place(ROOT, root);
            let mut plain = inside::open(&whole.volume_key, ROOT_LABEL, &[], &bytes);
            plain[24..26].copy_from_slice(&number.to_be_bytes());
            other.put(ROOT, root, inside::seal(&whole.volume_key, ROOT_LABEL, &[], &plain));
        }
        other
    };
    version(&whole, 2).write(dir.path());
    for _ in 0..2 {
        assert!(matches!(Vault::open(dir.path(), CODE), Err(VaultError::NeedsNewerVersion)));
    }
    // Places got new keys; below them nothing changed, so a build that knows it opens all.
    version(&Inside::read(dir.path(), CODE), 1).write(dir.path());
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault), kept);
    assert!(vault.check().unwrap().is_none());
}

/// Nothing that happens to the second keeps anybody out of the first.
#[test]
fn a_second_volume_that_does_not_open_is_said_and_the_first_opens() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, "primera").unwrap();
    let code = b"otras cinco para la puerta";
    let (second, new) = vault.begin_second(code).unwrap();
    second.lock().unwrap();
    vault.finish_second(new, false).unwrap();
    vault.lock().unwrap();
    let whole = Inside::read(dir.path(), code);
    let roots = whole.roots().0;
    let mut damaged = whole.clone();
    roots.iter().for_each(|root| damaged.flip(ROOT, *root, 99));
    let mut later = whole.clone();
    for root in roots {
        let bytes = whole.place(ROOT, root);
        let mut plain = inside::open(&whole.volume_key, ROOT_LABEL, &[], &bytes);
        plain[24..26].copy_from_slice(&2_u16.to_be_bytes());
        later.put(ROOT, root, inside::seal(&whole.volume_key, ROOT_LABEL, &[], &plain));
    }
    for inside in [damaged, later] {
        inside.write(dir.path());
        let vault = Vault::open(dir.path(), CODE).unwrap();
        assert!(!vault.second().unwrap().unwrap().opens);
        assert_eq!(notes(&vault), ["primera"]);
    }
}

#[test]
fn an_altered_body_is_not_sent() {
    let dir = TempDir::new().unwrap();
    let vault = create_phone(dir.path());
    let entry = |n: u8| SpoolEntry { note: vec![n; 986], body: vec![n; 262_144] };
    vault.set_spool(vec![entry(1), entry(2)]).unwrap();
    vault.lock().unwrap();
    let container = Container::open(Surroundings::software(dir.path())).unwrap();
    let full = usize::from(container.spool().unwrap()[0].is_empty());
    drop(container);
    // The last byte of the first body: one cell for the head, four for the body.
    let mut inside = Inside::read(dir.path(), CODE);
    inside.flip_reserve((full * 9 + 5) * 65_536 - 1);
    inside.write(dir.path());
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(vault.own_spool().unwrap(), [entry(2)]);
}

const BACKUP_CODE: &[u8] = b"seis palabras del respaldo";

/// Head of a backup, and what its age file holds.
fn backup(dir: &Path) -> (Vec<u8>, Vec<u8>) {
    let mut vault = create_phone(dir);
    note(&mut vault, "respaldada").unwrap();
    medium(&mut vault, &content(70_000));
    let mut file = Vec::new();
    vault.back_up(BACKUP_CODE, CHEAP, &mut file).unwrap();
    let (head, sealed) = file.split_at(49);
    let mut content = Vec::new();
    let mut reader = age::Reader::new(sealed, &[identity(head)]).unwrap();
    reader.read_to_end(&mut content).unwrap();
    (head.to_vec(), content)
}

fn identity(head: &[u8]) -> age::Identity {
    let key = code_key(BACKUP_CODE, head[5..37].try_into().unwrap(), CHEAP).unwrap();
    let seed = derive(key.expose(), "amate/v1/backup/identity", &[]);
    age::Identity::Hybrid(HybridSecret::from_seed(seed))
}

/// Restores this content, sealed to the key of this head; then whether there is a vault.
fn restore(head: &[u8], content: &[u8]) -> Result<Vec<String>, VaultError> {
    let dir = TempDir::new().unwrap();
    let to = [identity(head).recipient()];
    let mut writer = age::Writer::new(head.to_vec(), &to, &mut random::system()).unwrap();
    writer.write_all(content).unwrap();
    let file = writer.finish().unwrap();
    let surroundings = Surroundings::software(dir.path());
    let desk = Geometry::desk();
    let restored =
        Container::restore(surroundings, CODE, CHEAP, &desk, BACKUP_CODE, file.as_slice());
    let named = restored.map(|vault| notes(&vault));
    let there = fs::exists(dir.path().join("vault")).unwrap();
    assert_eq!(there, named.is_ok(), "there is a vault only when it is whole");
    named
}

#[test]
fn a_backup_of_a_later_version_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let (head, mut content) = backup(dir.path());
    assert_eq!(restore(&head, &content).unwrap(), ["respaldada"]);
    content[4] = 2;
    assert!(matches!(restore(&head, &content), Err(VaultError::NeedsNewerVersion)));
    let restored = TempDir::new().unwrap();
    let surroundings = Surroundings::software(restored.path());
    let newer = [b"AMbk\x02".as_slice(), &head[5..]].concat();
    let desk = Geometry::desk();
    let opened =
        Container::restore(surroundings, CODE, CHEAP, &desk, BACKUP_CODE, newer.as_slice());
    assert!(matches!(opened, Err(VaultError::NeedsNewerVersion)));
}

#[test]
fn a_backup_that_is_not_whole_makes_no_vault() {
    let dir = TempDir::new().unwrap();
    let (head, whole) = backup(dir.path());
    let pages = u32::from_be_bytes(whole[5..9].try_into().unwrap()) as usize;
    let media = 9 + pages * UNIT;
    assert_eq!(whole.len(), media + 4 + 16 + 8 + 70_000);
    let spoilt = |why: &str, spoil: &dyn Fn(&mut Vec<u8>)| {
        let mut content = whole.clone();
        spoil(&mut content);
        let restored = restore(&head, &content);
        assert!(matches!(restored, Err(VaultError::Damaged)), "{why}: {restored:?}");
    };
    spoilt("in a page", &|content| content.truncate(9 + UNIT + 1));
    spoilt("before the media", &|content| content.truncate(media + 3));
    spoilt("in a medium", &|content| content.truncate(content.len() - 1));
    spoilt("a byte behind it", &|content| content.push(0));
    spoilt("another medium", &|content| content[media + 4] ^= 1);
    spoilt("another content", &|content| content[media + 4 + 16 + 8] ^= 1);
    spoilt("said to be longer", &|content| {
        content[media + 4 + 16 + 7] ^= 1;
    });
    spoilt("one medium more", &|content| content[media + 3] = 2);
}
