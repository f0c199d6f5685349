// SPDX-License-Identifier: MPL-2.0
//! Delivering what waits: leaves, blocks, index, notice; each receipt verified and kept before the
//! next step.

use amate_seal::{note::verify_receipt, secret::Secret};
use amate_wire::{
    block::BlockClass,
    id::{BlockId, MailboxId},
    index::{Index, IndexItem},
    notice::{NoticeIndex, NoticeKind},
    receipt::{Receipt, Stored},
};

use super::{notices::Content, queue::sealer_of};
use crate::{
    driver::Carrier,
    envelope::{SealedBlock, Seed, build_index},
    exchange::{Answer, Ask, Relay},
    keys::{Freshness, VerifiedKeySet},
    people::relay_info,
    problem::Problem,
    session::Session,
    store::{
        parcels::{self, Delivery, Mail, Parcel, ParcelItem, State},
        people, settings,
    },
};
/// What one round over everything that waits came to.
#[derive(Debug, Default)]
pub struct Round {
    /// Deliveries that are not at a relay yet.
    pub waiting: usize,
    /// The last thing that stood in the way.
    pub problem: Option<Problem>,
    /// Contacts whose published keys are old, by name.
    pub stale: Vec<String>,
}

impl Session {
    /// One round: every delivery tries the relays it may use, small notices are posted.
    ///
    /// # Errors
    /// Only the vault's; what relays do wrong is in the round, and what waits keeps waiting.
    pub fn deliver(&mut self, carrier: &mut dyn Carrier, now: u64) -> Result<Round, Problem> {
        let mut round = Round::default();
        for parcel in self.vault.read(parcels::parcels)? {
            for delivery in self.vault.read(|db| parcels::deliveries(db, parcel.id))? {
                if delivery.state < State::AtRelay {
                    let tried = self.deliver_one(carrier, &parcel, &delivery, now, &mut round);
                    // What stands in the way of one does not stop the others. Of what was withdrawn
                    // meanwhile nothing waits, whatever its absence came to.
                    if let Err(problem) = tried
                        && self.still_there(&parcel, &delivery)?.is_some()
                    {
                        round.waiting += 1;
                        // What nobody can help hides nothing that somebody could.
                        if round.problem.is_none() || !matches!(problem, Problem::Blocked) {
                            round.problem = Some(problem);
                        }
                    }
                }
            }
        }
        if let Some(problem) = self.post_mail(carrier)? {
            round.problem = Some(problem);
        }
        Ok(round)
    }

    fn deliver_one(
        &mut self,
        carrier: &mut dyn Carrier,
        parcel: &Parcel,
        delivery: &Delivery,
        now: u64,
        round: &mut Round,
    ) -> Result<(), Problem> {
        let contact = self
            .vault
            .read(|db| people::contact(db, delivery.contact))?
            .ok_or(Problem::Internal("contact"))?;
        if contact.blocked {
            return Err(Problem::Blocked);
        }
        let set = self.refresh(carrier, &contact)?;
        let mut candidates = self.common(&set)?;
        // The relay that has part of it already comes first.
        candidates.sort_by_key(|(relay, _)| Some(relay.key) != delivery.relay);
        let mut last = Problem::NoCommonRelay;
        for (relay, mailbox) in candidates {
            let pushed = self.push(carrier, parcel, delivery, &set, &relay, mailbox, now);
            match pushed {
                Ok(freshness) => {
                    if freshness == Some(Freshness::Stale) {
                        round.stale.push(contact.name);
                    }
                    return Ok(());
                }
                Err(problem) => last = tolerable(problem)?,
            }
        }
        Err(last)
    }

    /// Brings a parcel to one relay, as far as it is not there yet.
    #[expect(clippy::too_many_arguments, reason = "the one place where all of them meet")]
    fn push(
        &mut self,
        carrier: &mut dyn Carrier,
        parcel: &Parcel,
        delivery: &Delivery,
        set: &VerifiedKeySet,
        relay: &Relay,
        mailbox: MailboxId,
        now: u64,
    ) -> Result<Option<Freshness>, Problem> {
        relay_info(carrier, relay)?;
        let seed = Secret::new(parcel.seed);
        if parcel.manifest.is_none() && self.manifest_is_open(parcel)? {
            // Without a log the parcel goes without proofs; the state then stays *left*.
            self.log_items(carrier, parcel, relay, now)?;
            self.fix_manifest(parcel, &seed)?;
        }
        self.push_blocks(carrier, parcel, &seed, delivery, relay, now)?;
        let freshness = self.push_notice(carrier, parcel, delivery, set, (relay, mailbox), now)?;
        if self.log_items(carrier, parcel, relay, now)? {
            self.advance(parcel, delivery, |one| one.state = State::AtRelay)?;
            Ok(freshness)
        } else {
            // Everything is there; without its log the relay's word has no time.
            Err(Problem::Refused(503))
        }
    }

