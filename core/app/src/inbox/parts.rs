// SPDX-License-Identifier: MPL-2.0
//! Entries of a parcel manifest, sorted by item. Signatures of manifests and openings are checked;
//! what the entries say of one another is not.

use std::collections::BTreeMap;

use amate_wire::{
    document::{SignedDocument, read},
    facts::{CustodyDisclosure, Disclosure},
    id::ItemId,
    live::LiveOpening,
    manifest::{LogRoot, Manifest},
    parcel::{Entry, ParcelManifest},
};

use crate::{
    evidence::{check_document, item_id},
    problem::Problem,
    store::items::Leaf,
};

/// Everything that a parcel manifest says of one item, not yet checked.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) document: Option<SignedDocument>,
    pub(super) closing: Option<SignedDocument>,
    pub(super) live: bool,
    pub(super) custody: Vec<SignedDocument>,
    pub(super) facts: Vec<Disclosure>,
    pub(super) custody_facts: Vec<CustodyDisclosure>,
    pub(super) receipts: Vec<Leaf>,
    pub(super) content: Option<(u32, u32)>,
    pub(super) before: Option<String>,
}

/// A checked manifest or opening.
pub(super) enum Described {
    Whole(Box<Manifest>),
    Live(Box<LiveOpening>),
}

impl Described {
    pub(super) fn of(document: &SignedDocument, live: bool) -> Result<Self, Problem> {
        Ok(if live {
            Self::Live(Box::new(check_document(document)?))
        } else {
            Self::Whole(Box::new(check_document(document)?))
        })
    }

    pub(super) fn capture_key(&self) -> &str {
        match self {
            Self::Whole(manifest) => &manifest.capture_key,
            Self::Live(opening) => &opening.capture_key,
        }
    }

    pub(super) fn key(&self) -> Result<[u8; 32], Problem> {
        Ok(amate_wire::document::unhex(self.capture_key())?)
    }

    pub(super) fn commitments(&self) -> &amate_wire::facts::Commitments {
        match self {
            Self::Whole(manifest) => &manifest.facts,
            Self::Live(opening) => &opening.facts,
        }
    }

    pub(super) fn not_before(&self) -> Option<&LogRoot> {
        match self {
            Self::Whole(manifest) => manifest.not_before.as_ref(),
            Self::Live(opening) => opening.not_before.as_ref(),
        }
    }

    pub(super) fn media_type(&self) -> &str {
        match self {
            Self::Whole(manifest) => &manifest.media_type,
            Self::Live(opening) => &opening.media_type,
        }
    }

    pub(super) fn origin(&self) -> String {
        match self {
            Self::Whole(manifest) => manifest.origin.word().into(),
            Self::Live(_) => "live".into(),
        }
    }
}

pub(super) type Sorted = (SignedDocument, BTreeMap<ItemId, Parts>);

/// Entries of a parcel manifest, item by item.
pub(super) fn sort(manifest: ParcelManifest) -> Result<Sorted, Problem> {
    let mut parts: BTreeMap<ItemId, Parts> = BTreeMap::new();
    let mut case = None;
    for entry in manifest.entries {
        match entry {
            Entry::Manifest(bytes) => put_manifest(&mut parts, SignedDocument::parse(&bytes)?)?,
            Entry::Opening(bytes) => {
                let document = SignedDocument::parse(&bytes)?;
                let part = parts.entry(item_id(&document)).or_default();
                part.live = true;
                part.document = Some(document);
            }
            Entry::Custody(bytes) => {
                let document = SignedDocument::parse(&bytes)?;
                let item = document.read::<amate_wire::custody::CustodyEntry>()?.item;
                parts.entry(ItemId::from_hex(&item)?).or_default().custody.push(document);
            }
            Entry::Case(bytes) => case = Some(SignedDocument::parse(&bytes)?),
            Entry::Facts(item, bytes) => parts.entry(item).or_default().facts = read(&bytes)?,
            Entry::CustodyFacts(item, bytes) => {
                parts.entry(item).or_default().custody_facts = read(&bytes)?;
            }
            Entry::Receipt { item, relay, salt, head_n, head, proof } => {
                let proof = String::from_utf8(proof).map_err(|_| Problem::Altered("proof"))?;
                let leaf = Leaf { item, head, head_n, relay, salt, proof: Some(proof) };
                parts.entry(item).or_default().receipts.push(leaf);
            }
            Entry::Content { item, first, count } => {
                parts.entry(item).or_default().content = Some((first, count));
            }
            Entry::NotBefore(item, text) => {
                let text = String::from_utf8(text).map_err(|_| Problem::Altered("checkpoint"))?;
                parts.entry(item).or_default().before = Some(text);
            }
            _ => {}
        }
    }
    Ok((case.ok_or(Problem::Altered("case statement"))?, parts))
}

fn put_manifest(
    parts: &mut BTreeMap<ItemId, Parts>,
    document: SignedDocument,
) -> Result<(), Problem> {
    let manifest: Manifest = document.read()?;
    match manifest.live {
        Some(live) => {
            parts.entry(ItemId::from_hex(&live.opening)?).or_default().closing = Some(document);
        }
        None => {
            let id = item_id(&document);
            parts.entry(id).or_default().document = Some(document);
        }
    }
    Ok(())
}
