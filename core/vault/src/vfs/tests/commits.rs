// SPDX-License-Identifier: MPL-2.0
//! One transaction is one commit, and what was committed is there again.

use super::*;

#[test]
fn each_transaction_is_exactly_one_commit() {
    let store = store();
    let db = open(&store);
    assert_eq!(commits(&store), 0, "to connect changes nothing");
    run(&db, "CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)");
    assert_eq!(commits(&store), 1);
    run(&db, "BEGIN; CREATE INDEX i ON t(text); CREATE TABLE u(a UNIQUE); COMMIT");
    assert_eq!(commits(&store), 2);
    run(&db, "INSERT INTO t(text) VALUES ('x')");
    assert_eq!(commits(&store), 3);
    run(&db, "BEGIN; INSERT INTO t(text) VALUES ('y'); DELETE FROM t WHERE id = 1; COMMIT");
    assert_eq!(commits(&store), 4);
    run(&db, "BEGIN; SELECT * FROM t; COMMIT; BEGIN; ROLLBACK");
    assert_eq!(commits(&store), 4, "nothing changed");
}

#[test]
fn four_thousand_rows_are_one_commit_and_are_there_again() {
    let store = store();
    drop(filled(&store, 4000));
    assert_eq!(commits(&store), 2);
    let db = open(&store);
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 4000);
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
}

#[test]
fn what_is_rolled_back_reaches_no_commit() {
    let store = store();
    let mut db = filled(&store, 500);
    let before = commits(&store);
    run(&db, "BEGIN; DELETE FROM t; DROP TABLE t; ROLLBACK");
    assert_eq!(commits(&store), before);
    let tx = db.connection_mut().transaction().unwrap();
    tx.execute("UPDATE t SET text = 'gone'", []).unwrap();
    drop(tx);
    assert_eq!(commits(&store), before);
    assert_eq!(number(&db, "SELECT count(*) FROM t WHERE text = 'gone'"), 0);
}

#[test]
fn savepoints_and_failing_statements_undo_their_own_part() {
    let store = store();
    let db = filled(&store, 500);
    let before = commits(&store);
    run(
        &db,
        "BEGIN; INSERT INTO t(n) VALUES (-1); SAVEPOINT s; DELETE FROM t; ROLLBACK TO s;
         RELEASE s; CREATE UNIQUE INDEX u ON t(id, n)",
    );
    // Changes 499 rows before the last one makes it fail.
    let failing = "UPDATE t SET id = CASE WHEN n = -1 THEN 9999 ELSE id + 9500 END";
    db.connection().execute(failing, []).unwrap_err();
    run(&db, "COMMIT");
    assert_eq!(commits(&store), before + 1);
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 501);
    assert_eq!(number(&db, "SELECT max(id) FROM t"), 501);
    drop(db);
    let db = open(&store);
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 501);
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
}

#[test]
fn a_vacuum_is_one_commit_that_also_makes_the_file_shorter() {
    let store = store();
    let mut db = filled(&store, 4000);
    run(&db, "DELETE FROM t WHERE id > 100");
    let (commits_before, long) = (commits(&store), store.lock().unwrap().pages());
    db.vacuum().unwrap();
    assert_eq!(commits(&store), commits_before + 1);
    let short = store.lock().unwrap().pages();
    assert!(short < long / 10, "{short} of {long}");
    assert_eq!(number(&db, "PRAGMA page_count"), i64::from(short));
    run(&db, "INSERT INTO t(text) VALUES ('after')");
    assert_eq!(commits(&store), commits_before + 2);
    drop(db);
    let db = open(&store);
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 101);
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
}

#[test]
fn a_cache_that_spills_early_changes_nothing_before_the_commit() {
    let store = store();
    let mut db = filled(&store, 2000);
    // Not allowed to callers: the guard is taken away for this test.
    unguard(&mut db);
    run(&db, "PRAGMA cache_size = 10; PRAGMA cache_spill = 1");
    let (before, old) = (commits(&store), store.lock().unwrap().pages.clone());
    run(&db, "BEGIN; UPDATE t SET text = text || 'x'; DELETE FROM t WHERE id % 3 = 0");
    assert_eq!(number(&db, "SELECT count(*) FROM t WHERE text LIKE '%x'"), 1334);
    assert_eq!(commits(&store), before);
    assert!(store.lock().unwrap().pages == old, "a page was written through");
    run(&db, "ROLLBACK");
    assert_eq!(number(&db, "SELECT count(*) FROM t WHERE text LIKE '%x'"), 0);
    let before = commits(&store);
    run(&db, "BEGIN; UPDATE t SET text = text || 'y'; COMMIT");
    assert_eq!(commits(&store), before + 1);
    drop(db);
    let db = open(&store);
    assert_eq!(number(&db, "SELECT count(*) FROM t WHERE text LIKE '%y'"), 2000);
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
}
