// SPDX-License-Identifier: MPL-2.0
//! What a vault leaves outside its two files: no other file opened for writing, and nothing of
//! what was written in the memory of the process once it is locked.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Lines, Read, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use amate_seal::kdf::derive;
use amate_vault::{
    CodeCost, Geometry, MediumState, SoftwareKeys, UNIT, Vault, VaultError,
    examine::{Child as Node, Header},
};
use tempfile::TempDir;
use zeroize::Zeroizing;

mod inside;
mod memory;

use inside::Inside;
use memory::Memory;

const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const CODE: &[u8] = b"cinco palabras de prueba nada";
const PHONE: Geometry = Geometry {
    halves: 2,
    spool: 1,
    grows: false,
    pages: 2_400,
    cells: 192,
    journal: 64,
    set_pages: 128,
    set_cells: 12,
};
/// What is looked for, each byte changed: the child makes the text itself, in memory that it wipes.
const HIDDEN: &[u8] = b"eh)jhdfgl}h)n{`z)ef)zln|`)m)gfjal";
const KEY: u8 = 9;
/// Short pieces of it would be found by chance, and pieces of it lie in pages.
const PIECE: usize = 16;
/// Cells of the longest medium: more than the states that a reader keeps are apart.
const CELLS: usize = 80;

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
    let mut child = Traced::start("lock", dir.path());
    let open = child.memory_at("open");
    assert!(open.regions().any(has_text), "an open vault has it in memory: the search works");
    let locked = child.memory_at("locked");
    drop(child);
    assert!(!locked.regions().any(has_text));
    for name in ["vault", "reserve"] {
        assert!(!has_text(&fs::read(dir.path().join(name)).unwrap()), "{name}");
    }
}

#[test]
fn no_key_is_in_memory_after_the_lock() {
    let dir = TempDir::new().unwrap();
    drop(Vault::create_with(dir.path(), CODE, CHEAP, &PHONE).unwrap());
    let mut child = Traced::start("keys", dir.path());
    let open = child.memory_at("open");
    let locked = child.memory_at("locked");
    drop(child);
    let keys = keys_of(dir.path());
    let kinds: BTreeSet<_> = keys.iter().map(|(kind, _)| *kind).collect();
    let (before, after) = (open.count(&keys), locked.count(&keys));
    let seen: BTreeSet<_> = before.keys().copied().filter(|kind| *kind != "code").collect();
    assert!(seen.len() + 1 >= kinds.len(), "an open vault has them: the search works: {before:?}");
    assert!(after.is_empty(), "{after:?} of {before:?}");
}

/// Every key that the vault in this folder has, by what it opens.
fn keys_of(dir: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let inside = Inside::read(dir, CODE);
    let header = Header::parse(&fs::read(dir.join("vault")).unwrap()[..UNIT]).unwrap();
    let layer = header.layer_key(&SoftwareKeys, header.handles()[1]).unwrap();
    let mut keys = vec![
        ("code", header.code_key(&SoftwareKeys, CODE).unwrap().to_vec()),
        ("layer", layer.to_vec()),
        ("volume", inside.volume_key.to_vec()),
    ];
    keys.extend(inside.place_keys().map(|key| ("place", key.to_vec())));
    for (_, children) in inside.leaves() {
        keys.extend(children.into_iter().filter_map(|child| match child {
            Node::At(entry) => Some(("page", entry.key.to_vec())),
            _ => None,
        }));
    }
    let vault = Vault::open(dir, CODE).unwrap();
    let media: Vec<[u8; 32]> = vault
        .read(|db| db.prepare("SELECT key FROM media")?.query_map([], |row| row.get(0))?.collect())
        .unwrap();
    for mut key in media {
        for _ in 0..CELLS {
            let cell = derive::<32>(&key, "amate/v1/vault/media/cell", &[]);
            keys.extend([("chain", key.to_vec()), ("cell", cell.expose().to_vec())]);
            key = *derive::<32>(&key, "amate/v1/vault/media/next", &[]).expose();
        }
    }
    keys
}

/// This test again, as a process that says where it stands and waits.
struct Traced {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Traced {
    fn start(kind: &str, dir: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env("AMATE_TRACED", kind)
            .env("AMATE_DIR", dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, said }
    }

    /// Its memory where it says this word; then it goes on.
    fn memory_at(&mut self, word: &str) -> Memory {
        while self.said.next().unwrap().unwrap() != word {}
        let memory = Memory::of(&self.child);
        writeln!(self.child.stdin.as_mut().unwrap()).unwrap();
        memory
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The process that is looked at; run only by the tests above.
#[test]
fn child() {
    let Ok(kind) = std::env::var("AMATE_TRACED") else { return };
    let dir = std::env::var("AMATE_DIR").unwrap();
    match kind.as_str() {
        "walk" => walk(Path::new(&dir)),
        "keys" => keys(Path::new(&dir)),
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
        assert!(reader.read(&mut read).unwrap() > 0);
    }
    say_and_wait("open");
    drop(text);
    vault.lock().unwrap();
    say_and_wait("locked");
}

/// Everything that has keys in its hands.
fn keys(dir: &Path) {
    let mut vault = Vault::open(dir, CODE).unwrap();
    vault
        .write("tables", |tx| tx.execute_batch("CREATE TABLE note(n INTEGER, text TEXT)"))
        .unwrap();
    for round in 0..80 {
        vault
            .write("rows", |tx| {
                (0..=round).try_for_each(|n| {
                    tx.execute("INSERT INTO note VALUES(?1, ?2)", (n, "palabra ".repeat(60)))?;
                    tx.execute("DELETE FROM note WHERE n < ?1", [n / 2]).map(drop)
                })
            })
            .unwrap();
    }
    vault.set_reserve(2 * vault.reserve().unwrap()).unwrap();
    let mut finished = vault.begin_medium().unwrap();
    finished.write(&vec![5; CELLS * 60_000]).unwrap();
    let finished = finished.finish().unwrap();
    vault.write("medium", |tx| finished.record(tx)).unwrap();
    let mut cut = vault.begin_medium().unwrap();
    cut.write(&[6; 300_000]).unwrap();
    let id = cut.id();
    let container = vault.container().clone();
    vault.lock().unwrap();
    cut.write(&[6; 300_000]).unwrap();
    drop(cut);
    // On threads of their own, as screens do it: what ends leaves a stack behind.
    let passing = container.clone();
    std::thread::spawn(move || passing.full_pass(|_, _| true)).join().unwrap().unwrap();
    let vault = std::thread::spawn(move || container.unlock(CODE)).join().unwrap().unwrap();
    assert_eq!(vault.medium(&id).unwrap().state, MediumState::Prefix);
    let mut reader = vault.read_medium(&finished.id).unwrap();
    std::io::copy(&mut reader.by_ref(), &mut std::io::sink()).unwrap();
    reader.seek_to(70_000).unwrap();
    say_and_wait("open");
    drop(reader);
    vault.lock().unwrap();
    say_and_wait("locked");
}

fn say_and_wait(word: &str) {
    println!("\n{word}");
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// Whether any piece of the text stands in the bytes.
fn has_text(bytes: &[u8]) -> bool {
    let text: Vec<u8> = HIDDEN.iter().map(|byte| byte ^ KEY).collect();
    let pieces: Vec<&[u8]> = text.windows(PIECE).step_by(8).collect();
    bytes.windows(PIECE).any(|window| pieces.contains(&window))
}
