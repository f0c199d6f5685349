// SPDX-License-Identifier: MPL-2.0
//! What a store must hold when it is opened again, and whether it does.

use std::{io::Read, sync::Arc};

use amate_vault::{MediumState, Vault, VaultError};

use super::sql;
use crate::reference::{Media, Reference, State as Progress};

/// A state that the oracle was in.
#[derive(Clone)]
pub struct State {
    pub records: Arc<str>,
    pub media: Media,
    pub code: Vec<u8>,
}

impl State {
    /// Of an unlocked oracle.
    pub fn of(oracle: &Reference, code: &[u8]) -> Self {
        Self {
            records: oracle.read(sql::dump).into(),
            media: oracle.media.clone(),
            code: code.to_vec(),
        }
    }

    /// Whether a store that was opened again holds this: says what differs.
    pub fn matches(&self, vault: &Vault) -> Result<(), String> {
        self.records_match(vault)?;
        self.media.0.keys().try_for_each(|id| self.medium_matches(vault, id))
    }

    /// The same of a store that goes on: its open media are known to be open, and not read.
    pub fn matches_running(
        &self,
        vault: &Vault,
        writing: [Option<[u8; 16]>; 2],
    ) -> Result<(), String> {
        self.records_match(vault)?;
        for (id, medium) in &self.media.0 {
            let open = matches!(medium.state, Progress::Open | Progress::Ended);
            if !open && !writing.contains(&Some(*id)) {
                self.medium_matches(vault, id)?;
            }
        }
        Ok(())
    }

    fn records_match(&self, vault: &Vault) -> Result<(), String> {
        let records = read(vault, sql::dump)?;
        if *records != *self.records {
            return Err(format!("records differ: {}", difference(&records, &self.records)));
        }
        let mut known = named(vault.media())?;
        known.sort_unstable();
        let expected: Vec<_> = self.media.0.keys().copied().collect();
        if known != expected {
            return Err(format!("{} media instead of {}", known.len(), expected.len()));
        }
        Ok(())
    }

    fn medium_matches(&self, vault: &Vault, id: &[u8; 16]) -> Result<(), String> {
        let expected = &self.media.0[id];
        let info = named(vault.medium(id))?;
        let mut content = Vec::new();
        named(vault.read_medium(id))?
            .read_to_end(&mut content)
            .map_err(|error| format!("a medium cannot be read: {error}"))?;
        let all = &expected.content;
        let (state, least) = match expected.state {
            Progress::Open => (MediumState::Prefix, expected.durable),
            Progress::Prefix => (MediumState::Prefix, all.len()),
            Progress::Ended | Progress::Whole => (MediumState::Whole, all.len()),
        };
        let is = format!(
            "a medium, {expected:?}, is {:?} with {} (read {})",
            info.state,
            info.length,
            content.len()
        );
        let ended = expected.may_have_ended && content.len() == all.len();
        let state = if ended { info.state } else { state };
        if info.state != state || info.length != content.len() as u64 || content.len() < least {
            return Err(is);
        }
        if !all.starts_with(&content) {
            return Err(format!("{is}: other bytes"));
        }
        if info.sha256 == amate_seal::hash::sha256(&content) {
            Ok(())
        } else {
            Err(format!("{is}: other hash"))
        }
    }
}

/// Whether SQLite finds the database sound.
pub fn is_sound(vault: &Vault) -> Result<(), String> {
    if read(vault, sql::is_sound)? { Ok(()) } else { Err("integrity check".into()) }
}

fn read<T>(
    vault: &Vault,
    read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
) -> Result<T, String> {
    named(vault.read(read))
}

fn named<T>(result: Result<T, VaultError>) -> Result<T, String> {
    result.map_err(|error| format!("cannot be read: {error}"))
}

fn difference(is: &str, should: &str) -> String {
    let line = |pair: &(&str, &str)| pair.0 != pair.1;
    match is.lines().zip(should.lines()).find(line) {
        Some((is, should)) => format!("'{is}' for '{should}'"),
        None => format!("{} lines for {}", is.lines().count(), should.lines().count()),
    }
}
