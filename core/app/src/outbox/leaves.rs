// SPDX-License-Identifier: MPL-2.0
//! Having custody heads in a relay's log.

use std::io::Read;

use amate_seal::{note, random};
use amate_wire::document::SignedDocument;

use crate::{
    driver::Carrier,
    evidence::item_id,
    exchange::{Ask, Relay},
    problem::Problem,
    session::Session,
    store::{
        items::{self, Item, ItemState, Leaf},
        parcels::{self, Parcel},
    },
};

/// Last bytes of a live segment: its running hash, and the signature over it.
const RUNNING_AND_SIGNATURE: u64 = 96;

impl Session {
    /// Has each item's custody head in this relay's log. `false` when the relay does not sign.
    pub(super) fn log_items(
        &mut self,
        carrier: &mut dyn Carrier,
        parcel: &Parcel,
        relay: &Relay,
        now: u64,
    ) -> Result<bool, Problem> {
        for item in self.items_of(parcel)? {
            let leaf = self.leaf(&item, relay)?;
            if leaf.proof.is_some() {
                continue;
            }
            let entry = note::leaf(&leaf.salt, &leaf.item.0, &self.end_of(&item)?, &leaf.head.0);
            let answer = carrier.ask(relay, &Ask::PostLeaf(entry))?;
            let text = match answer.status {
                200 | 201 => {
                    String::from_utf8(answer.body).map_err(|_| Problem::WrongAnswer("proof"))?
                }
                503 => return Ok(false),
                status => return Err(Problem::Refused(status)),
            };
            self.take_proof(carrier, relay, &entry, &text, now)?;
            let proven = Leaf { proof: Some(text), ..leaf };
            self.vault.write("proof", |tx| items::put_leaf(tx, &proven))?;
        }
        Ok(true)
    }

    /// The leaf for the newest own custody head; its salt is durable before anyone sees it, so
    /// that a repeat submits the same leaf.
    fn leaf(&mut self, item: &Item, relay: &Relay) -> Result<Leaf, Problem> {
        let (_, (head_n, head)) = self.own_head(item)?;
        let held = self.vault.read(|db| items::leaves(db, item.id))?;
        if let Some(leaf) = held.into_iter().find(|one| one.head == head && one.relay == relay.key)
        {
            return Ok(leaf);
        }
        let salt = random::bytes(&mut random::system());
        let leaf = Leaf { item: item.id, head, head_n, relay: relay.key, salt, proof: None };
        self.vault.write("leaf", |tx| items::put_leaf(tx, &leaf))?;
        Ok(leaf)
    }

    /// What a leaf names as the end of an item: for a live recording its closing, or the running
    /// hash of its last segment.
    fn end_of(&self, item: &Item) -> Result<[u8; 32], Problem> {
        if let Some(closing) = &item.closing {
            return Ok(item_id(&SignedDocument::parse(closing)?).0);
        }
        if item.state == ItemState::Complete {
            return Ok(item.id.0);
        }
        let medium = item.medium.ok_or(Problem::Damaged)?;
        let mut reader = self.vault.read_medium(&medium)?;
        let tail = item.length.checked_sub(RUNNING_AND_SIGNATURE).ok_or(Problem::Damaged)?;
        reader.seek_to(tail)?;
        let mut running = [0; 32];
        reader.read_exact(&mut running).map_err(|_| Problem::Damaged)?;
        Ok(running)
    }

    pub(super) fn items_of(&self, parcel: &Parcel) -> Result<Vec<Item>, Problem> {
        let parcel_items = self.vault.read(|db| parcels::items(db, parcel.id))?;
        let mut ids: Vec<_> = parcel_items.iter().filter_map(|item| item.item).collect();
        ids.dedup();
        ids.into_iter()
            .map(|id| self.vault.read(|db| items::item(db, id))?.ok_or(Problem::Damaged))
            .collect()
    }
}
