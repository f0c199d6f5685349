// SPDX-License-Identifier: MPL-2.0
//! Invented cases, the same bytes each time, for vectors and tests.

use std::{collections::BTreeMap, convert::Infallible};

use amate_app::{
    evidence::{
        Given, LiveRecorder, MadeEntry, MadeItem, NewItem, Segments, case_statement, item_id,
        log_root, make_item, make_opening, next_entry,
    },
    export::{ExportCase, ExportDocument, ExportItem, ExportReceipt, Exporter, write_export},
    keys::DEVICE_LABEL,
};
use amate_seal::{
    hash::{labelled, sha256},
    merkle::{Tree, leaf_hash},
    note,
    random::{self, CryptoRng},
    secret::Secret,
    sign::SigningKey,
};
use amate_wire::{
    custody::Act,
    document::SignedDocument,
    facts::Fact,
    id::RelayKey,
    live::LiveOpening,
    log::{Checkpoint, TlogProof},
    manifest::{LogRoot, Origin},
};
use rand_core::{TryCryptoRng, TryRng};

/// When the samples happen.
const TIME: u64 = 1_795_516_963;
const CLOCK: &str = "2026-11-24T10:42:43Z";

/// Bytes that look random and are the same each time.
pub struct Seeded {
    seed: &'static str,
    next: u64,
}

impl Seeded {
    pub fn new(seed: &'static str) -> Self {
        Self { seed, next: 0 }
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            let block = labelled("amate sample", &[self.seed.as_bytes(), &self.next.to_be_bytes()]);
            self.next += 1;
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}

/// A key of its own for each name.
pub fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(&Secret::new(labelled("amate sample key", &[name.as_bytes()])))
}

/// A relay with a log.
pub struct Relay {
    key: SigningKey,
    tree: Tree,
}

impl Relay {
    /// A log that holds leaves of others.
    pub fn new(name: &str, leaves: u8) -> Self {
        let mut tree = Tree::default();
        (0..leaves).for_each(|n| tree.push(leaf_hash(&[n; 32])));
        Self { key: key(name), tree }
    }

    pub fn public(&self) -> RelayKey {
        RelayKey(self.key.public())
    }

    /// Text of its newest checkpoint.
    pub fn checkpoint(&self, time: u64) -> String {
        note::sign_checkpoint(&self.key, self.newest(), time).to_text()
    }

    fn newest(&self) -> Checkpoint {
        let size = self.tree.size();
        let origin = note::origin(&self.public(), 0);
        Checkpoint { origin, size, root: self.tree.root(size).unwrap() }
    }

    /// Takes a leaf for the newest custody entry of an item.
    pub fn receipt(
        &mut self,
        item: &Part,
        head: &MadeEntry,
        time: u64,
        rng: &mut impl CryptoRng,
    ) -> ExportReceipt {
        let salt: [u8; 32] = random::bytes(rng);
        let leaf = note::leaf(&salt, &item.made.id.0, &item.end(), &head.id.0);
        let index = self.tree.size();
        self.tree.push(leaf_hash(&leaf));
        let path = self.tree.inclusion(index, index + 1).unwrap();
        let checkpoint = note::sign_checkpoint(&self.key, self.newest(), time);
        let proof = TlogProof { index, path, checkpoint }.to_text();
        ExportReceipt {
            relay: self.public(),
            salt,
            head_n: head.n,
            head: head.id,
            proof,
            not_before: None,
        }
    }
}

/// An item with everything an export needs.
pub struct Part {
    pub made: MadeItem,
    pub closing: Option<SignedDocument>,
    /// Live: segments one after another.
    pub content: Vec<u8>,
    pub live: bool,
    pub custody: Vec<MadeEntry>,
    pub shown: Vec<Fact>,
    pub receipts: Vec<ExportReceipt>,
}

impl Part {
    /// What a leaf names as the end of this item.
    fn end(&self) -> [u8; 32] {
        match (&self.closing, self.live) {
            (Some(closing), _) => item_id(closing).0,
            (None, false) => self.made.id.0,
            (None, true) => {
                let whole = Segments::new(self.content.as_slice()).map_while(Result::ok);
                let last = whole.last().unwrap();
                *last[last.len() - 96..].first_chunk().unwrap()
            }
        }
    }

