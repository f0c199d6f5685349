// SPDX-License-Identifier: MPL-2.0
//! Checking what others made. Unverified documents go in, verified values come out.

use std::{collections::HashMap, io, io::Read};

use amate_seal::{
    CannotOpen,
    hash::{Hasher, sha256},
    sign,
};
use amate_wire::{
    case::{COUNTERSIGNATURE, CaseStatement, countersigned},
    custody::CustodyEntry,
    document::{Format, SignedDocument, unhex},
    facts::{Commitments, CustodyDisclosure, Disclosure},
    id::{DocumentId, ItemId},
    live::{LiveOpening, SEGMENT, Segment},
    manifest::{Content, Manifest},
};

use super::{facts::commit, recorder::running};

/// A format whose signing key stands inside.
pub trait Signed: Format {
    /// The key that must have signed it, hex.
    fn signer(&self) -> &str;
}

impl Signed for Manifest {
    fn signer(&self) -> &str {
        &self.capture_key
    }
}

impl Signed for LiveOpening {
    fn signer(&self) -> &str {
        &self.capture_key
    }
}

impl Signed for CustodyEntry {
    fn signer(&self) -> &str {
        &self.by
    }
}

impl Signed for CaseStatement {
    fn signer(&self) -> &str {
        &self.case_key
    }
}

/// Reads a signed document and checks its signature (rules M-1, M-2, M-3, M-5, S-1).
///
/// # Errors
/// [`CannotOpen`] for any of them.
pub fn check_document<F: Signed>(document: &SignedDocument) -> Result<F, CannotOpen> {
    let value: F = document.read().map_err(|_| CannotOpen)?;
    let key = unhex(value.signer()).map_err(|_| CannotOpen)?;
    sign::verify(&key, F::LABEL, &document.json, &document.signature)?;
    Ok(value)
}

/// Item id of a manifest or opening.
#[must_use]
pub fn item_id(document: &SignedDocument) -> ItemId {
    ItemId(sha256(&document.json))
}

/// Checks content against a manifest while it is read (rule M-4).
///
/// # Errors
/// The reader's; `InvalidData` when length or hash differ.
pub fn check_content(content: &mut impl Read, expected: &Content) -> io::Result<()> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0;
    loop {
        let n = content.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(buffer.get(..n).unwrap_or_default());
        length += n as u64;
    }
    let same = length == expected.length && unhex(&expected.sha256) == Ok(hasher.finish());
    if same { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Checks a disclosed fact (rule F-1).
///
/// # Errors
/// [`CannotOpen`] when the commitment differs.
pub fn check_fact(commitments: &Commitments, disclosure: &Disclosure) -> Result<(), CannotOpen> {
    let salt = unhex(&disclosure.salt).map_err(|_| CannotOpen)?;
    let commitment = commit(&disclosure.fact.label(), &salt, &disclosure.value);
    if commitment == commitments.of(disclosure.fact) { Ok(()) } else { Err(CannotOpen) }
}

/// Checks a disclosed field of a custody entry (rule F-1).
///
/// # Errors
/// [`CannotOpen`] when the commitment differs.
pub fn check_custody_fact(
    entry: &CustodyEntry,
    disclosure: &CustodyDisclosure,
) -> Result<(), CannotOpen> {
    let salt = unhex(&disclosure.salt).map_err(|_| CannotOpen)?;
    let commitment = commit(disclosure.field.label(), &salt, &disclosure.value);
    if commitment == entry.of(disclosure.field) { Ok(()) } else { Err(CannotOpen) }
}

/// What is wrong with a custody chain, and at which entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CustodyFault {
    /// Not canonical, or its signature fails.
    Document(usize),
    /// It does not follow (rules C-1, C-3).
    Chain(usize),
    /// Its signer signed another entry in its place (rule C-2).
    Fork(usize),
}

/// A valid custody chain with its branches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustodyChain {
    /// Entries in the order given, with their ids.
    pub entries: Vec<(DocumentId, CustodyEntry)>,
}

