// SPDX-License-Identifier: MPL-2.0
//! Layouts of `amate_wire`: what is read is written back to the same bytes.

use amate_app::{
    evidence::{Signed, check_case, check_custody, check_document, item_id},
    keys::{MeetingA, MeetingB, VerifiedKeySet, identity_id},
    records::{Incident, When},
};
use amate_seal::{hash::sha256, merkle, note};
use amate_wire::{
    capability::Capability,
    case::CaseStatement,
    custody::CustodyEntry,
    document::{Format, SignedDocument, read, write},
    facts::{CustodyDisclosure, Disclosure},
    id::{IdentityId, ItemId, KeySetId, RelayKey},
    index::{Index, node_ids, pad_payload, unpad_payload},
    item::ItemHeader,
    keyset::{self, KeySet},
    live::LiveOpening,
    log::{
        SignedCheckpoint, TlogProof, hashes_to_text, parse_hashes, parse_tile_index, tile_index,
    },
    manifest::Manifest,
    notice::{Notice, SIGNED_LEN},
    pairing::{PairingCode, Slot},
    parcel::{Entry, ParcelManifest},
    receipt::{self, Receipt},
};
use data_encoding::BASE32_NOPAD;

use crate::world::{Cursor, Seeded, TIME, key};

/// Canonical JSON of every format, alone and as a signed document.
pub fn document(bytes: &[u8]) -> bool {
    let signed = SignedDocument::parse(bytes).is_ok_and(|document| {
        assert_eq!(document.encode(), bytes);
        let _ = check_document::<Manifest>(&document);
        let _ = check_document::<CustodyEntry>(&document);
        let _ = check_document::<LiveOpening>(&document);
        let _ = check_case(&document, None);
        true
    });
    let read = [
        whole::<Manifest>(bytes),
        whole::<CustodyEntry>(bytes),
        whole::<CaseStatement>(bytes),
        whole::<LiveOpening>(bytes),
        same::<Vec<Disclosure>>(bytes).is_some(),
        same::<Vec<CustodyDisclosure>>(bytes).is_some(),
    ];
    signed || read.contains(&true)
}

fn same<F: Format>(bytes: &[u8]) -> Option<F> {
    let value = read::<F>(bytes).ok()?;
    assert_eq!(write(&value), bytes);
    Some(value)
}

/// Read, and signed by the one key that it names.
fn whole<F: Signed>(bytes: &[u8]) -> bool {
    let Some(value) = same::<F>(bytes) else { return false };
    let signer = key("capture");
    let signature = signer.sign(F::LABEL, bytes);
    let document = SignedDocument { json: bytes.to_vec(), signature };
    let own = value.signer() == amate_wire::document::hex(&signer.public());
    assert_eq!(check_document::<F>(&document).is_ok(), own);
    true
}

/// A custody chain, one entry a line, each signed by whom it names when that key is known here.
pub fn custody(bytes: &[u8]) -> bool {
    let signers = ["capture", "device", "other"].map(key);
    let documents: Vec<SignedDocument> = bytes
        .split(|byte| *byte == b'\n')
        .take(64)
        .map(|json| {
            let by = read::<CustodyEntry>(json).map(|entry| entry.by).unwrap_or_default();
            let signer = signers.iter().find(|key| amate_wire::document::hex(&key.public()) == by);
            let signer = signer.unwrap_or(&signers[0]);
            let signature = signer.sign(CustodyEntry::LABEL, json);
            SignedDocument { json: json.to_vec(), signature }
        })
        .collect();
    let capture = amate_wire::document::hex(&signers[0].public());
    let Ok(chain) = check_custody(ItemId([7; 32]), &capture, documents.iter()) else {
        return false;
    };
    assert!(chain.entries.len() <= documents.len());
    for (at, (_, entry)) in chain.entries.iter().enumerate() {
        let before = &chain.entries[..at];
        assert!(before.iter().all(|(_, one)| (&one.by, one.n) != (&entry.by, entry.n)), "C-2");
        match &entry.previous {
            None => assert!(at == 0 && entry.n == 0, "C-1"),
            Some(id) => {
                assert!(before.iter().any(|(one, e)| one.hex() == *id && e.n + 1 == entry.n));
            }
        }
    }
    assert_eq!(chain.witness_head(&capture).is_some(), !chain.entries.is_empty());
    true
}

