// SPDX-License-Identifier: MPL-2.0
//! SQLite's file system over a [`PageFile`]: one file, the main database, and nothing beside it.
//!
//! What SQLite writes is *staged* from its first write on and committed whole when SQLite syncs;
//! its journal, its temporary tables and its sorts stay in memory. Every other file that SQLite,
//! or a statement, asks for is refused.

#![allow(unsafe_code, reason = "tables of C functions; each block gives its proof")]

#[cfg(amate_os_other)]
mod bare;
mod boundary;
mod guard;
mod memory;
mod registry;
mod staging;
mod system;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    ffi::c_int,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, ffi};
use zeroize::Zeroizing;

use crate::VaultError;

/// Size of a page of SQLite's and of a place of the file `vault`.
pub(crate) const PAGE: usize = 4096;

/// Pages staged by SQLite since the last commit; wiped on drop.
pub(crate) type Staged = BTreeMap<u32, Box<Zeroizing<[u8; PAGE]>>>;

/// What stands under SQLite: a sequence of pages that changes by whole commits only.
pub(crate) trait PageFile: Send {
    /// Pages of the last commit.
    fn pages(&self) -> u32;
    /// Page `number`, from 0; it is below [`PageFile::pages`].
    fn read(&mut self, number: u32, out: &mut [u8; PAGE]) -> Result<(), VaultError>;
    /// Makes the staged pages and the new length durable, all or nothing; one flush. Every page
    /// below `pages` is staged or was there before; none at or above it is staged.
    fn commit(&mut self, staged: &Staged, pages: u32) -> Result<(), VaultError>;
}

/// A connection over `file`. Its lock is taken at each read and commit: who holds it runs no SQL.
/// One connection at a time: there are no locks between two.
///
/// # Errors
/// What the file said; [`VaultError::Damaged`] when it holds no database of ours.
pub(crate) fn connect<F: PageFile + 'static>(file: Arc<Mutex<F>>) -> Result<Database, VaultError> {
    system::prepare()?;
    let errors = Errors::default();
    let entry = registry::enter(file, errors.clone());
    match open(entry.name()) {
        Ok(connection) => Ok(Database { connection, errors }),
        Err(error) => Err(errors.take().unwrap_or_else(|| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::CannotOpen) => {
                VaultError::Damaged
            }
            _ => VaultError::Sql(error),
        })),
    }
}

/// A connection, and the slot in which the file system leaves what the store said.
pub(crate) struct Database {
    connection: Connection,
    errors: Errors,
}

impl Database {
    /// For readers.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// For the writer.
    pub(crate) fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// The store's error behind the last SQLite error, if the store gave one; taken once. After a
    /// failed commit nothing more can be committed: drop this and [`connect`] again.
    pub(crate) fn take_error(&self) -> Option<VaultError> {
        self.errors.take()
    }

    /// Whether SQLite wipes what it frees in this process: false when something had started it
    /// before the vault could say so.
    pub(crate) fn wipes_freed_memory(&self) -> bool {
        memory::installed()
    }

    /// Gives free pages back, in one commit. The statement VACUUM is refused, because it attaches
    /// a database, and no statement may attach one; this one stays in memory.
    pub(crate) fn vacuum(&mut self) -> Result<(), VaultError> {
        self.connection.authorizer(Some(guard::authorise_vacuum))?;
        limit_attached(&self.connection, 1);
        let done = self.connection.execute_batch("VACUUM");
        limit_attached(&self.connection, 0);
        self.connection.authorizer(Some(guard::authorise))?;
        done.map_err(|error| self.take_error().unwrap_or(VaultError::Sql(error)))
    }
}

/// The first error of the store that nobody has taken yet.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Option<VaultError>>>);

impl Errors {
    fn put(&self, error: VaultError) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    fn take(&self) -> Option<VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn open(name: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags_and_vfs(name, flags, system::NAME)?;
    // The journal in memory comes first: an empty database would open one on disk at its first
    // transaction. With the cache kept from spilling, pages come at the commit only.
    connection.execute_batch(
        "PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA page_size = 4096; PRAGMA synchronous = FULL; PRAGMA cache_spill = OFF;
         PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF;
         PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;",
    )?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    limit_attached(&connection, 0);
    connection.authorizer(Some(guard::authorise))?;
    // Reads the first page, so that damage shows here and not at somebody's first statement.
    let (size, mode): (i64, String) = connection.query_row(
        "SELECT (SELECT page_size FROM pragma_page_size), (SELECT journal_mode FROM
         pragma_journal_mode) FROM (SELECT count(*) FROM sqlite_schema)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if size != PAGE as i64 || mode != "memory" {
        return Err(failure(ffi::SQLITE_NOTADB));
    }
    Ok(connection)
}

fn limit_attached(connection: &Connection, most: c_int) {
    // SAFETY: the handle is that of an open connection, which the borrow keeps open and on this
    // thread; the call only sets a number in it.
    unsafe { ffi::sqlite3_limit(connection.handle(), ffi::SQLITE_LIMIT_ATTACHED, most) };
}

fn failure(code: c_int) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}