    fn manifest_is_open(&self, parcel: &Parcel) -> Result<bool, Problem> {
        let all = self.vault.read(parcels::parcels)?;
        Ok(all.iter().any(|one| one.id == parcel.id && one.manifest.is_none()))
    }

    // Blocks ----------------------------------------------------------------------------------

    fn push_blocks(
        &mut self,
        carrier: &mut dyn Carrier,
        parcel: &Parcel,
        seed: &Seed,
        delivery: &Delivery,
        relay: &Relay,
        now: u64,
    ) -> Result<(), Problem> {
        let (all, index, manifest) = self.vault.read(|db| {
            let manifest = parcels::parcels(db)?
                .into_iter()
                .find(|one| one.id == parcel.id)
                .and_then(|one| one.manifest);
            Ok((parcels::items(db, parcel.id)?, parcels::index_blocks(db, parcel.id)?, manifest))
        })?;
        let manifest = manifest.ok_or(Problem::Internal("manifest"))?;
        for item in &all {
            if self.missing(&item.ids, relay)?.is_empty() {
                continue;
            }
            let mut sealer = if item.idx == 0 {
                sealer_of(seed, item, Box::new(std::io::Cursor::new(manifest.clone())))?
            } else {
                self.sealer(seed, item)?
            };
            for id in &item.ids {
                let block = sealer.next_block().map_err(|_| Problem::Damaged)?;
                let block = block.filter(|one| one.id == *id).ok_or(Problem::Damaged)?;
                self.push_block(carrier, parcel, delivery, relay, block, now)?;
            }
        }
        for (id, bytes) in index {
            self.push_block(carrier, parcel, delivery, relay, SealedBlock { id, bytes }, now)?;
        }
        Ok(())
    }

    fn missing(&self, ids: &[BlockId], relay: &Relay) -> Result<Vec<BlockId>, Problem> {
        Ok(self.vault.read(|db| {
            let mut missing = Vec::new();
            for id in ids {
                if !parcels::has_receipt(db, *id, relay.key)? {
                    missing.push(*id);
                }
            }
            Ok(missing)
        })?)
    }

    /// Sends a block unless this relay gave a receipt for it.
    fn push_block(
        &mut self,
        carrier: &mut dyn Carrier,
        parcel: &Parcel,
        delivery: &Delivery,
        relay: &Relay,
        block: SealedBlock,
        now: u64,
    ) -> Result<(), Problem> {
        if self.missing(&[block.id], relay)?.is_empty() {
            return Ok(());
        }
        self.still_wanted(parcel, delivery)?;
        let (id, bytes) = (block.id, block.bytes);
        let answer = carrier.ask(relay, &Ask::PutBlock(id, bytes.clone()))?;
        let receipt = accept(relay, Stored::Block, &bytes, &answer)?;
        let mut first = self.current(parcel, delivery)?;
        if first.relay != Some(relay.key) {
            // A notice names the relay that has the blocks: another relay, another notice.
            (first.notice, first.receipt) = (None, None);
        }
        first.relay = Some(relay.key);
        first.state = State::Left;
        first.left_at = Some(receipt.at);
        Ok(self.vault.write("block receipt", |tx| {
            settings::witness(tx, receipt.at, now)?;
            // Of what was withdrawn meanwhile nothing is kept.
            if parcels::put_delivery(tx, &first)? {
                parcels::add_receipt(tx, id, relay.key, &answer.body)?;
            }
            Ok(())
        })?)
    }

    // Notice ----------------------------------------------------------------------------------

    fn push_notice(
        &mut self,
        carrier: &mut dyn Carrier,
        parcel: &Parcel,
        delivery: &Delivery,
        set: &VerifiedKeySet,
        (relay, mailbox): (&Relay, MailboxId),
        now: u64,
    ) -> Result<Option<Freshness>, Problem> {
        let mut current = self.current(parcel, delivery)?;
        let same = current.relay == Some(relay.key);
        if same && current.receipt.is_some() && current.notice.is_some() {
            return Ok(None);
        }
        let mut freshness = None;
        let sealed = match current.notice.clone().filter(|_| same) {
            Some(sealed) => sealed,
            None => {
                let all = self.vault.read(|db| parcels::items(db, parcel.id))?;
                let seed = Secret::new(parcel.seed);
                let (index, _) = build_index(&seed, index_of(&all)?)?;
                let content = parcel_content(parcel, relay, index);
                let (sealed, fresh) = self.notice(set, delivery.contact, content, now)?;
                freshness = Some(fresh);
                sealed
            }
        };
        current.relay = Some(relay.key);
        current.notice = Some(sealed.clone());
        current.receipt = None;
        self.still_wanted(parcel, delivery)?;
        if !self.vault.write("sealed notice", |tx| parcels::put_delivery(tx, &current))? {
            return Err(Problem::NotFound { what: "parcel", name: String::new() });
        }
        let answer = carrier.ask(relay, &Ask::PostNotice(mailbox, sealed.clone()))?;
        let receipt = accept(relay, Stored::Notice(mailbox), &sealed, &answer)?;
        current.receipt = Some(answer.body);
        current.relay_at = Some(receipt.at);
        self.vault.write("notice receipt", |tx| {
            settings::witness(tx, receipt.at, now)?;
            parcels::put_delivery(tx, &current)
        })?;
        Ok(freshness)
    }

