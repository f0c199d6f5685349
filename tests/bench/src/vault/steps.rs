// SPDX-License-Identifier: MPL-2.0
//! What `peers/sqlite_peer.c` does, done to a vault: the same statements, rows and figures. One
//! process does one step, so that its memory and what it wrote are its own.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::Path,
    time::Instant,
};

use rusqlite::{Connection, Transaction};

use super::{ours::Ours, phone};
use crate::{Stopped, report::now};

/// Fresh openings whose median is told.
const SAMPLES: usize = 15;
const SCREEN: &str = "SELECT id, body FROM records ORDER BY id DESC LIMIT 50";
const SCAN: &str = "SELECT sum(length(body)), '' FROM records";
const SEARCH: &str = "SELECT rowid, body FROM notes WHERE notes MATCH ?1 ORDER BY rank LIMIT 50";

/// Does a step and tells its figures, one a line.
pub(crate) fn step(words: &[&str]) -> Result<String, Stopped> {
    let mut figures = match *words {
        ["commits", dir, rows, count, length] => {
            fill(dir, Rows::open(rows, length)?, number(count)?, 1)?
        }
        ["bulk", dir, rows, count, length] => {
            fill(dir, Rows::open(rows, length)?, 1, number(count)?)?
        }
        ["notes", dir, lines] => notes(dir, lines)?,
        ["reads", dir, count] => reads(dir, number(count)?)?,
        ["open", dir] => opens(dir)?,
        ["pages", dir] => Figures::of("live", Ours::open(Path::new(dir))?.live()?),
        ["screen", dir] => asks(dir, SCREEN, &[])?,
        ["scan", dir] => asks(dir, SCAN, &[])?,
        ["search", dir, sought] => asks(dir, SEARCH, &[sought])?,
        ["medium-in", dir, file] => medium_in(dir, file)?,
        ["medium-out", dir] => medium_out(dir)?,
        ["phone-make", dir, rows, count, length] => {
            phone::make(dir, Rows::open(rows, length)?, number(count)?)?
        }
        ["phone-submit", dir] => phone::submit(dir)?,
        ["phone-pass", dir] => phone::pass(dir)?,
        _ => return Err(Stopped("no such step".into())),
    };
    figures.say("peak", own("/proc/self/status", "VmHWM:")?);
    Ok(figures.0)
}

/// Saves rows in so many commits, so many in each.
fn fill(dir: &str, mut rows: Rows, commits: usize, in_each: usize) -> Result<Figures, Stopped> {
    let mut ours = Ours::create(Path::new(dir))?;
    ours.write(|tx| {
        tx.execute_batch("CREATE TABLE records(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
    })?;
    let (before, began) = (written()?, now());
    let mut times = Vec::with_capacity(commits);
    for _ in 0..commits {
        let start = now();
        ours.write(|tx| rows.insert(tx, in_each))?;
        times.push(passed(start));
    }
    let mut figures = Figures::of("total", passed(began));
    figures.say_times(times);
    // What locking writes belongs to what was saved.
    drop(ours);
    figures.say("written", written()? - before);
    Ok(figures)
}

fn notes(dir: &str, lines: &str) -> Result<Figures, Stopped> {
    let lines = fs::read_to_string(lines)?;
    let mut ours = Ours::create(Path::new(dir))?;
    ours.write(|tx| {
        tx.execute_batch("CREATE VIRTUAL TABLE notes USING fts5(body)")?;
        let mut insert = tx.prepare("INSERT INTO notes(body) VALUES(?1)")?;
        lines.lines().try_for_each(|line| insert.execute([line]).map(drop))
    })?;
    Ok(Figures::default())
}

fn reads(dir: &str, count: usize) -> Result<Figures, Stopped> {
    let ours = Ours::open(Path::new(dir))?;
    ours.read(|db| {
        let began = now();
        let mut select = db.prepare("SELECT body FROM records WHERE id = ?1")?;
        let mut bytes = 0;
        for n in 0..count {
            let id = n * 7_919 % count + 1;
            bytes += select.query_row([id as i64], |row| Ok(row.get_ref(0)?.as_str()?.len()))?;
        }
        let mut figures = Figures::of("total", passed(began));
        figures.say("bytes", bytes as u64);
        Ok(figures)
    })
}

fn opens(dir: &str) -> Result<Figures, Stopped> {
    let open = || {
        let began = now();
        let ours = Ours::open(Path::new(dir))?;
        ours.read(|db| db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())))?;
        Ok(passed(began))
    };
    let times = (0..SAMPLES).map(|_| open()).collect::<Result<_, Stopped>>()?;
    let mut figures = Figures::default();
    figures.say_times(times);
    Ok(figures)
}

