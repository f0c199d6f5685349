// SPDX-License-Identifier: MPL-2.0
//! A relay in this process, with invented bodies, keys and capabilities, and a clock to turn.

#![allow(dead_code, missing_docs, clippy::unwrap_used, unreachable_pub, reason = "shared by tests")]

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use amate_relay::{
    relay::Relay,
    router,
    store::{Change, Memory, Store},
};
use amate_seal::{
    hash::{labelled, sha256},
    hybrid::HybridSecret,
    kdf::derive,
    merkle, note,
    secret::Secret,
    sign::SigningKey,
};
use amate_wire::{
    capability::Capability,
    document::hex,
    id::{MailboxId, RelayKey},
    keyset::{self, Device, KeySet, Mailbox},
    log::{Checkpoint, SignedCheckpoint, TlogProof},
    receipt::Stored,
    request::{FETCH_LABEL, fetch_message},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tower::ServiceExt;

pub const START: u64 = 1_790_000_000;
const QUOTA: u64 = 8 * 400_000;

pub struct World {
    pub relay: Arc<Relay>,
    clock: Arc<AtomicU64>,
    bodies: HashMap<String, Vec<u8>>,
    keys: HashMap<&'static str, SigningKey>,
    capabilities: HashMap<&'static str, String>,
    runtime: tokio::runtime::Runtime,
}

pub fn seeded(name: &str) -> Secret<32> {
    Secret::new(sha256(name.as_bytes()))
}

impl World {
    pub fn in_memory() -> Self {
        let mut store = Memory::default();
        store.invite([1; 16], QUOTA);
        Self::over(Box::new(store))
    }

    pub fn over(store: Box<dyn Store>) -> Self {
        let clock = Arc::new(AtomicU64::new(START));
        let ticking = clock.clone();
        let key = SigningKey::from_seed(&seeded("relay"));
        let now = Arc::new(move || ticking.load(Ordering::Relaxed));
        let relay = Relay::start(store, key.clone(), seeded("capabilities"), now, None).unwrap();
        let org = Relay::capability(&seeded("capabilities"), [1; 16]);
        let stranger = Relay::capability(&seeded("capabilities"), [2; 16]);
        let forged = Capability { secret: [9; 32], ..org };
        let person = |n: u32| {
            let own = derive(&org.secret, "amate/v1/capability/sub", &[&n.to_be_bytes()]);
            Capability { id: org.id, n, secret: *own.expose() }.to_text()
        };
        let capabilities = HashMap::from([
            ("org", org.to_text()),
            ("person", person(7)),
            ("friend", person(8)),
            ("stranger", stranger.to_text()),
            ("forged", forged.to_text()),
            ("garbage", "amatecap1zzz".to_owned()),
        ]);
        let keys = ["box", "other"].map(|name| (name, SigningKey::from_seed(&seeded(name))));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut world =
            Self { relay, clock, bodies: bodies(&key), keys: keys.into(), capabilities, runtime };
        world.bodies.extend(key_sets());
        world
    }

    /// Ends the relay, as a graceful stop does.
    pub fn end(self) {
        self.relay.finish();
    }

    pub fn wait(&mut self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub fn body(&self, name: &str) -> Vec<u8> {
        self.bodies.get(name).unwrap_or_else(|| panic!("no body {name}")).clone()
    }

    /// A path with its names filled in.
    fn path(&self, path: &str) -> String {
        let mut path = path.to_owned();
        while let Some((before, rest)) = path.clone().split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            let id = match (self.keys.get(name), self.bodies.get(name)) {
                (Some(key), _) => labelled("amate/v1/mailbox", &[&key.public()]),
                (_, Some(body)) => sha256(body),
                _ if name == "me" => {
                    labelled("amate/v1/identity", &[&SigningKey::from_seed(&seeded("me")).public()])
                }
                _ => panic!("no {name}"),
            };
            path = format!("{before}{}{after}", hex(&id));
        }
        path
    }

    pub fn ask(&mut self, line: &str) -> (StatusCode, String, Vec<u8>) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [method, path, rest @ ..] = words.as_slice() else { panic!("{line}") };
        let path = self.path(path);
        let mut request = Request::builder().method(*method).uri(&path);
        let after = |word: &str| {
            rest.iter().position(|one| *one == word).and_then(|at| rest.get(at + 1)).copied()
        };
        if let Some(name) = after("as") {
            let text = self.capabilities.get(name).unwrap();
            request = request.header("authorization", format!("Amate {text}"));
        }
        if let Some(name) = after("by") {
            let key = self.keys.get(name).unwrap();
            let age: u64 = after(name).map_or(0, |text| text.parse().unwrap());
            let signed_path = if rest.contains(&"another") { "/v1/else" } else { &path };
            let time = self.now() - age;
            let message = fetch_message(method, signed_path, &self.relay.key(), time);
            request = request
                .header("amate-mailbox-key", hex(&key.public()))
                .header("amate-time", time.to_string())
                .header("amate-signature", hex(&key.sign(FETCH_LABEL, &message)));
        }
        if rest.contains(&"token") {
            request = request.header("amate-token", "x");
        }
        if let Some(name) = after("holding") {
            let tag = hex(&sha256(&self.body(name)));
            request = request.header("if-none-match", format!("\"{tag}\""));
        }
        let body = after("body").map_or_else(Vec::new, |name| self.body(name));
        let request = request.body(Body::from(body)).unwrap();
        let router = router(self.relay.clone());
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status();
            let kind = response.headers().get("content-type").cloned();
            let kind = kind.map_or_else(String::new, |kind| kind.to_str().unwrap().to_owned());
            let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
            (status, kind, body.to_vec())
        })
    }

    pub fn receipt(&self, line: &str, receipt: &[u8], at: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let name = words.last().unwrap();
        let stored = match self.path(words.get(1).unwrap()).split_once("/v1/mailboxes/") {
            Some((_, rest)) => {
                Stored::Notice(MailboxId::from_hex(rest.split('/').next().unwrap()).unwrap())
            }
            None => Stored::Block,
        };
        let given = note::verify_receipt(&self.relay.key(), stored, &self.body(name), receipt);
        let given = given.unwrap_or_else(|_| panic!("{at}: no receipt"));
        assert_eq!(given.at, self.now(), "{at}");
    }

    pub fn proof(&self, line: &str, text: &str, at: &str) {
        let name = line.split_whitespace().last().unwrap();
        let leaf: [u8; 32] = self.body(name).try_into().unwrap();
        let proof = TlogProof::parse(text).unwrap_or_else(|_| panic!("{at}: no proof"));
        note::verify_proof(&self.relay.key(), &leaf, &proof)
            .unwrap_or_else(|_| panic!("{at}: the proof does not hold"));
    }

    pub fn checkpoint(&self, text: &str, at: &str) {
        let signed =
            SignedCheckpoint::parse(text).unwrap_or_else(|_| panic!("{at}: no checkpoint"));
        note::verify_checkpoint(&self.relay.key(), &signed)
            .unwrap_or_else(|_| panic!("{at}: not signed"));
    }
}

