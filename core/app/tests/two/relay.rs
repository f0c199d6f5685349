// SPDX-License-Identifier: MPL-2.0
//! A relay in memory that does all it should, and ways to it that can be held.

#![allow(dead_code, reason = "each test uses its part")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, mpsc},
};

use amate_app::{
    driver::Carrier,
    exchange::{Answer, Ask, NoAnswer, Relay as Asked},
};
use amate_seal::{
    hash::sha256,
    merkle::{Tree, leaf_hash},
    note,
    secret::Secret,
    sign::SigningKey,
};
use amate_wire::{
    capability::Capability,
    document::hex,
    id::RelayKey,
    log::{Checkpoint, TlogProof, hashes_to_text},
    receipt::{Receipt, Stored},
};

pub const NOW: u64 = 1_795_516_963;

/// One relay; a clone is the same.
#[derive(Clone)]
pub struct Relay(Arc<Mutex<Held>>);

struct Held {
    key: SigningKey,
    tree: Tree,
    blocks: BTreeMap<[u8; 32], Vec<u8>>,
    notices: Vec<([u8; 32], Vec<u8>)>,
    sets: BTreeMap<[u8; 32], Vec<u8>>,
    slots: BTreeMap<([u8; 32], u8), Vec<u8>>,
    away: bool,
}

/// A way to a relay. One question can be held: it was done, and the answer waits.
pub struct Way {
    relay: Relay,
    hold: Option<Hold>,
}

struct Hold {
    such: fn(&Ask) -> bool,
    before: usize,
    asked: mpsc::Sender<()>,
    answer: mpsc::Receiver<()>,
}

/// The other end of a held answer.
pub struct Handle {
    pub asked: mpsc::Receiver<()>,
    pub answer: mpsc::Sender<()>,
}

impl Relay {
    pub fn new() -> Self {
        let key = SigningKey::from_seed(&Secret::new([9; 32]));
        let (tree, blocks, notices, sets, slots, away) = Default::default();
        let held = Held { key, tree, blocks, notices, sets, slots, away };
        Self(Arc::new(Mutex::new(held)))
    }

    pub fn way(&self) -> Way {
        Way { relay: self.clone(), hold: None }
    }

    /// A way where a question of this kind is held, after so many others.
    pub fn held_at(&self, such: fn(&Ask) -> bool, before: usize) -> (Way, Handle) {
        let ((asked, is_asked), (may_answer, answer)) = (mpsc::channel(), mpsc::channel());
        let hold = Some(Hold { such, before, asked, answer });
        (Way { relay: self.clone(), hold }, Handle { asked: is_asked, answer: may_answer })
    }

    /// As when there is no network.
    pub fn away(&self, away: bool) {
        self.0.lock().unwrap().away = away;
    }

    /// A person's: it lets one upload, and there is nothing to give from.
    pub fn capability() -> String {
        Capability { id: [3; 16], n: 1, secret: [4; 32] }.to_text()
    }

    pub fn blocks(&self) -> usize {
        self.0.lock().unwrap().blocks.len()
    }

    pub fn notices(&self) -> usize {
        self.0.lock().unwrap().notices.len()
    }
}

impl Carrier for Way {
    fn ask(&mut self, _: &Asked, ask: &Ask) -> Result<Answer, NoAnswer> {
        let answer = self.relay.0.lock().unwrap().answer(ask);
        let mut is_it = |hold: &mut Hold| {
            let such = (hold.such)(ask);
            let now = such && hold.before == 0;
            hold.before -= usize::from(such && !now);
            now
        };
        if let Some(hold) = self.hold.take_if(&mut is_it) {
            hold.asked.send(()).unwrap();
            hold.answer.recv().unwrap();
        }
        answer
    }
}