impl CustodyChain {
    /// Number and id of the newest entry of the witness's part.
    #[must_use]
    pub fn witness_head(&self, capture_key: &str) -> Option<(u32, DocumentId)> {
        let mut own = self.entries.iter().filter(|(_, entry)| entry.by == capture_key);
        own.next_back().map(|(id, entry)| (entry.n, *id))
    }
}

/// Checks custody entries of an item, given in an order in which each follows one before it: the
/// witness's part, then branches (spec/evidence.md §4).
///
/// # Errors
/// The first fault.
pub fn check_custody<'a>(
    item: ItemId,
    capture_key: &str,
    documents: impl Iterator<Item = &'a SignedDocument>,
) -> Result<CustodyChain, CustodyFault> {
    let mut chain = CustodyChain::default();
    let mut numbers: HashMap<DocumentId, u32> = HashMap::new();
    let mut taken: HashMap<(String, u32), DocumentId> = HashMap::new();
    let mut left_witness = false;
    for (at, document) in documents.enumerate() {
        let entry: CustodyEntry =
            check_document(document).map_err(|_| CustodyFault::Document(at))?;
        let id = DocumentId(sha256(&document.json));
        match taken.get(&(entry.by.clone(), entry.n)) {
            Some(same) if *same == id => continue,
            Some(_) => return Err(CustodyFault::Fork(at)),
            None => {}
        }
        let witness = entry.by == capture_key;
        left_witness |= !witness;
        if entry.item != item.hex()
            || !follows(&entry, witness, &numbers)
            || (witness && left_witness)
        {
            return Err(CustodyFault::Chain(at));
        }
        taken.insert((entry.by.clone(), entry.n), id);
        numbers.insert(id, entry.n);
        chain.entries.push((id, entry));
    }
    Ok(chain)
}

fn follows(entry: &CustodyEntry, witness: bool, numbers: &HashMap<DocumentId, u32>) -> bool {
    match &entry.previous {
        None => entry.n == 0 && witness && entry.act.begins() && numbers.is_empty(),
        Some(previous) => DocumentId::from_hex(previous)
            .ok()
            .and_then(|id| numbers.get(&id).copied())
            .and_then(|n| n.checked_add(1))
            .is_some_and(|n| n == entry.n),
    }
}

/// A valid case statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCase {
    /// Case key.
    pub key: [u8; 32],
    /// Its content.
    pub statement: CaseStatement,
}

impl CheckedCase {
    /// Number of an item in the case, when its capture key countersigned that (rule S-2).
    #[must_use]
    pub fn number_of(&self, item: ItemId, capture_key: &[u8; 32]) -> Option<u32> {
        let entry = self.statement.items.iter().find(|entry| entry.item == item.hex())?;
        let signature = unhex(&entry.countersignature).ok()?;
        let message = countersigned(&self.key, entry.n, item);
        sign::verify(capture_key, COUNTERSIGNATURE, &message, &signature).ok()?;
        Some(entry.n)
    }
}

/// Checks a case statement, and that it keeps what one held before had (rules S-1, S-3).
///
/// # Errors
/// [`CannotOpen`] for any of them.
pub fn check_case(
    document: &SignedDocument,
    held: Option<&CaseStatement>,
) -> Result<CheckedCase, CannotOpen> {
    let statement: CaseStatement = check_document(document)?;
    let key = unhex(&statement.case_key).map_err(|_| CannotOpen)?;
    if let Some(held) = held {
        let (older, newer) =
            if held.n <= statement.n { (held, &statement) } else { (&statement, held) };
        if !newer.items.starts_with(&older.items) || held.case_key != statement.case_key {
            return Err(CannotOpen);
        }
    }
    Ok(CheckedCase { key, statement })
}

/// How far a live recording reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "each has its words")]
pub enum LiveState {
    /// Its closing agrees with its segments.
    Complete {
        /// Number of segments.
        segments: u32,
        /// Bytes of data.
        bytes: u64,
    },
    /// No closing: valid up to here, silent about what followed.
    Interrupted {
        /// Number of whole segments.
        segments: u32,
        /// Bytes of data.
        bytes: u64,
        /// Running hash of the last of them; without any, the id of the opening.
        running: [u8; 32],
    },
}

