// SPDX-License-Identifier: MPL-2.0
//! Checks an export in the three stages of spec/export.md §4. Memory stays bounded whatever the
//! size of the content.

mod content;
mod custody;
mod folder;
mod item;
mod receipts;

use std::io::{self, Read, Seek};

use amate_seal::hash::sha256;
use amate_wire::document::hex;

use super::{
    archive::{Archive, OpenFault},
    bytes::check_bytes,
    result::{CaseResult, ExportResult, Findings, ItemResult, Why},
};
use crate::evidence::{CheckedCase, check_case};
use folder::Folder;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotReadable {
    /// Neither begins nor ends as an export does.
    #[error("not an export")]
    NotAnExport,
    /// The file cannot be read.
    #[error("cannot read the export")]
    Io(#[from] io::Error),
}

/// Verifies an export: the whole result, which names every altered file of the first stage that
/// finds any (rules Z-1 … Z-4 and those of spec/evidence.md and spec/receipts.md).
///
/// # Errors
/// [`NotReadable`] when it is no export at all, or the reader fails. Hostile bytes are a result.
pub fn verify_export<R: Read + Seek>(reader: R) -> Result<ExportResult, NotReadable> {
    let mut found = Findings::default();
    let mut archive = match Archive::open(reader) {
        Ok(archive) => archive,
        Err(OpenFault::NotAnExport) => return Err(NotReadable::NotAnExport),
        Err(OpenFault::Io(error)) => return Err(error.into()),
        Err(OpenFault::Altered(file)) => {
            found.add(file, Why::Archive);
            return Ok(ExportResult::new(found, None, None, Vec::new()));
        }
    };
    let bytes = check_bytes(&mut archive, &mut found)?;
    let Some(index) = bytes.index.filter(|_| found.is_empty()) else {
        return Ok(ExportResult::new(found, None, bytes.exporter, Vec::new()));
    };
    let (case, items) = check_evidence(&mut archive, &index.case, &mut found)?;
    Ok(ExportResult::new(found, case, bytes.exporter, items))
}

/// Stage 3. `case_id` is the one that the index names.
fn check_evidence<R: Read + Seek>(
    archive: &mut Archive<R>,
    case_id: &str,
    found: &mut Findings,
) -> io::Result<(Option<CaseResult>, Vec<ItemResult>)> {
    for name in ["leeme.txt", "readme.txt"] {
        if archive.find(name).is_none() {
            found.add(name, Why::MissingFile);
        }
    }
    let case = read_case(archive, case_id, found)?;
    let numbers = item_numbers(archive);
    let items = numbers
        .iter()
        .map(|number| item::check_item(archive, *number, case.as_ref(), found))
        .collect::<io::Result<_>>()?;
    Ok((case.map(|case| summary(&case, &numbers)), items))
}

/// The case statement with its id, when it holds.
fn read_case<R: Read + Seek>(
    archive: &mut Archive<R>,
    case_id: &str,
    found: &mut Findings,
) -> io::Result<Option<Case>> {
    let mut root = Folder::new(archive, found, String::new());
    let Some(document) = root.document::<amate_wire::case::CaseStatement>("case")? else {
        return Ok(None);
    };
    let id = hex(&sha256(&document.signed.json));
    if id != case_id {
        found.add("case.json", Why::Hash);
    }
    Ok(check_case(&document.signed, None).ok().map(|checked| Case { id, checked }))
}

/// A case statement that holds.
struct Case {
    id: String,
    checked: CheckedCase,
}

/// Numbers of the folders `items/NNNN/`.
fn item_numbers<R: Read + Seek>(archive: &Archive<R>) -> Vec<u32> {
    let mut numbers: Vec<u32> = archive
        .below("items/")
        .iter()
        .filter_map(|entry| entry.name.split('/').nth(1)?.parse().ok())
        .collect();
    numbers.dedup();
    numbers
}

fn summary(case: &Case, here: &[u32]) -> CaseResult {
    let listed = &case.checked.statement.items;
    let missing: Vec<u32> =
        listed.iter().map(|item| item.n).filter(|n| here.binary_search(n).is_err()).collect();
    CaseResult {
        case: case.id.clone(),
        listed: listed.len(),
        here: listed.len() - missing.len(),
        missing,
    }
}
