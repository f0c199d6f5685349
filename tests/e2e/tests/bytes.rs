// SPDX-License-Identifier: MPL-2.0
//! Every byte of a small export changed, and 10 000 of a larger one: both verifiers name what was
//! altered, and name the same.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use amate_app::export::verify_export;
use amate_e2e::{
    actor::{Actor, Relay},
    rounds,
};
use tempfile::TempDir;

/// A case with a record, a file of so many bytes and a recording, sent through a relay's log.
fn export(dir: &Path, bytes: usize) -> PathBuf {
    let mut relay = Relay::new(dir.join("relevo"));
    let capability = relay.invite().unwrap();
    relay.start().unwrap();
    let actor = Actor::new(dir, "una").unwrap();
    actor.must(&["init", "--name", "Una", "--cost", "1"]).unwrap();
    actor.must(&["relay", "add", &relay.url(), "--capability", &capability]).unwrap();
    let desk = Actor::new(dir, "mesa").unwrap();
    desk.must(&["init", "--name", "Mesa", "--cost", "1"]).unwrap();
    desk.must(&["relay", "add", &relay.url(), "--capability", &capability]).unwrap();
    let text = desk.must(&["pair", "show"]).unwrap();
    actor.must(&["pair", "scan", text.trim(), "--name", "Mesa"]).unwrap();
    actor.must(&["log", "Un hecho.", "--where", "Cerca de la cancha"]).unwrap();
    let file = dir.join("archivo.bin");
    fs::write(&file, vec![0x41; bytes]).unwrap();
    actor.must(&["import", file.to_str().unwrap()]).unwrap();
    actor.must_with_input(&["record", "--small"], &[9; 3_000]).unwrap();
    actor.must(&["send", "--case", "1", "--to", "Mesa"]).unwrap();
    let zip = dir.join("caso.zip");
    actor.must(&["export", "--case", "1", zip.to_str().unwrap()]).unwrap();
    zip
}

/// Names of the entries with where their bytes stand.
fn entries(zip: &[u8]) -> Vec<(String, std::ops::Range<usize>)> {
    let (mut all, mut at) = (Vec::new(), 0);
    while zip[at..].starts_with(b"PK\x03\x04") {
        let size = u32::from_le_bytes(zip[at + 18..at + 22].try_into().unwrap()) as usize;
        let data = at + 30 + usize::from(zip[at + 26]);
        let name = String::from_utf8(zip[at + 30..data].to_vec()).unwrap();
        all.push((name, data..data + size));
        at = data + size;
    }
    all
}

/// The result, which must not be *intact*, and must name the file whose bytes these are.
fn result(
    zip: &mut [u8],
    files: &[(String, std::ops::Range<usize>)],
    at: usize,
    xor: u8,
) -> String {
    zip[at] ^= xor;
    let result = verify_export(Cursor::new(&*zip));
    zip[at] ^= xor;
    let Ok(result) = result else { return "none".into() };
    assert!(!result.is_intact(), "byte {at}");
    if let Some((name, _)) = files.iter().find(|(_, range)| range.contains(&at)) {
        assert!(result.altered.iter().any(|one| one.file == *name), "byte {at} of {name}");
    } else {
        assert!(!result.altered.is_empty(), "byte {at}");
    }
    String::from_utf8(result.to_json()).unwrap()
}

/// What the verifier in Python says of the same changes.
fn python(zip: &Path, changes: &[(usize, u8)]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verify/changed.py");
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(zip)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let lines: String = changes.iter().map(|(at, xor)| format!("{at} {xor}\n")).collect();
    let writer = std::thread::spawn(move || pipe.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn agree(path: &Path, changes: &[(usize, u8)], compared: usize) {
    let mut zip = fs::read(path).unwrap();
    assert!(verify_export(Cursor::new(&zip)).unwrap().is_intact());
    let files = entries(&zip);
    let theirs = {
        let (path, some) = (path.to_owned(), changes[..compared].to_vec());
        std::thread::spawn(move || python(&path, &some))
    };
    let ours: Vec<String> =
        changes.iter().map(|(at, xor)| result(&mut zip, &files, *at, *xor)).collect();
    let theirs = theirs.join().unwrap();
    assert_eq!(theirs.len(), compared);
    for ((ours, theirs), change) in ours.iter().zip(&theirs).zip(changes) {
        assert_eq!(ours, theirs, "{change:?}");
    }
}

#[test]
fn no_changed_byte_of_a_small_export_goes_unnoticed() {
    let dir = TempDir::new().unwrap();
    let zip = export(dir.path(), 40);
    let length = usize::try_from(fs::metadata(&zip).unwrap().len()).unwrap();
    let changes: Vec<(usize, u8)> = (0..length).map(|at| (at, 1 << (at % 8))).collect();
    agree(&zip, &changes, length);
}

#[test]
fn none_of_10_000_changed_bytes_of_a_large_export_goes_unnoticed() {
    let dir = TempDir::new().unwrap();
    let zip = export(dir.path(), 1_500_000);
    let length = usize::try_from(fs::metadata(&zip).unwrap().len()).unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let changes: Vec<(usize, u8)> = (0..rounds(10_000))
        .map(|_| (usize::try_from(next()).unwrap() % length, (next() % 255 + 1) as u8))
        .collect();
    agree(&zip, &changes, rounds(2_000));
}
