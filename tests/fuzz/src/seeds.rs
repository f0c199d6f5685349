// SPDX-License-Identifier: MPL-2.0

use amate_app::{
    evidence::{NewItem, case_statement, make_item, next_entry},
    keys::{MeetingA, MeetingB, OwnKeys},
    records::Incident,
};
use amate_seal::{age::Identity, hash::sha256, merkle, note};
use amate_wire::{
    block::BlockClass,
    capability::Capability,
    custody::{Act, CustodyEntry},
    document::{hex, write},
    facts::Fact,
    id::{BlockId, DocumentId, IdentityId, ItemId, KeySetId, MailboxId, RelayKey},
    index::{Index, IndexItem, LEAF_LEN},
    item::{ItemHeader, ItemKind},
    keyset::{Device, KeySet, Mailbox},
    log::{Checkpoint, TlogProof, hashes_to_text, tile_index},
    manifest::{Manifest, Origin},
    notice::{Notice, NoticeIndex, NoticeKind},
    pairing::PairingCode,
    parcel::{Entry, ParcelManifest},
    receipt::{Receipt, Stored},
};

use crate::{
    age_file, backup, envelope, evidence, export, places, relay,
    world::{CLOCK, Seeded, TIME, hybrid, key},
};

type Seeds = Vec<(&'static str, Vec<u8>)>;

/// Name and bytes of what the corpus of a target begins with.
#[must_use]
pub fn seeds(target: &str) -> Seeds {
    match target {
        "age_sealed" => vec![("sample", age_file::sealed_file())],
        "age_text" => age_texts(),
        "capability" => {
            let one = Capability { id: [1; 16], n: 7, secret: [2; 32] };
            vec![("text", one.to_text().into_bytes()), ("bytes", one.encode())]
        }
        "case" => cases(),
        "custody" => vec![("chain", custody())],
        "document" => documents(),
        "export_file" => export_files(),
        "incident" => {
            let one = Incident::new("Pasó esto", Some("2026-11"), Some("Tlapa")).expect("a story");
            vec![("whole", one.to_bytes())]
        }
        "index" => vec![("two-items", envelope::sample_index().encode())],
        "index_block_sealed" => {
            let payload = envelope::sample_index().encode();
            let seed = crate::world::secret("parcel");
            vec![("sample", envelope::seal_index_block(&seed, 0, 0, &payload))]
        }
        "index_blocks" => vec![("leaf", index_leaf()), ("tree", index_tree())],
        "item_header" => {
            let header = ItemHeader { kind: ItemKind::Content, content_len: 5 }.encode();
            vec![("header", [header, 21_u64.to_be_bytes().to_vec()].concat())]
        }
        "item_plain" => {
            let header = ItemHeader { kind: ItemKind::Content, content_len: 5 }.encode();
            vec![("padded", [header, b"algo.".to_vec(), vec![0; 40]].concat())]
        }
        "item_sealed" => vec![("sample", envelope::sealed_item().to_vec())],
        "key_set" => vec![("two-weeks", key_set())],
        "live_segment" => {
            let (_, stream, _) = evidence::recording();
            vec![("first", stream[..176 + 13].to_vec())]
        }
        "live_stream" => vec![("recording", evidence::recording().1.clone())],
        "log" => logs(),
        "media" => media(),
        "merkle_paths" => paths(),
        "notice" | "notice_plain" => notices(),
        "notice_sealed" => vec![("sample", envelope::sealed_notice().to_vec())],
        "own_keys" => {
            let keys = OwnKeys::random(TIME, &mut Seeded::new("own keys"));
            vec![("sample", keys.to_bytes().to_vec())]
        }
        "pairing" => pairing(),
        "parcel" => vec![("all-kinds", parcel())],
        "receipt" => vec![
            ("block", receipt(Stored::Block)),
            ("notice", { receipt(Stored::Notice(MailboxId([3; 32]))) }),
        ],
        "relay" => requests(),
        "relay_segment" => vec![("three-blobs", relay::segment_file())],
        "tile_path" => vec![("long", tile_index(1_234_067).into_bytes())],
        "vault" => vec![
            ("untouched", Vec::new()),
            ("first-header", vec![4, 0, 0, 0, 160, 1]),
            ("first-table", vec![50, 0, 0, 0x21, 0, 1]),
            ("a-place-over-another", vec![1, 0, 1, 0, 0, 1]),
        ],
        "backup" => vec![("sample", backup::sample().to_vec())],
        "backup_head" => vec![("cheap", backup::head())],
        _ => places::seeds(target),
    }
}

fn age_texts() -> Seeds {
    let keys = [Identity::Hybrid(hybrid("hybrid")), Identity::Classic(crate::world::secret("c"))];
    let [pq, classic] = keys;
    vec![
        ("hybrid-recipient", pq.recipient().to_text().into_bytes()),
        ("hybrid-identity", pq.to_text().as_bytes().to_vec()),
        ("classic-recipient", classic.recipient().to_text().into_bytes()),
        ("classic-identity", classic.to_text().as_bytes().to_vec()),
    ]
}

fn manifest() -> Manifest {
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
    let made = make_item(new, CLOCK, &mut Seeded::new("item"));
    let mut manifest: Manifest = made.document.read().expect("made");
    manifest.capture_key = hex(&key("capture").public());
    manifest
}

fn entries() -> Vec<CustodyEntry> {
    let item = ItemId([7; 32]);
    let mut rng = Seeded::new("custody");
    let capture = key("capture");
    let first = amate_app::evidence::first_entry(item, &capture, Act::Import, CLOCK, &mut rng);
    let sent = next_entry(item, (0, first.id), &capture, Act::Send, CLOCK, "mesa", &mut rng);
    let after = (1, sent.id);
    let here = next_entry(item, after, &key("device"), Act::Receive, CLOCK, "", &mut rng);
    let there = next_entry(item, after, &key("other"), Act::Receive, CLOCK, "", &mut rng);
    [first, sent, here, there].map(|made| made.document.read().expect("made")).into()
}

fn custody() -> Vec<u8> {
    entries().iter().map(write).collect::<Vec<_>>().join(&b'\n')
}

fn statements() -> [Vec<u8>; 2] {
    let capture = key("capture");
    let first = case_statement(&capture, None, ItemId([1; 32]), &key("device")).expect("one").0;
    let second =
        case_statement(&capture, Some(&first), ItemId([2; 32]), &key("device")).expect("two").0;
    [first.json, second.json]
}

fn cases() -> Seeds {
    let [first, second] = statements();
    vec![("held", [first.clone(), second].join(&b'\n')), ("first", first)]
}

fn documents() -> Seeds {
    let manifest = write(&manifest());
    let (opening, _, closing) = evidence::recording();
    let new = NewItem {
        origin: Origin::Capture,
        media_type: "image/png".into(),
        sha256: [0; 32],
        length: 0,
        not_before: None,
        derived_from: None,
        previous: None,
        facts: vec![(Fact::Clock, CLOCK.into()), (Fact::Place, "Tlapa".into())],
    };
    let made = make_item(new, CLOCK, &mut Seeded::new("disclosures"));
    vec![
        ("manifest", manifest),
        ("closing", write(closing)),
        ("opening", opening.document.json.clone()),
        ("signed-opening", opening.document.encode()),
        ("custody", write(&entries()[1])),
        ("case", statements()[1].clone()),
        ("facts", write(&made.kept.facts.0)),
        ("custody-facts", write(&made.entry.disclosures)),
    ]
}

/// Each kind of file once.
fn export_files() -> Seeds {
    let mut seeds = Vec::new();
    let mut named = std::collections::HashSet::new();
    for (number, (files, at)) in (0_u16..).zip(export::samples()) {
        let (name, bytes) = &files[*at];
        let kind: String = name.chars().filter(|c| !c.is_ascii_digit()).collect();
        if name != "export.sig" && bytes.len() < 4_096 && named.insert(kind) {
            let name: &'static str = name.clone().leak();
            seeds.push((name, [number.to_be_bytes().as_slice(), bytes].concat()));
        }
    }
    seeds
}

fn record(level: u8, position: u8, full: bool, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[level, position, u8::from(full)], len.as_slice(), payload].concat()
}

