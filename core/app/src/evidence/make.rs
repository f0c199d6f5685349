// SPDX-License-Identifier: MPL-2.0
//! Making items, custody entries and case statements.

use amate_seal::{
    CannotOpen, hash::sha256, random, random::CryptoRng, secret::Secret, sign::SigningKey,
};
use amate_wire::{
    case::{COUNTERSIGNATURE, CaseItem, CaseStatement, countersigned},
    custody::{Act, CustodyEntry},
    document::{Format, SignedDocument, hex, unhex, write},
    facts::{CUSTODY_CLOCK, CUSTODY_DETAIL, CustodyDisclosure, CustodyField},
    id::{DocumentId, ItemId},
    live::LiveOpening,
    manifest::{Content, LogRoot, Manifest, Origin},
};
use serde::{Deserialize, Serialize};

use super::facts::{Given, Opened, close, commit};

/// What a new item says of itself.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Where it comes from; not `Live`, see [`make_opening`].
    pub origin: Origin,
    /// As recognised.
    pub media_type: String,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    /// Bytes of content.
    pub length: u64,
    /// Newest checkpoint that the app had verified.
    pub not_before: Option<LogRoot>,
    /// Original of a redaction.
    pub derived_from: Option<ItemId>,
    /// Version before, of a record.
    pub previous: Option<ItemId>,
    /// Values of facts.
    pub facts: Vec<Given>,
}

/// What the vault keeps of an item of its own, beside the documents.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Seed of the capture key, hex.
    seed: String,
    /// Salts and values.
    pub facts: Opened,
}

/// A new item, to be stored in one commit with its content.
pub struct MadeItem {
    /// Item id.
    pub id: ItemId,
    /// Manifest or opening.
    pub document: SignedDocument,
    /// Secrets.
    pub kept: Kept,
    /// The first custody entry.
    pub entry: MadeEntry,
}

/// A new custody entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeEntry {
    /// Its number.
    pub n: u32,
    /// Who signed it.
    pub signer: [u8; 32],
    /// Its id.
    pub id: DocumentId,
    /// The entry.
    pub document: SignedDocument,
    /// Salts and values of its fields.
    pub disclosures: Vec<CustodyDisclosure>,
}

impl Kept {
    /// The capture key.
    ///
    /// # Errors
    /// [`CannotOpen`] when the bytes are none.
    pub fn capture_key(&self) -> Result<SigningKey, CannotOpen> {
        let seed = unhex(&self.seed).map_err(|_| CannotOpen)?;
        Ok(SigningKey::from_seed(&Secret::new(seed)))
    }

    /// The bytes for the vault.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From the bytes of the vault.
    ///
    /// # Errors
    /// [`CannotOpen`] when they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CannotOpen> {
        serde_json::from_slice(bytes).map_err(|_| CannotOpen)
    }
}

/// Makes an item: fresh capture key, commitments, manifest, first custody entry. `clock` is what
/// the device's clock said.
pub fn make_item(new: NewItem, clock: &str, rng: &mut impl CryptoRng) -> MadeItem {
    let key = SigningKey::random(rng);
    let (facts, opened) = close(&new.facts, rng);
    let manifest = Manifest {
        format: Manifest::NAME.into(),
        origin: new.origin,
        media_type: new.media_type,
        content: Content { sha256: hex(&new.sha256), length: new.length },
        capture_key: hex(&key.public()),
        not_before: new.not_before,
        derived_from: new.derived_from.map(|id| id.hex()),
        previous: new.previous.map(|id| id.hex()),
        live: None,
        facts,
    };
    let act = match new.origin {
        Origin::Import => Act::Import,
        Origin::Record => Act::Record,
        Origin::Capture | Origin::Live | Origin::Redaction => Act::Capture,
    };
    whole(sign(&key, &manifest), &key, opened, act, clock, rng)
}

/// Makes the opening of a live recording.
pub fn make_opening(
    media_type: String,
    not_before: Option<LogRoot>,
    facts: &[Given],
    clock: &str,
    rng: &mut impl CryptoRng,
) -> MadeItem {
    let key = SigningKey::random(rng);
    let (facts, opened) = close(facts, rng);
    let opening = LiveOpening {
        format: LiveOpening::NAME.into(),
        media_type,
        capture_key: hex(&key.public()),
        not_before,
        facts,
    };
    whole(sign(&key, &opening), &key, opened, Act::Capture, clock, rng)
}

