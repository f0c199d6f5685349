// SPDX-License-Identifier: MPL-2.0
//! Everything that SQLite would open a second file for, with the one file; and full-text search.

use super::*;

#[test]
fn no_workload_opens_a_second_file() {
    let store = store();
    let mut db = filled(&store, 4000);
    run(
        &db,
        "CREATE TEMP TABLE scratch AS SELECT * FROM t; CREATE INDEX temp.i ON scratch(text);
         UPDATE scratch SET n = n + 1; CREATE TABLE sorted AS SELECT * FROM t ORDER BY text DESC;
         CREATE INDEX big ON t(text, n); ANALYZE; REINDEX;
         BEGIN; SAVEPOINT a; UPDATE t SET n = 0; SAVEPOINT b; DELETE FROM sorted; ROLLBACK TO a;
         COMMIT;
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE sorted SET n = n + 1; END;
         INSERT OR REPLACE INTO t(id, n, text) SELECT id, n, text FROM t WHERE id < 50",
    );
    assert_eq!(number(&db, "SELECT count(DISTINCT text) FROM t"), 4000);
    assert_eq!(number(&db, "SELECT count(*) FROM (SELECT text FROM t EXCEPT SELECT 'x')"), 4000);
    db.vacuum().unwrap();
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
    assert_eq!(OPENED.get(), 1);
}

#[test]
fn full_text_search_works_and_is_there_again() {
    let store = store();
    let db = open(&store);
    run(
        &db,
        "CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT);
         CREATE VIRTUAL TABLE find USING fts5(text, content = 'note', content_rowid = 'id',
             tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3');
         CREATE TRIGGER put AFTER INSERT ON note BEGIN
             INSERT INTO find(rowid, text) VALUES (new.id, new.text); END;
         CREATE TRIGGER cut AFTER DELETE ON note BEGIN
             INSERT INTO find(find, rowid, text) VALUES ('delete', old.id, old.text); END",
    );
    let before = commits(&store);
    run(
        &db,
        "BEGIN; INSERT INTO note(text) VALUES ('la canción del río'), ('otra cosa'), ('el rio');
         DELETE FROM note WHERE id = 3; COMMIT",
    );
    assert_eq!(commits(&store), before + 1);
    run(
        &db,
        "INSERT INTO find(find) VALUES ('optimize'); INSERT INTO find(find) VALUES ('rebuild');
         INSERT INTO find(find, rank) VALUES ('integrity-check', 1)",
    );
    drop(db);
    let db = open(&store);
    assert_eq!(number(&db, "SELECT count(*) FROM find WHERE find MATCH 'cancion'"), 1);
    assert_eq!(number(&db, "SELECT rowid FROM find WHERE find MATCH 'ri*' ORDER BY rank"), 1);
    let shown = "SELECT snippet(find, 0, '[', ']', '…', 8) FROM find WHERE find MATCH 'otra'";
    assert_eq!(text(&db, shown), "[otra] cosa");
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
}

#[test]
fn a_connection_may_move_to_another_thread() {
    let store = store();
    let db = filled(&store, 10);
    let db = std::thread::spawn(move || {
        run(&db, "INSERT INTO t(n) VALUES (11)");
        db
    })
    .join()
    .unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM t"), 11);
}

#[test]
fn time_is_not_taken_from_the_clock() {
    let db = open(&store());
    assert_eq!(number(&db, "SELECT datetime('now') IS NULL"), 1);
    assert_eq!(text(&db, "SELECT datetime(0, 'unixepoch')"), "1970-01-01 00:00:00");
}
