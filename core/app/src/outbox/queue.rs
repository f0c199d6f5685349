// SPDX-License-Identifier: MPL-2.0
//! Sealing a case into a parcel: which content stands where, and which blocks it becomes.

use std::io::Read;

use amate_seal::{hash::sha256, random, secret::Secret};
use amate_wire::{
    block::BlockClass,
    custody::Act,
    id::{DocumentId, IdentityId},
    item::ItemKind,
    live::{FRAMING, SMALL_DATA},
};

use crate::{
    clock::{self, Moment},
    envelope::{ItemSealer, Seed, plan},
    evidence::{Kept, MadeEntry, Segments, next_entry},
    problem::Problem,
    session::Session,
    store::{
        items::{self, Item, ItemState},
        parcels::{self, Consent, Parcel, ParcelItem, Withheld},
    },
    take::stored,
};

/// What was queued, durably.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// Items of evidence.
    pub items: usize,
    /// Blocks of content; the parcel manifest is added at the first relay.
    pub blocks: usize,
}

/// What a person chose to send.
#[derive(Debug, Clone)]
pub struct Order {
    /// The case.
    pub dossier: i64,
    /// Numbers of its items; empty: all.
    pub numbers: Vec<u32>,
    /// To whom.
    pub to: Vec<IdentityId>,
    /// What is known of the items and does not go along.
    pub withheld: Withheld,
    /// What the person was asked before, and answered.
    pub consent: Option<Consent>,
}

impl Session {
    /// Seals items of a case for contacts and queues them, with all their facts. `numbers` empty
    /// means all.
    ///
    /// # Errors
    /// As [`Session::queue_order`].
    pub fn queue(
        &mut self,
        dossier: i64,
        numbers: &[u32],
        names: &[String],
        now: impl Into<Moment>,
    ) -> Result<Queued, Problem> {
        let to = names
            .iter()
            .map(|name| Ok(self.contact_named(name)?.identity))
            .collect::<Result<_, Problem>>()?;
        let numbers = numbers.to_vec();
        let order = Order { dossier, numbers, to, withheld: Withheld::default(), consent: None };
        self.queue_order(&order, now)
    }

    /// Seals what a person chose and queues it.
    ///
    /// # Errors
    /// [`Problem::NothingToSend`], [`Problem::NotFound`], [`Problem::Blocked`];
    /// [`Problem::TooMuch`], with nothing queued.
    pub fn queue_order(
        &mut self,
        order: &Order,
        now: impl Into<Moment>,
    ) -> Result<Queued, Problem> {
        let now = now.into();
        let contacts = self.recipients(&order.to)?;
        let chosen = self.choose_items(order.dossier, &order.numbers)?;
        if !self.fits_one_parcel(&chosen, &order.withheld)? {
            return Err(Problem::TooMuch);
        }
        let seed: Seed = Secret::random(&mut random::system());
        let mut parcel_items = Vec::new();
        for item in &chosen {
            self.plan_item(&seed, item, &mut parcel_items)?;
        }
        let session = self.clone();
        let _adding = session.adding();
        let entries = self.sent(&chosen, &contacts, now.unix)?;
        let parcel = Parcel {
            id: random::bytes(&mut random::system()),
            seed: *seed.expose(),
            dossier: order.dossier,
            created: now,
            manifest: None,
            manifest_hash: None,
            withheld: order.withheld,
        };
        self.vault.write("queue parcel", |tx| {
            for (item, entry) in chosen.iter().zip(&entries) {
                items::add_entry(tx, item.id, &stored(entry))?;
            }
            parcels::add(tx, &parcel, &parcel_items, &contacts)?;
            order.consent.iter().try_for_each(|one| parcels::put_consent(tx, parcel.id, one))
        })?;
        let blocks = parcel_items.iter().map(|item| item.ids.len()).sum();
        Ok(Queued { items: chosen.len(), blocks })
    }

    fn recipients(&self, to: &[IdentityId]) -> Result<Vec<IdentityId>, Problem> {
        let known = self.contacts()?;
        let not_found = || Problem::NotFound { what: "contact", name: String::new() };
        if to.is_empty() {
            return Err(not_found());
        }
        to.iter()
            .map(|identity| {
                let contact = known.iter().find(|one| one.identity == *identity);
                match contact.ok_or_else(not_found)? {
                    contact if contact.blocked => Err(Problem::Blocked),
                    contact => Ok(contact.identity),
                }
            })
            .collect()
    }

    fn choose_items(&self, dossier: i64, numbers: &[u32]) -> Result<Vec<Item>, Problem> {
        let not_found = || Problem::NotFound { what: "case", name: dossier.to_string() };
        self.vault.read(|db| items::dossier_seed(db, dossier))?.ok_or_else(not_found)?;
        let all = self.vault.read(|db| items::items(db, Some(dossier)))?;
        for number in numbers {
            if !all.iter().any(|item| item.number == *number) {
                return Err(Problem::NotFound { what: "item", name: number.to_string() });
            }
        }
        let chosen: Vec<_> = all
            .into_iter()
            // One's own that was deleted may come back from somebody: its key does not.
            .filter(|item| item.mine && item.state != ItemState::Recording)
            // A recording that was cut before its first whole part holds nothing to send.
            .filter(|item| item.origin != "live" || item.length > 0)
            .filter(|item| numbers.is_empty() || numbers.contains(&item.number))
            .collect();
        if chosen.is_empty() { Err(Problem::NothingToSend) } else { Ok(chosen) }
    }