fn index_leaf() -> Vec<u8> {
    let index = envelope::sample_index().encode();
    let head = [&[0], (index.len() as u64).to_be_bytes().as_slice()].concat();
    [head, record(0, 0, false, &index)].concat()
}

fn index_tree() -> Vec<u8> {
    let blocks = (0..600_u32).map(|n| BlockId(sha256(&n.to_be_bytes()))).collect();
    let index = Index { items: vec![IndexItem { class: BlockClass::Large, blocks }] }.encode();
    let head = [&[1], (index.len() as u64).to_be_bytes().as_slice()].concat();
    let (first, second) = index.split_at(LEAF_LEN);
    let mut node = [[0; 32]; 2];
    node[0][0] = 0xfe;
    node[1][..2].copy_from_slice(&[0xfe, 1]);
    let leaves = [record(0, 0, false, first), record(0, 1, false, second)].concat();
    [head, leaves, record(1, 0, false, &node.concat())].concat()
}

fn key_set() -> Vec<u8> {
    let public = *hybrid("weekly").public().bytes();
    let mailbox = Mailbox {
        relay: relay::relay_key(),
        mailbox: MailboxId([5; 32]),
        url: "https://relevo.example".into(),
    };
    let set = KeySet {
        identity: key("identity").public(),
        sequence: 1,
        long_term: public.into(),
        devices: vec![Device { key: key("device").public(), revoked: false }],
        mailboxes: vec![mailbox],
        first_week: 2_968,
        weekly: vec![public.into(), public.into()],
        signature: [0; 64],
    };
    set.encode().expect("bounded")
}

