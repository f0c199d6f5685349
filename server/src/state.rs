// SPDX-License-Identifier: MPL-2.0
//! What a start rebuilds and every answer reads: indexes of blobs, the log's tree, quotas.

use std::collections::{BTreeMap, HashMap, HashSet};

use amate_seal::{merkle, merkle::Tree};
use amate_wire::{
    id::{IdentityId, MailboxId},
    log::SignedCheckpoint,
};

use crate::store::{Blob, Loaded, Owner, Place};

/// A stored block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) place: Place,
    pub(crate) owner: Owner,
    pub(crate) until: u64,
}

/// A stored notice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letter {
    pub(crate) hash: [u8; 32],
    pub(crate) held: Held,
}

/// Everything in memory.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) blocks: HashMap<[u8; 32], Held>,
    pub(crate) mailboxes: HashMap<MailboxId, BTreeMap<u64, Letter>>,
    pub(crate) key_sets: HashMap<IdentityId, (u32, Vec<u8>)>,
    pub(crate) organisations: HashMap<[u8; 16], u64>,
    pub(crate) revoked: HashSet<([u8; 16], u32)>,
    pub(crate) usage: HashMap<Owner, u64>,
    pub(crate) totals: HashMap<[u8; 16], u64>,
    pub(crate) tree: Tree,
    pub(crate) leaves: Vec<[u8; 32]>,
    pub(crate) places: HashMap<[u8; 32], u64>,
    pub(crate) checkpoint: Option<SignedCheckpoint>,
    pub(crate) halted: bool,
    pub(crate) epoch: u32,
    /// Newest time given; no later one is smaller.
    pub(crate) time: u64,
    /// Newest number of a notice.
    pub(crate) number: u64,
}

impl State {
    pub(crate) fn new(loaded: Loaded) -> Self {
        let mut state = Self { halted: loaded.halted, epoch: loaded.epoch, ..Self::default() };
        let dropped: HashMap<_, _> = loaded.dropped.into_iter().collect();
        for (blob, place) in loaded.blobs {
            let gone = blob.notice.is_some_and(|(mailbox, number)| {
                state.number = state.number.max(number);
                dropped.get(&mailbox).is_some_and(|through| number <= *through)
            });
            state.time = state.time.max(blob.at);
            if !gone {
                state.take(&blob, place);
            }
        }
        state.number = dropped.values().copied().max().unwrap_or(0).max(state.number);
        for entry in loaded.leaves {
            state.add_leaf(entry);
        }
        if let Some((text, time)) = loaded.checkpoint {
            state.checkpoint = SignedCheckpoint::parse(&text).ok();
            state.time = state.time.max(time);
        }
        state.key_sets =
            loaded.key_sets.into_iter().map(|(id, n, bytes)| (id, (n, bytes))).collect();
        state.organisations = loaded.organisations.into_iter().collect();
        state.revoked = loaded.revoked.into_iter().collect();
        state
    }

    /// Takes a durable blob in, or renews one that is held.
    pub(crate) fn take(&mut self, blob: &Blob, place: Option<Place>) {
        let renewed = match blob.notice {
            None => self.blocks.get_mut(&blob.hash),
            Some((mailbox, number)) => self
                .mailboxes
                .get_mut(&mailbox)
                .and_then(|letters| letters.get_mut(&number))
                .map(|letter| &mut letter.held),
        };
        if let Some(held) = renewed {
            held.until = held.until.max(blob.until);
            return;
        }
        let Some(place) = place else { return };
        let held = Held { place, owner: blob.owner, until: blob.until };
        self.count(blob.owner, i64::from(place.len));
        match blob.notice {
            None => drop(self.blocks.insert(blob.hash, held)),
            Some((mailbox, number)) => {
                let letter = Letter { hash: blob.hash, held };
                self.mailboxes.entry(mailbox).or_default().insert(number, letter);
            }
        }
    }

    /// Number of the newest notice in a mailbox; 0 when there is none.
    pub(crate) fn highest(&self, mailbox: MailboxId) -> u64 {
        let newest = self.mailboxes.get(&mailbox).and_then(BTreeMap::last_key_value);
        newest.map_or(0, |(number, _)| *number)
    }

    /// Drops notices of a mailbox.
    pub(crate) fn drop_notices(&mut self, mailbox: MailboxId, through: u64) {
        let Some(letters) = self.mailboxes.get_mut(&mailbox) else { return };
        let kept = letters.split_off(&through.saturating_add(1));
        let gone = std::mem::replace(letters, kept);
        if self.mailboxes.get(&mailbox).is_some_and(BTreeMap::is_empty) {
            self.mailboxes.remove(&mailbox);
        }
        for letter in gone.into_values() {
            self.count(letter.held.owner, -i64::from(letter.held.place.len));
        }
    }

    /// Forgets what is past its life.
    pub(crate) fn expire(&mut self, now: u64) {
        let dead: Vec<_> =
            self.blocks.iter().filter(|(_, held)| held.until < now).map(|(id, _)| *id).collect();
        for id in dead {
            if let Some(held) = self.blocks.remove(&id) {
                self.count(held.owner, -i64::from(held.place.len));
            }
        }
        let mut freed = Vec::new();
        for letters in self.mailboxes.values_mut() {
            letters.retain(|_, letter| {
                let alive = letter.held.until >= now;
                if !alive {
                    freed.push(letter.held);
                }
                alive
            });
        }
        self.mailboxes.retain(|_, letters| !letters.is_empty());
        freed.iter().for_each(|held| self.count(held.owner, -i64::from(held.place.len)));
    }

    /// Segments that hold something alive.
    pub(crate) fn segments(&self) -> HashSet<u32> {
        let letters = self.mailboxes.values().flat_map(BTreeMap::values).map(|one| &one.held);
        self.blocks.values().chain(letters).map(|held| held.place.segment).collect()
    }

    /// Whether an owner may store so many bytes more.
    pub(crate) fn has_room(&self, owner: Owner, bytes: u64) -> bool {
        let Some(quota) = self.organisations.get(&owner.organisation) else { return false };
        let total = self.totals.get(&owner.organisation).copied().unwrap_or(0);
        let own = self.usage.get(&owner).copied().unwrap_or(0);
        let personal = if owner.n == 0 { *quota } else { quota / 8 };
        total + bytes <= *quota && own + bytes <= personal
    }

    /// Adds a leaf; gives its place.
    pub(crate) fn add_leaf(&mut self, entry: [u8; 32]) -> u64 {
        let place = self.tree.size();
        self.tree.push(merkle::leaf_hash(&entry));
        self.leaves.push(entry);
        self.places.entry(entry).or_insert(place);
        place
    }

    /// Takes leaves off that did not become durable.
    pub(crate) fn take_back(&mut self, size: u64) {
        self.tree.truncate(size);
        self.leaves.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        self.places.retain(|_, place| *place < size);
    }

    fn count(&mut self, owner: Owner, bytes: i64) {
        for used in [
            self.usage.entry(owner).or_default(),
            self.totals.entry(owner.organisation).or_default(),
        ] {
            *used = used.saturating_add_signed(bytes);
        }
    }
}
