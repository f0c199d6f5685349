// SPDX-License-Identifier: MPL-2.0
//! Whatever is written is read again, and is read in one way only: any other byte of it is an error
//! or another value.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops where it fails")]

use amate_wire::{
    block::BlockClass,
    capability::Capability,
    custody::{Act, CustodyEntry},
    document::{Format, SignedDocument, hex, read, write},
    facts::{CustodyDisclosure, CustodyField, Disclosure, Fact},
    id::{BlockId, DocumentId, IdentityId, ItemId, KeySetId, MailboxId, RelayKey},
    index::{Index, IndexItem},
    item::{ItemHeader, ItemKind},
    keyset::{Device, KeySet, Mailbox},
    live::Segment,
    log::{
        Checkpoint, NoteSignature, SignedCheckpoint, TlogProof, hashes_to_text, parse_hashes,
        parse_tile_index, tile_index,
    },
    notice::{Notice, NoticeIndex, NoticeKind},
    pairing::PairingCode,
    parcel::{Entry, ParcelManifest},
    receipt::{Receipt, Stored},
};
use proptest::{
    array::{uniform16, uniform32},
    collection::vec,
    prelude::*,
};

fn key() -> impl Strategy<Value = [u8; 32]> {
    uniform32(any::<u8>())
}

fn signature() -> impl Strategy<Value = [u8; 64]> {
    (key(), key()).prop_map(|(a, b)| {
        let mut both = [0; 64];
        both[..32].copy_from_slice(&a);
        both[32..].copy_from_slice(&b);
        both
    })
}

/// Numbers that JSON and databases hold exactly.
fn number() -> impl Strategy<Value = u64> {
    0..1_u64 << 53
}

fn index() -> impl Strategy<Value = Index> {
    const CLASSES: [BlockClass; 3] = [BlockClass::Small, BlockClass::Medium, BlockClass::Large];
    vec((0..3_usize, 1..20_usize), 1..8).prop_map(|items| {
        let mut next = 0_u32;
        let mut id = || {
            next += 1;
            let mut id = [7; 32];
            id[..4].copy_from_slice(&next.to_be_bytes());
            BlockId(id)
        };
        let items = items.into_iter().map(|(class, count)| IndexItem {
            class: CLASSES[class],
            blocks: (0..count).map(|_| id()).collect(),
        });
        Index { items: items.collect() }
    })
}

fn notice() -> impl Strategy<Value = Notice> {
    let names = (key(), key(), key(), signature(), uniform16(any::<u8>()));
    let numbers = (1..1_u64 << 53, number(), number());
    (names, numbers, key(), any::<bool>(), key()).prop_map(
        |(
            (set, sender, device, certificate, parcel),
            (sequence, created, expiry),
            relay,
            more,
            seed,
        )| {
            let items = vec![IndexItem { class: BlockClass::Small, blocks: vec![BlockId(sender)] }];
            Notice {
                kind: NoticeKind::Parcel,
                key_set: KeySetId(set),
                sender,
                device,
                certificate,
                parcel,
                previous: [0; 32],
                sequence,
                created,
                expiry,
                second_signature: [0; 32],
                relay: RelayKey(relay),
                more,
                seed,
                index: NoticeIndex::Inline(Index { items }),
                body: Vec::new(),
            }
        },
    )
}

fn key_set() -> impl Strategy<Value = KeySet> {
    let devices = vec((key(), any::<bool>()), 1..=16);
    let mailboxes = vec((key(), key(), "https://[a-z]{1,40}\\.example"), 1..=4);
    (key(), any::<u32>(), devices, mailboxes, any::<u32>(), 1..=27_usize, signature()).prop_map(
        |(identity, sequence, devices, mailboxes, first_week, weeks, signature)| KeySet {
            identity,
            sequence,
            long_term: Box::new([3; 1_216]),
            devices: devices.into_iter().map(|(key, revoked)| Device { key, revoked }).collect(),
            mailboxes: mailboxes
                .into_iter()
                .map(|(relay, mailbox, url)| Mailbox {
                    relay: RelayKey(relay),
                    mailbox: MailboxId(mailbox),
                    url,
                })
                .collect(),
            first_week,
            weekly: (0..weeks).map(|n| Box::new([n as u8; 1_216])).collect(),
            signature,
        },
    )
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let bytes = || vec(any::<u8>(), 0..200);
    let one = prop_oneof![
        bytes().prop_map(Entry::Manifest),
        bytes().prop_map(Entry::Custody),
        bytes().prop_map(Entry::Case),
        (key(), bytes()).prop_map(|(item, json)| Entry::Facts(ItemId(item), json)),
        (key(), key(), key(), any::<u32>(), key(), bytes()).prop_map(
            |(item, relay, salt, head_n, head, proof)| Entry::Receipt {
                item: ItemId(item),
                relay: RelayKey(relay),
                salt,
                head_n,
                head: DocumentId(head),
                proof,
            }
        ),
        bytes().prop_map(Entry::Address),
        bytes().prop_map(Entry::Opening),
        (11..=255_u8, bytes()).prop_map(|(kind, bytes)| Entry::Unknown(kind, bytes)),
    ];
    vec(one, 0..12)
}

