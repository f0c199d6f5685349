// SPDX-License-Identifier: MPL-2.0
//! Taking notices in from the mailboxes.

use amate_wire::{
    capability::Capability,
    cursor::{Malformed, Reader},
    notice::{NoticeKind, SEALED_LEN},
};
use rusqlite::Transaction;

use super::fetch::Fetched;
use crate::{
    clock::Moment,
    driver::Carrier,
    envelope::{VerifiedNotice, open_notice},
    exchange::{Ask, Relay},
    keys::VerifiedKeySet,
    people::relay_info,
    problem::Problem,
    session::Session,
    store::{
        inbox::{self, Arrival, Received},
        parcels,
        people::{self, Contact},
    },
};

/// What collecting came to.
#[derive(Debug, Default)]
pub struct Collected {
    /// Row numbers of parcels that are whole and checked now.
    pub arrived: Vec<i64>,
    /// Parcels that contradict themselves or their signatures; those of strangers are forgotten.
    pub refused: usize,
    /// Parcels whose blocks are not all here yet.
    pub waiting: usize,
    /// The last thing that stood in the way.
    pub problem: Option<Problem>,
}

/// Most pages of one mailbox in one run.
const MAX_PAGES: usize = 64;
/// Most parcels of people who are not verified that wait at a time.
const MAX_UNVERIFIED: u64 = 256;

/// What a notice does here, decided before anything is written.
enum Effect {
    Parcel(Received),
    Newer(Received),
    Opened,
    Grant(Relay),
    Nothing,
}

impl Session {
    /// Collects notices from every relay, fetches what they announce, checks it, keeps it.
    ///
    /// # Errors
    /// Only the vault's; what relays do wrong is in the result.
    pub fn collect(
        &mut self,
        carrier: &mut dyn Carrier,
        now: impl Into<Moment>,
    ) -> Result<Collected, Problem> {
        let now = now.into();
        let mut collected = Collected::default();
        for relay in self.relays()? {
            if let Err(problem) = self.collect_from(carrier, &relay, now) {
                collected.problem = Some(passing(problem)?);
            }
        }
        self.publish_again(carrier, now, &mut collected)?;
        for received in self.vault.read(inbox::all)? {
            if received.state == Arrival::Announced && !self.is_blocked(&received)? {
                match self.fetch_in_time(carrier, &received, now) {
                    Ok(Fetched::Arrived) => collected.arrived.push(received.id),
                    Ok(Fetched::Refused) => collected.refused += 1,
                    // A person blocked them meanwhile: what came of it goes, and nothing waits.
                    Err(Problem::Blocked) => self.drop_incoming(received.id)?,
                    Err(problem) => {
                        collected.waiting += 1;
                        collected.problem = Some(self.pass_over(received.id, problem)?);
                    }
                }
            }
        }
        Ok(collected)
    }

    /// What did not come while its notice holds will not come any more: its room is given back.
    fn fetch_in_time(
        &mut self,
        carrier: &mut dyn Carrier,
        received: &Received,
        now: Moment,
    ) -> Result<Fetched, Problem> {
        if self.witnessed(now.unix)? > self.kept_notice(received)?.expiry {
            return self.refuse(received, "problem-expired");
        }
        self.fetch(carrier, received, now)
    }

    /// One parcel must not stand in the way of others. What does not fit goes, and is fetched again
    /// when there is room.
    fn pass_over(&mut self, received: i64, problem: Problem) -> Result<Problem, Problem> {
        match problem {
            Problem::Locked => return Err(problem),
            Problem::NoSpace => self.drop_incoming(received)?,
            _ => {}
        }
        Ok(problem)
    }

    pub(super) fn is_blocked(&self, received: &Received) -> Result<bool, Problem> {
        Ok(self.vault.read(|db| people::is_blocked(db, received.sender))?)
    }