/// What is wrong with a live recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LiveFault {
    /// This segment does not follow (rules L-1, L-3).
    Segment(u32),
    /// The closing differs from the segments (rule L-2).
    Closing,
}

/// Checks the segments of a recording in order, and its closing.
///
/// # Errors
/// The first fault; a reader that fails counts as a segment that does not follow.
pub fn check_live<S: AsRef<[u8]>>(
    id: ItemId,
    opening: &LiveOpening,
    segments: impl Iterator<Item = io::Result<S>>,
    closing: Option<&Manifest>,
    mut sink: impl FnMut(&[u8]),
) -> Result<LiveState, LiveFault> {
    let key = unhex(&opening.capture_key).map_err(|_| LiveFault::Closing)?;
    let (mut last, mut count, mut bytes) = (id.0, 0_u32, 0_u64);
    let mut hasher = Hasher::default();
    for segment in segments {
        let wrong = LiveFault::Segment(count);
        let segment = segment.map_err(|_| wrong)?;
        let segment = Segment::parse(segment.as_ref()).map_err(|_| wrong)?;
        let computed = running(id, count, &last, segment.data);
        let same = segment.index == count
            && segment.opening == id
            && segment.previous == last
            && segment.running == computed;
        if !same || sign::verify(&key, SEGMENT, &computed, &segment.signature).is_err() {
            return Err(wrong);
        }
        hasher.update(segment.data);
        sink(segment.data);
        bytes += segment.data.len() as u64;
        (last, count) = (computed, count + 1);
    }
    match closing {
        None => Ok(LiveState::Interrupted { segments: count, bytes, running: last }),
        Some(manifest) => {
            let live = manifest.live.as_ref().ok_or(LiveFault::Closing)?;
            let same = live.opening == id.hex()
                && live.segments == count
                && unhex(&live.running) == Ok(last)
                && manifest.capture_key == opening.capture_key
                && manifest.content.length == bytes
                && unhex(&manifest.content.sha256) == Ok(hasher.finish());
            if same {
                Ok(LiveState::Complete { segments: count, bytes })
            } else {
                Err(LiveFault::Closing)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use amate_seal::{random, sign::SigningKey};
    use amate_wire::{custody::Act, facts::Fact, manifest::Origin};

    use super::{
        super::{
            LiveRecorder, MadeItem, NewItem, case_statement, make_item, make_opening, next_entry,
        },
        *,
    };

    fn item() -> MadeItem {
        let new = NewItem {
            origin: Origin::Import,
            media_type: "image/jpeg".into(),
            sha256: sha256(b"foto"),
            length: 4,
            not_before: None,
            derived_from: None,
            previous: None,
            facts: vec![(Fact::Place, "Tlapa".into())],
        };
        make_item(new, "2026-11-24T10:42:43Z", &mut random::system())
    }

    #[test]
    fn an_item_verifies_with_its_content_and_its_facts() {
        let made = item();
        let manifest: Manifest = check_document(&made.document).unwrap();
        assert!(check_content(&mut b"foto".as_slice(), &manifest.content).is_ok());
        assert!(check_content(&mut b"fota".as_slice(), &manifest.content).is_err(), "M-4");
        assert!(check_content(&mut b"foto!".as_slice(), &manifest.content).is_err(), "M-4");
        let [place] = made.kept.facts.0.as_slice() else { panic!() };
        assert!(check_fact(&manifest.facts, place).is_ok());
        let lie = Disclosure { value: "Chilapa".into(), ..place.clone() };
        assert!(check_fact(&manifest.facts, &lie).is_err(), "F-1");
        let mut forged = made.document.clone();
        forged.signature[3] ^= 1;
        assert!(check_document::<Manifest>(&forged).is_err(), "M-2");
    }

    #[test]
    fn two_items_share_no_key() {
        let (a, b) = (item(), item());
        let key = |made: &MadeItem| check_document::<Manifest>(&made.document).unwrap().capture_key;
        assert_ne!(key(&a), key(&b));
    }

    #[test]
    fn custody_is_one_chain_and_its_branches() {
        let mut rng = random::system();
        let made = item();
        let key = made.kept.capture_key().unwrap();
        let own = amate_wire::document::hex(&key.public());
        let sent = next_entry(made.id, (0, made.entry.id), &key, Act::Send, "", "mesa", &mut rng);
        let desks = [SigningKey::random(&mut rng), SigningKey::random(&mut rng)];
        let received = desks
            .map(|desk| next_entry(made.id, (1, sent.id), &desk, Act::Receive, "", "", &mut rng));
        let [a, b] = &received;
        let check =
            |documents: &[&SignedDocument]| check_custody(made.id, &own, documents.iter().copied());
        let all = [&made.entry.document, &sent.document, &a.document, &b.document];
        let chain = check(&all).unwrap();
        assert_eq!(chain.witness_head(&own), Some((1, sent.id)));
        assert_eq!(check(&all[1..]), Err(CustodyFault::Chain(0)), "C-1");
        let other = next_entry(made.id, (0, made.entry.id), &key, Act::View, "", "", &mut rng);
        let forked = [all[0], all[1], &other.document];
        assert_eq!(check(&forked), Err(CustodyFault::Fork(2)), "C-2");
        let late = next_entry(made.id, (2, a.id), &key, Act::View, "", "", &mut rng);
        assert_eq!(check(&[all[0], all[1], all[2], &late.document]), Err(CustodyFault::Chain(3)));
        let strange = item();
        let foreign = [all[0], &strange.entry.document];
        assert_eq!(check(&foreign), Err(CustodyFault::Chain(1)), "C-3");
    }

    #[test]
    fn a_case_lists_its_items_and_keeps_them() {
        let mut rng = random::system();
        let key = SigningKey::random(&mut rng);
        let (a, b) = (item(), item());
        let capture = |made: &MadeItem| made.kept.capture_key().unwrap();
        let (first, _) = case_statement(&key, None, a.id, &capture(&a)).unwrap();
        let (second, n) = case_statement(&key, Some(&first), b.id, &capture(&b)).unwrap();
        assert_eq!(n, 2);
        let one = check_case(&first, None).unwrap();
        let two = check_case(&second, Some(&one.statement)).unwrap();
        assert_eq!(two.number_of(b.id, &capture(&b).public()), Some(2));
        assert_eq!(two.number_of(b.id, &capture(&a).public()), None, "S-2");
        let (other, _) = case_statement(&key, None, b.id, &capture(&b)).unwrap();
        assert!(check_case(&other, Some(&two.statement)).is_err(), "S-3");
    }

    #[test]
    fn a_live_recording_holds_up_to_its_last_whole_segment() {
        let mut rng = random::system();
        let made = make_opening("audio/wav".into(), None, &[], "", &mut rng);
        let opening: LiveOpening = check_document(&made.document).unwrap();
        let key = made.kept.capture_key().unwrap();
        let mut recorder = LiveRecorder::new(opening.clone(), made.id, key);
        let segments: Vec<_> =
            [b"uno".as_slice(), b"dos", b"tres"].map(|data| recorder.segment(data)).into();
        let closing: Manifest = check_document(&recorder.close()).unwrap();
        let check = |segments: &[Vec<u8>], closing: Option<&Manifest>| {
            check_live(made.id, &opening, segments.iter().map(Ok), closing, |_| {})
        };
        assert_eq!(
            check(&segments, Some(&closing)),
            Ok(LiveState::Complete { segments: 3, bytes: 10 })
        );
        let second = Segment::parse(&segments[1]).unwrap().running;
        assert_eq!(
            check(&segments[..2], None),
            Ok(LiveState::Interrupted { segments: 2, bytes: 6, running: second })
        );
        assert_eq!(check(&segments[..2], Some(&closing)), Err(LiveFault::Closing), "L-2");
        assert_eq!(check(&segments[1..], None), Err(LiveFault::Segment(0)), "L-1");
        let mut changed = segments.clone();
        changed[1][81] ^= 1;
        assert_eq!(check(&changed, None), Err(LiveFault::Segment(1)), "L-1");
    }
}