/// A case statement after one that is held.
pub fn case(bytes: &[u8]) -> bool {
    let (held, json) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => (read::<CaseStatement>(&bytes[..at]).ok(), &bytes[at + 1..]),
        None => (None, bytes),
    };
    let signature = key("capture").sign(CaseStatement::LABEL, json);
    let document = SignedDocument { json: json.to_vec(), signature };
    let Ok(checked) = check_case(&document, held.as_ref()) else { return false };
    let new = &checked.statement;
    for (item, n) in new.items.iter().zip(1..) {
        assert_eq!(item.n, n, "S-1");
    }
    if let Some(held) = held {
        let kept = held.items.len().min(new.items.len());
        assert_eq!(held.items[..kept], new.items[..kept], "S-3");
    }
    let _ = checked.number_of(item_id(&document), &key("capture").public());
    true
}

/// A parcel manifest and the documents in it.
pub fn parcel(bytes: &[u8]) -> bool {
    let mut accepted = false;
    for items in [0, 1, 5, u32::MAX] {
        let Ok(manifest) = ParcelManifest::parse(bytes, items) else { continue };
        accepted = true;
        assert_eq!(manifest.encode(), bytes);
        let mut ranges = Vec::new();
        for entry in &manifest.entries {
            match entry {
                Entry::Content { first, count, .. } => ranges.push((*first, *count)),
                Entry::Manifest(json) | Entry::Custody(json) | Entry::Case(json) => {
                    document(json);
                }
                Entry::Facts(_, json) | Entry::CustodyFacts(_, json) => {
                    document(json);
                }
                Entry::Receipt { proof, .. } => {
                    log(proof);
                }
                _ => {}
            }
        }
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            assert!(u64::from(pair[0].0) + u64::from(pair[0].1) <= u64::from(pair[1].0));
        }
        for (first, count) in ranges {
            let end = u64::from(first) + u64::from(count);
            assert!(first > 0 && count > 0 && end <= u64::from(items));
        }
    }
    accepted
}

/// The signed part of a notice; shorter input is filled with zeros.
pub fn notice(bytes: &[u8]) -> bool {
    let mut signed = [0; SIGNED_LEN];
    for (to, from) in signed.iter_mut().zip(bytes) {
        *to = *from;
    }
    Notice::parse(&signed).is_ok_and(|notice| {
        assert_eq!(notice.encode().as_deref(), Ok(signed.as_slice()));
        true
    })
}

/// An index, and the payload of index blocks.
pub fn index(bytes: &[u8]) -> bool {
    if let Ok(payload) = unpad_payload(bytes) {
        assert_eq!(pad_payload(payload).as_deref(), Ok(bytes));
    }
    if let Ok(ids) = node_ids(bytes) {
        assert_eq!(ids.iter().flat_map(|id| id.0).collect::<Vec<_>>(), bytes);
    }
    Index::parse(bytes).is_ok_and(|index| {
        assert_eq!(index.encode(), bytes);
        assert!(index.items.iter().all(|item| !item.blocks.is_empty()));
        let _ = index.is_inline();
        true
    })
}

/// Header of a parcel item: 16 bytes, then the length of its plaintext.
pub fn item_header(bytes: &[u8]) -> bool {
    let mut cursor = Cursor(bytes);
    let (head, plaintext) = (cursor.array(), cursor.u64());
    ItemHeader::parse(&head, plaintext).is_ok_and(|header| {
        assert_eq!(header.encode(), head);
        assert!(header.content_len <= plaintext - 16);
        true
    })
}

