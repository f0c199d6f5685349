// SPDX-License-Identifier: MPL-2.0
//! What no vector shows: the expiry of a notice against the time that a vault has witnessed, and
//! the longest parcel manifest.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use amate_app::{
    driver::Carrier,
    envelope::{ItemSealer, Seed, plan, seal_notice},
    evidence::{NewItem, case_statement, make_item},
    exchange::{Answer, Ask, NoAnswer, Relay},
    keys::{DEVICE_LABEL, VerifiedKeySet, identity_id},
    session::Session,
    store::{inbox::Arrival, settings},
};
use amate_seal::{hash::sha256, random, secret::Secret, sign::SigningKey};
use amate_vault::{CodeCost, Vault};
use amate_wire::{
    block::BlockClass,
    document::hex,
    id::{BlockId, RelayKey},
    index::{Index, IndexItem},
    item::ItemKind,
    keyset::KeySet,
    manifest::Origin,
    notice::{Notice, NoticeIndex, NoticeKind},
    parcel::{Entry, ParcelManifest},
};

const NOW: u64 = 1_795_516_963;
const CODE: &[u8] = b"cinco palabras de prueba";

/// A relay that takes a key set, and has one notice and these blocks.
#[derive(Default)]
struct OneNotice {
    keys: Vec<u8>,
    notice: Vec<u8>,
    blocks: HashMap<BlockId, Vec<u8>>,
}

impl Carrier for OneNotice {
    fn ask(&mut self, _: &Relay, ask: &Ask) -> Result<Answer, NoAnswer> {
        let (status, body) = match ask {
            Ask::Info => {
                let key = hex(&relay().0);
                (200, format!("{{\"relay_key\":\"{key}\",\"time\":{NOW}}}").into_bytes())
            }
            Ask::PutKeySet(_, bytes) => {
                self.keys.clone_from(bytes);
                (201, Vec::new())
            }
            Ask::ListNotices { after: 0, .. } => {
                (200, [&1_u64.to_be_bytes(), self.notice.as_slice()].concat())
            }
            Ask::ListNotices { .. } => (200, Vec::new()),
            Ask::GetBlock(id) if self.blocks.contains_key(id) => (200, self.blocks[id].clone()),
            Ask::DropNotices { .. } => (204, Vec::new()),
            _ => (404, Vec::new()),
        };
        Ok(Answer { status, body })
    }
}

fn relay() -> RelayKey {
    RelayKey(key(9).public())
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::new([n; 32]))
}

/// A parcel for this key set.
fn notice(set: &[u8], expiry: u64, index: NoticeIndex) -> Vec<u8> {
    let identity = identity_id(&KeySet::parse(set).unwrap().identity);
    let set = VerifiedKeySet::check(set, identity, None).unwrap();
    let notice = Notice {
        kind: NoticeKind::Parcel,
        key_set: set.id(),
        sender: key(1).public(),
        device: key(2).public(),
        certificate: key(1).sign(DEVICE_LABEL, &key(2).public()),
        parcel: [5; 16],
        previous: [0; 32],
        sequence: 1,
        created: NOW - 100,
        expiry,
        second_signature: [0; 32],
        relay: relay(),
        more: false,
        seed: *seed().expose(),
        index,
        body: Vec::new(),
    };
    let to = set.weekly(NOW).unwrap().key;
    seal_notice(&notice, &key(2), &to, &mut random::system()).unwrap()
}

fn seed() -> Seed {
    Secret::new([6; 32])
}

/// A vault that has published its keys, in a folder of its own.
fn vault(name: &str, wire: &mut OneNotice) -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).unwrap();
    let home = home.join("vault");
    let cost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
    let mut session = Session::create(&home, CODE, cost, "Mesa", NOW).unwrap();
    let capability = format!("amatecap1{}", "a".repeat(84));
    session.add_relay(wire, "https://relevo.example", None, Some(&capability)).unwrap();
    session.publish(wire, NOW).unwrap();
    home
}

