// SPDX-License-Identifier: MPL-2.0
//! JSON files that only an export has (spec/export.md §2, §3), and the names that may stand in it.

use amate_wire::{
    cursor::Malformed,
    document::{Format, check_hex, check_int},
};
use serde::{Deserialize, Serialize};

use super::archive::is_name;

/// `export.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    /// `amate-export/1`.
    pub(super) format: String,
    /// The exporter's device key, hex.
    pub(super) exporter: String,
    /// Its identity key, hex.
    pub(super) identity: String,
    /// The identity's signature over the device key, hex.
    pub(super) certificate: String,
    /// The exporter's clock.
    pub(super) clock: u64,
    /// Id of the case statement, hex.
    pub(super) case: String,
    /// All files but `export.json` and `export.sig`, by name.
    pub(super) files: Vec<File>,
}

/// A file of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Name in the archive.
    pub(super) name: String,
    /// Hex, 32 bytes.
    pub(super) sha256: String,
    /// Bytes.
    pub(super) length: u64,
}

impl Format for Index {
    const NAME: &'static str = "amate-export/1";
    const LABEL: &'static str = "amate/v1/export";

    fn check(&self) -> Result<(), Malformed> {
        [&self.exporter, &self.identity, &self.case]
            .into_iter()
            .try_for_each(|text| check_hex(text, 32))?;
        check_hex(&self.certificate, 64)?;
        check_int(self.clock)?;
        let mut last = "";
        for file in &self.files {
            check_hex(&file.sha256, 32)?;
            check_int(file.length)?;
            if file.name.as_str() <= last || !is_listed_name(&file.name) {
                return Err(Malformed("export index"));
            }
            last = &file.name;
        }
        if self.format == Self::NAME { Ok(()) } else { Err(Malformed("export index")) }
    }
}

/// `receipts/RR.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptFile {
    /// Hex, 32 bytes.
    pub(super) relay_key: String,
    /// Salt of the leaf, hex.
    pub(super) salt: String,
    /// Number of the custody entry.
    pub(super) head_n: u32,
    /// Its id, hex.
    pub(super) head: String,
}

impl Format for ReceiptFile {
    const NAME: &'static str = "";
    const LABEL: &'static str = "";

    fn check(&self) -> Result<(), Malformed> {
        [&self.relay_key, &self.salt, &self.head]
            .into_iter()
            .try_for_each(|text| check_hex(text, 32))
    }
}

/// A name of spec/export.md §2 other than `export.json` and `export.sig`.
pub(super) fn is_listed_name(name: &str) -> bool {
    if !is_name(name.as_bytes()) {
        return false;
    }
    match name.strip_prefix("items/") {
        None => matches!(name, "case.json" | "case.sig" | "leeme.txt" | "readme.txt"),
        Some(rest) => rest
            .split_once('/')
            .is_some_and(|(number, file)| is_number(number, 4) && is_item_file(file)),
    }
}

fn is_item_file(file: &str) -> bool {
    match file.split_once('/') {
        None => matches!(
            file,
            "manifest.json"
                | "manifest.sig"
                | "opening.json"
                | "opening.sig"
                | "content"
                | "facts.json"
                | "custody-facts.json"
        ),
        Some(("segments", number)) => is_number(number, 6),
        Some(("custody", rest)) => is_numbered(rest, 4, &["json", "sig"]),
        Some(("receipts", rest)) => is_numbered(rest, 2, &["json", "tlog-proof", "not-before"]),
        Some(_) => false,
    }
}

fn is_numbered(rest: &str, digits: usize, endings: &[&str]) -> bool {
    rest.split_once('.')
        .is_some_and(|(number, ending)| is_number(number, digits) && endings.contains(&ending))
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_listed_name;

    #[test]
    fn only_the_names_of_the_format_are_listed() {
        for name in [
            "case.json",
            "readme.txt",
            "items/0001/content",
            "items/0001/custody/0000.sig",
            "items/9999/segments/000000",
            "items/0001/receipts/00.not-before",
        ] {
            assert!(is_listed_name(name), "{name}");
        }
        for name in [
            "",
            "export.json",
            "export.sig",
            "items/1/content",
            "items/0001/content/x",
            "items/0001/",
            "items/0001/custody/0000.txt",
            "items/0001/custody/000.json",
            "items/0001/receipts/0a.json",
            "../case.json",
            "items/0001/segments/00000\u{0661}",
        ] {
            assert!(!is_listed_name(name), "{name}");
        }
    }
}
