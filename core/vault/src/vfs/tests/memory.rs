// SPDX-License-Identifier: MPL-2.0
//! What SQLite held is gone from the process once it is closed. The memory of this process is
//! searched for a text that stands in its read-only part alone.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    slice,
    sync::{Arc, Mutex},
};

use rusqlite::ffi;
use zeroize::Zeroizing;

use super::{super::memory, *};

#[test]
fn the_wiping_allocator_is_on_before_anything_opens_sqlite() {
    assert!(open(&store()).wipes_freed_memory());
    assert!(memory::installed());
}

#[test]
fn what_sqlite_frees_or_moves_is_zeros_first() {
    // The first use of all frees blocks of its own.
    drop(open(&store()));
    let before = FREED.get();
    // SAFETY: plain use of SQLite's allocator: each block is written within its size and freed
    // once.
    unsafe {
        let block = ffi::sqlite3_malloc(1003);
        slice::from_raw_parts_mut(block.cast::<u8>(), 1003).fill(0xaa);
        let moved = ffi::sqlite3_realloc(block, 5000);
        assert_eq!(slice::from_raw_parts(moved.cast::<u8>(), 1003), [0xaa; 1003]);
        let shorter = ffi::sqlite3_realloc(moved, 100);
        assert_eq!(slice::from_raw_parts(shorter.cast::<u8>(), 100), [0xaa; 100]);
        ffi::sqlite3_free(shorter);
    }
    let (blocks, not_zero) = FREED.get();
    assert_eq!((blocks - before.0, not_zero), (3, 0));
}

#[test]
fn a_closed_database_leaves_nothing_in_memory() {
    let store = Arc::new(Mutex::new(Blurred::default()));
    let db = connect(Arc::clone(&store)).unwrap();
    run(
        &db,
        "CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX i ON note(text);
             CREATE VIRTUAL TABLE find USING fts5(text);
             CREATE TEMP TABLE kept(text)",
    );
    {
        for sql in [
            "INSERT INTO note(text) SELECT ?1 || value FROM json_each('[1,2,3,4,5,6,7,8,9]')",
            "INSERT INTO find(text) VALUES (?1)",
            "INSERT INTO kept VALUES (?1)",
        ] {
            db.connection().execute(sql, [TEXT]).unwrap();
        }
        // What is rolled back goes through the journal in memory.
        run(
            &db,
            "UPDATE note SET text = 'x' || text; DELETE FROM note WHERE id % 2 = 0;
             BEGIN; UPDATE note SET text = text || 'y'; ROLLBACK",
        );
        let mut sorted =
            db.connection().prepare("SELECT text FROM note ORDER BY text DESC").unwrap();
        let mut rows = sorted.query([]).unwrap();
        let mut seen = 0;
        while let Some(row) = rows.next().unwrap() {
            seen += usize::from(row.get_ref(0).unwrap().as_str().unwrap().contains(TEXT));
        }
        assert_eq!(seen, 5);
    }
    assert!(found() > 0, "the search finds nothing even while the database is open");
    drop(db);
    assert_eq!(found(), 0);
    assert!(store.lock().unwrap().pages.len() > 5, "the store still has it, blurred");
}

/// Only ever borrowed here, so no copy of it is ours.
const TEXT: &str = "la barca verde no salió del muelle";
const BLUR: u8 = 0x5c;

/// As [`Memory`], with every byte turned, so that only SQLite's own memory holds plain text.
#[derive(Default)]
struct Blurred {
    pages: Vec<Box<[u8; PAGE]>>,
}

impl PageFile for Blurred {
    fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    fn read(&mut self, number: u32, out: &mut [u8; PAGE]) -> Result<(), VaultError> {
        let page = &self.pages[number as usize];
        out.iter_mut().zip(page.iter()).for_each(|(out, byte)| *out = byte ^ BLUR);
        Ok(())
    }

    fn commit(&mut self, staged: &Staged, pages: u32) -> Result<(), VaultError> {
        self.pages.resize_with(pages as usize, || Box::new([0; PAGE]));
        for (number, page) in staged {
            let kept = &mut self.pages[*number as usize];
            kept.iter_mut().zip(page.iter()).for_each(|(kept, byte)| *kept = byte ^ BLUR);
        }
        Ok(())
    }
}

/// Times that the text stands in the writable memory of this process.
fn found() -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut count = 0;
    let mut piece = Zeroizing::new(vec![0_u8; 1 << 20]);
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let mut at = u64::from_str_radix(start, 16).unwrap();
        let end = u64::from_str_radix(end, 16).unwrap();
        while at + TEXT.len() as u64 <= end {
            let len = piece.len().min((end - at) as usize);
            // What other tests unmap meanwhile cannot be read and is not searched.
            let Ok(len) = memory.read_at(&mut piece[..len], at) else { break };
            count +=
                piece[..len].windows(TEXT.len()).filter(|text| *text == TEXT.as_bytes()).count();
            if len < TEXT.len() {
                break;
            }
            at += (len - TEXT.len() + 1) as u64;
        }
        piece.fill(0);
    }
    count
}
