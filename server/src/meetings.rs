// SPDX-License-Identifier: MPL-2.0
//! Meetings for pairing by spoken words: five write-once slots, in memory, for half an hour.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use amate_wire::keyset;

use crate::problem::Problem;

const OPEN: usize = 256;
const LIFE: u64 = 30 * 60;
const SMALL: usize = 512;
const SLOTS: usize = 5;

/// All open meetings.
#[derive(Default)]
pub(crate) struct Meetings(Mutex<HashMap<[u8; 32], Meeting>>);

struct Meeting {
    since: u64,
    slots: [Option<Vec<u8>>; SLOTS],
}

impl Meetings {
    /// Fills a slot; `false` when these bytes are in it already.
    pub(crate) fn put(
        &self,
        id: [u8; 32],
        slot: usize,
        bytes: Vec<u8>,
        now: u64,
    ) -> Result<bool, Problem> {
        let most = if slot < 3 { SMALL } else { keyset::MAX_LEN };
        if bytes.is_empty() || bytes.len() > most {
            return Err(Problem::TooLarge);
        }
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, meeting| now < meeting.since.saturating_add(LIFE));
        if open.len() >= OPEN && !open.contains_key(&id) {
            return Err(Problem::Busy);
        }
        let meeting =
            open.entry(id).or_insert_with(|| Meeting { since: now, slots: Default::default() });
        match meeting.slots.get_mut(slot).ok_or(Problem::NotFound)? {
            Some(held) if *held == bytes => Ok(false),
            Some(_) => Err(Problem::Conflict),
            empty => {
                *empty = Some(bytes);
                Ok(true)
            }
        }
    }

    /// Bytes of a slot.
    pub(crate) fn get(&self, id: &[u8; 32], slot: usize, now: u64) -> Option<Vec<u8>> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let meeting = open.get(id).filter(|one| now < one.since.saturating_add(LIFE))?;
        meeting.slots.get(slot)?.clone()
    }
}
