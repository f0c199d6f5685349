// SPDX-License-Identifier: MPL-2.0
//! Between which moments an item was signed and existed, by relays' clocks (spec/receipts.md §3).

use std::{
    collections::BTreeSet,
    io::{self, Read, Seek},
};

use amate_seal::{hash::sha256, note};
use amate_wire::{
    document::{hex, unhex},
    id::RelayKey,
    log::{SignedCheckpoint, TlogProof},
    manifest::LogRoot,
};

use super::{
    super::{
        index::ReceiptFile,
        result::{Bound, Why},
    },
    custody::Line,
    folder::Folder,
    item::Main,
};

/// What the receipts of an item show.
#[derive(Default)]
pub(super) struct Bounds {
    pub(super) not_before: Option<Bound>,
    pub(super) not_after: Option<Bound>,
}

impl<R: Read + Seek> Folder<'_, R> {
    /// All receipts; those that do not hold are named.
    pub(super) fn check_receipts(
        &mut self,
        main: &Main<'_>,
        line: &Line,
        end: Option<[u8; 32]>,
    ) -> io::Result<Bounds> {
        let mut bounds = Bounds::default();
        for stem in self.receipt_stems() {
            let (json, proof) = (format!("{stem}.json"), format!("{stem}.tlog-proof"));
            let (Some(_), Some(proof_entry)) = (self.demand(&json), self.demand(&proof)) else {
                continue;
            };
            let Some(receipt) = self.json::<ReceiptFile>(&json)? else { continue };
            let text = self.text(&proof_entry)?;
            match text.and_then(|text| not_after(main, line, end?, &receipt, &text)) {
                Some(bound) => bounds.existed_by(bound),
                None => self.add(&proof, Why::Proof),
            }
            let checkpoint = format!("{stem}.not-before");
            if let Some(entry) = self.find(&checkpoint) {
                let text = self.text(&entry)?;
                match text.and_then(|text| not_before(main.not_before?, &receipt, &text)) {
                    Some(bound) => bounds.not_before = Some(bound),
                    None => self.add(&checkpoint, Why::Proof),
                }
            }
        }
        Ok(bounds)
    }

    fn receipt_stems(&self) -> BTreeSet<String> {
        self.below("receipts/")
            .iter()
            .filter_map(|entry| entry.name.strip_prefix(self.path())?.split_once('.'))
            .map(|(stem, _)| stem.to_owned())
            .collect()
    }
}

impl Bounds {
    /// The earliest counts.
    fn existed_by(&mut self, bound: Bound) {
        if self.not_after.as_ref().is_none_or(|held| bound.time < held.time) {
            self.not_after = Some(bound);
        }
    }
}

/// The proof of a custody head of this item (rules T-1 … T-3, T-5).
fn not_after(
    main: &Main<'_>,
    line: &Line,
    end: [u8; 32],
    receipt: &ReceiptFile,
    text: &str,
) -> Option<Bound> {
    if !line.has(receipt.head_n, &receipt.head) {
        return None;
    }
    let proof = TlogProof::parse(text).ok()?;
    let (salt, head) = (unhex(&receipt.salt).ok()?, unhex(&receipt.head).ok()?);
    let leaf = note::leaf(&salt, &main.id.0, &end, &head);
    note::verify_proof(&relay(receipt)?, &leaf, &proof).ok().map(bound)
}

/// The checkpoint that the manifest names, to the byte.
fn not_before(root: &LogRoot, receipt: &ReceiptFile, text: &str) -> Option<Bound> {
    let signed = SignedCheckpoint::parse(text).ok()?;
    let verified = note::verify_checkpoint(&relay(receipt)?, &signed).ok()?;
    let checkpoint = &verified.checkpoint;
    let same = checkpoint.origin == root.origin
        && checkpoint.size == root.size
        && hex(&checkpoint.root) == root.root
        && hex(&sha256(text.as_bytes())) == root.note;
    same.then(|| bound(verified))
}

fn relay(receipt: &ReceiptFile) -> Option<RelayKey> {
    unhex(&receipt.relay_key).ok().map(RelayKey)
}

fn bound(verified: note::Verified) -> Bound {
    Bound { origin: verified.checkpoint.origin, time: verified.time }
}