fn asks(dir: &str, sql: &str, words: &[&str]) -> Result<Figures, Stopped> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..SAMPLES {
        let ours = Ours::open(Path::new(dir))?;
        let began = now();
        bytes = ours.read(|db| all(db, sql, words))?;
        times.push(passed(began));
    }
    let mut figures = Figures::of("bytes", bytes);
    figures.say_times(times);
    Ok(figures)
}

/// Steps through all rows of a number and a text, as a program that shows them does.
fn all(db: &Connection, sql: &str, words: &[&str]) -> rusqlite::Result<u64> {
    let mut select = db.prepare(sql)?;
    let mut rows = select.query(rusqlite::params_from_iter(words))?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        row.get::<_, i64>(0)?;
        bytes += row.get_ref(1)?.as_str()?.len() as u64;
    }
    Ok(bytes)
}

fn medium_in(dir: &str, file: &str) -> Result<Figures, Stopped> {
    let mut ours = Ours::create(Path::new(dir))?;
    let (before, began) = (written()?, now());
    ours.take_in(Path::new(file))?;
    let mut figures = Figures::of("total", passed(began));
    drop(ours);
    figures.say("written", written()? - before);
    Ok(figures)
}

fn medium_out(dir: &str) -> Result<Figures, Stopped> {
    let ours = Ours::open(Path::new(dir))?;
    let began = now();
    let bytes = read_all(ours.medium()?)?;
    let mut figures = Figures::of("total", passed(began));
    figures.say("bytes", bytes);
    Ok(figures)
}

/// Reads to the end in pieces, and keeps nothing.
pub(crate) fn read_all(mut source: impl Read) -> Result<u64, Stopped> {
    let mut piece = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match source.read(&mut piece)? {
            0 => return Ok(bytes),
            n => bytes += n as u64,
        }
    }
}

/// A file of rows of one length, read as they are needed, so that memory is not theirs.
pub(crate) struct Rows {
    file: BufReader<File>,
    row: Vec<u8>,
}

impl Rows {
    pub(crate) fn open(file: &str, length: &str) -> Result<Self, Stopped> {
        let file = BufReader::new(File::open(file)?);
        Ok(Self { file, row: vec![0; number(length)?] })
    }

    pub(crate) fn insert(&mut self, tx: &Transaction<'_>, count: usize) -> rusqlite::Result<()> {
        let mut insert = tx.prepare_cached("INSERT INTO records(body) VALUES(?1)")?;
        for _ in 0..count {
            let read = self.file.read_exact(&mut self.row);
            read.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            insert.execute([str::from_utf8(&self.row)?])?;
        }
        Ok(())
    }
}

/// Lines of a name and a number.
#[derive(Default)]
pub(crate) struct Figures(String);

impl Figures {
    pub(crate) fn of(name: &str, value: u64) -> Self {
        let mut figures = Self::default();
        figures.say(name, value);
        figures
    }

    pub(crate) fn say(&mut self, name: &str, value: u64) {
        self.0 += &format!("{name} {value}\n");
    }

    fn say_times(&mut self, mut times: Vec<u64>) {
        times.sort_unstable();
        for (name, part) in [("p50", 50), ("p99", 99)] {
            self.say(name, times.get(times.len() * part / 100).copied().unwrap_or_default());
        }
    }
}

pub(crate) fn passed(since: Instant) -> u64 {
    since.elapsed().as_nanos() as u64
}

/// Bytes that this process gave to the file system. (`write_bytes` beside it counts a large folio
/// of the page cache whole when one block of it changes.)
pub(crate) fn written() -> Result<u64, Stopped> {
    own("/proc/self/io", "wchar:")
}

/// A number after a word in a file of /proc/self.
fn own(file: &str, word: &str) -> Result<u64, Stopped> {
    let mut text = String::new();
    File::open(file)?.read_to_string(&mut text)?;
    let line = text.lines().find_map(|line| line.strip_prefix(word));
    let value = line.and_then(|line| line.split_whitespace().next());
    value.and_then(|value| value.parse().ok()).ok_or_else(|| Stopped(format!("{file}: no {word}")))
}

fn number(text: &str) -> Result<usize, Stopped> {
    text.parse().map_err(|_| Stopped(format!("{text}: no number")))
}
