// SPDX-License-Identifier: MPL-2.0
//! Relays and contacts: adding them, publishing one's own keys, pairing.

mod words;

use amate_seal::{hash::sha256, kdf::derive, random, secret::Secret};
use amate_wire::{
    capability::Capability,
    document::unhex,
    id::{IdentityId, KeySetId, RelayKey},
    keyset::{KeySet, url_len},
    pairing::PairingCode,
};
use rusqlite::Connection;
use zeroize::Zeroize;

use crate::{
    driver::Carrier,
    exchange::{Ask, Relay},
    keys::{OwnKeys, VerifiedKeySet},
    problem::Problem,
    session::Session,
    store::{
        people::{self, Contact},
        settings,
    },
};

const KEY_SET: &str = "own-key-set";
const KEY_SET_IDS: &str = "own-key-set-ids";
const PENDING_GRANT: &str = "pending-grant";
const GRANTS: &str = "grants";
/// Ids of own key sets that are remembered: more than a year of weekly renewals.
const REMEMBERED: usize = 128 * 32;

/// What a relay says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayInfo {
    /// Its key.
    pub key: RelayKey,
    /// Its clock.
    pub time: u64,
}

/// What a relay says of somebody's keys.
enum KeySetAnswer {
    /// It has no other than those that are held.
    Same,
    /// Checked.
    Other(Vec<u8>),
}

/// Asks a relay who it is and what time it has; its key must be the pinned one.
pub(crate) fn relay_info(carrier: &mut dyn Carrier, relay: &Relay) -> Result<RelayInfo, Problem> {
    let info = unpinned_info(carrier, relay)?;
    if info.key == relay.key { Ok(info) } else { Err(Problem::WrongAnswer("relay key")) }
}

fn unpinned_info(carrier: &mut dyn Carrier, relay: &Relay) -> Result<RelayInfo, Problem> {
    let answer = carrier.ask(relay, &Ask::Info)?;
    let wrong = Problem::WrongAnswer("relay");
    if answer.status != 200 {
        return Err(Problem::NoAnswer);
    }
    let value: serde_json::Value =
        serde_json::from_slice(&answer.body).map_err(|_| Problem::WrongAnswer("relay"))?;
    let key = value.get("relay_key").and_then(serde_json::Value::as_str);
    let key = key.and_then(|text| unhex(text).ok()).map(RelayKey);
    let time = value.get("time").and_then(serde_json::Value::as_u64);
    match (key, time) {
        (Some(key), Some(time)) => Ok(RelayInfo { key, time }),
        _ => Err(wrong),
    }
}

impl Session {
    /// Adds a relay by its address. Without a key it is pinned by what answers now.
    ///
    /// # Errors
    /// [`Problem::NotUnderstood`] for an address, key or capability that is none;
    /// [`Problem::WrongAnswer`] when another key answers than the one given.
    pub fn add_relay(
        &mut self,
        carrier: &mut dyn Carrier,
        url: &str,
        key: Option<&str>,
        capability: Option<&str>,
    ) -> Result<Relay, Problem> {
        let url = url.trim().trim_end_matches('/').to_owned();
        url_len(&url).map_err(|_| Problem::NotUnderstood { what: "relay" })?;
        let given = match key {
            Some(text) => Some(
                RelayKey::from_hex(text).map_err(|_| Problem::NotUnderstood { what: "relay" })?,
            ),
            None => None,
        };
        if let Some(text) = capability {
            Capability::from_text(text)
                .map_err(|_| Problem::NotUnderstood { what: "capability" })?;
        }
        let asked = Relay { key: RelayKey([0; 32]), url: url.clone(), capability: None };
        let info = unpinned_info(carrier, &asked)?;
        if given.is_some_and(|key| key != info.key) {
            return Err(Problem::WrongAnswer("relay key"));
        }
        let relay = Relay { key: info.key, url, capability: capability.map(str::to_owned) };
        self.vault.write("add relay", |tx| people::put_relay(tx, &relay))?;
        Ok(relay)
    }

    /// The relays this vault uses, preferred first.
    ///
    /// # Errors
    /// The vault's.
    pub fn relays(&self) -> Result<Vec<Relay>, Problem> {
        Ok(self.vault.read(people::relays)?)
    }

