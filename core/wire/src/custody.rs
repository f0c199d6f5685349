// SPDX-License-Identifier: MPL-2.0

use serde::{Deserialize, Serialize};

use crate::{
    cursor::Malformed,
    document::{Format, check_hex},
    facts::CustodyField,
};

/// What was done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "a reader rejects other words")]
#[expect(missing_docs, reason = "each is its word")]
pub enum Act {
    Capture,
    Import,
    Record,
    View,
    RedactCopy,
    Send,
    Receive,
    Open,
    Export,
}

impl Act {
    /// Whether a chain may begin with it.
    #[must_use]
    pub const fn begins(self) -> bool {
        matches!(self, Self::Capture | Self::Import | Self::Record)
    }
}

/// A custody entry (spec/evidence.md §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyEntry {
    /// `amate-custody/1`.
    pub format: String,
    /// Item id, hex.
    pub item: String,
    /// Its number, from 0.
    pub n: u32,
    /// Id of the entry before, hex.
    pub previous: Option<String>,
    /// What was done.
    pub act: Act,
    /// Key of the signer, hex.
    pub by: String,
    /// Commitment.
    pub clock: String,
    /// Commitment.
    pub detail: String,
}

impl CustodyEntry {
    /// The commitment of a field.
    #[must_use]
    pub fn of(&self, field: CustodyField) -> &str {
        match field {
            CustodyField::Clock => &self.clock,
            CustodyField::Detail => &self.detail,
        }
    }
}

impl Format for CustodyEntry {
    const NAME: &'static str = "amate-custody/1";
    const LABEL: &'static str = "amate/v1/custody";

    fn check(&self) -> Result<(), Malformed> {
        let texts = [&self.item, &self.by, &self.clock, &self.detail];
        texts.into_iter().chain(&self.previous).try_for_each(|text| check_hex(text, 32))?;
        if self.format == Self::NAME { Ok(()) } else { Err(Malformed("custody entry")) }
    }
}
