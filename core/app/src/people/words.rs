// SPDX-License-Identifier: MPL-2.0
//! Pairing by spoken words: a meeting at a relay that both may use.

use amate_seal::{hash::sha256, random};
use amate_wire::id::{IdentityId, KeySetId, RelayKey};

use crate::{
    driver::Carrier,
    exchange::{Ask, Relay},
    keys::{MeetingA, MeetingB, SpokenWords, VerifiedKeySet, generate_digits, meeting_id},
    problem::Problem,
    session::Session,
    store::people::{self, Contact},
};

impl Session {
    /// Begins a meeting at a relay; gives the number to read out.
    ///
    /// # Errors
    /// [`Problem::NoAnswer`].
    pub fn meet(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        now: u64,
    ) -> Result<(String, MeetingA), Problem> {
        let mut rng = random::system();
        let number = generate_digits(8, &mut rng).to_string();
        let set = self.key_set(now)?;
        let own = (self.identity(), KeySetId(sha256(&set)));
        let (meeting, slot) = MeetingA::begin(own, &mut rng);
        put_slot(carrier, relay, &number, 0, slot)?;
        put_slot(carrier, relay, &number, 3, set)?;
        Ok((number, meeting))
    }

    /// What A does once B answered; `None` while B has not.
    ///
    /// # Errors
    /// [`Problem::WrongAnswer`] when what came is not of the protocol.
    pub fn meet_answered(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        number: &str,
        meeting: &mut MeetingA,
    ) -> Result<Option<(VerifiedKeySet, Vec<u8>, SpokenWords)>, Problem> {
        let Some(slot) = get_slot(carrier, relay, number, 1)? else { return Ok(None) };
        let (answer, other, words) =
            meeting.answer(&slot).map_err(|_| Problem::WrongAnswer("meeting"))?;
        put_slot(carrier, relay, number, 2, answer)?;
        let Some(bytes) = get_slot(carrier, relay, number, 4)? else { return Ok(None) };
        Ok(Some(met(other, bytes, words)?))
    }

    /// Joins a meeting; `None` while A's part is not there.
    ///
    /// # Errors
    /// As [`Session::meet_answered`].
    pub fn join(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        number: &str,
        now: u64,
    ) -> Result<Option<MeetingB>, Problem> {
        if number.len() != 8 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::NotUnderstood { what: "meeting" });
        }
        let Some(slot) = get_slot(carrier, relay, number, 0)? else { return Ok(None) };
        let set = self.key_set(now)?;
        let own = (self.identity(), KeySetId(sha256(&set)));
        let (meeting, answer) = MeetingB::join(own, &slot, &mut random::system())
            .map_err(|_| Problem::WrongAnswer("meeting"))?;
        put_slot(carrier, relay, number, 4, set)?;
        put_slot(carrier, relay, number, 1, answer)?;
        Ok(Some(meeting))
    }

    /// What B does once A revealed; `None` while A has not.
    ///
    /// # Errors
    /// As [`Session::meet_answered`].
    pub fn joined(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        number: &str,
        meeting: &MeetingB,
    ) -> Result<Option<(VerifiedKeySet, Vec<u8>, SpokenWords)>, Problem> {
        let Some(slot) = get_slot(carrier, relay, number, 2)? else { return Ok(None) };
        let (other, words) = meeting.finish(&slot).map_err(|_| Problem::WrongAnswer("meeting"))?;
        let Some(bytes) = get_slot(carrier, relay, number, 3)? else { return Ok(None) };
        Ok(Some(met(other, bytes, words)?))
    }

    /// The person said that the words are the same: the other side is verified.
    ///
    /// # Errors
    /// The vault's.
    pub fn words_are_the_same(
        &mut self,
        set: &VerifiedKeySet,
        bytes: Vec<u8>,
        relay: RelayKey,
        name: &str,
        now: u64,
    ) -> Result<Contact, Problem> {
        let contact = Contact {
            identity: crate::keys::identity_id(&set.set().identity),
            name: name.to_owned(),
            key_set: bytes,
            relay,
            verified: true,
            blocked: false,
        };
        self.vault.write("verified contact", |tx| people::put_contact(tx, &contact))?;
        self.grant_relays(&contact, now)?;
        Ok(contact)
    }
}

fn put_slot(
    carrier: &mut dyn Carrier,
    relay: &Relay,
    number: &str,
    slot: u8,
    bytes: Vec<u8>,
) -> Result<(), Problem> {
    let answer = carrier.ask(relay, &Ask::PutSlot { meeting: meeting_id(number), slot, bytes })?;
    match answer.status {
        200 | 201 => Ok(()),
        409 => Err(Problem::WrongAnswer("meeting")),
        status => Err(Problem::Refused(status)),
    }
}

fn get_slot(
    carrier: &mut dyn Carrier,
    relay: &Relay,
    number: &str,
    slot: u8,
) -> Result<Option<Vec<u8>>, Problem> {
    let answer = carrier.ask(relay, &Ask::GetSlot { meeting: meeting_id(number), slot })?;
    Ok((answer.status == 200).then_some(answer.body))
}

fn met(
    (identity, id): (IdentityId, KeySetId),
    bytes: Vec<u8>,
    words: SpokenWords,
) -> Result<(VerifiedKeySet, Vec<u8>, SpokenWords), Problem> {
    let set = VerifiedKeySet::check(&bytes, identity, None)
        .map_err(|_| Problem::WrongAnswer("key set"))?;
    if set.id() == id { Ok((set, bytes, words)) } else { Err(Problem::WrongAnswer("key set")) }
}
