// SPDX-License-Identifier: MPL-2.0
//! What a vault leaves outside its two files: no other file opened for writing, and nothing of
//! what was written in the memory of the process once it is locked.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    os::unix::fs::FileExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use amate_vault::{CodeCost, Geometry, Vault, VaultError};
use tempfile::TempDir;
use zeroize::Zeroizing;

const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const CODE: &[u8] = b"cinco palabras de prueba nada";
const PHONE: Geometry = Geometry {
    halves: 2,
    spool: 1,
    grows: false,
    pages: 2_400,
    cells: 64,
    journal: 64,
    set_pages: 128,
    set_cells: 12,
};
/// What is looked for, each byte changed: the child makes the text itself, in memory that it wipes.
const HIDDEN: &[u8] = b"eh)jhdfgl}h)n{`z)ef)zln|`)m)gfjal";
const KEY: u8 = 9;
/// Short pieces of it would be found by chance, and pieces of it lie in pages.
const PIECE: usize = 16;

#[test]
fn no_other_file_is_opened_for_writing() {
    let dir = TempDir::new().unwrap();
    let log = dir.path().join("log");
    let home = dir.path().join("home");
    let done = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=open,openat,openat2,creat,rename,renameat,renameat2,memfd_create",
        ])
        .arg("-o")
        .arg(&log)
        .arg(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env("AMATE_TRACED", "walk")
        .env("AMATE_DIR", &home)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let log = fs::read_to_string(log).unwrap();
    let writing: Vec<&str> = log
        .lines()
        .filter(|line| {
            ["O_WRONLY", "O_RDWR", "O_CREAT", "creat(", "rename", "memfd"]
                .iter()
                .any(|word| line.contains(word))
        })
        // What the test runner's own output goes to, and what it reads of itself.
        .filter(|line| !line.contains("\"/dev/") && !line.contains("\"/proc/self"))
        .collect();
    let ours = ["vault", "reserve", "vault.unfinished"].map(|name| home.join(name));
    assert!(writing.len() >= 3, "two files made, one renamed: {log}");
    for line in writing {
        let path = line.split('"').nth(1).unwrap_or_default();
        assert!(ours.iter().any(|own| own == Path::new(path)), "{line}");
    }
}

#[test]
fn nothing_of_what_was_written_is_in_memory_after_the_lock() {
    let dir = TempDir::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env("AMATE_TRACED", "lock")
        .env("AMATE_DIR", dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |word: &str| while said.next().unwrap().unwrap() != word {};
    until("open");
    assert!(found_in_memory(&child), "an open vault has it in memory: the search works");
    writeln!(child.stdin.as_mut().unwrap()).unwrap();
    until("locked");
    let found = found_in_memory(&child);
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(!found);
    for name in ["vault", "reserve"] {
        assert!(!has_text(&fs::read(dir.path().join(name)).unwrap()), "{name}");
    }
}

/// The process that is looked at; run only by the tests above.
#[test]
fn child() {
    let Ok(kind) = std::env::var("AMATE_TRACED") else { return };
    let dir = std::env::var("AMATE_DIR").unwrap();
    match kind.as_str() {
        "walk" => walk(Path::new(&dir)),
        _ => lock(Path::new(&dir)),
    }
}

/// Everything that could tempt SQLite or us to open a file.
fn walk(dir: &Path) {
    let mut vault = Vault::create_with(dir, CODE, CHEAP, &PHONE).unwrap();
    vault
        .write("tables", |tx| {
            tx.execute_batch(
                "CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT);
                 CREATE VIRTUAL TABLE words USING fts5(text);
                 CREATE TEMP TABLE kept(n INTEGER);",
            )
        })
        .unwrap();
    vault
        .write("rows", |tx| {
            for n in 0..600 {
                tx.execute("INSERT INTO note(text) VALUES(?1)", ["palabra ".repeat(40)])?;
                tx.execute("INSERT INTO words VALUES(?1)", [format!("palabra {n}")])?;
                tx.execute("INSERT INTO kept VALUES(?1)", [n])?;
            }
            tx.execute_batch("SAVEPOINT a; DELETE FROM note; ROLLBACK TO a; RELEASE a")
        })
        .unwrap();
    vault
        .read(|db| {
            db.prepare(
                "SELECT a.text, b.id FROM note a, note b WHERE a.id < 60 ORDER BY 1, 2 DESC",
            )?
            .query_map([], |row| row.get::<_, i64>(1))?
            .count();
            Ok(())
        })
        .unwrap();
    vault.compact().unwrap();
    let mut writer = vault.begin_medium().unwrap();
    writer.write(&[7; 300_000]).unwrap();
    let container = vault.container().clone();
    vault.lock().unwrap();
    writer.write(&[8; 300_000]).unwrap();
    drop(writer);
    assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
    let mut vault = container.unlock(CODE).unwrap();
    vault.set_reserve(4_000_000).unwrap();
    vault.change_code(b"otras cinco palabras nada").unwrap();
    container.full_pass(|_, _| true).unwrap();
    let id = vault.media().unwrap();
    vault.delete_medium(&id[0]).unwrap();
    vault.back_up(b"seis", CHEAP, std::io::sink()).unwrap();
    vault.lock().unwrap();
}

fn lock(dir: &Path) {
    let mut vault = Vault::create_with(dir, CODE, CHEAP, &PHONE).unwrap();
    let text = Zeroizing::new(HIDDEN.iter().map(|byte| byte ^ KEY).collect::<Vec<u8>>());
    vault
        .write("tables", |tx| {
            tx.execute_batch(
                "CREATE TABLE note(id INTEGER PRIMARY KEY, text BLOB);
                 CREATE VIRTUAL TABLE words USING fts5(text);",
            )
        })
        .unwrap();
    for _ in 0..20 {
        vault
            .write("note", |tx| {
                tx.execute("INSERT INTO note(text) VALUES(?1)", [text.as_slice()])?;
                tx.execute("INSERT INTO words SELECT CAST(?1 AS TEXT)", [text.as_slice()])
            })
            .unwrap();
    }
    for times in [1, 8_000] {
        let mut writer = vault.begin_medium().unwrap();
        (0..times).for_each(|_| writer.write(&text).unwrap());
        let finished = writer.finish().unwrap();
        vault.write("medium", |tx| finished.record(tx)).unwrap();
        let mut reader = vault.read_medium(&finished.id).unwrap();
        let mut read = Zeroizing::new(vec![0; 100_000]);
        std::io::Read::read(&mut reader, &mut read).unwrap();
    }
    say_and_wait("open");
    drop(text);
    vault.lock().unwrap();
    say_and_wait("locked");
}

fn say_and_wait(word: &str) {
    println!("\n{word}");
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// Reads all memory of the child that can be written, as a core dump would hold it.
fn found_in_memory(child: &Child) -> bool {
    let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
    let memory = File::open(format!("/proc/{}/mem", child.id())).unwrap();
    maps.lines().filter(|line| line.contains(" rw")).any(|line| {
        let range = line.split(' ').next().unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let mut bytes = vec![0; (number(to) - number(from)) as usize];
        memory.read_exact_at(&mut bytes, number(from)).is_ok() && has_text(&bytes)
    })
}

/// Whether any piece of the text stands in the bytes.
fn has_text(bytes: &[u8]) -> bool {
    let text: Vec<u8> = HIDDEN.iter().map(|byte| byte ^ KEY).collect();
    let pieces: Vec<&[u8]> = text.windows(PIECE).step_by(8).collect();
    bytes.windows(PIECE).any(|window| pieces.contains(&window))
}
