// SPDX-License-Identifier: MPL-2.0
//! Which files an export has, in order, with their checksums: the first of two passes over the
//! content.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, ErrorKind, Read},
};

use amate_seal::{hash::sha256, sign::SigningKey};
use amate_wire::{
    document::{self, Format, SignedDocument, hex},
    facts::{CustodyDisclosure, Disclosure},
    id::{DocumentId, RelayKey},
};

use super::{
    bytes::Digest,
    index::{File, Index, ReceiptFile},
};
use crate::evidence::Segments;

const SPANISH: &str = include_str!("../../../data/locales/es-MX/leeme.txt");
const ENGLISH: &str = include_str!("../../../data/locales/en/readme.txt");

/// A case to export.
#[derive(Debug, Clone)]
pub struct ExportCase {
    /// Newest case statement.
    pub statement: SignedDocument,
    /// Items that are here. A live recording without a whole segment is left out.
    pub items: Vec<ExportItem>,
}

/// An item to export; its content comes from the reader that the caller gives.
#[derive(Debug, Clone)]
pub struct ExportItem {
    /// Number in the case statement, 1 to 9999.
    pub number: u32,
    /// What it is known by.
    pub document: ExportDocument,
    /// In a line: the witness's part, then the exporter's branch.
    pub custody: Vec<SignedDocument>,
    /// Facts chosen to be shown.
    pub facts: Vec<Disclosure>,
    /// Custody fields chosen to be shown.
    pub custody_facts: Vec<CustodyDisclosure>,
    /// At most 100.
    pub receipts: Vec<ExportReceipt>,
}

/// The signed description of an item.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "the format has two")]
pub enum ExportDocument {
    /// Manifest of content that is whole.
    Manifest(SignedDocument),
    /// A live recording.
    Live {
        /// Its opening.
        opening: SignedDocument,
        /// Absent when it was interrupted.
        closing: Option<SignedDocument>,
    },
}

/// A receipt of an item from a log.
#[derive(Debug, Clone)]
pub struct ExportReceipt {
    /// The relay.
    pub relay: RelayKey,
    /// Salt of the leaf.
    pub salt: [u8; 32],
    /// Number of the custody head.
    pub head_n: u32,
    /// The custody head.
    pub head: DocumentId,
    /// `.tlog-proof`.
    pub proof: String,
    /// The checkpoint that the manifest names, exactly as the app verified it.
    pub not_before: Option<String>,
}

/// Who exports.
#[derive(Debug)]
pub struct Exporter<'a> {
    /// Identity key.
    pub identity: [u8; 32],
    /// The identity's signature over the device key (spec/keys.md §2).
    pub certificate: [u8; 64],
    /// Device key.
    pub device: &'a SigningKey,
    /// Unix seconds, as the exporter's clock says.
    pub clock: u64,
}

/// A file with its checksums.
pub(super) struct Planned {
    pub(super) digest: Digest,
    pub(super) source: Source,
}

/// Where the bytes of a file come from in the second pass.
pub(super) enum Source {
    /// They are here.
    Bytes(Vec<u8>),
    /// The content of this item.
    Content(u32),
    /// The next live segment of this item.
    Segment(u32),
}

/// All files by name.
pub(super) type Files = BTreeMap<String, Planned>;

/// Reads all content once and lists the files, the signed index among them.
pub(super) fn plan<R: Read>(
    case: &ExportCase,
    exporter: &Exporter<'_>,
    contents: &mut impl FnMut(u32) -> io::Result<R>,
) -> io::Result<Files> {
    let mut files = Files::new();
    signed(&mut files, "case", &case.statement);
    put(&mut files, "leeme.txt", SPANISH.as_bytes().to_vec());
    put(&mut files, "readme.txt", ENGLISH.as_bytes().to_vec());
    for item in &case.items {
        if plan_content(&mut files, item, contents)? {
            plan_item(&mut files, item);
        }
    }
    let index = index(&files, &case.statement, exporter);
    let signature = exporter.device.sign(Index::LABEL, &index);
    signed(&mut files, "export", &SignedDocument { json: index, signature });
    Ok(files)
}

