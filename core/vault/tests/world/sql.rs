// SPDX-License-Identifier: MPL-2.0
//! Statements of several kinds, and all that a database holds, as text. Every statement gives the
//! same in the store and in the oracle: no clock, no random function.

use std::fmt::Write;

use rusqlite::{Connection, types::ValueRef};

use crate::sim::rng::Rng;

/// Words of invented notes.
const WORDS: [&str; 16] = [
    "camioneta",
    "gris",
    "volvió",
    "noche",
    "puerta",
    "lluvia",
    "esquina",
    "perro",
    "luz",
    "voz",
    "kaꞌan",
    "tlapaꞌl",
    "mañana",
    "río",
    "nadie",
    "papel",
];

/// Tables of a new vault. Names of the test's own things begin with `w_`.
pub const SCHEMA: &str = "
    CREATE TABLE w_note(
        id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, text TEXT NOT NULL, seen REAL) STRICT;
    CREATE INDEX w_note_topic ON w_note(topic, id);
    CREATE TABLE w_piece(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL CHECK(length(bytes) < 90000));
    CREATE VIRTUAL TABLE w_search USING fts5(text);";

/// A transaction; when `fails`, its last statement breaks a rule.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub statements: Vec<String>,
    pub fails: bool,
}

pub fn transaction(rng: &mut Rng) -> Transaction {
    let mut statements: Vec<String> = match rng.below(12) {
        0 => vec![delete_notes(rng)],
        1 => vec![many_notes(rng)],
        2 => vec![
            piece(rng),
            "DELETE FROM w_piece WHERE id < (SELECT max(id) - 2 FROM w_piece)".into(),
        ],
        3 => vec![extra(rng)],
        4 => savepoint(rng),
        5 => vec![format!("PRAGMA user_version = {}", rng.below(1_000))],
        6 => (0..=rng.below(30)).map(|_| note(rng)).collect(),
        7 => vec![search(rng), "DELETE FROM w_search WHERE rowid % 13 = 4".into()],
        8 => vec![update(rng), note(rng)],
        _ => vec![note(rng)],
    };
    // Growth has an end: the newest 80 notes stay.
    statements.push("DELETE FROM w_note WHERE id < (SELECT max(id) - 80 FROM w_note)".into());
    let fails = rng.once_in(9);
    if fails {
        statements.push("INSERT INTO w_note(topic, text) VALUES('no number', 'x')".into());
    }
    Transaction { statements, fails }
}

fn words(rng: &mut Rng, n: usize) -> String {
    (0..n).map(|_| *rng.pick(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn note(rng: &mut Rng) -> String {
    let long = if rng.once_in(8) { 700 } else { 12 };
    let text = { rng.below(long) + 1 };
    let (topic, text) = (rng.below(9), words(rng, text));
    format!("INSERT INTO w_note(topic, text, seen) VALUES({topic}, '{text}', {topic}.25)")
}

fn many_notes(rng: &mut Rng) -> String {
    format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO w_note(topic, text) SELECT i % 5, '{} ' || i FROM n",
        20 + rng.below(200),
        words(rng, 3)
    )
}

fn update(rng: &mut Rng) -> String {
    let (modulus, rest) = (2 + rng.below(6), rng.below(3));
    let text = words(rng, 9);
    format!("UPDATE w_note SET text = '{text}', topic = topic + 1 WHERE id % {modulus} = {rest}")
}

fn delete_notes(rng: &mut Rng) -> String {
    format!("DELETE FROM w_note WHERE id % {} = {}", 2 + rng.below(5), rng.below(2))
}

/// A blob over many pages.
fn piece(rng: &mut Rng) -> String {
    let len = 1 + rng.below(20_000);
    let hex = rng.bytes(len).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("INSERT INTO w_piece(bytes) VALUES(x'{hex}')")
}

fn search(rng: &mut Rng) -> String {
    let n = 3 + rng.below(20);
    format!("INSERT INTO w_search(text) VALUES('{}')", words(rng, n))
}

/// The schema changes.
fn extra(rng: &mut Rng) -> String {
    let n = rng.below(3);
    if rng.once_in(2) {
        format!("DROP TABLE IF EXISTS w_extra{n}")
    } else {
        format!(
            "CREATE TABLE IF NOT EXISTS w_extra{n}(a, b UNIQUE) ;
             INSERT OR REPLACE INTO w_extra{n} VALUES({}, 'x{}');",
            rng.below(100),
            rng.below(5)
        )
    }
}

fn savepoint(rng: &mut Rng) -> Vec<String> {
    let back = if rng.once_in(2) { "ROLLBACK TO s" } else { "SAVEPOINT t" };
    vec![
        note(rng),
        "SAVEPOINT s".into(),
        update(rng),
        delete_notes(rng),
        back.into(),
        "RELEASE s".into(),
    ]
}

/// All that the test's own tables hold.
pub fn dump(db: &Connection) -> rusqlite::Result<String> {
    let mut all = String::new();
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let _ = writeln!(all, "version {version}");
    let mut names = db.prepare(
        "SELECT name, type, sql FROM sqlite_master WHERE name LIKE 'w\\_%' ESCAPE '\\'
         AND name NOT LIKE 'w\\_search\\_%' ESCAPE '\\' ORDER BY name",
    )?;
    let mut rows = names.query([])?;
    while let Some(row) = rows.next()? {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let _ = writeln!(all, "{name}: {}", row.get::<_, String>(2)?);
        if kind == "table" {
            table(db, &name, &mut all)?;
        }
    }
    if !db.table_exists(None, "w_search")? {
        return Ok(all);
    }
    let found: i64 = db.query_row(
        "SELECT count(*) FROM w_search WHERE w_search MATCH 'camioneta OR mañana'",
        [],
        |row| row.get(0),
    )?;
    let _ = writeln!(all, "found {found}");
    Ok(all)
}

fn table(db: &Connection, name: &str, all: &mut String) -> rusqlite::Result<()> {
    let mut select = db.prepare(&format!("SELECT rowid, * FROM {name} ORDER BY rowid"))?;
    let columns = select.column_count();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => all.push('-'),
                ValueRef::Integer(n) => {
                    let _ = write!(all, "{n}");
                }
                ValueRef::Real(n) => {
                    let _ = write!(all, "{n}");
                }
                ValueRef::Text(text) | ValueRef::Blob(text) if text.len() > 60 => {
                    let _ = write!(all, "{} bytes {:016x}", text.len(), fingerprint(text));
                }
                ValueRef::Text(text) => all.push_str(&String::from_utf8_lossy(text)),
                ValueRef::Blob(bytes) => {
                    let _ = write!(all, "{bytes:?}");
                }
            }
            all.push('|');
        }
        all.push('\n');
    }
    Ok(())
}

/// FNV-1a.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// What SQLite says of its own structures.
pub fn is_sound(db: &Connection) -> rusqlite::Result<bool> {
    let said: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    Ok(said == "ok")
}