    /// Posts small notices; gives the last thing that stood in the way.
    fn post_mail(&mut self, carrier: &mut dyn Carrier) -> Result<Option<Problem>, Problem> {
        let mut last = None;
        for mail in self.vault.read(parcels::mail)? {
            // Between two of them a person may have blocked the contact.
            if !self.vault.read(|db| parcels::mail_waits(db, mail.id))? {
                continue;
            }
            match self.post(carrier, &mail) {
                Ok(()) => {}
                Err(problem) => last = Some(tolerable(problem)?),
            }
        }
        Ok(last)
    }

    fn post(&mut self, carrier: &mut dyn Carrier, mail: &Mail) -> Result<(), Problem> {
        let Some(relay) = self.vault.read(|db| people::relay(db, mail.relay))? else {
            return Ok(());
        };
        relay_info(carrier, &relay)?;
        let answer = carrier.ask(&relay, &Ask::PostNotice(mail.mailbox, mail.notice.clone()))?;
        accept(&relay, Stored::Notice(mail.mailbox), &mail.notice, &answer)?;
        Ok(self.vault.write("posted", |tx| parcels::drop_mail(tx, mail.id))?)
    }

    fn current(&self, parcel: &Parcel, delivery: &Delivery) -> Result<Delivery, Problem> {
        let withdrawn = Problem::NotFound { what: "parcel", name: String::new() };
        self.still_there(parcel, delivery)?.ok_or(withdrawn)
    }

    fn still_there(
        &self,
        parcel: &Parcel,
        delivery: &Delivery,
    ) -> Result<Option<Delivery>, Problem> {
        let all = self.vault.read(|db| parcels::deliveries(db, parcel.id))?;
        Ok(all.into_iter().find(|one| one.contact == delivery.contact))
    }

    fn advance(
        &mut self,
        parcel: &Parcel,
        delivery: &Delivery,
        change: impl FnOnce(&mut Delivery),
    ) -> Result<(), Problem> {
        let mut current = self.current(parcel, delivery)?;
        change(&mut current);
        self.vault.write("delivery", |tx| parcels::put_delivery(tx, &current))?;
        Ok(())
    }

    /// Between two questions to a relay a person may have blocked the contact or withdrawn the
    /// parcel: then nothing more of it leaves.
    fn still_wanted(&self, parcel: &Parcel, delivery: &Delivery) -> Result<(), Problem> {
        self.current(parcel, delivery)?;
        let contact = self.vault.read(|db| people::contact(db, delivery.contact))?;
        match contact {
            Some(contact) if !contact.blocked => Ok(()),
            _ => Err(Problem::Blocked),
        }
    }
}

fn parcel_content(parcel: &Parcel, relay: &Relay, index: NoticeIndex) -> Content {
    Content {
        kind: NoticeKind::Parcel,
        parcel: parcel.id,
        relay: relay.key,
        seed: parcel.seed,
        index,
        body: Vec::new(),
    }
}

pub(super) fn index_of(items: &[ParcelItem]) -> Result<Index, Problem> {
    let items = items
        .iter()
        .map(|item| {
            let class = BlockClass::from_number(item.class)?;
            Ok(IndexItem { class, blocks: item.ids.clone() })
        })
        .collect::<Result<_, Problem>>()?;
    Ok(Index { items })
}

/// A receipt counts only when it is this relay's, for exactly what was sent.
fn accept(relay: &Relay, stored: Stored, sent: &[u8], answer: &Answer) -> Result<Receipt, Problem> {
    match answer.status {
        200 | 201 => verify_receipt(&relay.key, stored, sent, &answer.body)
            .map_err(|_| Problem::WrongAnswer("receipt")),
        status @ (401 | 403 | 413 | 429 | 507) => Err(Problem::Refused(status)),
        _ => Err(Problem::NoAnswer),
    }
}

/// What a relay or a network did is noted and passed over; what the vault did stops the work.
fn tolerable(problem: Problem) -> Result<Problem, Problem> {
    match problem {
        Problem::NoAnswer
        | Problem::WrongAnswer(_)
        | Problem::Refused(_)
        | Problem::Forked
        | Problem::NotConsistent
        | Problem::NoCommonRelay
        | Problem::Blocked
        | Problem::Altered(_) => Ok(problem),
        other => Err(other),
    }
}