    /// Whole content.
    pub fn whole(
        origin: Origin,
        media_type: &str,
        content: &[u8],
        facts: Vec<Given>,
        not_before: Option<LogRoot>,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let new = NewItem {
            origin,
            media_type: media_type.into(),
            sha256: sha256(content),
            length: content.len() as u64,
            not_before,
            derived_from: None,
            previous: None,
            facts,
        };
        Self::begin(make_item(new, CLOCK, rng), content.to_vec(), false)
    }

    /// A live recording of these segments.
    pub fn live(segments: &[&[u8]], not_before: Option<LogRoot>, rng: &mut impl CryptoRng) -> Self {
        let facts = [(Fact::Place, "Cerca de la cancha".to_owned())];
        let made = make_opening("audio/ogg".into(), not_before, &facts, CLOCK, rng);
        let opening: LiveOpening = made.document.read().unwrap();
        let key = made.kept.capture_key().unwrap();
        let mut recorder = LiveRecorder::new(opening, made.id, key);
        let content = segments.iter().flat_map(|data| recorder.segment(data)).collect();
        Self { closing: Some(recorder.close()), ..Self::begin(made, content, true) }
    }

    fn begin(made: MadeItem, content: Vec<u8>, live: bool) -> Self {
        let custody = vec![made.entry.clone()];
        let (closing, shown, receipts) = (None, Vec::new(), Vec::new());
        Self { made, closing, content, live, custody, shown, receipts }
    }

    /// Appends a custody entry.
    pub fn then(&mut self, signer: &SigningKey, act: Act, detail: &str, rng: &mut impl CryptoRng) {
        let last = self.custody.last().unwrap();
        let entry = next_entry(self.made.id, (last.n, last.id), signer, act, CLOCK, detail, rng);
        self.custody.push(entry);
    }

    /// Sent by its maker, received and exported by the desk.
    pub fn travels(&mut self, rng: &mut impl CryptoRng) {
        self.then(&self.key(), Act::Send, "Mesa de prueba", rng);
        self.then(&key("device"), Act::Receive, "", rng);
        self.then(&key("device"), Act::Export, "Juzgado de prueba", rng);
    }

    pub fn key(&self) -> SigningKey {
        self.made.kept.capture_key().unwrap()
    }

    fn export(&self, number: u32) -> ExportItem {
        let document = self.made.document.clone();
        let document = if self.live {
            ExportDocument::Live { opening: document, closing: self.closing.clone() }
        } else {
            ExportDocument::Manifest(document)
        };
        ExportItem {
            number,
            document,
            custody: self.custody.iter().map(|entry| entry.document.clone()).collect(),
            facts: self.made.kept.facts.choose(|fact| self.shown.contains(&fact)),
            custody_facts: self
                .custody
                .iter()
                .filter(|_| !self.shown.is_empty())
                .flat_map(|entry| entry.disclosures.clone())
                .collect(),
            receipts: self.receipts.clone(),
        }
    }
}

/// A case statement over these items, the newest of as many statements.
pub fn statement(parts: &[Part]) -> SignedDocument {
    let mut last = None;
    for part in parts {
        let (next, _) =
            case_statement(&key("case"), last.as_ref(), part.made.id, &part.key()).unwrap();
        last = Some(next);
    }
    last.unwrap()
}

/// The zip of a case, without the items whose numbers are withheld.
pub fn zip(parts: &[Part], withheld: &[u32]) -> Vec<u8> {
    let here = || (1..).zip(parts).filter(|(number, _)| !withheld.contains(number));
    let case = ExportCase {
        statement: statement(parts),
        items: here().map(|(number, part)| part.export(number)).collect(),
    };
    let contents: BTreeMap<u32, &[u8]> =
        here().map(|(number, part)| (number, part.content.as_slice())).collect();
    let device = key("device");
    let exporter = Exporter {
        identity: key("identity").public(),
        certificate: key("identity").sign(DEVICE_LABEL, &device.public()),
        device: &device,
        clock: TIME + 86_400,
    };
    let mut out = Vec::new();
    write_export(&case, &exporter, |number| Ok(contents[&number]), &mut out).unwrap();
    out
}