    /// All contacts.
    ///
    /// # Errors
    /// The vault's.
    pub fn contacts(&self) -> Result<Vec<Contact>, Problem> {
        Ok(self.vault.read(people::contacts)?)
    }

    /// A contact by its name.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub fn contact_named(&self, name: &str) -> Result<Contact, Problem> {
        self.contacts()?
            .into_iter()
            .find(|contact| contact.name == name)
            .ok_or(Problem::NotFound { what: "contact", name: name.to_owned() })
    }

    /// Blocks a contact: nothing of theirs is taken in, nothing goes to them.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub fn block(&mut self, name: &str) -> Result<(), Problem> {
        let identity = self.contact_named(name)?.identity;
        self.set_blocked(identity, true)
    }

    /// Blocks or unblocks a contact.
    ///
    /// # Errors
    /// The vault's.
    pub fn set_blocked(&mut self, identity: IdentityId, blocked: bool) -> Result<(), Problem> {
        Ok(self.vault.write("block", |tx| people::set_blocked(tx, identity, blocked))?)
    }

    /// Calls a contact otherwise; empty names are passed over.
    ///
    /// # Errors
    /// The vault's.
    pub fn rename_contact(&mut self, identity: IdentityId, name: &str) -> Result<(), Problem> {
        if name.is_empty() {
            return Ok(());
        }
        Ok(self.vault.write("rename", |tx| people::rename(tx, identity, name))?)
    }

    /// The number of the next permission that this vault can give; `None` when it has nothing to
    /// give from.
    ///
    /// # Errors
    /// The vault's.
    pub fn next_grant(&self) -> Result<Option<u32>, Problem> {
        let gives = |relay: &Relay| sub_capability(relay, 1).is_some();
        if !self.relays()?.iter().any(gives) {
            return Ok(None);
        }
        let last = self.vault.read(|db| number(db, GRANTS))?.unwrap_or(0);
        Ok(Some(last.saturating_add(1)))
    }

    /// The text of this vault's pairing code. `grant` puts a capability for a person of that
    /// number into it.
    ///
    /// # Errors
    /// [`Problem::NotFound`] without a relay; [`Problem::NotUnderstood`] when this vault has no
    /// organisation's capability to grant from.
    pub fn pairing_text(
        &mut self,
        carrier: &mut dyn Carrier,
        grant: Option<u32>,
        now: u64,
    ) -> Result<String, Problem> {
        let relay = self.home()?;
        self.publish(carrier, now)?;
        let capability = match grant {
            Some(n) => Some(
                sub_capability(&relay, n).ok_or(Problem::NotUnderstood { what: "capability" })?,
            ),
            None => None,
        };
        if let Some(n) = grant {
            self.vault.write("pending grant", |tx| {
                settings::put(tx, PENDING_GRANT, &n.to_be_bytes())?;
                settings::put(tx, GRANTS, &n.to_be_bytes())
            })?;
        }
        let code =
            PairingCode { identity: self.identity(), relay: relay.key, capability, url: relay.url };
        let check = sha256(&code.body()?);
        Ok(code.to_text(&check)?)
    }

    /// Takes the pairing code read from the other's own screen: they are verified from now on.
    ///
    /// # Errors
    /// [`Problem::NotUnderstood`]; [`Problem::WrongAnswer`] when the relay shows keys of somebody
    /// else.
    pub fn scan(
        &mut self,
        carrier: &mut dyn Carrier,
        text: &str,
        name: &str,
        now: u64,
    ) -> Result<Contact, Problem> {
        let code = PairingCode::from_text(text, sha256)
            .map_err(|_| Problem::NotUnderstood { what: "pairing" })?;
        if code.identity == self.identity() {
            return Err(Problem::NotUnderstood { what: "own-pairing" });
        }
        let capability = code.capability.as_ref().map(Capability::to_text);
        let relay = Relay { key: code.relay, url: code.url, capability };
        self.vault.write("relay of contact", |tx| people::learn_relay(tx, &relay, true))?;
        self.publish(carrier, now)?;
        let known = self.vault.read(|db| people::contact(db, code.identity))?;
        let was_blocked = known.as_ref().is_some_and(|contact| contact.blocked);
        let known = known.map(|contact| contact.key_set).unwrap_or_default();
        let held = VerifiedKeySet::check(&known, code.identity, None).ok();
        // Newer keys than those held, or those held: a relay cannot bring older ones back.
        let key_set = match self.fetch_key_set(carrier, &relay, code.identity, held.as_ref())? {
            Some(KeySetAnswer::Other(bytes)) => bytes,
            _ => known,
        };
        let contact = Contact {
            identity: code.identity,
            name: name.to_owned(),
            key_set,
            relay: code.relay,
            verified: true,
            blocked: false,
        };
        let contact = self.vault.write("verified contact", |tx| {
            // While the relay was asked newer keys may have come, and a person may have blocked
            // them: both stay. Who was blocked before is not, after this.
            let contact = match people::contact(tx, contact.identity)? {
                Some(now) => since(contact, now, was_blocked),
                None => contact,
            };
            people::put_contact(tx, &contact)?;
            Ok(contact)
        })?;
        self.grant_relays(&contact, now)?;
        Ok(contact)
    }

    /// Newest key set of a contact: fetched when the relay answers, else the one held.
    pub(crate) fn refresh(
        &mut self,
        carrier: &mut dyn Carrier,
        contact: &Contact,
    ) -> Result<VerifiedKeySet, Problem> {
        let held = VerifiedKeySet::check(&contact.key_set, contact.identity, None).ok();
        let mut relays: Vec<Relay> =
            self.vault.read(|db| people::relay(db, contact.relay))?.into_iter().collect();
        if held.is_none() {
            relays.extend(self.relays()?);
        }
        for relay in relays {
            match self.fetch_key_set(carrier, &relay, contact.identity, held.as_ref()) {
                Ok(Some(KeySetAnswer::Same)) => break,
                Ok(Some(KeySetAnswer::Other(bytes))) => {
                    let set = VerifiedKeySet::check(&bytes, contact.identity, held.as_ref())?;
                    self.vault.write("key set", |tx| {
                        people::renew_key_set(tx, contact.identity, &bytes)
                    })?;
                    return Ok(set);
                }
                _ => {}
            }
        }
        held.ok_or(Problem::NoAnswer)
    }

    /// Publishes this vault's key set where it has changed or is missing, best effort.
    ///
    /// # Errors
    /// The vault's.
    pub fn publish(&mut self, carrier: &mut dyn Carrier, now: u64) -> Result<(), Problem> {
        let bytes = self.key_set(now)?;
        let id = self.identity();
        for relay in self.relays()?.iter().filter(|relay| relay.capability.is_some()) {
            // A relay that is down gets it at the next meeting; nobody waits for it here.
            let _ = carrier.ask(relay, &Ask::PutKeySet(id, bytes.clone()));
        }
        Ok(())
    }

    /// This vault's key set: made anew when its relays or its weeks changed.
    pub(crate) fn key_set(&mut self, now: u64) -> Result<Vec<u8>, Problem> {
        let session = self.clone();
        let _changing = session.changing_keys();
        let mut keys = OwnKeys::clone(&*self.keys()?);
        let relays = self.relays()?;
        let week = self.week(now)?;
        let time = week * amate_wire::keyset::WEEK;
        let renewed = keys.renew(time, &mut random::system());
        // Neither a relay's clock nor this device's alone wipes what can still be needed.
        let forgot = keys.forget(self.witnessed(now)?.min(now));
        let held = self.vault.read(|db| settings::read(db, KEY_SET))?;
        let fits = held.as_ref().and_then(|bytes| KeySet::parse(bytes).ok()).is_some_and(|set| {
            set.mailboxes
                .iter()
                .map(|one| (one.relay, &one.url))
                .eq(relays.iter().take(4).map(|relay| (relay.key, &relay.url)))
        });
        match held {
            Some(bytes) if fits && !renewed => {
                if forgot {
                    self.save_keys(keys)?;
                }
                Ok(bytes)
            }
            _ if relays.is_empty() => Err(Problem::NotFound { what: "relay", name: String::new() }),
            _ => self.new_key_set(keys, &relays, week),
        }
    }

    fn new_key_set(
        &mut self,
        mut keys: OwnKeys,
        relays: &[Relay],
        week: u64,
    ) -> Result<Vec<u8>, Problem> {
        let bytes = keys.publish(relays, week)?;
        self.save_keys(keys)?;
        let id = sha256(&bytes);
        self.vault.write("own key set", |tx| {
            let mut ids = settings::read(tx, KEY_SET_IDS)?.unwrap_or_default();
            ids.extend_from_slice(&id);
            let from = ids.len().saturating_sub(REMEMBERED);
            settings::put(tx, KEY_SET_IDS, ids.get(from..).unwrap_or_default())?;
            settings::put(tx, KEY_SET, &bytes)
        })?;
        Ok(bytes)
    }

    /// Whether a key-set id is one that this vault published.
    pub(crate) fn own_key_sets(&self) -> Result<Vec<KeySetId>, Problem> {
        let bytes = self.vault.read(|db| settings::read(db, KEY_SET_IDS))?.unwrap_or_default();
        let (ids, _) = bytes.as_chunks::<32>();
        Ok(ids.iter().copied().map(KeySetId).collect())
    }

    /// The newest key set that a relay has; `None` when it does not answer or has none.
    fn fetch_key_set(
        &self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        identity: IdentityId,
        held: Option<&VerifiedKeySet>,
    ) -> Result<Option<KeySetAnswer>, Problem> {
        let ask = Ask::GetKeySet { identity, held: held.map(VerifiedKeySet::id) };
        let Ok(answer) = carrier.ask(relay, &ask) else { return Ok(None) };
        match answer.status {
            304 if held.is_some() => Ok(Some(KeySetAnswer::Same)),
            200 => {
                VerifiedKeySet::check(&answer.body, identity, held)
                    .map_err(|_| Problem::WrongAnswer("key set"))?;
                Ok(Some(KeySetAnswer::Other(answer.body)))
            }
            _ => Ok(None),
        }
    }

    fn home(&self) -> Result<Relay, Problem> {
        self.relays()?
            .into_iter()
            .next()
            .ok_or(Problem::NotFound { what: "relay", name: String::new() })
    }

    /// An organisation that verified a person gives them capabilities for all its relays.
    fn grant_relays(&mut self, contact: &Contact, now: u64) -> Result<(), Problem> {
        if contact.blocked {
            return Ok(());
        }
        // Taken in one commit: no two people get the same number.
        let n = self.vault.write("next grant", |tx| {
            let n = match number(tx, PENDING_GRANT)? {
                Some(n) if n > 0 => n,
                _ => number(tx, GRANTS)?.unwrap_or(0).saturating_add(1),
            };
            settings::put(tx, PENDING_GRANT, &0_u32.to_be_bytes())?;
            settings::put(tx, GRANTS, &n.to_be_bytes())?;
            Ok(n)
        })?;
        let grants: Vec<_> = self
            .relays()?
            .iter()
            .filter_map(|relay| Some((relay.key, sub_capability(relay, n)?)))
            .collect();
        let Ok(set) = VerifiedKeySet::check(&contact.key_set, contact.identity, None) else {
            return Ok(());
        };
        for (relay, mut capability) in grants {
            self.queue_grant(contact, &set, relay, &capability, now)?;
            capability.secret.zeroize();
        }
        Ok(())
    }
}

/// What was read from a screen, with what happened to the contact since the scan began.
fn since(scanned: Contact, now: Contact, was_blocked: bool) -> Contact {
    let check = |bytes: &[u8], held| VerifiedKeySet::check(bytes, scanned.identity, held);
    let newer = match check(&now.key_set, None) {
        Ok(held) => check(&scanned.key_set, Some(&held)).is_err(),
        Err(_) => false,
    };
    let key_set = if newer { now.key_set } else { scanned.key_set.clone() };
    Contact { key_set, blocked: now.blocked && !was_blocked, ..scanned }
}

fn number(db: &Connection, name: &str) -> rusqlite::Result<Option<u32>> {
    let bytes = settings::read(db, name)?;
    Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes))
}

/// A person's capability below an organisation's (spec/relay.md §2).
fn sub_capability(relay: &Relay, n: u32) -> Option<Capability> {
    let own = Capability::from_text(relay.capability.as_ref()?).ok().filter(|own| own.n == 0)?;
    let secret: Secret<32> = derive(&own.secret, "amate/v1/capability/sub", &[&n.to_be_bytes()]);
    (n > 0).then(|| Capability { id: own.id, n, secret: *secret.expose() })
}