/// A key set as it comes, and signed by an identity that is hostile.
pub fn key_set(bytes: &[u8]) -> bool {
    let identity = key("identity");
    let id = identity_id(&identity.public());
    let Ok(mut set) = KeySet::parse(bytes) else {
        assert!(VerifiedKeySet::check(bytes, id, None).is_err());
        return false;
    };
    assert_eq!(set.encode().as_deref(), Ok(bytes));
    let _ = VerifiedKeySet::check(bytes, id, None);
    set.identity = identity.public();
    let signed = set.signed_bytes().expect("was read");
    set.signature = identity.sign(keyset::LABEL, &signed);
    let bytes = set.encode().expect("was read");
    let Ok(verified) = VerifiedKeySet::check(&bytes, id, None) else { return true };
    assert_eq!(verified.id(), KeySetId(sha256(&bytes)));
    for time in [0, TIME, u64::MAX, u64::from(set.first_week) * keyset::WEEK] {
        assert!(verified.weekly(time).is_some());
    }
    let _ = verified.accepts_device(&set.devices[0].key, &set.signature);
    assert!(VerifiedKeySet::check(&bytes, IdentityId([0; 32]), None).is_err(), "K-2");
    true
}

/// Text of a QR code, as it comes and with the checksum made right; slots of a meeting.
pub fn pairing(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let read = PairingCode::from_text(&text, sha256).is_ok_and(|code| {
        let body = code.body().expect("was read");
        let plain: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
        let written = code.to_text(&sha256(&body)).expect("was read");
        assert_eq!(written, plain.to_ascii_uppercase());
        true
    });
    let checked = [bytes, &sha256(bytes)[..4]].concat();
    let text = format!("AMATE1:{}", BASE32_NOPAD.encode(&checked));
    let body = PairingCode::from_text(&text, sha256).is_ok_and(|code| {
        assert_eq!(code.body().as_deref(), Ok(bytes));
        true
    });
    read | body | slots(bytes)
}

fn slots(bytes: &[u8]) -> bool {
    let own = (IdentityId([1; 32]), KeySetId([2; 32]));
    let mut rng = Seeded::new("meeting");
    let (mut a, slot_0) = MeetingA::begin(own, &mut rng);
    let (b, slot_1) = MeetingB::join(own, &slot_0, &mut rng).expect("sound");
    if b.finish(bytes).is_ok() {
        let (slot_2, ..) = a.answer(&slot_1).expect("sound");
        assert_eq!(bytes, slot_2, "the commitment binds");
    }
    let _ = a.answer(bytes);
    let _ = MeetingB::join(own, bytes, &mut rng);
    let mut accepted = false;
    for number in 0..=3 {
        if let Ok(slot) = Slot::parse(bytes, number) {
            assert_eq!(slot.encode(), bytes);
            accepted = true;
        }
    }
    accepted
}

/// Text and bytes of a capability.
pub fn capability(bytes: &[u8]) -> bool {
    if let Ok(capability) = Capability::parse(bytes) {
        assert_eq!(capability.encode(), bytes);
        assert_eq!(Capability::from_text(&capability.to_text()), Ok(capability));
        return true;
    }
    let text = String::from_utf8_lossy(bytes);
    Capability::from_text(&text).is_ok_and(|capability| {
        assert_eq!(capability.to_text(), text);
        true
    })
}

/// A receipt as it comes, and signed by a relay that is hostile.
pub fn receipt(bytes: &[u8]) -> bool {
    let Ok((receipt, signature)) = Receipt::parse(bytes) else { return false };
    let signed = receipt.signed_bytes();
    assert_eq!([signed.as_slice(), &signature].concat(), bytes);
    let relay = key("relay");
    let own = RelayKey(relay.public());
    let _ = note::verify_receipt(&own, receipt.stored, b"sent", bytes);
    let signature = relay.sign(receipt::LABEL, &signed);
    let bytes = [signed, signature.to_vec()].concat();
    let verified = note::verify_receipt(&own, receipt.stored, b"sent", &bytes);
    let same = receipt.relay == own && receipt.hash == sha256(b"sent") && receipt.length == 4;
    assert_eq!(verified.is_ok(), same, "R-1, R-2");
    true
}