    /// Removes the blinded blocks of a parcel that are here.
    pub(super) fn drop_incoming(&mut self, received: i64) -> Result<(), Problem> {
        let media = self.vault.read(|db| inbox::all_incoming(db, received))?;
        self.vault.write("drop incoming", |tx| inbox::drop_incoming(tx, received))?;
        media.iter().try_for_each(|medium| Ok(self.vault.delete_medium(medium)?))
    }

    /// A new relay or capability means a new key set.
    fn publish_again(
        &mut self,
        carrier: &mut dyn Carrier,
        now: Moment,
        collected: &mut Collected,
    ) -> Result<(), Problem> {
        if !self.relays()?.is_empty()
            && let Err(problem) = self.publish(carrier, now.unix)
        {
            collected.problem = Some(passing(problem)?);
        }
        Ok(())
    }

    fn collect_from(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        now: Moment,
    ) -> Result<(), Problem> {
        let time = relay_info(carrier, relay)?.time;
        let keys = self.keys()?;
        let (key, mailbox) = keys.mailbox();
        let key = key.clone();
        // What was taken in is dropped there and known by its sequence here: no number is kept
        // that a relay could lie about.
        let mut after = 0;
        for _ in 0..MAX_PAGES {
            let ask = Ask::ListNotices { key: key.clone(), mailbox, after, time };
            let answer = carrier.ask(relay, &ask)?;
            if answer.status != 200 {
                return Err(Problem::NoAnswer);
            }
            let page = page(&answer.body).map_err(|_| Problem::WrongAnswer("notices"))?;
            let Some(through) = page.last().map(|(number, _)| *number) else { return Ok(()) };
            if page.iter().any(|(number, _)| *number <= after) {
                return Err(Problem::WrongAnswer("notices"));
            }
            for (_, sealed) in page {
                self.take_notice(sealed, now)?;
            }
            let ask = Ask::DropNotices { key: key.clone(), mailbox, through, time };
            carrier.ask(relay, &ask)?;
            after = through;
        }
        Ok(())
    }

    /// Takes one notice in. What does not open, or is not for this vault, changes nothing.
    fn take_notice(&mut self, sealed: &[u8], now: Moment) -> Result<(), Problem> {
        let own = self.own_key_sets()?;
        let notice = open_notice(sealed, self.keys()?.secrets())
            .and_then(|opened| opened.verify(|id| own.contains(&id)));
        let Ok(notice) = notice else { return Ok(()) };
        match self.effect(&notice, now)? {
            Effect::Nothing => Ok(()),
            effect => Ok(self.vault.write("notice", |tx| apply(tx, &notice, effect))?),
        }
    }

    fn effect(&self, verified: &VerifiedNotice, now: Moment) -> Result<Effect, Problem> {
        let (notice, sender) = (verified.notice(), verified.sender());
        let contact = self.vault.read(|db| people::contact(db, sender))?;
        let witnessed = self.witnessed(now.unix)?;
        let refused = contact.as_ref().is_some_and(|one| one.blocked || revoked(one, verified))
            || witnessed > notice.expiry;
        if refused {
            return Ok(Effect::Nothing);
        }
        let stranger = contact.as_ref().is_none_or(|one| !one.verified);
        if stranger && self.vault.read(inbox::unverified_waiting)? >= MAX_UNVERIFIED {
            return Ok(Effect::Nothing);
        }
        let received = Received {
            id: 0,
            sender,
            parcel: notice.parcel,
            kind: notice.kind.number(),
            relay: notice.relay,
            notice: verified.bytes().to_vec(),
            state: Arrival::Announced,
            reason: None,
            at: now,
            manifest_hash: None,
            told: false,
            responsible: None,
            about: None,
        };
        Ok(match notice.kind {
            NoticeKind::Parcel => Effect::Parcel(received),
            NoticeKind::Opened if self.is_manifest(verified)? => Effect::Opened,
            NoticeKind::Grant => self.granted(contact.as_ref(), verified),
            NoticeKind::Unknown(_) => Effect::Newer(Received { state: Arrival::Newer, ..received }),
            _ => Effect::Nothing,
        })
    }

