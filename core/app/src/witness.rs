// SPDX-License-Identifier: MPL-2.0
//! What this vault believes of relays: pinned checkpoints, proofs, witnessed time
//! (spec/receipts.md §3, §4).

use amate_seal::{merkle, note};
use amate_wire::{
    document::hex,
    id::RelayKey,
    log::{SignedCheckpoint, TlogProof, parse_hashes},
    manifest::LogRoot,
};

use crate::{
    driver::Carrier,
    evidence::log_root,
    exchange::{Ask, Relay},
    problem::Problem,
    session::Session,
    store::{people, settings},
};

/// The newest checkpoint that this vault verified, as a manifest names it and as it was signed.
pub(crate) fn newest_root(
    session: &Session,
    now: u64,
) -> Result<Option<(LogRoot, String)>, Problem> {
    let latest = settings::furthest(session.witnessed(now)?, now);
    let mut newest: Option<(note::Verified, String)> = None;
    for relay in session.vault.read(people::relays)? {
        let (text, forked) = session.vault.read(|db| people::checkpoints(db, relay.key))?;
        let Some(text) = text.filter(|_| forked.is_none()) else { continue };
        let Some(verified) = verified(relay.key, &text) else { continue };
        // A relay whose clock is ahead must not decide for all captures to come.
        let plausible = verified.time <= latest;
        if plausible && newest.as_ref().is_none_or(|(before, _)| verified.time > before.time) {
            newest = Some((verified, text));
        }
    }
    Ok(newest.and_then(|(_, text)| Some((log_root(&text)?, text))))
}

impl Session {
    /// Takes a proof that a relay gave for a leaf: checks it, checks that its log continues the
    /// one known, and remembers it and its time.
    ///
    /// # Errors
    /// [`Problem::WrongAnswer`] for a proof that does not hold; [`Problem::NotConsistent`] when it is
    /// not shown to be of the log known; [`Problem::Forked`] when the relay signed two logs. Both
    /// checkpoints are kept.
    pub(crate) fn take_proof(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        leaf: &[u8; 32],
        text: &str,
        now: u64,
    ) -> Result<(), Problem> {
        let proof = TlogProof::parse(text).map_err(|_| Problem::WrongAnswer("proof"))?;
        let verified = note::verify_proof(&relay.key, leaf, &proof)
            .map_err(|_| Problem::WrongAnswer("proof"))?;
        self.take_checkpoint(carrier, relay, &proof.checkpoint, &verified, now)
    }

    fn take_checkpoint(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        signed: &SignedCheckpoint,
        new: &note::Verified,
        now: u64,
    ) -> Result<(), Problem> {
        let (held, forked) = self.vault.read(|db| people::checkpoints(db, relay.key))?;
        if forked.is_some() {
            return Err(Problem::Forked);
        }
        let held = held.and_then(|text| Some((verified(relay.key, &text)?, text)));
        let text = signed.to_text();
        let Some((held, held_text)) = held else {
            return self.keep_checkpoint(relay, &text, new.time, now, None);
        };
        match continues(carrier, relay, &held, new) {
            Ok(Continues::Forward) => self.keep_checkpoint(relay, &text, new.time, now, None),
            Ok(Continues::Anew) => {
                self.keep_checkpoint(relay, &text, new.time, now, Some(&held_text))
            }
            Ok(Continues::Older) => Ok(()),
            Ok(Continues::Forked) => {
                self.vault.write("forked relay", |tx| people::put_fork(tx, relay.key, &text))?;
                let _ = carrier.ask(relay, &Ask::ShowCheckpoint(held_text));
                Err(Problem::Forked)
            }
            Err(Problem::NotConsistent) => {
                // A relay that lost its newest leaves sees here that it did, and stops signing.
                let _ = carrier.ask(relay, &Ask::ShowCheckpoint(held_text));
                self.vault.write("unproven checkpoint", |tx| {
                    settings::put(tx, &unproven(relay.key), text.as_bytes())
                })?;
                Err(Problem::NotConsistent)
            }
            Err(problem) => Err(problem),
        }
    }