/// Checkpoints and proofs of a log, as they come and signed by a relay that is hostile.
pub fn log(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let relay = RelayKey(key("relay").public());
    let mut accepted = false;
    if let Ok(signed) = SignedCheckpoint::parse(text) {
        assert_eq!(signed.to_text(), text);
        hostile_checkpoint(&relay, &signed);
        accepted = true;
    }
    if let Ok(mut proof) = TlogProof::parse(text) {
        assert_eq!(proof.to_text(), text);
        let _ = note::verify_proof(&relay, &[0; 32], &proof);
        proof.checkpoint = hostile_checkpoint(&relay, &proof.checkpoint);
        let _ = note::verify_proof(&relay, &[0; 32], &proof);
        accepted = true;
    }
    if let Ok(hashes) = parse_hashes(text) {
        assert_eq!(parse_hashes(&hashes_to_text(&hashes)).as_ref(), Ok(&hashes));
        accepted = true;
    }
    accepted
}

/// Signs what a checkpoint says under the name of a relay; it verifies, and as what it says.
fn hostile_checkpoint(relay: &RelayKey, signed: &SignedCheckpoint) -> SignedCheckpoint {
    let _ = note::verify_checkpoint(relay, signed);
    let _ = note::epoch(relay, &signed.checkpoint.origin);
    let mut checkpoint = signed.checkpoint.clone();
    checkpoint.origin = note::origin(relay, u32::MAX);
    let again = note::sign_checkpoint(&key("relay"), checkpoint, TIME);
    let verified = note::verify_checkpoint(relay, &again).expect("signed");
    assert_eq!((verified.time, &verified.checkpoint), (TIME, &again.checkpoint));
    again
}

/// Consistency and inclusion in a small tree: only the honest path leads there. Sizes, then a path.
pub fn merkle_paths(bytes: &[u8]) -> bool {
    let mut cursor = Cursor(bytes);
    let (old, new, index) = (cursor.u64(), cursor.u64(), cursor.u64());
    let path: Vec<[u8; 32]> = cursor.0.as_chunks::<32>().0.iter().take(130).copied().collect();
    let (small, large) = (old % 65, new % 65);
    let _ = merkle::verify_consistency((old, &[1; 32]), (new, &[2; 32]), &path);
    let _ = merkle::root_of_inclusion(index, new, [3; 32], &path);
    let mut tree = merkle::Tree::default();
    (0..65_u8).for_each(|n| tree.push(merkle::leaf_hash(&[n])));
    let (from, to) = (tree.root(small).expect("small"), tree.root(large).expect("small"));
    let honest = tree.consistency(small, large);
    let check = |path: &[_]| merkle::verify_consistency((small, &from), (large, &to), path).is_ok();
    assert!(honest.as_ref().is_none_or(|path| check(path)));
    if check(&path) {
        assert_eq!(Some(&path), honest.as_ref(), "T-4");
    }
    let at = index % 65;
    let leaf = merkle::leaf_hash(&[at as u8]);
    let honest = tree.inclusion(at, large);
    let leads = |path: &[_]| merkle::root_of_inclusion(at, large, leaf, path) == Ok(to);
    assert!(honest.as_ref().is_none_or(|path| leads(path)));
    if leads(&path) {
        assert_eq!(Some(&path), honest.as_ref(), "T-3");
    }
    true
}

/// Path of a tile.
pub fn tile_path(bytes: &[u8]) -> bool {
    if let Some(number) = bytes.first_chunk() {
        let number = u64::from_be_bytes(*number);
        assert_eq!(parse_tile_index(&tile_index(number)), Ok(number));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    parse_tile_index(text).is_ok_and(|index| {
        assert_eq!(tile_index(index), text);
        true
    })
}

/// A written record, and a date in a person's words.
pub fn incident(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    if let Some(when) = When::from_text(&text) {
        assert_eq!(when.value, text.trim());
    }
    Incident::from_bytes(bytes).is_some_and(|incident| {
        assert_eq!(Incident::from_bytes(&incident.to_bytes()), Some(incident));
        true
    })
}