fn checkpoint() -> impl Strategy<Value = SignedCheckpoint> {
    let signatures = vec(("[!-*,-~]{1,60}", vec(any::<u8>(), 5..80)), 1..5);
    ("[!-~]{1,80}", 0..1_u64 << 63, key(), signatures).prop_map(
        |(origin, size, root, signatures)| SignedCheckpoint {
            checkpoint: Checkpoint { origin, size, root },
            signatures: signatures
                .into_iter()
                .map(|(name, blob)| NoteSignature { name, blob })
                .collect(),
        },
    )
}

/// A document is read as what was written, and rejected with any byte of it changed in place to
/// what JSON would read as the same.
fn document<F: Format + PartialEq + std::fmt::Debug>(value: &F) {
    let json = write(value);
    assert_eq!(read::<F>(&json).as_ref(), Ok(value));
    for (from, to) in [(":", ": "), (",", " ,"), ("{", "{ "), ("\"a", "\"\\u0061")] {
        let text = String::from_utf8(json.clone()).unwrap();
        if text.contains(from) {
            let other = text.replacen(from, to, 1);
            assert!(read::<F>(other.as_bytes()).is_err(), "{other}");
        }
    }
    let signed = SignedDocument { json, signature: [9; 64] };
    let bytes = signed.encode();
    assert_eq!(SignedDocument::parse(&bytes), Ok(signed));
    assert!(SignedDocument::parse(&bytes[..bytes.len() - 1]).is_err());
    assert!(SignedDocument::parse(&[bytes, vec![0]].concat()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_is_read_as_written(index in index()) {
        let bytes = index.encode();
        prop_assert_eq!(Index::parse(&bytes), Ok(index));
        prop_assert!(Index::parse(&bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn a_notice_is_read_as_written(notice in notice(), at in 0..2_373_usize, xor in 1..=255_u8) {
        let bytes = notice.encode().unwrap();
        let mut bytes: [u8; 2_373] = bytes.try_into().unwrap();
        prop_assert_eq!(Notice::parse(&bytes), Ok(notice.clone()));
        bytes[at] ^= xor;
        prop_assert_ne!(Notice::parse(&bytes), Ok(notice));
    }

    #[test]
    fn a_key_set_is_read_as_written(set in key_set()) {
        let bytes = set.encode().unwrap();
        prop_assert_eq!(KeySet::parse(&bytes), Ok(set));
        prop_assert!(KeySet::parse(&bytes[1..]).is_err());
    }

    #[test]
    fn a_parcel_manifest_is_read_as_written(entries in entries()) {
        let manifest = ParcelManifest { entries };
        let bytes = manifest.encode();
        prop_assert_eq!(ParcelManifest::parse(&bytes, 3), Ok(manifest));
        prop_assert!(ParcelManifest::parse(&[bytes, vec![1]].concat(), 3).is_err());
    }

    #[test]
    fn a_receipt_is_read_as_written(
        relay in key(), hash in key(), mailbox in proptest::option::of(key()),
        length in any::<u32>(), at in number(), until in number(), signature in signature(),
    ) {
        let stored = mailbox.map_or(Stored::Block, |id| Stored::Notice(MailboxId(id)));
        let receipt = Receipt { relay: RelayKey(relay), stored, hash, length, at, until };
        let bytes = [receipt.signed_bytes().as_slice(), &signature].concat();
        prop_assert_eq!(Receipt::parse(&bytes), Ok((receipt, signature)));
    }

    #[test]
    fn a_pairing_text_is_read_as_written_and_as_people_type_it(
        identity in key(), relay in key(), secret in key(), id in uniform16(any::<u8>()),
        n in any::<u32>(), with in any::<bool>(), url in "https://[a-z]{1,60}\\.example",
    ) {
        let hash = |bytes: &[u8]| {
            let mut sum = [0; 32];
            bytes.iter().enumerate().for_each(|(at, byte)| sum[at % 32] ^= byte.rotate_left(3));
            sum
        };
        let capability = with.then_some(Capability { id, n, secret });
        if let Some(one) = &capability {
            prop_assert_eq!(&Capability::from_text(&one.to_text()).unwrap(), one);
        }
        let code =
            PairingCode { identity: IdentityId(identity), relay: RelayKey(relay), capability, url };
        let text = code.to_text(&hash(&code.body().unwrap())).unwrap();
        prop_assert_eq!(&PairingCode::from_text(&text, hash).unwrap(), &code);
        let typed = text.to_lowercase().replace('a', "A ").replace('q', "-Q");
        prop_assert_eq!(PairingCode::from_text(&typed, hash).unwrap(), code);
    }

    #[test]
    fn an_item_header_is_read_as_written(content_len in 0..1_u64 << 40, more in 0..1_u64 << 20) {
        let header = ItemHeader { kind: ItemKind::Content, content_len };
        let bytes = header.encode();
        let length = bytes.len() as u64;
        let bytes = bytes.as_slice().try_into().unwrap();
        prop_assert_eq!(ItemHeader::parse(bytes, length + content_len + more), Ok(header));
        prop_assert!(content_len == 0 || ItemHeader::parse(bytes, length + content_len - 1).is_err());
    }

    #[test]
    fn a_segment_is_read_as_written(
        number in any::<u32>(), opening in key(), previous in key(),
        data in vec(any::<u8>(), 1..2_000), running in key(), signature in signature(),
    ) {
        let opening = ItemId(opening);
        let segment = Segment { index: number, opening, previous, data: &data, running, signature };
        let bytes = segment.encode();
        prop_assert_eq!(Segment::parse(&bytes), Ok(segment));
    }

    #[test]
    fn notes_and_proofs_are_read_as_written(
        signed in checkpoint(), place in 0..1_u64 << 63, path in vec(key(), 0..=63),
    ) {
        prop_assert_eq!(SignedCheckpoint::parse(&signed.to_text()), Ok(signed.clone()));
        let proof = TlogProof { index: place, path: path.clone(), checkpoint: signed };
        let text = proof.to_text();
        prop_assert_eq!(TlogProof::parse(&text), Ok(proof));
        prop_assert!(TlogProof::parse(&text.replacen("index ", "index 0", 1)).is_err());
        prop_assert_eq!(parse_hashes(&hashes_to_text(&path)), Ok(path));
    }

    #[test]
    fn a_tile_path_is_read_as_written(index in any::<u64>()) {
        prop_assert_eq!(parse_tile_index(&tile_index(index)), Ok(index));
    }

    #[test]
    fn documents_are_read_as_written(
        item in key(), by in key(), n in any::<u32>(), act in 0..9_usize,
        value in "\\PC{0,60}|[\\x00-\\x1f\"\\\\a-z]{0,60}", previous in proptest::option::of(key()),
    ) {
        let acts = [
            Act::Capture, Act::Import, Act::Record, Act::View, Act::RedactCopy, Act::Send,
            Act::Receive, Act::Open, Act::Export,
        ];
        document(&CustodyEntry {
            format: CustodyEntry::NAME.into(),
            item: hex(&item),
            n,
            previous: previous.map(|id| hex(&id)),
            act: acts[act],
            by: hex(&by),
            clock: hex(&item),
            detail: hex(&by),
        });
        let facts: Vec<Disclosure> =
            vec![Disclosure { fact: Fact::Place, salt: hex(&by), value: value.clone() }];
        prop_assert_eq!(read(&write(&facts)), Ok(facts));
        let fields: Vec<CustodyDisclosure> = vec![CustodyDisclosure {
            entry: hex(&item),
            field: CustodyField::Clock,
            salt: hex(&by),
            value,
        }];
        prop_assert_eq!(read(&write(&fields)), Ok(fields));
    }
}