    fn keep_checkpoint(
        &mut self,
        relay: &Relay,
        text: &str,
        time: u64,
        now: u64,
        former: Option<&str>,
    ) -> Result<(), Problem> {
        Ok(self.vault.write("checkpoint", |tx| {
            people::put_checkpoint(tx, relay.key, text)?;
            settings::forget(tx, &unproven(relay.key))?;
            if let Some(former) = former {
                settings::put(tx, &former_log(relay.key), former.as_bytes())?;
            }
            settings::witness(tx, time, now)
        })?)
    }

    /// What a person should know about the log of a relay.
    ///
    /// # Errors
    /// The vault's.
    pub fn log_notes(&self, relay: RelayKey) -> Result<Vec<LogNote>, Problem> {
        self.vault
            .read(|db| {
                let forked = people::checkpoints(db, relay)?.1.is_some();
                let unproven = settings::read(db, &unproven(relay))?.is_some();
                let anew = settings::read(db, &former_log(relay))?.is_some();
                let all = [
                    (forked, LogNote::Forked),
                    (unproven, LogNote::Unproven),
                    (anew, LogNote::Anew),
                ];
                Ok(all.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect())
            })
            .map_err(Problem::from)
    }
}

/// What is to be told of a relay's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "each has its words")]
pub enum LogNote {
    /// It signed two logs.
    Forked,
    /// It did not show that its newest checkpoint continues the one known.
    Unproven,
    /// Its operator began a new log; the last checkpoint of the former is kept.
    Anew,
}

/// Name of the setting with a checkpoint that was not shown to continue the log.
fn unproven(relay: RelayKey) -> String {
    format!("unproven {}", hex(&relay.0))
}

/// Name of the setting with the last checkpoint of the log before.
fn former_log(relay: RelayKey) -> String {
    format!("former log {}", hex(&relay.0))
}

enum Continues {
    Forward,
    /// A higher epoch.
    Anew,
    /// A proof that was under way while a newer one arrived.
    Older,
    Forked,
}

/// Whether one log goes through both checkpoints.
fn continues(
    carrier: &mut dyn Carrier,
    relay: &Relay,
    held: &note::Verified,
    new: &note::Verified,
) -> Result<Continues, Problem> {
    let epochs =
        [held, new].map(|one| note::epoch(&relay.key, &one.checkpoint.origin).unwrap_or(0));
    match epochs {
        [old, new] if new > old => return Ok(Continues::Anew),
        // From before the operator began anew.
        [old, new] if new < old => return Err(Problem::NotConsistent),
        _ => {}
    }
    let (small, large) = if held.checkpoint.size <= new.checkpoint.size {
        (&held.checkpoint, &new.checkpoint)
    } else {
        (&new.checkpoint, &held.checkpoint)
    };
    if small.size == large.size && small.root != large.root {
        return Ok(Continues::Forked);
    }
    if small.size != 0 && small.size != large.size {
        let path = consistency(carrier, relay, small.size, large.size)?;
        let (from, to) = ((small.size, &small.root), (large.size, &large.root));
        // Whoever stands in between can garble a path; only two signed roots show two logs.
        merkle::verify_consistency(from, to, &path).map_err(|_| Problem::NotConsistent)?;
    }
    let forward = new.checkpoint.size >= held.checkpoint.size;
    Ok(if forward { Continues::Forward } else { Continues::Older })
}

/// The relay's consistency proof. No answer is no fork: the new checkpoint is not taken yet.
fn consistency(
    carrier: &mut dyn Carrier,
    relay: &Relay,
    old: u64,
    new: u64,
) -> Result<Vec<[u8; 32]>, Problem> {
    let answer = carrier.ask(relay, &Ask::Consistency { old, new })?;
    let text = String::from_utf8(answer.body).ok().filter(|_| answer.status == 200);
    match text {
        Some(text) => parse_hashes(&text).map_err(|_| Problem::NotConsistent),
        None if answer.status == 404 => Err(Problem::NotConsistent),
        None => Err(Problem::NoAnswer),
    }
}

fn verified(relay: RelayKey, text: &str) -> Option<note::Verified> {
    let signed = SignedCheckpoint::parse(text).ok()?;
    note::verify_checkpoint(&relay, &signed).ok()
}