/// Gives whether there is any content to speak of.
fn plan_content<R: Read>(
    files: &mut Files,
    item: &ExportItem,
    contents: &mut impl FnMut(u32) -> io::Result<R>,
) -> io::Result<bool> {
    let mut content = contents(item.number)?;
    if matches!(item.document, ExportDocument::Manifest(_)) {
        let digest = Digest::of(&mut content)?;
        let source = Source::Content(item.number);
        files.insert(name(item, "content"), Planned { digest, source });
        return Ok(true);
    }
    let mut any = false;
    for (at, segment) in whole_segments(content).enumerate() {
        let digest = Digest::of(&mut segment?.as_slice())?;
        let source = Source::Segment(item.number);
        files.insert(name(item, &format!("segments/{at:06}")), Planned { digest, source });
        any = true;
    }
    Ok(any)
}

/// Segments up to the last whole one: what a cut left behind it is not sent.
pub(super) fn whole_segments<R: Read>(content: R) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    let cut = |segment: &io::Result<Vec<u8>>| {
        segment.as_ref().is_err_and(|error| error.kind() == ErrorKind::UnexpectedEof)
    };
    Segments::new(content).take_while(move |segment| !cut(segment))
}

fn plan_item(files: &mut Files, item: &ExportItem) {
    match &item.document {
        ExportDocument::Manifest(manifest) => signed(files, &name(item, "manifest"), manifest),
        ExportDocument::Live { opening, closing } => {
            signed(files, &name(item, "opening"), opening);
            if let Some(closing) = closing {
                signed(files, &name(item, "manifest"), closing);
            }
        }
    }
    for (at, entry) in item.custody.iter().enumerate() {
        signed(files, &name(item, &format!("custody/{at:04}")), entry);
    }
    let mut facts = item.facts.clone();
    facts.sort_by_key(|one| one.fact);
    put(files, &name(item, "facts.json"), document::write(&facts));
    put(files, &name(item, "custody-facts.json"), document::write(&custody_facts(item)));
    for (at, receipt) in item.receipts.iter().enumerate() {
        plan_receipt(files, &name(item, &format!("receipts/{at:02}")), receipt);
    }
}

/// In the order of their entries; those of entries that are not here are left out.
fn custody_facts(item: &ExportItem) -> Vec<CustodyDisclosure> {
    let places: HashMap<String, usize> = item
        .custody
        .iter()
        .enumerate()
        .map(|(at, entry)| (hex(&sha256(&entry.json)), at))
        .collect();
    let place = |one: &CustodyDisclosure| places.get(&one.entry).map(|at| (*at, one.field));
    let mut shown: Vec<_> =
        item.custody_facts.iter().filter(|one| place(one).is_some()).cloned().collect();
    shown.sort_by_key(place);
    shown
}

fn plan_receipt(files: &mut Files, stem: &str, receipt: &ExportReceipt) {
    let file = ReceiptFile {
        relay_key: receipt.relay.hex(),
        salt: hex(&receipt.salt),
        head_n: receipt.head_n,
        head: receipt.head.hex(),
    };
    put(files, &format!("{stem}.json"), document::write(&file));
    put(files, &format!("{stem}.tlog-proof"), receipt.proof.clone().into_bytes());
    if let Some(checkpoint) = &receipt.not_before {
        put(files, &format!("{stem}.not-before"), checkpoint.clone().into_bytes());
    }
}

fn index(files: &Files, statement: &SignedDocument, exporter: &Exporter<'_>) -> Vec<u8> {
    let listed = files.iter().map(|(name, planned)| File {
        name: name.clone(),
        sha256: hex(&planned.digest.sha256),
        length: planned.digest.length,
    });
    document::write(&Index {
        format: Index::NAME.into(),
        exporter: hex(&exporter.device.public()),
        identity: hex(&exporter.identity),
        certificate: hex(&exporter.certificate),
        clock: exporter.clock,
        case: hex(&sha256(&statement.json)),
        files: listed.collect(),
    })
}

fn name(item: &ExportItem, file: &str) -> String {
    format!("items/{:04}/{file}", item.number)
}

fn signed(files: &mut Files, stem: &str, document: &SignedDocument) {
    put(files, &format!("{stem}.json"), document.json.clone());
    put(files, &format!("{stem}.sig"), document.signature.to_vec());
}

fn put(files: &mut Files, name: &str, bytes: Vec<u8>) {
    let digest = Digest::of_bytes(&bytes);
    files.insert(name.into(), Planned { digest, source: Source::Bytes(bytes) });
}