/// One import with facts, custody of both sides, a receipt and a lower bound.
pub fn small() -> Vec<Part> {
    let mut rng = Seeded::new("small");
    let mut relay = Relay::new("relay", 2);
    let checkpoint = relay.checkpoint(TIME - 600);
    let facts =
        vec![(Fact::Name, "acuse.txt".to_owned()), (Fact::Place, "Tlapa, a unos 5 km".to_owned())];
    let content = "Oficio recibido, sin respuesta.\n".as_bytes();
    let root = log_root(&checkpoint);
    let mut part = Part::whole(Origin::Import, "text/plain", content, facts, root, &mut rng);
    part.travels(&mut rng);
    part.shown = vec![Fact::Place];
    let mut receipt = relay.receipt(&part, &part.custody[1], TIME + 60, &mut rng);
    receipt.not_before = Some(checkpoint);
    part.receipts.push(receipt);
    vec![part]
}

/// One live recording of three segments, closed.
pub fn live() -> Vec<Part> {
    let mut rng = Seeded::new("live");
    let segments: [&[u8]; 3] = [b"primera parte", b"segunda parte", b"tercera parte"];
    let mut part = Part::live(&segments, None, &mut rng);
    part.travels(&mut rng);
    vec![part]
}

/// Everything an export can hold: capture with two relays, import, live recordings closed and
/// interrupted, record, redaction; item 5 is for withholding.
pub fn full() -> Vec<Part> {
    let mut rng = Seeded::new("full");
    let (mut near, mut far) = (Relay::new("near", 5), Relay::new("far", 0));
    let checkpoint = near.checkpoint(TIME - 30);
    let root = log_root(&checkpoint);
    let facts = Fact::ALL.map(|fact| (fact, format!("valor de «{}»\n\t\u{1}", fact.name())));
    let mut capture = Part::whole(
        Origin::Capture,
        "image/png",
        b"\x89PNG\r\n\x1a\n",
        facts.to_vec(),
        root.clone(),
        &mut rng,
    );
    capture.shown = Fact::ALL.to_vec();
    let import =
        Part::whole(Origin::Import, "application/octet-stream", b"", Vec::new(), None, &mut rng);
    let closed = Part::live(&[b"uno", b"dos"], root, &mut rng);
    let mut cut = Part::live(&[b"uno", b"dos", b"tres"], None, &mut rng);
    cut.closing = None;
    cut.content.truncate(cut.content.len() - 1);
    let withheld = Part::whole(Origin::Import, "text/plain", b"no", Vec::new(), None, &mut rng);
    let record = Part::whole(Origin::Record, "application/json", b"{}", Vec::new(), None, &mut rng);
    let mut redaction = redaction(&capture, &mut rng);
    redaction.shown = vec![Fact::Clock];
    let mut parts = vec![capture, import, closed, cut, withheld, record, redaction];
    for part in &mut parts {
        part.travels(&mut rng);
    }
    for (at, time) in [(0, TIME + 90), (2, TIME + 95), (3, TIME + 99)] {
        let mut receipt = near.receipt(&parts[at], &parts[at].custody[1], time, &mut rng);
        receipt.not_before = (at != 3).then(|| checkpoint.clone());
        parts[at].receipts.push(receipt);
        let earlier = far.receipt(&parts[at], &parts[at].custody[0], time - 60, &mut rng);
        parts[at].receipts.push(earlier);
    }
    parts
}

fn redaction(original: &Part, rng: &mut impl CryptoRng) -> Part {
    let content = b"\x89PNG\r\n\x1a\n...";
    let new = NewItem {
        origin: Origin::Redaction,
        media_type: "image/png".into(),
        sha256: sha256(content),
        length: content.len() as u64,
        not_before: None,
        derived_from: Some(original.made.id),
        previous: None,
        facts: vec![(Fact::Clock, CLOCK.to_owned())],
    };
    Part::begin(make_item(new, CLOCK, rng), content.to_vec(), false)
}