impl Held {
    fn answer(&mut self, ask: &Ask) -> Result<Answer, NoAnswer> {
        let ok = |body: Vec<u8>| Ok(Answer { status: 200, body });
        match ask {
            _ if self.away => Err(NoAnswer),
            Ask::Info => {
                let key = hex(&self.key.public());
                ok(format!("{{\"relay_key\":\"{key}\",\"time\":{NOW}}}").into_bytes())
            }
            Ask::PutBlock(id, bytes) => {
                self.blocks.insert(id.0, bytes.clone());
                ok(self.receipt(Stored::Block, bytes))
            }
            Ask::GetBlock(id) => {
                self.blocks.get(&id.0).map_or_else(none, |bytes| ok(bytes.clone()))
            }
            Ask::PostNotice(mailbox, bytes) => {
                self.notices.push((mailbox.0, bytes.clone()));
                ok(self.receipt(Stored::Notice(*mailbox), bytes))
            }
            Ask::ListNotices { mailbox, after, .. } => {
                let numbered = (1_u64..).zip(&self.notices);
                let own = numbered.filter(|(n, (to, _))| n > after && *to == mailbox.0);
                ok(own.flat_map(|(n, (_, bytes))| [&n.to_be_bytes(), &**bytes].concat()).collect())
            }
            Ask::DropNotices { mailbox, through, .. } => {
                // Kept as holes: numbers stay what they were.
                for (n, (to, _)) in (1..).zip(&mut self.notices) {
                    if n <= *through && *to == mailbox.0 {
                        *to = [0; 32];
                    }
                }
                ok(Vec::new())
            }
            Ask::PutKeySet(identity, bytes) => {
                self.sets.insert(identity.0, bytes.clone());
                ok(Vec::new())
            }
            Ask::GetKeySet { identity, held } => match self.sets.get(&identity.0) {
                Some(bytes) if held.as_ref().is_some_and(|one| one.0 == sha256(bytes)) => {
                    Ok(Answer { status: 304, body: Vec::new() })
                }
                Some(bytes) => ok(bytes.clone()),
                None => none(),
            },
            Ask::PostLeaf(leaf) => ok(self.logged(leaf).into_bytes()),
            Ask::Consistency { old, new } => {
                ok(hashes_to_text(&self.tree.consistency(*old, *new).unwrap()).into_bytes())
            }
            Ask::PutSlot { meeting, slot, bytes } => {
                self.slots.insert((*meeting, *slot), bytes.clone());
                ok(Vec::new())
            }
            Ask::GetSlot { meeting, slot } => {
                self.slots.get(&(*meeting, *slot)).map_or_else(none, |bytes| ok(bytes.clone()))
            }
            _ => none(),
        }
    }

    fn receipt(&self, stored: Stored, bytes: &[u8]) -> Vec<u8> {
        let (relay, hash) = (RelayKey(self.key.public()), sha256(bytes));
        let (length, until) = (bytes.len().try_into().unwrap(), NOW + 86_400);
        note::sign_receipt(&self.key, &Receipt { relay, stored, hash, length, at: NOW, until })
    }

    fn logged(&mut self, leaf: &[u8; 32]) -> String {
        let index = self.tree.size();
        self.tree.push(leaf_hash(leaf));
        let size = self.tree.size();
        let origin = note::origin(&RelayKey(self.key.public()), 0);
        let checkpoint = Checkpoint { origin, size, root: self.tree.root(size).unwrap() };
        let checkpoint = note::sign_checkpoint(&self.key, checkpoint, NOW);
        TlogProof { index, path: self.tree.inclusion(index, size).unwrap(), checkpoint }.to_text()
    }
}

fn none() -> Result<Answer, NoAnswer> {
    Ok(Answer { status: 404, body: Vec::new() })
}

pub fn puts_block(ask: &Ask) -> bool {
    matches!(ask, Ask::PutBlock(..))
}

pub fn posts_leaf(ask: &Ask) -> bool {
    matches!(ask, Ask::PostLeaf(_))
}

pub fn posts_notice(ask: &Ask) -> bool {
    matches!(ask, Ask::PostNotice(..))
}

pub fn gets_keys(ask: &Ask) -> bool {
    matches!(ask, Ask::GetKeySet { .. })
}

pub fn gets_block(ask: &Ask) -> bool {
    matches!(ask, Ask::GetBlock(_))
}

pub fn lists_notices(ask: &Ask) -> bool {
    matches!(ask, Ask::ListNotices { .. })
}
