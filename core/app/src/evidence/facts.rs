// SPDX-License-Identifier: MPL-2.0
//! Salted commitments: H(label, salt, value). Absent looks like withheld.

use amate_seal::{hash, random, random::CryptoRng};
use amate_wire::{
    document::hex,
    facts::{Commitments, Disclosure, Fact, MAX_VALUE},
    log::SignedCheckpoint,
    manifest::LogRoot,
};
use serde::{Deserialize, Serialize};

/// A value that the maker gives for a fact.
pub type Given = (Fact, String);

/// Salts and values of a manifest's facts, for those that have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Opened(pub Vec<Disclosure>);

impl Opened {
    /// The disclosures of the facts chosen.
    #[must_use]
    pub fn choose(&self, wanted: impl Fn(Fact) -> bool) -> Vec<Disclosure> {
        self.0.iter().filter(|one| wanted(one.fact)).cloned().collect()
    }
}

/// Commits to all ten facts; gives the commitments and what opens those with a value.
pub fn close(given: &[Given], rng: &mut impl CryptoRng) -> (Commitments, Opened) {
    let mut opened = Opened::default();
    let commitments = Commitments::new(|fact| {
        let salt: [u8; 32] = random::bytes(rng);
        let value = given.iter().find(|(name, _)| *name == fact).map(|(_, value)| bounded(value));
        if let Some(value) = &value {
            opened.0.push(Disclosure { fact, salt: hex(&salt), value: value.clone() });
        }
        commit(&fact.label(), &salt, &value.unwrap_or_default())
    });
    (commitments, opened)
}

/// How a manifest names a checkpoint, given its exact text; `None` when it is none.
#[must_use]
pub fn log_root(checkpoint: &str) -> Option<LogRoot> {
    let parsed = SignedCheckpoint::parse(checkpoint).ok()?.checkpoint;
    Some(LogRoot {
        origin: parsed.origin,
        size: parsed.size,
        root: hex(&parsed.root),
        note: hex(&hash::sha256(checkpoint.as_bytes())),
    })
}

/// `hex(H(label, salt, value))`.
pub(super) fn commit(label: &str, salt: &[u8; 32], value: &str) -> String {
    hex(&hash::labelled(label, &[salt, value.as_bytes()]))
}

/// A value too long stands by its hash.
fn bounded(value: &str) -> String {
    if value.len() <= MAX_VALUE {
        value.to_owned()
    } else {
        format!("sha256:{}", hex(&hash::sha256(value.as_bytes())))
    }
}
