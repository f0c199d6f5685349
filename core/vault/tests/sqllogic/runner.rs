// SPDX-License-Identifier: MPL-2.0
//! Reads a file of sqllogictest, performs its records on a connection and compares. Form of the
//! files: <https://www.sqlite.org/sqllogictest/doc/trunk/about.wiki>.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, types::Value};

#[path = "md5.rs"]
mod md5;

/// A statement or a query of a file, and what it must give.
pub(crate) struct Record {
    /// For the message of a failure: file and line.
    pub(crate) place: String,
    /// What to perform.
    pub(crate) sql: String,
    expected: Expected,
}

enum Expected {
    Done,
    Refused,
    Rows { types: String, sort: String, label: Option<String>, lines: Vec<String> },
}

/// What performing a record gave. Two connections in the same state give the same.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// A statement succeeded.
    Done,
    /// SQLite's message.
    Refused(String),
    /// The rows of a query, as SQLite gave them.
    Rows(Vec<Vec<Value>>),
}

/// All files of the folder beside this one, in order.
pub(crate) fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&folder(), &mut found);
    found.sort();
    found
}

/// The records of a file that are for SQLite.
pub(crate) fn read(path: &Path) -> Vec<Record> {
    let text = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(folder()).unwrap().display();
    let lines: Vec<&str> = text.lines().collect();
    let mut records = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let end =
            lines[at..].iter().position(|line| line.is_empty()).map_or(lines.len(), |n| at + n);
        match block(&lines[at..end], &format!("{name}:{}", at + 1)) {
            Block::Record(record) => records.push(record),
            Block::Nothing => {}
            Block::Halt => break,
        }
        at = end + 1;
    }
    records
}

/// Performs a record. On a [`Connection`] or a transaction of it.
pub(crate) fn perform(db: &Connection, record: &Record) -> Outcome {
    let done = match record.expected {
        Expected::Rows { .. } => rows(db, &record.sql).map(Outcome::Rows),
        _ => db.execute_batch(&record.sql).map(|()| Outcome::Done),
    };
    done.unwrap_or_else(|error| Outcome::Refused(error.to_string()))
}

/// Compares outcomes with what the file expects.
#[derive(Default)]
pub(crate) struct Checker {
    /// Results that must be equal because they have the same label.
    labels: HashMap<String, Vec<String>>,
}

impl Checker {
    /// Panics, with the place, when it is not what the file says.
    pub(crate) fn check(&mut self, record: &Record, outcome: &Outcome) {
        let place = &record.place;
        match (&record.expected, outcome) {
            (Expected::Done, Outcome::Done) | (Expected::Refused, Outcome::Refused(_)) => {}
            // Their own runner compares no more lines than the file has, and none with an error.
            (Expected::Rows { lines, .. }, _) if lines.is_empty() => {}
            (Expected::Rows { types, sort, label, lines }, Outcome::Rows(rows)) => {
                let values = formatted(rows, types, sort, place);
                let hash = || {
                    md5::md5(values.iter().flat_map(|v| [v, "\n"]).collect::<String>().as_bytes())
                };
                let hashed = format!("{} values hashing to ", values.len());
                match lines.as_slice() {
                    [line] if line.contains(" values hashing to ") => {
                        assert_eq!(*line, hashed + &hash(), "{place}");
                    }
                    lines => assert_eq!(lines, values, "{place}"),
                }
                if let Some(label) = label {
                    let first = self.labels.entry(label.clone()).or_insert_with(|| values.clone());
                    assert_eq!(*first, values, "{place}: another result than before with {label}");
                }
            }
            (_, outcome) => panic!("{place}: {}: {outcome:?}", record.sql),
        }
    }
}

enum Block {
    Record(Record),
    Nothing,
    Halt,
}

fn block(lines: &[&str], place: &str) -> Block {
    let mut lines = lines.iter().copied().skip_while(|line| line.starts_with('#'));
    let mut next = || lines.by_ref().find(|line| !line.starts_with('#'));
    loop {
        let Some(line) = next() else { return Block::Nothing };
        let words: Vec<&str> = line.split_whitespace().collect();
        let expected = match words.as_slice() {
            ["onlyif", engine, ..] if *engine != "sqlite" => return Block::Nothing,
            ["skipif", "sqlite", ..] => return Block::Nothing,
            ["onlyif" | "skipif", ..] => continue,
            ["hash-threshold", ..] => return Block::Nothing,
            ["halt", ..] => return Block::Halt,
            ["statement", "ok", ..] => Expected::Done,
            ["statement", "error", ..] => Expected::Refused,
            ["query", types, sort, rest @ ..] => Expected::Rows {
                types: (*types).to_owned(),
                sort: (*sort).to_owned(),
                label: rest.first().map(|label| (*label).to_owned()),
                lines: Vec::new(),
            },
            _ => panic!("{place}: {line}"),
        };
        return Block::Record(record(place, expected, &lines.collect::<Vec<_>>()));
    }
}

fn record(place: &str, mut expected: Expected, lines: &[&str]) -> Record {
    let mut parts = lines.splitn(2, |line| *line == "----");
    let sql = parts.next().unwrap_or_default().join("\n");
    if let (Expected::Rows { lines, .. }, Some(rest)) = (&mut expected, parts.next()) {
        *lines = rest.iter().map(|line| (*line).to_owned()).collect();
    }
    Record { place: place.to_owned(), sql, expected }
}

fn rows(db: &Connection, sql: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = db.prepare(sql)?;
    let columns = statement.column_count();
    statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect())?.collect()
}

/// Every value as the files write it, in their order.
fn formatted(rows: &[Vec<Value>], types: &str, sort: &str, place: &str) -> Vec<String> {
    let mut rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            assert_eq!(row.len(), types.len(), "{place}: columns");
            row.iter().zip(types.chars()).map(|(value, kind)| format(value, kind)).collect()
        })
        .collect();
    match sort {
        "rowsort" => rows.sort(),
        "valuesort" => {
            let mut values = rows.concat();
            values.sort();
            return values;
        }
        "nosort" => {}
        _ => panic!("{place}: {sort}"),
    }
    rows.concat()
}

fn format(value: &Value, kind: char) -> String {
    match (kind, value) {
        (_, Value::Null) => "NULL".to_owned(),
        ('I', Value::Integer(n)) => n.to_string(),
        ('I', Value::Real(n)) => (*n as i64).to_string(),
        // SQLite reads a text as the number that it begins with, or 0.
        ('I', Value::Text(text)) => text.parse::<i64>().unwrap_or(0).to_string(),
        ('R', Value::Integer(n)) => format!("{:.3}", *n as f64),
        ('R', Value::Real(n)) => format!("{n:.3}"),
        ('T', Value::Integer(n)) => n.to_string(),
        ('T', Value::Real(n)) => n.to_string(),
        ('T', Value::Text(text)) if text.is_empty() => "(empty)".to_owned(),
        ('T', Value::Text(text)) => {
            text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '@' }).collect()
        }
        (kind, value) => panic!("{value:?} as {kind}"),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sqllogic/files")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}