fn logs() -> Seeds {
    let relay = RelayKey(key("relay").public());
    let mut tree = merkle::Tree::default();
    (0..3).for_each(|n: u8| tree.push(merkle::leaf_hash(&[n])));
    let checkpoint =
        Checkpoint { origin: note::origin(&relay, 0), size: 3, root: tree.root(3).expect("three") };
    let checkpoint = note::sign_checkpoint(&key("relay"), checkpoint, TIME);
    let path = tree.inclusion(1, 3).expect("inside");
    let consistency = tree.consistency(2, 3).expect("inside");
    vec![
        ("checkpoint", checkpoint.to_text().into_bytes()),
        ("proof", TlogProof { index: 1, path, checkpoint }.to_text().into_bytes()),
        ("consistency", hashes_to_text(&consistency).into_bytes()),
    ]
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], length.as_slice(), body].concat()
}

fn media() -> Seeds {
    let scan = [segment(0xda, &[0; 6]), vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9]].concat();
    let jpeg = [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xe1, b"Exif\0\0GPS aqui"),
        segment(0xe2, b"ICC_PROFILE\0..."),
        segment(0xfe, b"nombre"),
        segment(0xdb, &[1; 64]),
        scan,
        b"trailer".to_vec(),
    ];
    let chunk = |kind: &[u8], body: &[u8]| {
        let crc = crc32fast::hash(&[kind, body].concat()).to_be_bytes();
        [&(body.len() as u32).to_be_bytes(), kind, body, &crc].concat()
    };
    let png = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0; 13]),
        chunk(b"tEXt", b"Author\0x"),
        chunk(b"eXIf", b"MM"),
        chunk(b"IDAT", &[1; 20]),
        chunk(b"IEND", &[]),
        b"trailer".to_vec(),
    ];
    vec![("jpeg", jpeg.concat()), ("png", png.concat())]
}

fn paths() -> Seeds {
    let mut tree = merkle::Tree::default();
    (0..65_u8).for_each(|n| tree.push(merkle::leaf_hash(&[n])));
    let sizes = |old: u64, new: u64, at: u64| [old, new, at].map(u64::to_be_bytes).concat();
    let consistency = tree.consistency(13, 50).expect("inside").concat();
    let inclusion = tree.inclusion(13, 50).expect("inside").concat();
    vec![
        ("consistency", [sizes(13, 50, 64), consistency].concat()),
        ("inclusion", [sizes(1, 50, 13), inclusion].concat()),
    ]
}

fn notices() -> Seeds {
    let parcel = envelope::sample_notice();
    let tree = NoticeIndex::Tree { root: BlockId([1; 32]), depth: 2, len: 99 };
    let opened = Notice {
        kind: NoticeKind::Opened,
        seed: [0; 32],
        index: NoticeIndex::None,
        body: vec![1; 32],
        ..parcel.clone()
    };
    let grant = Notice { kind: NoticeKind::Grant, body: vec![1; 52], ..opened.clone() };
    let tree = Notice { index: tree, ..parcel.clone() };
    let encode = |notice: &Notice| notice.encode().expect("fits");
    vec![
        ("inline", encode(&parcel)),
        ("tree", encode(&tree)),
        ("opened", encode(&opened)),
        ("grant", encode(&grant)),
    ]
}

