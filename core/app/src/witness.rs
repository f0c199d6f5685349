// SPDX-License-Identifier: MPL-2.0
//! What this vault believes of relays: pinned checkpoints, proofs, witnessed time
//! (spec/receipts.md §3, §4).

use amate_seal::{merkle, note};
use amate_wire::{
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
pub(crate) fn newest_root(session: &Session) -> Result<Option<(LogRoot, String)>, Problem> {
    let mut newest: Option<(note::Verified, String)> = None;
    for relay in session.vault.read(people::relays)? {
        let (text, forked) = session.vault.read(|db| people::checkpoints(db, relay.key))?;
        let Some(text) = text.filter(|_| forked.is_none()) else { continue };
        let Some(verified) = verified(relay.key, &text) else { continue };
        if newest.as_ref().is_none_or(|(before, _)| verified.time > before.time) {
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
    /// [`Problem::WrongAnswer`] for a proof that does not hold; [`Problem::Forked`] when the relay
    /// shows two logs, with both checkpoints kept.
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
        let held = held.and_then(|text| verified(relay.key, &text));
        let continues = match &held {
            Some(held) => continues(carrier, relay, held, new)?,
            None => Continues::Forward,
        };
        let text = signed.to_text();
        match continues {
            Continues::Forked => {
                self.vault.write("forked relay", |tx| people::put_fork(tx, relay.key, &text))?;
                let shown = self.vault.read(|db| people::checkpoints(db, relay.key))?.0;
                if let Some(shown) = shown {
                    let _ = carrier.ask(relay, &Ask::ShowCheckpoint(shown));
                }
                Err(Problem::Forked)
            }
            Continues::Forward => {
                self.vault.write("checkpoint", |tx| {
                    people::put_checkpoint(tx, relay.key, &text)?;
                    settings::witness(tx, new.time, now)
                })?;
                Ok(())
            }
            Continues::Older => Ok(()),
        }
    }
}

enum Continues {
    Forward,
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
    let [old_epoch, new_epoch] = epochs;
    if new_epoch != old_epoch {
        let forward = new_epoch > old_epoch;
        return Ok(if forward { Continues::Forward } else { Continues::Forked });
    }
    let (small, large) = if held.checkpoint.size <= new.checkpoint.size {
        (&held.checkpoint, &new.checkpoint)
    } else {
        (&new.checkpoint, &held.checkpoint)
    };
    let path = if small.size == 0 || small.size == large.size {
        Vec::new()
    } else {
        consistency(carrier, relay, small.size, large.size)?
    };
    let (from, to) = ((small.size, &small.root), (large.size, &large.root));
    if merkle::verify_consistency(from, to, &path).is_err() {
        return Ok(Continues::Forked);
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
        Some(text) => parse_hashes(&text).map_err(|_| Problem::WrongAnswer("consistency")),
        // It signed both and cannot show that one continues the other.
        None if answer.status == 404 => Ok(Vec::new()),
        None => Err(Problem::NoAnswer),
    }
}

fn verified(relay: RelayKey, text: &str) -> Option<note::Verified> {
    let signed = SignedCheckpoint::parse(text).ok()?;
    note::verify_checkpoint(&relay, &signed).ok()
}
