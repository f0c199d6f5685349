// SPDX-License-Identifier: MPL-2.0
//! SQLite's own questions, with the same answers on our file system as on plain SQLite.

use rusqlite::{Connection, types::Value};

use super::*;

#[path = "../../../tests/sqllogic/runner.rs"]
mod runner;

#[test]
fn every_file_gives_on_our_file_system_what_it_gives_on_plain_sqlite() {
    let (mut files, mut records) = (0, 0);
    for path in runner::files() {
        let store = store();
        let (db, plain) = (open(&store), Connection::open_in_memory().unwrap());
        let mut checker = runner::Checker::default();
        for record in runner::read(&path) {
            let outcome = runner::perform(db.connection(), &record);
            assert_eq!(outcome, runner::perform(&plain, &record), "{}", record.place);
            checker.check(&record, &outcome);
            records += 1;
        }
        assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
        let left = everything(db.connection());
        drop(db);
        assert_eq!(everything(open(&store).connection()), left, "{}", path.display());
        assert_eq!(everything(&plain), left, "{}", path.display());
        files += 1;
        assert_eq!(OPENED.get(), 2 * files, "{}: another file was opened", path.display());
    }
    assert_eq!((files, records), (25, 54_505));
}

/// The schema and all rows of all tables, in the order of the tables.
fn everything(db: &Connection) -> Vec<Vec<Value>> {
    let schema = all(db, "SELECT name, type, sql FROM sqlite_schema ORDER BY rowid");
    let tables: Vec<String> = schema
        .iter()
        .filter_map(|row| match row.as_slice() {
            [Value::Text(name), Value::Text(kind), _] if kind == "table" => Some(name.clone()),
            _ => None,
        })
        .collect();
    let rows = tables.iter().flat_map(|name| all(db, &format!("SELECT * FROM \"{name}\"")));
    schema.iter().cloned().chain(rows).collect()
}

fn all(db: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = db.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect());
    rows.unwrap().map(Result::unwrap).collect()
}
