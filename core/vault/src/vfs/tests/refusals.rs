// SPDX-License-Identifier: MPL-2.0
//! What no statement can do.

use super::*;

#[test]
fn no_statement_opens_attaches_or_loads_anything() {
    let store = store();
    let db = filled(&store, 10);
    for sql in [
        "ATTACH 'x.db' AS x",
        "ATTACH ':memory:' AS x",
        "ATTACH '' AS x",
        "ATTACH 'vault-0' AS x",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'x.db'",
        "SELECT load_extension('x')",
        "SELECT LOAD_EXTENSION('x')",
    ] {
        db.connection().execute_batch(sql).expect_err(sql);
    }
    assert_eq!(OPENED.get(), 1);
    assert!(db.take_error().is_none(), "none of these reached the store");
}

#[test]
fn how_commits_are_made_cannot_be_changed() {
    let db = filled(&store(), 10);
    for sql in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA journal_mode = OFF",
        "PRAGMA main.journal_mode = DELETE",
        "pragma Journal_Mode('truncate')",
        "PRAGMA locking_mode = NORMAL",
        "PRAGMA synchronous = OFF",
        "PRAGMA mmap_size = 1000000",
        "PRAGMA temp_store = FILE",
        "PRAGMA page_size = 8192",
        "PRAGMA secure_delete = OFF",
        "PRAGMA cache_spill = ON",
        "PRAGMA trusted_schema = ON",
        "PRAGMA writable_schema = ON",
        "PRAGMA schema_version = 7",
        "PRAGMA temp_store_directory = '.'",
        "SELECT * FROM pragma_journal_mode('wal')",
    ] {
        db.connection().execute_batch(sql).expect_err(sql);
    }
    assert_eq!(text(&db, "PRAGMA journal_mode"), "memory");
    assert_eq!(text(&db, "PRAGMA locking_mode"), "exclusive");
    assert_eq!(number(&db, "PRAGMA synchronous"), 2);
    assert_eq!(number(&db, "PRAGMA temp_store"), 2);
    assert_eq!(number(&db, "PRAGMA secure_delete"), 1);
    assert_eq!(number(&db, "PRAGMA cache_spill"), 0);
    assert_eq!(number(&db, "PRAGMA foreign_keys"), 1);
}

#[test]
fn what_the_app_needs_is_allowed() {
    let db = filled(&store(), 10);
    run(
        &db,
        "PRAGMA user_version = 3; PRAGMA foreign_keys = ON; PRAGMA defer_foreign_keys = 1;
         PRAGMA table_info(t); PRAGMA foreign_key_check; PRAGMA quick_check; PRAGMA optimize",
    );
    assert_eq!(number(&db, "PRAGMA user_version"), 3);
    assert_eq!(number(&db, "SELECT count(*) FROM pragma_table_info('t')"), 3);
}

#[test]
fn after_a_vacuum_nothing_more_is_allowed_than_before() {
    let mut db = filled(&store(), 10);
    db.vacuum().unwrap();
    db.connection().execute_batch("ATTACH '' AS x").unwrap_err();
    db.connection().execute_batch("VACUUM").unwrap_err();
}

#[test]
fn a_database_that_asks_for_wal_is_refused() {
    let store = store();
    drop(filled(&store, 10));
    {
        let mut memory = store.lock().unwrap();
        memory.pages[0][18] = 2;
        memory.pages[0][19] = 2;
    }
    assert!(matches!(connect(store), Err(VaultError::Damaged)));
}

#[test]
fn wal_reaches_no_commit_even_without_the_guard() {
    let store = store();
    let mut db = filled(&store, 10);
    unguard(&mut db);
    let before = commits(&store);
    let _ = db.connection().execute_batch("PRAGMA journal_mode = WAL; INSERT INTO t(n) VALUES (1)");
    assert_eq!(commits(&store), before);
    assert_eq!(OPENED.get(), 1);
    drop(db);
    assert_eq!(number(&open(&store), "SELECT count(*) FROM t"), 10);
}

#[test]
fn what_is_no_database_is_damaged() {
    let store = store();
    store.lock().unwrap().pages.push([7; PAGE]);
    assert!(matches!(connect(store), Err(VaultError::Damaged)));
}
