// SPDX-License-Identifier: MPL-2.0
//! A sender of our own making, who signs and seals whatever a test wants.

use std::io::Cursor;

use amate_app::{
    driver::Carrier,
    envelope::{ItemSealer, build_index, plan, seal_notice},
    evidence::{MadeItem, NewItem, case_statement, make_item},
    exchange::{Ask, Relay},
    keys::{DEVICE_LABEL, VerifiedKeySet},
};
use amate_seal::{hash::sha256, random, secret::Secret, sign::SigningKey};
use amate_wire::{
    document::{SignedDocument, write},
    facts::Fact,
    id::RelayKey,
    index::{Index, IndexItem},
    item::ItemKind,
    manifest::Origin,
    notice::{Notice, NoticeKind},
    parcel::{Entry, ParcelManifest},
};

use super::world::{Pair, Wire, now};

pub struct Forger {
    pub identity: SigningKey,
    device: SigningKey,
    pub case: SigningKey,
    pub sequence: u64,
    /// How often the last block of a parcel is named.
    pub repeat: usize,
}

/// One item of evidence with its content.
pub struct Piece {
    pub made: MadeItem,
    pub content: Vec<u8>,
}

impl Piece {
    pub fn new(content: &[u8], name: &str) -> Self {
        Self::described(content, &sha256(content), content.len() as u64, name)
    }

    /// The manifest says this hash and length, whatever the content is.
    pub fn described(content: &[u8], sha256: &[u8; 32], length: u64, name: &str) -> Self {
        let new = NewItem {
            origin: Origin::Import,
            media_type: "text/plain".into(),
            sha256: *sha256,
            length,
            not_before: None,
            derived_from: None,
            previous: None,
            facts: vec![(Fact::Name, name.to_owned())],
        };
        let made = make_item(new, "2026-11-24T10:42:43-06:00", &mut random::system());
        Self { made, content: content.to_vec() }
    }

    pub fn key(&self) -> SigningKey {
        self.made.kept.capture_key().unwrap()
    }
}

impl Forger {
    pub fn new() -> Self {
        let mut rng = random::system();
        let [identity, device, case] = [0; 3].map(|_| SigningKey::random(&mut rng));
        Self { identity, device, case, sequence: 0, repeat: 1 }
    }

    /// A case statement over these.
    pub fn statement(&self, pieces: &[&Piece]) -> SignedDocument {
        let mut last = None;
        for piece in pieces {
            let next = case_statement(&self.case, last.as_ref(), piece.made.id, &piece.key());
            last = Some(next.unwrap().0);
        }
        last.unwrap()
    }

    /// What an honest parcel manifest says of these, when all of the case is sent.
    pub fn entries(&self, pieces: &[&Piece]) -> Vec<Entry> {
        let mut entries = vec![Entry::Case(self.statement(pieces).encode())];
        for (first, piece) in (1..).zip(pieces) {
            entries.extend(self.of_piece(first, piece));
        }
        entries
    }

    pub fn of_piece(&self, first: u32, piece: &Piece) -> Vec<Entry> {
        let item = piece.made.id;
        vec![
            Entry::Manifest(piece.made.document.encode()),
            Entry::Custody(piece.made.entry.document.encode()),
            Entry::Facts(item, write(&piece.made.kept.facts.choose(|_| true))),
            Entry::Content { item, first, count: 1 },
        ]
    }

    /// Seals, uploads and announces a parcel with this manifest and these contents. Gives the
    /// sealed notice.
    pub fn send(&mut self, pair: &Pair, entries: Vec<Entry>, contents: &[&[u8]]) -> Vec<u8> {
        let manifest = ParcelManifest { entries }.encode();
        let seed = Secret::random(&mut random::system());
        let mut items = vec![upload(pair, &seed, 0, ItemKind::Manifest, &manifest)];
        for (idx, content) in (1..).zip(contents) {
            items.push(upload(pair, &seed, idx, ItemKind::Content, content));
        }
        let last = items.last_mut().unwrap();
        let again = *last.blocks.last().unwrap();
        last.blocks.extend(std::iter::repeat_n(again, self.repeat - 1));
        let (index, blocks) = build_index(&seed, Index { items }).unwrap();
        for block in blocks {
            put(pair, &Ask::PutBlock(block.id, block.bytes));
        }
        let (set, mailbox) = desk_keys(pair);
        self.sequence += 1;
        let notice = Notice {
            kind: NoticeKind::Parcel,
            key_set: set.id(),
            sender: self.identity.public(),
            device: self.device.public(),
            certificate: self.identity.sign(DEVICE_LABEL, &self.device.public()),
            parcel: random::bytes(&mut random::system()),
            previous: [0; 32],
            sequence: self.sequence,
            created: now(),
            expiry: now() + 86_400,
            second_signature: [0; 32],
            relay: RelayKey(pair.server.key.public()),
            more: false,
            seed: *seed.expose(),
            index,
            body: Vec::new(),
        };
        let to = set.weekly(now()).unwrap().key;
        let sealed = seal_notice(&notice, &self.device, &to, &mut random::system()).unwrap();
        put(pair, &Ask::PostNotice(mailbox, sealed.clone()));
        sealed
    }

    /// Sends these whole.
    pub fn send_honestly(&mut self, pair: &Pair, pieces: &[&Piece]) -> Vec<u8> {
        let contents: Vec<&[u8]> = pieces.iter().map(|one| one.content.as_slice()).collect();
        self.send(pair, self.entries(pieces), &contents)
    }
}

fn upload(pair: &Pair, seed: &Secret<32>, idx: u32, kind: ItemKind, content: &[u8]) -> IndexItem {
    let shape = plan(kind, content.len() as u64, None).unwrap();
    let class = shape.class;
    let cursor = Cursor::new(content.to_vec());
    let mut sealer = ItemSealer::new(seed, idx, shape, sha256(content), cursor).unwrap();
    let mut blocks = Vec::new();
    while let Some(block) = sealer.next_block().unwrap() {
        blocks.push(block.id);
        put(pair, &Ask::PutBlock(block.id, block.bytes));
    }
    IndexItem { class, blocks }
}

fn desk_keys(pair: &Pair) -> (VerifiedKeySet, amate_wire::id::MailboxId) {
    let contact = pair.witness.session.contacts().unwrap().remove(0);
    let set = VerifiedKeySet::check(&contact.key_set, contact.identity, None).unwrap();
    let mailbox = set.set().mailboxes[0].mailbox;
    (set, mailbox)
}

pub fn put(pair: &Pair, what: &Ask) {
    drop(ask(pair, what));
}

pub fn ask(pair: &Pair, ask: &Ask) -> Vec<u8> {
    let relay = Relay {
        key: RelayKey(pair.server.key.public()),
        url: pair.server.url.clone(),
        capability: Some(pair.server.capability.clone()),
    };
    let answer = Wire::honest().ask(&relay, ask).unwrap();
    assert!(matches!(answer.status, 200 | 201), "{ask:?}: {}", answer.status);
    answer.body
}
