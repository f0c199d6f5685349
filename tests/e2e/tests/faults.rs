// SPDX-License-Identifier: MPL-2.0
//! Bad input and faults at the command line: one clear sentence, nothing lost, no panic.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use amate_e2e::actor::{Actor, Answer, Relay};
use tempfile::TempDir;

fn vault(dir: &Path, name: &str) -> Actor {
    let actor = Actor::new(dir, name).unwrap();
    actor.must(&["init", "--name", name, "--cost", "1"]).unwrap();
    actor
}

/// It failed with words for a person, and with no more than a sentence or three.
fn kindly(answer: &Answer, says: &str) {
    let all = format!("{}{}", answer.out, answer.err);
    assert_eq!(answer.status.code(), Some(1), "{all}");
    assert!(answer.err.contains(says), "{all}");
    for never in ["panicked", "Error", "error", "os error", "RUST_BACKTRACE", "/src/"] {
        assert!(!all.contains(never), "{all}");
    }
    assert!(answer.err.lines().count() <= 3, "{all}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_wrong_code_opens_nothing_and_says_so() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    actor.must(&["log", "Un hecho."]).unwrap();
    let code = dir.path().join("uno.code");
    let right = fs::read(&code).unwrap();
    for wrong in ["cinco palabras de prueba", "otras cinco palabras de prueba", "", "\u{0}\u{1}"] {
        fs::write(&code, wrong).unwrap();
        let answer = actor.run(&["list"]).unwrap();
        assert_eq!(answer.status.code(), Some(1));
        assert!(!answer.err.contains("Un hecho") && !answer.out.contains("Un hecho"));
        assert!(!answer.err.trim().is_empty());
    }
    fs::write(&code, right).unwrap();
    assert!(actor.must(&["list"]).unwrap().contains("Un hecho"));
}

#[test]
fn a_vault_that_is_cut_or_changed_says_so_and_never_panics() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    actor.must(&["log", "Un hecho."]).unwrap();
    actor.must(&["log", "Otro hecho."]).unwrap();
    let whole = dir.path().join("copia");
    copy(actor.home(), &whole);
    let file = actor.home().join("vault");
    let length = fs::metadata(&file).unwrap().len();
    let mut opened = 0;
    for n in 0..24_u64 {
        let bytes = fs::read(whole.join("vault")).unwrap();
        let at = usize::try_from(length * n / 24).unwrap();
        let mut changed = bytes.clone();
        if n % 2 == 0 {
            changed.truncate(at);
        } else {
            changed[at..(at + 64).min(bytes.len())].fill(0x5a);
        }
        fs::write(&file, changed).unwrap();
        let answer = actor.run(&["list"]).unwrap();
        if answer.status.success() {
            // One of the two copies of the records is whole: the newest saved or the one before.
            assert!(answer.out.contains("Un hecho"), "{n}: {}", answer.out);
            opened += 1;
        } else {
            let all = format!("{}{}", answer.out, answer.err);
            assert!(!all.contains("panicked") && !answer.err.trim().is_empty(), "{n}: {all}");
        }
        fs::remove_dir_all(actor.home()).unwrap();
        copy(&whole, actor.home());
    }
    assert!(opened > 0, "damage to the older copy is survived");
    assert!(actor.must(&["list"]).unwrap().contains("Otro hecho"));
}

#[test]
fn a_medium_that_is_cut_or_changed_is_named_and_the_rest_stays() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    let file = dir.path().join("foto.jpg");
    for byte in [7, 8] {
        fs::write(&file, vec![byte; 300_000]).unwrap();
        actor.must(&["import", file.to_str().unwrap()]).unwrap();
    }
    actor.must(&["log", "Un hecho."]).unwrap();
    let whole = dir.path().join("copia");
    copy(actor.home(), &whole);
    // Each of the ten cells that the two photos take, and one that holds nothing.
    let mut named = [0; 2];
    for cell in 0..11 {
        let mut bytes = fs::read(whole.join("reserve")).unwrap();
        bytes[cell * 65_536 + 5_000..][..64].fill(0);
        fs::write(actor.home().join("reserve"), bytes).unwrap();
        for ((number, byte), named) in [("1", 7), ("2", 8)].into_iter().zip(&mut named) {
            let out = dir.path().join(format!("salida-{cell}-{number}"));
            let answer =
                actor.run(&["view", "--case", "1", number, out.to_str().unwrap()]).unwrap();
            if answer.status.success() {
                assert!(fs::read(&out).unwrap() == [byte; 300_000], "{cell}: {number}");
            } else {
                kindly(&answer, "");
                *named += 1;
            }
        }
        assert!(actor.must(&["list"]).unwrap().contains("Un hecho"));
    }
    assert_eq!(named, [5, 5], "a cell belongs to one photo, and what is in it is never guessed");
    fs::OpenOptions::new()
        .write(true)
        .open(actor.home().join("reserve"))
        .and_then(|file| file.set_len(150_000))
        .unwrap();
    let cut = actor.run(&["list"]).unwrap();
    kindly(&cut, "");
}

