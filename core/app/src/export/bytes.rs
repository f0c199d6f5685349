// SPDX-License-Identifier: MPL-2.0
//! Stage 2 of a verification: the bytes of every file against its header and the index (rules
//! Z-2, Z-3, Z-4).

use std::io::{self, Read, Seek};

use amate_seal::{
    hash::{Hasher, sha256},
    sign,
};
use amate_wire::document::{self, Format, hex, unhex};

use super::{
    MAX_TEXT,
    archive::{Archive, Entry},
    index::{File, Index},
    result::{Findings, Why},
};
use crate::keys::DEVICE_LABEL;

/// What stage 2 leaves for the next one.
pub(super) struct CheckedBytes {
    /// The index, when it could be read.
    pub(super) index: Option<Index>,
    /// The exporter's identity key, hex, when certificate and signature hold.
    pub(super) exporter: Option<String>,
}

/// Checksum and hash of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digest {
    /// CRC-32.
    pub(super) crc: u32,
    /// SHA-256.
    pub(super) sha256: [u8; 32],
    /// Bytes.
    pub(super) length: u64,
}

impl Digest {
    /// Of bytes in memory.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        Self { crc: crc32fast::hash(bytes), sha256: sha256(bytes), length: bytes.len() as u64 }
    }

    /// Reads all bytes of a stream.
    pub(super) fn of(reader: &mut impl Read) -> io::Result<Self> {
        let (mut crc, mut hasher, mut length) = (crc32fast::Hasher::new(), Hasher::default(), 0);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => buffer.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            crc.update(read);
            hasher.update(read);
            length += read.len() as u64;
        }
        Ok(Self { crc: crc.finalize(), sha256: hasher.finish(), length })
    }
}

/// Compares all bytes with headers and index.
pub(super) fn check_bytes<R: Read + Seek>(
    archive: &mut Archive<R>,
    found: &mut Findings,
) -> io::Result<CheckedBytes> {
    let nothing = CheckedBytes { index: None, exporter: None };
    let entries = archive.entries().to_vec();
    let mut digests = Vec::with_capacity(entries.len());
    for entry in &entries {
        let digest = Digest::of(&mut archive.stream(entry)?)?;
        if digest.crc != entry.crc {
            found.add(&entry.name, Why::Crc);
        }
        digests.push(digest);
    }
    let Some((json, signature)) = index_files(archive, found)? else { return Ok(nothing) };
    let Some(index) = json.as_ref().and_then(|json| document::read::<Index>(json).ok()) else {
        found.add("export.json", Why::Json);
        return Ok(nothing);
    };
    let signed = is_signed(&index, &json.unwrap_or_default(), &signature.unwrap_or_default());
    if !signed {
        found.add("export.sig", Why::Signature);
    }
    compare(&entries, &digests, &index.files, found);
    let exporter = signed.then(|| index.identity.clone());
    Ok(CheckedBytes { index: Some(index), exporter })
}

type Text = Option<Vec<u8>>;

/// `export.json` and `export.sig`; `None` when one is absent or its CRC-32 differs.
fn index_files<R: Read + Seek>(
    archive: &mut Archive<R>,
    found: &mut Findings,
) -> io::Result<Option<(Text, Text)>> {
    let [json, signature] = ["export.json", "export.sig"].map(|name| {
        let entry = archive.find(name).cloned();
        if entry.is_none() {
            found.add(name, Why::MissingFile);
        }
        entry.filter(|_| !found.has(name, Why::Crc))
    });
    let (Some(json), Some(signature)) = (json, signature) else { return Ok(None) };
    Ok(Some((archive.read(&json, MAX_TEXT)?, archive.read(&signature, MAX_TEXT)?)))
}

/// Rule Z-4: certificate under the identity, signature under the exporter's device key.
fn is_signed(index: &Index, json: &[u8], signature: &[u8]) -> bool {
    let verified = || {
        let (identity, exporter) = (unhex(&index.identity).ok()?, unhex(&index.exporter).ok()?);
        let certificate = unhex(&index.certificate).ok()?;
        sign::verify(&identity, DEVICE_LABEL, &exporter, &certificate).ok()?;
        sign::verify(&exporter, Index::LABEL, json, signature.try_into().ok()?).ok()
    };
    verified().is_some()
}

fn compare(entries: &[Entry], digests: &[Digest], listed: &[File], found: &mut Findings) {
    for (entry, digest) in entries.iter().zip(digests) {
        if matches!(entry.name.as_str(), "export.json" | "export.sig") {
            continue;
        }
        match listed.binary_search_by(|file| file.name.cmp(&entry.name)) {
            Ok(at) => {
                let same = listed.get(at).is_some_and(|file| {
                    file.length == digest.length && file.sha256 == hex(&digest.sha256)
                });
                if !same {
                    found.add(&entry.name, Why::Hash);
                }
            }
            Err(_) => found.add(&entry.name, Why::UnknownFile),
        }
    }
    for file in listed {
        if entries.binary_search_by(|entry| entry.name.cmp(&file.name)).is_err() {
            found.add(&file.name, Why::MissingFile);
        }
    }
}