/// What a vault takes in.
fn collected(home: &Path, wire: &mut OneNotice, witnessed: Option<u64>) -> Vec<Arrival> {
    let mut session = Session::open(home, CODE).unwrap();
    assert_eq!(session.witnessed(NOW).unwrap(), witnessed.unwrap_or_default());
    session.collect(wire, NOW).unwrap();
    let received = session.received().unwrap();
    fs::remove_dir_all(home.parent().unwrap()).unwrap();
    received.into_iter().map(|(received, _, _)| received.state).collect()
}

/// What a vault takes in that has witnessed this time and reads a notice of this expiry.
fn taken_in(name: &str, witnessed: u64, expiry: u64) -> usize {
    let mut wire = OneNotice::default();
    let home = vault(name, &mut wire);
    let mut vault = Vault::open(&home, CODE).unwrap();
    vault.write("witnessed", |tx| settings::witness(tx, witnessed, NOW)).unwrap();
    drop(vault);
    let items = vec![IndexItem { class: BlockClass::Small, blocks: vec![BlockId([1; 32])] }];
    wire.notice = notice(&wire.keys, expiry, NoticeIndex::Inline(Index { items }));
    collected(&home, &mut wire, Some(witnessed)).len()
}

/// Rule N-5: witnessed time decides, and this device's clock does not.
#[test]
fn a_notice_past_its_expiry_by_witnessed_time_is_not_taken_in() {
    assert_eq!(taken_in("expiry-at", NOW - 10, NOW - 10), 1, "at its expiry");
    assert_eq!(taken_in("expiry-past", NOW - 10, NOW - 11), 0, "a second past it");
    assert_eq!(taken_in("expiry-clock", NOW - 50, NOW - 11), 1, "past it by the clock alone");
}

/// A parcel manifest of one item, made this long by an entry that is not known.
fn manifest(len: usize, content: &[u8]) -> Vec<u8> {
    let new = NewItem {
        origin: Origin::Import,
        media_type: "text/plain".into(),
        sha256: sha256(content),
        length: content.len() as u64,
        not_before: None,
        derived_from: None,
        previous: None,
        facts: Vec::new(),
    };
    let made = make_item(new, "2026-11-24T10:42:43Z", &mut random::system());
    let capture = made.kept.capture_key().unwrap();
    let (case, _) = case_statement(&key(3), None, made.id, &capture).unwrap();
    let mut entries = vec![
        Entry::Case(case.encode()),
        Entry::Manifest(made.document.encode()),
        Entry::Custody(made.entry.document.encode()),
        Entry::Content { item: made.id, first: 1, count: 1 },
    ];
    entries.push(Entry::Unknown(200, Vec::new()));
    let short = ParcelManifest { entries: entries.clone() }.encode().len();
    *entries.last_mut().unwrap() = Entry::Unknown(200, vec![0; len - short]);
    ParcelManifest { entries }.encode()
}

/// How a parcel arrives whose manifest has this length.
fn arrives(name: &str, len: usize) -> Vec<Arrival> {
    let content = b"lo que vi";
    let manifest = manifest(len, content);
    assert_eq!(manifest.len(), len);
    let mut wire = OneNotice::default();
    let home = vault(name, &mut wire);
    let contents = [(ItemKind::Manifest, manifest.as_slice()), (ItemKind::Content, content)];
    let mut items = Vec::new();
    for (at, (kind, bytes)) in (0..).zip(contents) {
        let shape = plan(kind, bytes.len() as u64, None).unwrap();
        let mut sealer = ItemSealer::new(&seed(), at, shape, sha256(bytes), bytes).unwrap();
        let mut blocks = Vec::new();
        while let Some(block) = sealer.next_block().unwrap() {
            blocks.push(block.id);
            wire.blocks.insert(block.id, block.bytes);
        }
        items.push(IndexItem { class: shape.class, blocks });
    }
    wire.notice = notice(&wire.keys, NOW + 1_000, NoticeIndex::Inline(Index { items }));
    collected(&home, &mut wire, None)
}

/// Rule P-1: the longest is taken in, and no longer one.
#[test]
fn a_parcel_manifest_longer_than_four_mebibytes_is_not_taken_in() {
    let most = 4 * 1024 * 1024;
    assert_eq!(arrives("manifest-most", most), [Arrival::Arrived]);
    assert_eq!(arrives("manifest-more", most + 1), [], "and of a stranger nothing is kept");
}
