// SPDX-License-Identifier: MPL-2.0
//! What a verification found, and its canonical JSON (spec/export.md §4).

use std::collections::BTreeSet;

use amate_wire::facts::Fact;
use serde::Serialize;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "the codes are the format")]
pub enum Why {
    /// A header byte, or the archive's form.
    Archive,
    /// A live recording or custody chain does not follow.
    Chain,
    /// It is not what its manifest says.
    Content,
    /// Its capture key did not put it there.
    Countersignature,
    /// CRC-32.
    Crc,
    /// A disclosed value is not the one that was committed to.
    Fact,
    /// One signer, two continuations.
    Fork,
    /// It differs from `export.json`.
    Hash,
    /// Not canonical, or not of its format.
    Json,
    /// It must be there and is not.
    MissingFile,
    /// A proof of a log does not hold.
    Proof,
    /// A signature does not verify.
    Signature,
    /// It must not be there.
    UnknownFile,
}

impl Why {
    /// Its word in the result.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Chain => "chain",
            Self::Content => "content",
            Self::Countersignature => "countersignature",
            Self::Crc => "crc",
            Self::Fact => "fact",
            Self::Fork => "fork",
            Self::Hash => "hash",
            Self::Json => "json",
            Self::MissingFile => "missing-file",
            Self::Proof => "proof",
            Self::Signature => "signature",
            Self::UnknownFile => "unknown-file",
        }
    }
}

/// A file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alteration {
    /// Its name, or `archive`.
    pub file: String,
    /// What is wrong.
    pub why: Why,
}

/// Result of verifying an export. Serialises to its canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportResult {
    format: &'static str,
    verdict: &'static str,
    /// Sorted by file, then code.
    pub altered: Vec<Alteration>,
    /// `None` when the case statement does not hold, or was not reached.
    pub case: Option<CaseResult>,
    /// Identity key of the exporter, hex, when signature and certificate hold.
    pub exporter: Option<String>,
    /// Items that are here.
    pub items: Vec<ItemResult>,
}

/// Which items of the case are here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// Id of the case statement, hex.
    pub case: String,
    /// Number of items that it lists.
    pub listed: usize,
    /// Number of those that are here.
    pub here: usize,
    /// Numbers of those that are not.
    pub missing: Vec<u32>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemResult {
    /// Its number in the case.
    pub n: u32,
    /// Item id, hex; empty when its manifest or opening does not hold.
    pub item: String,
    /// As its manifest says; empty when that does not hold.
    pub origin: String,
    /// Whether it holds.
    pub state: State,
    /// Whole segments of a live recording; otherwise 0.
    pub segments: u32,
    /// Facts that are shown and hold.
    pub facts: Vec<Fact>,
    /// Custody entries that hold.
    pub custody: usize,
    /// Signed not before.
    pub not_before: Option<Bound>,
    /// Existed not after.
    pub not_after: Option<Bound>,
    /// Whose clock says so.
    pub clock: Clock,
}

/// Whether an item holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "the words are the format")]
pub enum State {
    /// Whole, and as it was signed.
    Complete,
    /// A live recording without closing, as it was signed up to its last whole segment.
    Interrupted,
    /// A file of it is not as it should be.
    Altered,
}

/// A moment by a relay's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// The relay's log.
    pub origin: String,
    /// Unix seconds.
    pub time: u64,
}

/// Which clocks speak for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "the words are the format")]
pub enum Clock {
    /// None but the device's own.
    None,
    /// A relay's.
    Relay,
}

impl ExportResult {
    /// Whether every byte is as it was exported and everything signed holds.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.altered.is_empty()
    }

    /// The canonical JSON, the same from every verifier.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Texts, integers and lists always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn new(
        findings: Findings,
        case: Option<CaseResult>,
        exporter: Option<String>,
        items: Vec<ItemResult>,
    ) -> Self {
        let altered = findings.into_sorted();
        let verdict = if altered.is_empty() { "intact" } else { "altered" };
        Self { format: "amate-result/1", verdict, altered, case, exporter, items }
    }
}

/// What was found so far; each pair once.
#[derive(Debug, Default)]
pub(super) struct Findings(BTreeSet<(String, &'static str, Why)>);

impl Findings {
    pub(super) fn add(&mut self, file: impl Into<String>, why: Why) {
        self.0.insert((file.into(), why.word(), why));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, file: &str, why: Why) -> bool {
        self.0.contains(&(file.to_owned(), why.word(), why))
    }

    /// Whether a file whose name begins so was named.
    pub(super) fn touch(&self, prefix: &str) -> bool {
        self.0
            .range((prefix.to_owned(), "", Why::Archive)..)
            .next()
            .is_some_and(|(file, _, _)| file.starts_with(prefix))
    }

    fn into_sorted(self) -> Vec<Alteration> {
        self.0.into_iter().map(|(file, _, why)| Alteration { file, why }).collect()
    }
}
