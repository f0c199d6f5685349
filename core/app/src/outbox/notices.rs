// SPDX-License-Identifier: MPL-2.0
//! Notices that this vault sends: of a parcel, of an opening, of a capability.

use amate_seal::random;
use amate_wire::{
    capability::Capability,
    id::{IdentityId, MailboxId, RelayKey},
    notice::{Notice, NoticeIndex, NoticeKind},
};
use rusqlite::Transaction;

use crate::{
    envelope::seal_notice,
    exchange::Relay,
    keys::{Freshness, VerifiedKeySet},
    problem::Problem,
    session::Session,
    store::{
        inbox::{self, Received},
        parcels::{self, ParcelId},
        people::{self, Contact},
    },
};

/// A notice may be taken in for this long.
const LIFE: u64 = 60 * 86_400;

/// What a notice carries beside who and when.
pub(super) struct Content {
    pub(super) kind: NoticeKind,
    pub(super) parcel: ParcelId,
    pub(super) relay: RelayKey,
    pub(super) seed: [u8; 32],
    pub(super) index: NoticeIndex,
    pub(super) body: Vec<u8>,
}

impl Session {
    /// Signs and seals a notice to a contact's weekly key.
    pub(super) fn notice(
        &mut self,
        set: &VerifiedKeySet,
        contact: IdentityId,
        content: Content,
        now: u64,
    ) -> Result<(Vec<u8>, Freshness), Problem> {
        let sequence =
            self.vault.write("sequence", |tx| people::next_sequence(tx, contact, now))?;
        let witnessed = self.witnessed(now)?;
        let choice = set.weekly(witnessed).ok_or(Problem::WrongAnswer("key set"))?;
        let from = if witnessed > 0 { witnessed } else { now };
        let keys = self.keys()?;
        let notice = Notice {
            kind: content.kind,
            key_set: set.id(),
            sender: keys.identity(),
            device: keys.device().public(),
            certificate: keys.certificate(),
            parcel: content.parcel,
            previous: [0; 32],
            sequence,
            created: now,
            expiry: from.saturating_add(LIFE),
            second_signature: [0; 32],
            relay: content.relay,
            more: false,
            seed: content.seed,
            index: content.index,
            body: content.body,
        };
        let mut rng = random::system();
        let sealed = seal_notice(&notice, keys.device(), &choice.key, &mut rng)?;
        Ok((sealed, choice.freshness))
    }

    /// Queues a capability for a verified person, for one relay of this organisation's.
    pub(crate) fn queue_grant(
        &mut self,
        contact: &Contact,
        set: &VerifiedKeySet,
        relay: RelayKey,
        capability: &Capability,
        now: u64,
    ) -> Result<(), Problem> {
        let content = Content {
            kind: NoticeKind::Grant,
            parcel: random::bytes(&mut random::system()),
            relay,
            seed: [0; 32],
            index: NoticeIndex::None,
            body: capability.encode(),
        };
        self.queue_mail(contact.identity, set, content, now, |_| Ok(()))
    }

    /// Queues the acknowledgement that a person opened a parcel, and notes that in the same commit.
    pub(crate) fn queue_opened(
        &mut self,
        received: &Received,
        set: &VerifiedKeySet,
        manifest: &[u8; 32],
        now: u64,
    ) -> Result<(), Problem> {
        let content = Content {
            kind: NoticeKind::Opened,
            parcel: received.parcel,
            relay: RelayKey([0; 32]),
            seed: [0; 32],
            index: NoticeIndex::None,
            body: manifest.to_vec(),
        };
        self.queue_mail(received.sender, set, content, now, |tx| inbox::set_told(tx, received.id))
    }

    fn queue_mail(
        &mut self,
        contact: IdentityId,
        set: &VerifiedKeySet,
        content: Content,
        now: u64,
        also: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Problem> {
        let (relay, mailbox) =
            self.common(set)?.into_iter().next().ok_or(Problem::NoCommonRelay)?;
        let (sealed, _) = self.notice(set, contact, content, now)?;
        Ok(self.vault.write("queue notice", |tx| {
            parcels::add_mail(tx, contact, relay.key, mailbox, &sealed)?;
            also(tx)
        })?)
    }

    /// Relays where the contact collects and this vault may upload, in the contact's order;
    /// relays that showed two logs are left out.
    pub(super) fn common(&self, set: &VerifiedKeySet) -> Result<Vec<(Relay, MailboxId)>, Problem> {
        let mut common = Vec::new();
        for mailbox in &set.set().mailboxes {
            let relay = self.vault.read(|db| people::relay(db, mailbox.relay))?;
            let (_, forked) = self.vault.read(|db| people::checkpoints(db, mailbox.relay))?;
            if let Some(relay) = relay.filter(|one| one.capability.is_some() && forked.is_none()) {
                common.push((relay, mailbox.mailbox));
            }
        }
        Ok(common)
    }
}
