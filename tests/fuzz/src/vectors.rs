// SPDX-License-Identifier: MPL-2.0
//! What of tests/vectors fits which target.

use std::{
    fs,
    path::{Path, PathBuf},
};

use data_encoding::BASE64;

/// Names and bytes.
pub type Inputs = Vec<(String, Vec<u8>)>;

/// Vectors, and files inside of vectors.
#[must_use]
pub fn inputs(target: &str) -> Inputs {
    let mut inputs: Inputs = match target {
        "age" | "age_sealed" => age_vectors(),
        "export" => vectors().into_iter().map(|(name, _, body)| (name, body)).collect(),
        "document" | "log" | "case" | "custody" => {
            let whole = vectors().into_iter().filter(|(name, ..)| name.starts_with("ok-"));
            let all = whole.flat_map(|(_, _, body)| files(&body));
            all.filter(|(name, bytes)| fits(target, name) && bytes.len() < 10_000).collect()
        }
        "live_segment" | "live_stream" => {
            let live = vectors().into_iter().filter(|(name, ..)| name == "ok-live");
            let all = live.flat_map(|(_, _, body)| files(&body));
            all.filter(|(name, _)| name.contains("/segments/")).collect()
        }
        _ => Vec::new(),
    };
    for folder in ["backup", "envelope", "evidence", "keys", "receipts", "relay", "vault"] {
        for (name, head, body) in bodies(folder) {
            let structure = head.lines().find_map(|line| line.strip_prefix("structure: "));
            let fits = structure.is_some_and(|one| structures(target).contains(&one));
            if fits && body.len() < 40_000 {
                inputs.push((name, body));
            }
        }
    }
    inputs
}

/// Structures of vectors (spec/README.md) that a target decodes.
fn structures(target: &str) -> &'static [&'static str] {
    match target {
        "backup_head" => &["head"],
        "capability" => &["capability", "sub-capability"],
        "document" | "case" => &["case-pair"],
        "index" => &["index"],
        "index_block_sealed" => &["block", "tree"],
        "item_plain" => &["item"],
        "key_set" => &["key-set"],
        "log" => &["checkpoint", "consistency", "proof"],
        "notice" | "notice_plain" => &["notice"],
        "notice_sealed" => &["sealed-notice"],
        "pairing" => &["pairing", "slot"],
        "parcel" => &["parcel-manifest"],
        "receipt" => &["receipt"],
        "vault_header" => &["header"],
        _ => &[],
    }
}

fn fits(target: &str, name: &str) -> bool {
    match target {
        "log" => name.ends_with(".tlog-proof") || name.ends_with(".not-before"),
        "case" => name == "case.json",
        "custody" => name.contains("/custody/") && name.ends_with(".json"),
        _ => name.ends_with(".json"),
    }
}

fn age_vectors() -> Inputs {
    let mut inputs = Inputs::new();
    for entry in fs::read_dir(repository().join("tests/vectors/age")).expect("readable") {
        let path = entry.expect("readable").path();
        let bytes = fs::read(&path).expect("readable");
        let Some(end) = bytes.windows(2).position(|pair| pair == b"\n\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let name = path.file_name().expect("readable").to_string_lossy().into_owned();
        if head.starts_with("expect: ") {
            let body = &bytes[end + 2..];
            let file = if head.contains("compressed: zlib") {
                miniz_oxide::inflate::decompress_to_vec_zlib(body).expect("readable")
            } else {
                body.to_vec()
            };
            // One of 16 MiB says no more than one of 200 KiB.
            if file.len() < 200_000 {
                inputs.push((name, file));
            }
        }
    }
    inputs.sort();
    inputs
}

/// Name, whether it is accepted, and body of every vector of an export.
#[must_use]
pub fn vectors() -> Vec<(String, bool, Vec<u8>)> {
    let all = bodies("export").into_iter();
    all.map(|(name, head, body)| (name, head.starts_with("expect: accept"), body)).collect()
}

/// Name, header and body of every vector of a folder of tests/vectors.
#[must_use]
pub fn bodies(folder: &str) -> Vec<(String, String, Vec<u8>)> {
    let folder = repository().join("tests/vectors").join(folder);
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("the vectors are here")
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "vec"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("readable");
            let (head, body) = text.split_once("\n\n").expect("a vector");
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let body = if head.contains("encoding: base64") {
                BASE64.decode(body.replace('\n', "").as_bytes()).expect("base64")
            } else {
                body.as_bytes().to_vec()
            };
            (name, head.to_owned(), body)
        })
        .collect();
    all.sort();
    all
}

/// Root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files of a canonical archive.
#[must_use]
pub fn files(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut rest = zip;
    let mut files = Vec::new();
    while let Some(local) = rest.strip_prefix(b"PK\x03\x04") {
        let size = u32::from_le_bytes(*local[18..].first_chunk().expect("whole")) as usize;
        let name = usize::from(u16::from_le_bytes(*local[22..].first_chunk().expect("whole")));
        let name_bytes = &local[26..26 + name];
        let data = &local[26 + name..26 + name + size];
        files.push((String::from_utf8_lossy(name_bytes).into_owned(), data.to_vec()));
        rest = &local[26 + name + size..];
    }
    files
}
