// SPDX-License-Identifier: MPL-2.0
//! Exports: any bytes, and exports that are canonical and signed but hold one hostile file.

use std::{collections::HashSet, io::Cursor as Bytes, sync::OnceLock};

use amate_app::{
    export::{explain, verify_export},
    text::Texts,
};
use amate_seal::{
    hash::{labelled, sha256},
    secret::Secret,
    sign::SigningKey,
};
use amate_wire::document::hex;

use crate::{
    vectors::{files, vectors},
    world::Cursor,
};

/// Any bytes. Only an export that somebody exported is intact.
pub fn export(bytes: &[u8]) -> bool {
    let intact = verdict(bytes);
    if intact {
        assert!(whole().contains(&sha256(bytes)), "nobody exported this");
    }
    intact
}

/// `u16(which file of which sample) ‖ its bytes`, in an archive that is otherwise right: headers,
/// checksums, index and signature of the exporter. `export.json` and `export.sig` are taken as they
/// come; a new `export.json` is signed.
pub fn export_file(bytes: &[u8]) -> bool {
    let mut cursor = Cursor(bytes);
    let number = usize::from(cursor.u16());
    let all = samples();
    let (sample, at) = all[number % all.len()];
    let mut files = sample.clone();
    let name = files[at].0.clone();
    let changed = files[at].1 != cursor.0;
    files[at].1 = cursor.0.to_vec();
    sign_again(&mut files, &name);
    let intact = verdict(&archive(&files));
    if changed && is_evidence(&name) {
        assert!(!intact, "{name} is not what was signed");
    }
    if !changed {
        assert!(intact, "{name} is what was signed");
    }
    intact
}

/// Files whose every byte somebody other than the exporter signed, or a signature.
fn is_evidence(name: &str) -> bool {
    name.ends_with(".sig")
        || ["case.json", "manifest.json", "opening.json", "content"]
            .iter()
            .any(|end| name.ends_with(end))
        || name.contains("/segments/")
        || name.contains("/custody/")
}

fn verdict(bytes: &[u8]) -> bool {
    let Ok(result) = verify_export(Bytes::new(bytes)) else { return false };
    let json = result.to_json();
    let value: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    let verdict = value.get("verdict").and_then(|one| one.as_str());
    assert_eq!(verdict, Some(if result.is_intact() { "intact" } else { "altered" }));
    assert_eq!(result.is_intact(), result.altered.is_empty());
    for pair in result.altered.windows(2) {
        let key = |at: usize| (&pair[at].file, pair[at].why.word());
        assert!(key(0) < key(1), "sorted, each once");
    }
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    for message in explain(&result) {
        let said = TEXTS.get_or_init(|| Texts::new("es")).say(&message);
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "moves no cursor");
    }
    result.is_intact()
}

/// Hashes of every export that a vector says is intact.
fn whole() -> &'static HashSet<[u8; 32]> {
    static WHOLE: OnceLock<HashSet<[u8; 32]>> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let bodies = vectors().into_iter().filter(|(_, accepted, _)| *accepted);
        bodies.map(|(_, _, body)| sha256(&body)).collect()
    })
}

/// Files of an archive by name.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Each file of each sample.
pub(crate) fn samples() -> &'static [(&'static Files, usize)] {
    static ZIPS: OnceLock<Vec<Files>> = OnceLock::new();
    static ALL: OnceLock<Vec<(&'static Files, usize)>> = OnceLock::new();
    let zips = ZIPS.get_or_init(|| {
        let vectors = vectors();
        let body = |name: &str| vectors.iter().find(|one| one.0 == name).map(|one| files(&one.2));
        ["ok-small", "ok-live", "ok-full"].map(|name| body(name).expect("a vector")).into()
    });
    ALL.get_or_init(|| {
        zips.iter().flat_map(|zip| (0..zip.len()).map(move |at| (zip, at))).collect()
    })
}

/// Makes `export.json` say what the files are, and signs it as the exporter of the samples.
fn sign_again(files: &mut Files, changed: &str) {
    if changed == "export.sig" {
        return;
    }
    let find = |files: &Files, name: &str| files.iter().position(|file| file.0 == name);
    let Some(at) = find(files, "export.json") else { return };
    if let Some(file) = files.iter().find(|file| file.0 == changed && changed != "export.json") {
        let (hash, len) = (hex(&sha256(&file.1)), file.1.len());
        let text = String::from_utf8_lossy(&files[at].1).into_owned();
        let before = format!("{{\"name\":\"{changed}\",");
        let (head, tail) = text.split_once(&before).expect("listed");
        let (_, tail) = tail.split_once('}').expect("listed");
        let entry = format!("{before}\"sha256\":\"{hash}\",\"length\":{len}}}");
        files[at].1 = format!("{head}{entry}{tail}").into_bytes();
    }
    // The device key of the samples, as the writer of the vectors makes it.
    let device = SigningKey::from_seed(&Secret::new(labelled("amate sample key", &[b"device"])));
    let signature = device.sign("amate/v1/export", &files[at].1).to_vec();
    if let Some(at) = find(files, "export.sig") {
        files[at].1 = signature;
    }
}

/// A canonical archive (spec/export.md §1).
fn archive(files: &Files) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, data) in files {
        let offset = (out.len() as u32).to_le_bytes();
        let (crc, size) = (crc32fast::hash(data).to_le_bytes(), (data.len() as u32).to_le_bytes());
        let len = (name.len() as u16).to_le_bytes();
        let fields: Vec<u8> =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0], crc.as_slice(), &size, &size, &len, &[0; 2]]
                .concat();
        out.extend([b"PK\x03\x04".as_slice(), &fields, name.as_bytes(), data].concat());
        let name = name.as_bytes();
        central.extend([b"PK\x01\x02\x14\0".as_slice(), &fields, &[0; 10], &offset, name].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let (size, offset) = ((central.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes());
    out.extend(central);
    out.extend(
        [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &size, &offset, &[0; 2]].concat(),
    );
    out
}
