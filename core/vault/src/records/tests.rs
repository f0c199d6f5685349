// SPDX-License-Identifier: MPL-2.0
//! Deleted is deleted: with the code in hand, all that can be opened after a lock holds nothing of
//! what was deleted before it, though its places were not overwritten. And no cell is given twice.

use amate_seal::kdf::CodeCost;
use zeroize::Zeroizing;

use super::*;
use crate::Extent;
use crate::{geometry::Geometry, vfs::PageFile};

const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const CODE: &[u8] = b"cinco palabras de prueba nada";
const PHONE: Geometry = Geometry {
    halves: 2,
    spool: 0,
    grows: false,
    pages: 1_200,
    cells: 64,
    journal: 64,
    set_pages: 96,
    set_cells: 12,
};

#[test]
fn nothing_deleted_can_be_opened_after_the_lock_with_the_code_in_hand() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let mut vault = Vault::create_with(dir.path(), CODE, CHEAP, &PHONE).expect("made");
    let text = "la camioneta gris lo siguio";
    vault
        .write("notes", |tx| {
            tx.execute_batch("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT)")?;
            for n in 0..200 {
                tx.execute("INSERT INTO note(text) VALUES(?1)", [format!("{text} {n}")])?;
            }
            Ok(())
        })
        .expect("room");
    let mut writer = vault.begin_medium().expect("room");
    writer.write(&[9; 150_000]).expect("room");
    let finished = writer.finish().expect("room");
    vault.write("medium", |tx| finished.record(tx)).expect("room");
    let key: Vec<u8> = vault
        .read(|db| db.query_row("SELECT key FROM media WHERE id = ?1", [finished.id], |r| r.get(0)))
        .expect("there");
    vault.store().checkpoint().expect("room");
    let before = vault.store().entries();
    let holding = holds(&mut vault.store(), text.as_bytes());
    assert!(holding > 0 && holds(&mut vault.store(), &key) > 0, "the search works");
    vault.write("delete", |tx| tx.execute("DELETE FROM note", [])).expect("room");
    vault.delete_medium(&finished.id).expect("room");
    let container = vault.container.clone();
    let volume = vault.opened.volume.clone();
    let live = vault.store().entries();
    vault.lock().expect("locked");

    let mut store = PageStore::open(&container, volume.clone()).expect("opens");
    assert_eq!(holds(&mut store, text.as_bytes()), 0);
    assert_eq!(holds(&mut store, &key), 0);
    // Keys of pages that were replaced are in no node, root or record that opens.
    let reachable = store.entries();
    let replaced = before.iter().filter(|old| !live.iter().any(|new| new.key == old.key));
    let replaced: Vec<_> = replaced.collect();
    assert!(replaced.len() >= holding);
    assert!(replaced.iter().all(|old| !reachable.iter().any(|new| new.key == old.key)));
    // Both roots say the same, so that no older tree hangs on one of them.
    let roots = crate::pages::tops(&container, &volume);
    assert_eq!(roots.len(), 4);
    assert!(roots.iter().all(|top| *top == roots[0]), "{roots:?}");
    assert!(!store.is_unsettled() || store.found() == Found::default());
}

/// Pages that hold these bytes.
fn holds(store: &mut PageStore, bytes: &[u8]) -> usize {
    let mut page = Zeroizing::new([0; crate::geometry::UNIT]);
    (0..store.pages())
        .filter(|number| {
            store.read(*number, &mut page).expect("whole");
            page.windows(bytes.len()).any(|window| window == bytes)
        })
        .count()
}

/// A vault that is given room while a recorder makes room of its own.
#[test]
fn no_cell_is_free_twice_when_two_grow_at_once() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let mut vault = Vault::create(dir.path(), CODE, CHEAP).expect("made");
    let container = vault.container().clone();
    let cells = vault.cells().expect("known");
    let mut recorder = cells.lock().expect("nobody panics");
    std::thread::scope(|scope| {
        let growing = scope.spawn(|| vault.grow(Extent { pages: 0, cells: 16 }));
        // Long enough for the other to have begun; it may wait for us, or be in the middle.
        for _ in 0..200_000 {
            if container.geometry().expect("open").1.len() == 1 {
                break;
            }
            std::thread::yield_now();
        }
        recorder.grow(&container).expect("room");
        drop(recorder);
        growing.join().expect("no panic").expect("room");
    });
    let mut free = cells.lock().expect("nobody panics").all_free();
    let count = free.len();
    free.sort_unstable();
    free.dedup();
    assert_eq!(free.len(), count);
}