/// The first custody entry of an item.
pub fn first_entry(
    item: ItemId,
    key: &SigningKey,
    act: Act,
    clock: &str,
    rng: &mut impl CryptoRng,
) -> MadeEntry {
    entry(item, None, key, act, clock, "", rng)
}

/// A custody entry after another: (its number, its id).
pub fn next_entry(
    item: ItemId,
    after: (u32, DocumentId),
    key: &SigningKey,
    act: Act,
    clock: &str,
    detail: &str,
    rng: &mut impl CryptoRng,
) -> MadeEntry {
    entry(item, Some(after), key, act, clock, detail, rng)
}

/// The next case statement: everything of the one before, and one item more.
///
/// # Errors
/// [`CannotOpen`] when the one before is none.
pub fn case_statement(
    key: &SigningKey,
    before: Option<&SignedDocument>,
    item: ItemId,
    capture_key: &SigningKey,
) -> Result<(SignedDocument, u32), CannotOpen> {
    let mut statement = match before {
        None => CaseStatement {
            format: CaseStatement::NAME.into(),
            case_key: hex(&key.public()),
            n: 0,
            previous: None,
            items: Vec::new(),
        },
        Some(before) => {
            let mut last: CaseStatement = before.read().map_err(|_| CannotOpen)?;
            last.n = last.n.checked_add(1).ok_or(CannotOpen)?;
            last.previous = Some(hex(&sha256(&before.json)));
            last
        }
    };
    let number = u32::try_from(statement.items.len() + 1).map_err(|_| CannotOpen)?;
    let message = countersigned(&key.public(), number, item);
    statement.items.push(CaseItem {
        n: number,
        item: item.hex(),
        countersignature: hex(&capture_key.sign(COUNTERSIGNATURE, &message)),
    });
    Ok((sign(key, &statement), number))
}

/// Signs a document under the label of its format.
pub(super) fn sign<F: Format>(key: &SigningKey, value: &F) -> SignedDocument {
    let json = write(value);
    let signature = key.sign(F::LABEL, &json);
    SignedDocument { json, signature }
}

fn whole(
    document: SignedDocument,
    key: &SigningKey,
    facts: Opened,
    act: Act,
    clock: &str,
    rng: &mut impl CryptoRng,
) -> MadeItem {
    let id = ItemId(sha256(&document.json));
    let entry = first_entry(id, key, act, clock, rng);
    let kept = Kept { seed: hex(key.seed().expose()), facts };
    MadeItem { id, document, kept, entry }
}

fn entry(
    item: ItemId,
    after: Option<(u32, DocumentId)>,
    key: &SigningKey,
    act: Act,
    clock: &str,
    detail: &str,
    rng: &mut impl CryptoRng,
) -> MadeEntry {
    let salts: [[u8; 32]; 2] = [random::bytes(rng), random::bytes(rng)];
    let [clock_salt, detail_salt] = salts;
    let entry = CustodyEntry {
        format: CustodyEntry::NAME.into(),
        item: item.hex(),
        n: after.map_or(0, |(n, _)| n.saturating_add(1)),
        previous: after.map(|(_, id)| id.hex()),
        act,
        by: hex(&key.public()),
        clock: commit(CUSTODY_CLOCK, &clock_salt, clock),
        detail: commit(CUSTODY_DETAIL, &detail_salt, detail),
    };
    let document = sign(key, &entry);
    let id = DocumentId(sha256(&document.json));
    let fields =
        [(CustodyField::Clock, clock_salt, clock), (CustodyField::Detail, detail_salt, detail)];
    let disclosures = fields
        .into_iter()
        .filter(|(_, _, value)| !value.is_empty())
        .map(|(field, salt, value)| CustodyDisclosure {
            entry: id.hex(),
            field,
            salt: hex(&salt),
            value: value.to_owned(),
        })
        .collect();
    MadeEntry { n: entry.n, signer: key.public(), id, document, disclosures }
}