    /// Whether an acknowledgement names the manifest of the parcel that was sent.
    fn is_manifest(&self, verified: &VerifiedNotice) -> Result<bool, Problem> {
        let notice = verified.notice();
        let parcels = self.vault.read(parcels::parcels)?;
        let sent = parcels.iter().find(|parcel| parcel.id == notice.parcel);
        let hash = sent.and_then(|parcel| match &parcel.manifest {
            Some(bytes) => Some(amate_seal::hash::sha256(bytes)),
            None => parcel.manifest_hash,
        });
        Ok(hash.is_some_and(|hash| hash.as_slice() == notice.body))
    }

    /// A capability counts only from somebody verified, for a relay of theirs.
    fn granted(&self, contact: Option<&Contact>, verified: &VerifiedNotice) -> Effect {
        let notice = verified.notice();
        let Some(contact) = contact.filter(|one| one.verified) else { return Effect::Nothing };
        let set = VerifiedKeySet::check(&contact.key_set, contact.identity, None);
        let url = set.ok().and_then(|set| {
            let mut mailboxes = set.set().mailboxes.iter();
            mailboxes.find(|one| one.relay == notice.relay).map(|one| one.url.clone())
        });
        match (url, Capability::parse(&notice.body)) {
            (Some(url), Ok(capability)) => Effect::Grant(Relay {
                key: notice.relay,
                url,
                capability: Some(capability.to_text()),
            }),
            _ => Effect::Nothing,
        }
    }
}

fn apply(tx: &Transaction<'_>, verified: &VerifiedNotice, effect: Effect) -> rusqlite::Result<()> {
    let (notice, sender) = (verified.notice(), verified.sender());
    // Whoever a person blocked since it was read is not heard either.
    let heard = !matches!(effect, Effect::Nothing) && !people::is_blocked(tx, sender)?;
    if !heard || !inbox::see(tx, sender, notice.sequence)? {
        return Ok(());
    }
    match effect {
        Effect::Parcel(received) => {
            if !inbox::add(tx, &received)? {
                inbox::move_to(tx, &received)?;
            }
            Ok(())
        }
        Effect::Newer(received) => inbox::add(tx, &received).map(drop),
        Effect::Opened => {
            parcels::mark_opened(tx, notice.parcel, sender, verified.bytes()).map(drop)
        }
        Effect::Grant(relay) => people::learn_relay(tx, &relay, false),
        Effect::Nothing => Ok(()),
    }
}

fn revoked(contact: &Contact, verified: &VerifiedNotice) -> bool {
    let notice = verified.notice();
    VerifiedKeySet::check(&contact.key_set, contact.identity, None)
        .is_ok_and(|set| !set.accepts_device(&notice.device, &notice.certificate))
}

/// `{ u64 number ‖ 4096 bytes }`, rising.
fn page(body: &[u8]) -> Result<Vec<(u64, &[u8])>, Malformed> {
    let mut reader = Reader::new("notices", body);
    let mut notices: Vec<(u64, &[u8])> = Vec::new();
    while !reader.rest().is_empty() {
        let (number, sealed) = (reader.u64()?, reader.take(SEALED_LEN)?);
        if notices.last().is_some_and(|(last, _)| *last >= number) || number >= 1 << 53 {
            return Err(reader.malformed());
        }
        notices.push((number, sealed));
    }
    Ok(notices)
}

/// What relays and senders do wrong does not stop the rest.
pub(super) fn passing(problem: Problem) -> Result<Problem, Problem> {
    match problem {
        Problem::NoAnswer
        | Problem::WrongAnswer(_)
        | Problem::Refused(_)
        | Problem::Forked
        | Problem::NotConsistent
        | Problem::NotFound { .. }
        | Problem::NoCommonRelay
        | Problem::Altered(_) => Ok(problem),
        other => Err(other),
    }
}
