// SPDX-License-Identifier: MPL-2.0

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    cursor::{Malformed, Writer},
    document::{Format, check_hex},
    id::ItemId,
};

/// Label of a countersignature.
pub const COUNTERSIGNATURE: &str = "amate/v1/case-item";

/// One item of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseItem {
    /// Its number, from 1.
    pub n: u32,
    /// Item id, hex.
    pub item: String,
    /// By the item's capture key, hex.
    pub countersignature: String,
}

/// A case statement (spec/evidence.md §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseStatement {
    /// `amate-case/1`.
    pub format: String,
    /// Hex, 32 bytes.
    pub case_key: String,
    /// Counts statements from 0.
    pub n: u32,
    /// Id of the statement before, hex.
    pub previous: Option<String>,
    /// All items so far.
    pub items: Vec<CaseItem>,
}

impl Format for CaseStatement {
    const NAME: &'static str = "amate-case/1";
    const LABEL: &'static str = "amate/v1/case";

    /// Rule S-1, and the form.
    fn check(&self) -> Result<(), Malformed> {
        check_hex(&self.case_key, 32)?;
        self.previous.iter().try_for_each(|id| check_hex(id, 32))?;
        let mut seen = HashSet::new();
        for (item, n) in self.items.iter().zip(1_u32..) {
            check_hex(&item.item, 32)?;
            check_hex(&item.countersignature, 64)?;
            if item.n != n || !seen.insert(&item.item) {
                return Err(Malformed("case statement"));
            }
        }
        let first = self.previous.is_none();
        let good = self.format == Self::NAME && (self.n == 0) == first;
        if good { Ok(()) } else { Err(Malformed("case statement")) }
    }
}

/// What a capture key countersigns: `case_key ‖ u32(n) ‖ item id`.
#[must_use]
pub fn countersigned(case_key: &[u8; 32], n: u32, item: ItemId) -> Vec<u8> {
    Writer::new().bytes(case_key).u32(n).bytes(&item.0).finish()
}
