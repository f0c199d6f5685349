// SPDX-License-Identifier: MPL-2.0
//! Structures of spec/evidence.md that no export shows.

use amate_app::evidence::{check_case, check_document};
use amate_wire::{case::CaseStatement, document::SignedDocument};

use super::{Outcome, Vector};

pub(super) fn reader(structure: &str) -> fn(&Vector) -> Outcome {
    match structure {
        "case-pair" => case_pair,
        other => panic!("{other}"),
    }
}

/// The statement that is held, then the one that arrives. Each alone is good.
fn case_pair(vector: &Vector) -> Outcome {
    let len = u32::from_be_bytes(*vector.body.first_chunk().unwrap()) as usize;
    let (held, later) = vector.body.split_at(4 + len + 64);
    let [held, later] = [held, later].map(|bytes| SignedDocument::parse(bytes).unwrap());
    let statement: CaseStatement = check_document(&held).unwrap();
    check_case(&later, None).unwrap();
    check_case(&later, Some(&statement)).map(|_| Vec::new()).map_err(|_| "chain")
}