    /// Appends the parcel items of one item: its content, or its live segments.
    fn plan_item(
        &self,
        seed: &Seed,
        item: &Item,
        out: &mut Vec<ParcelItem>,
    ) -> Result<(), Problem> {
        let medium = item.medium.ok_or(Problem::Damaged)?;
        if item.origin != "live" {
            let content = Piece {
                start: 0,
                length: item.length,
                sha256: item.sha256.ok_or(Problem::Damaged)?,
                live: None,
            };
            return self.plan_piece(seed, item, medium, &content, out);
        }
        let mut start = 0;
        for segment in self.segments(item)? {
            let segment = segment.map_err(|_| Problem::Damaged)?;
            let small = segment.len() <= FRAMING + SMALL_DATA;
            let class = if small { BlockClass::Medium } else { BlockClass::Large };
            let length = segment.len() as u64;
            let piece = Piece { start, length, sha256: sha256(&segment), live: Some(class) };
            self.plan_piece(seed, item, medium, &piece, out)?;
            start += length;
        }
        Ok(())
    }

    fn plan_piece(
        &self,
        seed: &Seed,
        item: &Item,
        medium: [u8; 16],
        piece: &Piece,
        out: &mut Vec<ParcelItem>,
    ) -> Result<(), Problem> {
        let kind = if piece.live.is_some() { ItemKind::LiveSegment } else { ItemKind::Content };
        let shape = plan(kind, piece.length, piece.live).ok_or(Problem::NoSpace)?;
        let idx = u32::try_from(out.len() + 1).map_err(|_| Problem::NoSpace)?;
        let mut parcel_item = ParcelItem {
            idx,
            kind: kind.number(),
            item: Some(item.id),
            medium: Some(medium),
            start: piece.start,
            length: piece.length,
            sha256: piece.sha256,
            live: piece.live.is_some(),
            class: shape.class.number(),
            ids: Vec::with_capacity(shape.blocks as usize),
        };
        let mut sealer = self.sealer(seed, &parcel_item)?;
        while let Some(block) = sealer.next_block().map_err(|_| Problem::Damaged)? {
            parcel_item.ids.push(block.id);
        }
        out.push(parcel_item);
        Ok(())
    }

    /// Seals a parcel item's content from the vault, the same each time.
    pub(super) fn sealer(
        &self,
        seed: &Seed,
        item: &ParcelItem,
    ) -> Result<ItemSealer<Box<dyn Read>>, Problem> {
        let medium = item.medium.ok_or(Problem::Damaged)?;
        let mut reader = self.vault.read_medium(&medium)?;
        reader.seek_to(item.start)?;
        let content: Box<dyn Read> = Box::new(reader.take(item.length));
        sealer_of(seed, item, content)
    }

    /// Whole segments of a live recording.
    pub(crate) fn segments(
        &self,
        item: &Item,
    ) -> Result<impl Iterator<Item = std::io::Result<Vec<u8>>> + use<>, Problem> {
        let medium = item.medium.ok_or(Problem::Damaged)?;
        let reader = self.vault.read_medium(&medium)?;
        Ok(Segments::new(reader.take(item.length)))
    }

    /// The custody entries that say to whom each item was sent.
    fn sent(
        &self,
        chosen: &[Item],
        contacts: &[IdentityId],
        now: u64,
    ) -> Result<Vec<MadeEntry>, Problem> {
        let detail: Vec<_> = contacts.iter().map(IdentityId::hex).collect();
        chosen
            .iter()
            .map(|item| {
                let (kept, head) = self.own_head(item)?;
                Ok(next_entry(
                    item.id,
                    head,
                    &kept.capture_key()?,
                    Act::Send,
                    &clock::rfc3339(now),
                    &detail.join(" "),
                    &mut random::system(),
                ))
            })
            .collect()
    }

    /// What is kept of an own item, and its newest custody entry.
    pub(crate) fn own_head(&self, item: &Item) -> Result<(Kept, (u32, DocumentId)), Problem> {
        let kept = Kept::from_bytes(item.kept.as_ref().ok_or(Problem::Damaged)?)?;
        let signer = kept.capture_key()?.public();
        let entries = self.vault.read(|db| items::custody(db, item.id))?;
        let own = entries.iter().rfind(|entry| entry.signer == signer).ok_or(Problem::Damaged)?;
        Ok((kept, (own.n, own.id)))
    }
}

/// A sealer for content that is at hand.
pub(super) fn sealer_of(
    seed: &Seed,
    item: &ParcelItem,
    content: Box<dyn Read>,
) -> Result<ItemSealer<Box<dyn Read>>, Problem> {
    let kind = ItemKind::from_number(item.kind)?;
    let live = if item.live { Some(BlockClass::from_number(item.class)?) } else { None };
    let shape = plan(kind, item.length, live).ok_or(Problem::Damaged)?;
    ItemSealer::new(seed, item.idx, shape, item.sha256, content).map_err(|_| Problem::Damaged)
}

/// A range of a medium that becomes one parcel item.
struct Piece {
    start: u64,
    length: u64,
    sha256: [u8; 32],
    live: Option<BlockClass>,
}