fn pairing() -> Seeds {
    let code = PairingCode {
        identity: IdentityId([1; 32]),
        relay: RelayKey([2; 32]),
        capability: Some(Capability { id: [1; 16], n: 7, secret: [2; 32] }),
        url: "https://relevo.example".into(),
    };
    let bare = PairingCode { capability: None, ..code.clone() };
    let body = code.body().expect("sound");
    let text = bare.to_text(&sha256(&bare.body().expect("sound"))).expect("sound");
    let own = (IdentityId([1; 32]), KeySetId([2; 32]));
    let mut rng = Seeded::new("slots");
    let (mut a, slot_0) = MeetingA::begin(own, &mut rng);
    let (_, slot_1) = MeetingB::join(own, &slot_0, &mut rng).expect("sound");
    let (slot_2, ..) = a.answer(&slot_1).expect("sound");
    vec![
        ("text", text.into_bytes()),
        ("body", body),
        ("slot-0", slot_0),
        ("slot-1", slot_1),
        ("slot-2", slot_2),
    ]
}

fn parcel() -> Vec<u8> {
    let item = ItemId([1; 32]);
    let seed = |target, name: &str| {
        let found = seeds(target).into_iter().find(|seed| seed.0 == name);
        found.expect("a seed").1
    };
    let entries = vec![
        Entry::Manifest(seed("document", "signed-opening")),
        Entry::Custody(vec![4]),
        Entry::Case(Vec::new()),
        Entry::Facts(item, seed("document", "facts")),
        Entry::Receipt {
            item,
            relay: relay::relay_key(),
            salt: [2; 32],
            head_n: 3,
            head: DocumentId([4; 32]),
            proof: seed("log", "proof"),
        },
        Entry::Content { item, first: 1, count: 1 },
        Entry::Content { item, first: 2, count: 3 },
        Entry::Address(seed("pairing", "text")),
        Entry::Opening(vec![5]),
        Entry::CustodyFacts(item, b"[]".to_vec()),
        Entry::NotBefore(item, b"note".to_vec()),
        Entry::Unknown(77, vec![6]),
    ];
    ParcelManifest { entries }.encode()
}

fn receipt(stored: Stored) -> Vec<u8> {
    let receipt = Receipt {
        relay: relay::relay_key(),
        stored,
        hash: sha256(b"sent"),
        length: 4,
        at: TIME,
        until: TIME + 9,
    };
    note::sign_receipt(&key("relay"), &receipt)
}

fn requests() -> Seeds {
    let ask = |method: u8, flags: u8, path: &str, body: &[u8]| {
        [&[method, flags], path.as_bytes(), b"\n", body].concat()
    };
    let origin = note::origin(&relay::relay_key(), 0);
    let empty = Checkpoint { origin, size: 0, root: merkle::empty_root() };
    let checkpoint = note::sign_checkpoint(&key("relay"), empty, TIME).to_text().into_bytes();
    let slot = pairing().swap_remove(2).1;
    vec![
        ("health", ask(0, 0, "/health", b"")),
        ("about", ask(0, 0, "/v1/relay", b"")),
        ("put-block", ask(1, 1, "/v1/blocks/{h}", &[1; 4_096])),
        ("get-block", ask(0, 0, "/v1/blocks/{h}", &[1; 4_096])),
        ("post-notice", ask(2, 1, "/v1/mailboxes/{m}/notices", &[2; 4_096])),
        ("list-notices", ask(0, 2, "/v1/mailboxes/{m}/notices?after=0", b"")),
        ("drop-notices", ask(3, 2, "/v1/mailboxes/{m}/notices?through=1", b"")),
        ("put-key-set", ask(1, 5, "/v1/keysets/{i}", &key_set())),
        ("get-key-set", ask(0, 0, "/v1/keysets/{i}", b"")),
        ("post-leaf", ask(2, 1, "/v1/log/leaves", &[3; 32])),
        ("checkpoint", ask(0, 0, "/v1/log/checkpoint", b"")),
        ("show-checkpoint", ask(2, 0, "/v1/log/checkpoint", &checkpoint)),
        ("consistency", ask(0, 0, "/v1/log/consistency/1/1", b"")),
        ("tile", ask(0, 0, "/v1/log/tile/0/000.p/1", b"")),
        ("entries", ask(0, 0, "/v1/log/tile/entries/000.p/1", b"")),
        ("put-slot", ask(1, 0, &format!("/v1/meetings/{}/0", "ab".repeat(32)), &slot)),
        ("get-slot", ask(0, 0, &format!("/v1/meetings/{}/0", "ab".repeat(32)), b"")),
        ("revoke", ask(1, 17, "/v1/capabilities/9/revoked", b"")),
    ]
}
