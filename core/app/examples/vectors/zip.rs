// SPDX-License-Identifier: MPL-2.0
//! A second, independent writer of the archive, which also writes wrong ones.

use std::collections::BTreeMap;

use amate_seal::{hash::sha256, sign::SigningKey};
use amate_wire::document::hex;

use super::sample::key;

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Files of a canonical zip, by its local headers.
pub fn unpack(zip: &[u8]) -> Files {
    let (mut files, mut at) = (Files::new(), 0);
    while zip[at..].starts_with(b"PK\x03\x04") {
        let size = u32::from_le_bytes(zip[at + 18..at + 22].try_into().unwrap()) as usize;
        let name_len = usize::from(zip[at + 26]);
        let data = at + 30 + name_len;
        let name = String::from_utf8(zip[at + 30..data].to_vec()).unwrap();
        files.insert(name, zip[data..data + size].to_vec());
        at = data + size;
    }
    files
}

/// The canonical zip of these files.
pub fn pack(files: &Files) -> Vec<u8> {
    let entries: Vec<_> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    pack_in_order(&entries)
}

/// A zip of these files in this order.
pub fn pack_in_order(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let offset = (out.len() as u32).to_le_bytes();
        let (crc, size) =
            (crc32fast::hash(bytes).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
        let name_len = (name.len() as u16).to_le_bytes();
        let fields =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 33, 0], &crc[..], &size, &size, &name_len, &[0, 0]]
                .concat();
        out.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), bytes].concat());
        directory.extend(
            [b"PK\x01\x02\x14\0", &fields[..], &[0; 10], &offset, name.as_bytes()].concat(),
        );
    }
    let count = (files.len() as u16).to_le_bytes();
    let (offset, size) = ((out.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &offset, &[0, 0]].concat();
    [out, directory, end].concat()
}

/// Puts every file into the index and signs it as the exporter would.
pub fn index(files: &mut Files) {
    let listed: Vec<String> = files
        .iter()
        .filter(|(name, _)| !name.starts_with("export."))
        .map(|(name, bytes)| entry(name, bytes))
        .collect();
    index_of(files, &listed);
}

/// Puts these entries into the index and signs it.
pub fn index_of(files: &mut Files, listed: &[String]) {
    let old = String::from_utf8(files["export.json"].clone()).unwrap();
    let (head, _) = old.split_once("\"files\":").unwrap();
    let json = format!("{head}\"files\":[{}]}}", listed.join(",")).into_bytes();
    sign(files, "export", json, &key("device"), "amate/v1/export");
}

/// One entry of the index.
pub fn entry(name: &str, bytes: &[u8]) -> String {
    let (hash, length) = (hex(&sha256(bytes)), bytes.len());
    format!("{{\"name\":\"{name}\",\"sha256\":\"{hash}\",\"length\":{length}}}")
}

/// Replaces a signed document.
pub fn sign(
    files: &mut Files,
    stem: &str,
    json: impl Into<Vec<u8>>,
    key: &SigningKey,
    label: &str,
) {
    let json = json.into();
    files.insert(format!("{stem}.sig"), key.sign(label, &json).to_vec());
    files.insert(format!("{stem}.json"), json);
}

/// Replaces part of a text file, once.
pub fn replaced(files: &Files, name: &str, from: &str, to: &str) -> String {
    let text = String::from_utf8(files[name].clone()).unwrap();
    assert!(text.contains(from), "{name}: {from}");
    text.replacen(from, to, 1)
}