/// A small file system of its own, gone with the test.
struct Small(PathBuf);

impl Small {
    fn new(dir: &Path, megabytes: u32) -> Self {
        let path = dir.join("chico");
        fs::create_dir(&path).unwrap();
        let size = format!("size={megabytes}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path);
        assert!(mount.status().unwrap().success(), "needs root to mount a tmpfs");
        Self(path)
    }

    /// Leaves so many KiB free.
    fn fill(&self, kib: u64) {
        let free = Command::new("df").args(["--output=avail", "-k"]).arg(&self.0).output().unwrap();
        let text = String::from_utf8(free.stdout).unwrap();
        let free: u64 = text.lines().nth(1).unwrap().trim().parse().unwrap();
        let bytes = usize::try_from(free.saturating_sub(kib) * 1_024).unwrap();
        fs::write(self.0.join("relleno"), vec![1; bytes]).unwrap();
    }

    fn empty(&self) {
        fs::remove_file(self.0.join("relleno")).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_while_saving_and_taking_in_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let small = Small::new(dir.path(), 24);
    let actor = vault(&small.0, "uno");
    actor.must(&["log", "Un hecho."]).unwrap();
    let file = dir.path().join("video.bin");
    fs::write(&file, vec![9; 3_000_000]).unwrap();
    let file = file.to_str().unwrap();
    for kib in [0, 4, 40, 400, 1_500] {
        small.fill(kib);
        for words in [&["import", file][..], &["capture", file], &["log", "No cabe."]] {
            let answer = actor.run(words).unwrap();
            if !answer.status.success() {
                kindly(&answer, "Ya no cabe");
            }
        }
        kindly(&actor.run(&["import", file]).unwrap(), "Ya no cabe");
        let list = actor.run(&["list"]).unwrap();
        assert!(list.out.contains("Un hecho"), "{kib}: {}{}", list.out, list.err);
        small.empty();
    }
    actor.must(&["import", file]).unwrap();
}

#[test]
fn a_full_disk_while_receiving_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let small = Small::new(dir.path(), 24);
    let mut relay = Relay::new(dir.path().join("relevo"));
    let capability = relay.invite().unwrap();
    relay.start().unwrap();
    let (phone, desk) = (vault(dir.path(), "dos"), vault(&small.0, "mesa"));
    desk.must(&["relay", "add", &relay.url(), "--capability", &capability]).unwrap();
    let text = desk.must(&["pair", "show", "--grant", "1"]).unwrap();
    phone.must(&["pair", "scan", text.trim(), "--name", "Mesa"]).unwrap();
    let file = dir.path().join("video.bin");
    fs::write(&file, vec![9; 3_000_000]).unwrap();
    phone.must(&["import", file.to_str().unwrap()]).unwrap();
    phone.must(&["send", "--case", "1", "--to", "Mesa"]).unwrap();
    for kib in [0, 100, 1_000, 4_000] {
        small.fill(kib);
        let answer = desk.run(&["receive"]).unwrap();
        let all = format!("{}{}", answer.out, answer.err);
        assert!(all.contains("Ya no cabe") && !all.contains("panicked"), "{kib}: {all}");
        small.empty();
    }
    desk.must(&["receive"]).unwrap();
    let inbox = desk.must(&["inbox"]).unwrap();
    assert!(!inbox.trim().is_empty());
    desk.must(&["open", "1"]).unwrap();
}

#[test]
fn ten_gigabytes_into_a_small_reserve_are_refused_whole() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    actor.must(&["storage", "--reserve", "5"]).unwrap();
    let file = dir.path().join("grande.bin");
    fs::File::create(&file).unwrap().set_len(10_000_000_000).unwrap();
    kindly(&actor.run(&["import", file.to_str().unwrap()]).unwrap(), "Ya no cabe");
    let length = fs::metadata(actor.home().join("reserve")).unwrap().len();
    assert!(length < 20_000_000, "{length}: what never fits is not begun on the disk");
    assert!(actor.must(&["storage"]).unwrap().contains("0 MB de 5 MB"));
    actor.must(&["log", "Un hecho."]).unwrap();
}

