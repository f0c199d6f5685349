// SPDX-License-Identifier: MPL-2.0
//! What the file system promises, over a page file in memory that counts, fails and forgets.

mod commits;
mod failures;
mod memory;
mod pieces;
mod refusals;
mod sqllogic;
mod workload;

use std::{
    cell::Cell,
    sync::{Arc, Mutex},
};

use rusqlite::hooks::{AuthContext, Authorization};

use super::{Database, PAGE, PageFile, Staged, connect};
use crate::VaultError;

thread_local! {
    /// Files that SQLite opened on this thread. Each test has a thread of its own.
    pub(super) static OPENED: Cell<u32> = const { Cell::new(0) };
    /// Blocks that SQLite freed on this thread, and bytes of them that were not zero.
    static FREED: Cell<(u32, usize)> = const { Cell::new((0, 0)) };
}

/// Told by the allocator of each block that it is about to give back.
pub(super) fn count_freed(block: &[u8]) {
    let (blocks, not_zero) = FREED.get();
    FREED.set((blocks + 1, not_zero + block.iter().filter(|byte| **byte != 0).count()));
}

/// Pages in memory, as a store would hold them.
#[derive(Default)]
pub(super) struct Memory {
    pages: Vec<[u8; PAGE]>,
    commits: u32,
    /// Error of the next commit.
    fails: Option<fn() -> VaultError>,
    /// Page that cannot be read.
    damaged: Option<u32>,
    /// The next commit panics.
    panics: bool,
}

impl PageFile for Memory {
    fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    fn read(&mut self, number: u32, out: &mut [u8; PAGE]) -> Result<(), VaultError> {
        if self.damaged == Some(number) {
            return Err(VaultError::Damaged);
        }
        *out = self.pages[number as usize];
        Ok(())
    }

    fn commit(&mut self, staged: &Staged, pages: u32) -> Result<(), VaultError> {
        assert!(!self.panics, "a store that panics, for a test");
        if let Some(error) = self.fails {
            return Err(error());
        }
        assert!(staged.keys().all(|number| *number < pages));
        for number in self.pages()..pages {
            assert!(staged.contains_key(&number), "page {number} is nowhere");
        }
        self.commits += 1;
        self.pages.resize(pages as usize, [0; PAGE]);
        for (number, page) in staged {
            self.pages[*number as usize] = ***page;
        }
        Ok(())
    }
}

pub(super) type Store = Arc<Mutex<Memory>>;

pub(super) fn store() -> Store {
    Arc::default()
}

fn open(store: &Store) -> Database {
    connect(Arc::clone(store)).unwrap()
}

fn commits(store: &Store) -> u32 {
    store.lock().unwrap().commits
}

fn run(db: &Database, sql: &str) {
    db.connection().execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn number(db: &Database, sql: &str) -> i64 {
    db.connection().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn text(db: &Database, sql: &str) -> String {
    db.connection().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// A table `t` of `rows` rows, in one transaction.
pub(super) fn filled(store: &Store, rows: u32) -> Database {
    let db = open(store);
    run(&db, "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, text TEXT)");
    let fill = format!(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows})
         INSERT INTO t(n, text) SELECT n * 7919 % 4001, hex(zeroblob(100)) || n FROM c"
    );
    run(&db, &fill);
    db
}

/// Takes the guard away, to show what holds without it.
fn unguard(db: &mut Database) {
    db.connection_mut().authorizer::<fn(AuthContext<'_>) -> Authorization>(None).unwrap();
}
