// SPDX-License-Identifier: MPL-2.0
//! A store that fails: the old state stays, the error is named, and nothing more is acknowledged.

use rusqlite::ErrorCode;

use super::*;

const INSERT: &str = "INSERT INTO t(n) VALUES (1)";

#[test]
fn a_failed_commit_leaves_the_old_state_and_ends_the_connection() {
    for (fails, expected) in [
        ((|| VaultError::NoSpace) as fn() -> VaultError, ErrorCode::DiskFull),
        (|| VaultError::Poisoned, ErrorCode::SystemIoFailure),
        (|| VaultError::Io(std::io::Error::other("x")), ErrorCode::SystemIoFailure),
    ] {
        let store = store();
        let db = filled(&store, 500);
        let old = store.lock().unwrap().pages.clone();
        store.lock().unwrap().fails = Some(fails);
        run(&db, "BEGIN; DELETE FROM t WHERE id > 5; UPDATE t SET text = 'new'");
        let error = db.connection().execute_batch("COMMIT").unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(expected));
        assert_eq!(db.take_error().unwrap().to_string(), fails().to_string());
        assert!(db.take_error().is_none(), "taken once");

        // The store works again: this connection still acknowledges nothing.
        store.lock().unwrap().fails = None;
        let before = commits(&store);
        db.connection().execute_batch(INSERT).unwrap_err();
        db.connection().execute_batch(INSERT).unwrap_err();
        assert!(matches!(db.take_error(), Some(VaultError::Poisoned)));
        drop(db);
        assert_eq!(commits(&store), before);
        assert!(store.lock().unwrap().pages == old);

        let db = open(&store);
        assert_eq!(number(&db, "SELECT count(*) FROM t WHERE text <> 'new'"), 500);
        assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
        run(&db, INSERT);
        assert_eq!(commits(&store), before + 1);
    }
}

#[test]
fn a_damaged_page_is_named_and_the_others_are_read() {
    let store = store();
    drop(filled(&store, 4000));
    let last = store.lock().unwrap().pages() - 1;
    store.lock().unwrap().damaged = Some(last);
    let db = open(&store);
    assert_eq!(number(&db, "SELECT n FROM t WHERE id = 1"), 7919 % 4001);
    let error = db
        .connection()
        .query_row("SELECT sum(length(text)) FROM t", [], |row| row.get::<_, i64>(0))
        .unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt));
    assert!(matches!(db.take_error(), Some(VaultError::Damaged)));
    assert_eq!(number(&db, "SELECT n FROM t WHERE id = 1"), 7919 % 4001);
}

#[test]
fn damage_in_the_first_page_shows_at_once() {
    let store = store();
    drop(filled(&store, 10));
    store.lock().unwrap().damaged = Some(0);
    assert!(matches!(connect(store), Err(VaultError::Damaged)));
}

#[test]
fn a_panic_of_the_store_does_not_cross_into_sqlite() {
    let store = store();
    let db = filled(&store, 10);
    store.lock().unwrap().panics = true;
    let error = db.connection().execute_batch(INSERT).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::SystemIoFailure));
    db.connection().execute_batch(INSERT).unwrap_err();
    drop(db);
    // Its lock is poisoned: who panicked is not believed again.
    assert!(matches!(connect(store), Err(VaultError::Poisoned)));
}