/// The code in the type of a problem document.
pub fn problem(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap();
    let kind = json.get("type").unwrap().as_str().unwrap();
    kind.strip_prefix("urn:amate:relay:").unwrap().to_owned()
}

pub fn block(name: &str, size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut number = 0_u32;
    while bytes.len() < size {
        bytes.extend(sha256(format!("{name} {number}").as_bytes()));
        number += 1;
    }
    bytes.truncate(size);
    bytes
}

fn bodies(relay: &SigningKey) -> HashMap<String, Vec<u8>> {
    let mut bodies = HashMap::new();
    for name in ["a", "b", "c", "n1", "n2"] {
        bodies.insert(name.to_owned(), block(name, 4096));
    }
    for (name, size) in
        [("middle", 16_384), ("large", 262_144), ("large2", 262_144), ("odd", 5_000), ("empty", 0)]
    {
        bodies.insert(name.to_owned(), block(name, size));
    }
    bodies.insert("huge".into(), block("huge", 262_145));
    for name in ["leaf1", "leaf2", "leaf3", "leaf4"] {
        bodies.insert(name.into(), block(name, 32));
    }
    let leaf = |name: &str| merkle::leaf_hash(&<[u8; 32]>::try_from(block(name, 32)).unwrap());
    let own = merkle::node_hash(&leaf("leaf1"), &leaf("leaf2"));
    let forked = merkle::node_hash(&leaf("leaf2"), &leaf("leaf1"));
    let foreign = SigningKey::from_seed(&seeded("another relay"));
    for (name, key, root) in [
        ("own-checkpoint", relay, own),
        ("forked-checkpoint", relay, forked),
        ("foreign-checkpoint", &foreign, own),
    ] {
        let origin = note::origin(&RelayKey(key.public()), 0);
        let checkpoint = Checkpoint { origin, size: 2, root };
        let text = note::sign_checkpoint(key, checkpoint, START).to_text();
        bodies.insert(name.into(), text.into_bytes());
    }
    bodies
}

/// Two key sets of one identity.
fn key_sets() -> HashMap<String, Vec<u8>> {
    let identity = SigningKey::from_seed(&seeded("me"));
    let public = *HybridSecret::from_seed(seeded("weekly")).public().bytes();
    [("keys1", 1), ("keys2", 2)]
        .map(|(name, sequence)| {
            let mut set = KeySet {
                identity: identity.public(),
                sequence,
                long_term: public.into(),
                devices: vec![Device { key: [3; 32], revoked: false }],
                mailboxes: vec![Mailbox {
                    relay: RelayKey([4; 32]),
                    mailbox: MailboxId([5; 32]),
                    url: "https://relevo.example".into(),
                }],
                first_week: 2_900,
                weekly: vec![public.into()],
                signature: [0; 64],
            };
            set.signature = identity.sign(keyset::LABEL, &set.signed_bytes().unwrap());
            (name.to_owned(), set.encode().unwrap())
        })
        .into()
}

/// Kept for tests of stores: a leaf as a change.
pub fn leaf_change(name: &str) -> Change {
    Change::Leaf(block(name, 32).try_into().unwrap())
}
