// SPDX-License-Identifier: MPL-2.0
//! All public age vectors (C2SP/CCTV), read in place. Armor and passphrases are not ours.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{collections::HashMap, fs, io::Read, path::Path};

use amate_seal::{
    age::{Identity, Reader},
    hash::sha256,
};

struct Vector {
    name: String,
    keys: HashMap<String, String>,
    identities: Vec<String>,
    file: Vec<u8>,
}

#[test]
fn every_public_age_vector_ends_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/age");
    let (mut run, mut hybrid, mut skipped) = (0, 0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "md") {
            continue;
        }
        let vector = read(&path);
        if vector.keys.contains_key("armored") || vector.keys.contains_key("passphrase") {
            skipped += 1;
            continue;
        }
        check(&vector);
        run += 1;
        hybrid += usize::from(vector.name.starts_with("hybrid"));
    }
    assert_eq!((run, hybrid, run + skipped), (85, 18, 143), "vectors run, hybrid ones, all");
}

/// A final chunk that data follows, or a middle chunk at the end: the reference releases such a
/// chunk before it sees the fault, we never do.
const HELD_BACK: [&str; 3] = ["stream_no_final", "stream_trailing_garbage", "stream_two_final"];

fn check(vector: &Vector) {
    let identities: Vec<_> =
        vector.identities.iter().map(|text| Identity::from_text(text).unwrap()).collect();
    let mut plain = Vec::new();
    let end = Reader::new(vector.file.as_slice(), &identities)
        .and_then(|mut reader| read_small(&mut reader, &mut plain));
    let expect = vector.keys.get("expect").unwrap();
    assert_eq!(end.is_ok(), expect == "success", "{}: {end:?}", vector.name);
    if HELD_BACK.iter().any(|name| vector.name.starts_with(name)) {
        assert_eq!(plain.len() % 65_536, 0, "{}: only whole middle chunks", vector.name);
    } else if let Some(payload) = vector.keys.get("payload") {
        assert_eq!(&hex(&sha256(&plain)), payload, "{}: what was released", vector.name);
    } else {
        assert!(plain.is_empty(), "{}: nothing is released", vector.name);
    }
}

/// Reads with an odd buffer so that chunk borders are crossed inside a read.
fn read_small(reader: &mut impl Read, out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut buffer = [0; 777];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(()),
            n => out.extend_from_slice(&buffer[..n]),
        }
    }
}

fn read(path: &Path) -> Vector {
    let bytes = fs::read(path).unwrap();
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut keys = HashMap::new();
    let mut identities = Vec::new();
    for line in head.lines() {
        let (key, value) = line.split_once(": ").unwrap();
        if key == "identity" {
            identities.push(value.to_owned());
        }
        keys.insert(key.to_owned(), value.to_owned());
    }
    let body = &bytes[end + 2..];
    let file = match keys.get("compressed") {
        Some(kind) => {
            assert_eq!(kind, "zlib");
            miniz_oxide::inflate::decompress_to_vec_zlib(body).unwrap()
        }
        None => body.to_vec(),
    };
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    Vector { name, keys, identities, file }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
