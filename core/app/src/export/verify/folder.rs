// SPDX-License-Identifier: MPL-2.0
//! Reading the files of one folder; what is wrong is noted under its name.

use std::io::{self, Read, Seek};

use amate_seal::hash::sha256;
use amate_wire::document::{self, Format, SignedDocument};

use super::super::{
    MAX_TEXT,
    archive::{Archive, Entry},
    result::{Findings, Why},
};
use crate::evidence::{Signed, check_document};

/// A folder of the archive; `""` is the root.
pub(super) struct Folder<'a, R> {
    pub(super) archive: &'a mut Archive<R>,
    pub(super) found: &'a mut Findings,
    path: String,
}

/// A signed document whose signature holds.
pub(super) struct Checked<F> {
    pub(super) value: F,
    pub(super) id: [u8; 32],
    pub(super) signed: SignedDocument,
}

impl<'a, R: Read + Seek> Folder<'a, R> {
    pub(super) fn new(archive: &'a mut Archive<R>, found: &'a mut Findings, path: String) -> Self {
        Self { archive, found, path }
    }

    /// Notes what is wrong with a file.
    pub(super) fn add(&mut self, file: &str, why: Why) {
        self.found.add(format!("{}{file}", self.path), why);
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn find(&self, file: &str) -> Option<Entry> {
        self.archive.find(&format!("{}{file}", self.path)).cloned()
    }

    /// Entries below a folder of this one.
    pub(super) fn below(&self, folder: &str) -> Vec<Entry> {
        self.archive.below(&format!("{}{folder}", self.path)).to_vec()
    }

    /// Notes a file that must be there.
    pub(super) fn demand(&mut self, file: &str) -> Option<Entry> {
        let entry = self.find(file);
        if entry.is_none() {
            self.add(file, Why::MissingFile);
        }
        entry
    }

    /// `stem.json` and `stem.sig`, when they are there and hold.
    pub(super) fn document<F: Signed>(&mut self, stem: &str) -> io::Result<Option<Checked<F>>> {
        let (json, sig) = (format!("{stem}.json"), format!("{stem}.sig"));
        let (Some(json_entry), Some(sig_entry)) = (self.demand(&json), self.demand(&sig)) else {
            return Ok(None);
        };
        let bytes = self.archive.read(&json_entry, MAX_TEXT)?;
        let Some((bytes, value)) = bytes.and_then(|bytes| {
            let value = document::read::<F>(&bytes).ok()?;
            Some((bytes, value))
        }) else {
            self.add(&json, Why::Json);
            return Ok(None);
        };
        let signature = self.archive.read(&sig_entry, MAX_TEXT)?;
        let signature = signature.and_then(|bytes| bytes.try_into().ok());
        let signed = signature.map(|signature| SignedDocument { json: bytes, signature });
        match signed.filter(|signed| check_document::<F>(signed).is_ok()) {
            Some(signed) => Ok(Some(Checked { value, id: sha256(&signed.json), signed })),
            None => {
                self.add(&json, Why::Signature);
                Ok(None)
            }
        }
    }

    /// A canonical JSON file without signature, which must be there.
    pub(super) fn json<F: Format>(&mut self, file: &str) -> io::Result<Option<F>> {
        let Some(entry) = self.demand(file) else { return Ok(None) };
        let bytes = self.archive.read(&entry, MAX_TEXT)?;
        let value = bytes.and_then(|bytes| document::read(&bytes).ok());
        if value.is_none() {
            self.add(file, Why::Json);
        }
        Ok(value)
    }

    /// A text; `None` when it is too long or not UTF-8.
    pub(super) fn text(&mut self, entry: &Entry) -> io::Result<Option<String>> {
        let bytes = self.archive.read(entry, MAX_TEXT)?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }
}