#[test]
fn empty_and_mislabelled_media_are_taken_as_what_they_are() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    for (name, bytes) in [
        ("vacio.jpg", &b""[..]),
        ("no-es.jpg", b"texto, no foto"),
        ("es-png.jpg", png),
        ("cortada.jpg", b"\xff\xd8\xff\xe1\xff\xff"),
        ("cortada.png", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"),
    ] {
        let file = dir.path().join(name);
        fs::write(&file, bytes).unwrap();
        for command in ["import", "capture"] {
            actor.must(&[command, file.to_str().unwrap()]).unwrap();
        }
    }
    let list = actor.must(&["list"]).unwrap();
    assert!(list.contains("foto") && list.contains("archivo"), "{list}");
    let zip = dir.path().join("caso.zip");
    actor.must(&["export", "--case", "1", zip.to_str().unwrap()]).unwrap();
    actor.must(&["verify", zip.to_str().unwrap()]).unwrap();
}

#[test]
fn metadata_that_is_too_much_for_a_fact_is_kept_as_a_piece_of_its_own() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    let picture = [
        &[0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0xd9][..],
        &b"video con GPS ".repeat(40_000),
    ];
    let file = dir.path().join("movimiento.jpg");
    fs::write(&file, picture.concat()).unwrap();
    actor.must(&["capture", file.to_str().unwrap()]).unwrap();
    for (number, bytes) in [("1", picture[0]), ("2", picture[1])] {
        let out = dir.path().join(format!("vista-{number}"));
        actor.must(&["view", "--case", "1", number, out.to_str().unwrap()]).unwrap();
        assert!(fs::read(&out).unwrap() == bytes, "piece {number}");
    }
}

#[test]
fn hostile_file_names_are_shown_harmless() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    for name in ["salto\nde línea.txt", "\u{1b}[31mrojo.txt", "\u{202e}gpj.exe", "-rf", "' OR 1=1"]
    {
        let file = dir.path().join(name);
        fs::write(&file, name).unwrap();
        actor.must(&["import", file.to_str().unwrap()]).unwrap();
    }
    let list = actor.must(&["list"]).unwrap();
    assert!(!list.contains('\u{1b}') && !list.contains('\u{202e}'), "{list:?}");
}

#[test]
fn what_does_not_exist_is_named_with_the_next_step() {
    let dir = TempDir::new().unwrap();
    let none = Actor::new(dir.path(), "nadie").unwrap();
    for words in [&["list"][..], &["log", "Un hecho."], &["status"], &["receive"]] {
        let answer = none.run(words).unwrap();
        kindly(&answer, "init");
    }
    let actor = vault(dir.path(), "uno");
    kindly(&actor.run(&["init", "--cost", "1"]).unwrap(), "");
    kindly(&actor.run(&["import", "/no/existe.jpg"]).unwrap(), "no/existe.jpg");
    kindly(&actor.run(&["send", "--case", "7", "--to", "Nadie"]).unwrap(), "Nadie");
    kindly(&actor.run(&["open", "9"]).unwrap(), "9");
    kindly(&actor.run(&["log", "  "]).unwrap(), "");
    kindly(&actor.run(&["pair", "scan", "AMATE1:NADA", "--name", "X"]).unwrap(), "");
    kindly(&actor.run(&["relay", "add", "ftp://x"]).unwrap(), "");
    kindly(&actor.run(&["relay", "add", "http://127.0.0.1:1"]).unwrap(), "");
    let zip = dir.path().join("x.zip");
    fs::write(&zip, "no es un zip").unwrap();
    let answer = actor.run(&["verify", zip.to_str().unwrap()]).unwrap();
    assert_eq!(answer.status.code(), Some(2));
    assert!(!answer.err.trim().is_empty() && !answer.err.contains("panicked"));
    assert_eq!(actor.run(&["vuela"]).unwrap().status.code(), Some(64));
}
