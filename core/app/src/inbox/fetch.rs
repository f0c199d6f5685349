// SPDX-License-Identifier: MPL-2.0
//! Fetching the blocks of a parcel. Blinded blocks wait in the vault; after a cut only those that
//! are missing are fetched.

use std::io::{self, Read};

use amate_seal::secret::Secret;
use amate_wire::{
    id::BlockId,
    index::{Index, IndexItem},
    notice::Notice,
};

use crate::{
    clock::Moment,
    driver::Carrier,
    envelope::{IndexReader, IndexStep, ItemReader, OpenedNotice, read_block},
    exchange::{Ask, Relay},
    problem::Problem,
    session::Session,
    store::{
        inbox::{self, Arrival, Received},
        people,
    },
};

/// What became of a parcel whose blocks are all here.
pub(super) enum Fetched {
    /// Checked and kept.
    Arrived,
    /// It contradicts itself or its signatures.
    Refused,
}

impl Session {
    /// Fetches, checks and keeps a parcel. What contradicts itself is kept as refused.
    pub(super) fn fetch(
        &mut self,
        carrier: &mut dyn Carrier,
        received: &Received,
        now: Moment,
    ) -> Result<Fetched, Problem> {
        let relay = self
            .vault
            .read(|db| people::relay(db, received.relay))?
            .ok_or(Problem::NotFound { what: "relay", name: received.relay.hex() })?;
        let notice = self.kept_notice(received)?;
        let seed = Secret::new(notice.seed);
        let index = match read_index(carrier, &relay, &seed, &notice) {
            Err(Problem::Altered(_)) => return self.refuse(received, "problem-altered"),
            other => other?,
        };
        self.must_fit(received, &index)?;
        for (idx, item) in (0..).zip(&index.items) {
            self.fetch_item(carrier, &relay, received, idx, item)?;
        }
        match self.arrive(received, &notice, &index, now) {
            Err(Problem::Altered(_)) => self.refuse(received, "problem-altered"),
            other => other.map(|()| Fetched::Arrived),
        }
    }

    /// Nothing is fetched of a parcel whose blocks the reserve cannot hold; strangers may take half
    /// of it at most.
    fn must_fit(&self, received: &Received, index: &Index) -> Result<(), Problem> {
        let size = |item: &IndexItem| item.class.size() as u64 * item.blocks.len() as u64;
        let all: u64 = index.items.iter().map(size).sum();
        let mut here = 0;
        for medium in self.vault.read(|db| inbox::all_incoming(db, received.id))? {
            here += self.vault.medium(&medium)?.length;
        }
        let contact = self.vault.read(|db| people::contact(db, received.sender))?;
        let known = contact.is_some_and(|one| one.verified);
        let kept_free = if known { 0 } else { self.vault.reserve()? / 2 };
        // Blocks first, then the content beside them.
        let needed = (2 * all).saturating_sub(here);
        let room = self.vault.room()?.saturating_sub(kept_free);
        if needed > room { Err(Problem::NoSpace) } else { Ok(()) }
    }

    /// The notice as it was kept; its signature was checked when it came.
    pub(super) fn kept_notice(&self, received: &Received) -> Result<Notice, Problem> {
        let opened = OpenedNotice::from_bytes(&received.notice).map_err(|_| Problem::Damaged)?;
        let verified = opened.verify(|_| true).map_err(|_| Problem::Damaged)?;
        Ok(verified.notice().clone())
    }

    /// Content of a parcel item whose blocks are all here.
    pub(super) fn item_reader(
        &self,
        received: i64,
        idx: u32,
        notice: &Notice,
        item: &IndexItem,
    ) -> Result<ItemReader<Blocks>, Problem> {
        let medium = self
            .vault
            .read(|db| inbox::incoming(db, received, idx))?
            .ok_or(Problem::Internal("incoming"))?;
        let reader = self.vault.read_medium(&medium)?;
        let size = item.class.size();
        let sealed = (size * item.blocks.len()) as u64;
        let blocks = Blocks { reader: Box::new(reader), size };
        let seed = Secret::new(notice.seed);
        ItemReader::new(&seed, idx, sealed, blocks).map_err(|_| Problem::Altered("item"))
    }

    fn fetch_item(
        &mut self,
        carrier: &mut dyn Carrier,
        relay: &Relay,
        received: &Received,
        idx: u32,
        item: &IndexItem,
    ) -> Result<(), Problem> {
        let size = item.class.size() as u64;
        let held = self.vault.read(|db| inbox::incoming(db, received.id, idx))?;
        let have = match held {
            Some(medium) => self.vault.medium(&medium)?.length / size,
            None => 0,
        };
        if have == item.blocks.len() as u64 {
            return Ok(());
        }
        let mut writer = self.vault.begin_medium()?;
        if let Some(medium) = held {
            let mut before = self.vault.read_medium(&medium)?.take(have * size);
            io::copy(&mut before, &mut writer).map_err(|_| Problem::NoSpace)?;
            writer.make_durable()?;
        }
        let id = writer.id();
        self.vault.write("incoming", |tx| inbox::set_incoming(tx, received.id, idx, Some(id)))?;
        if let Some(medium) = held {
            self.vault.delete_medium(&medium)?;
        }
        let missing = item.blocks.iter().skip(usize::try_from(have).unwrap_or(usize::MAX));
        for block in missing {
            if self.is_blocked(received)? {
                return Err(self.keep_prefix(writer, Problem::Blocked)?);
            }
            let bytes = match get(carrier, relay, *block) {
                Ok(bytes) if bytes.len() as u64 == size => bytes,
                Ok(_) => return Err(self.keep_prefix(writer, Problem::WrongAnswer("block"))?),
                Err(problem) => return Err(self.keep_prefix(writer, problem)?),
            };
            writer.write(&bytes)?;
            writer.make_durable()?;
        }
        let finished = writer.finish()?;
        Ok(self.vault.write("item fetched", |tx| finished.record(tx))?)
    }

    /// Ends a fetch that was cut: the blocks that came are a whole medium and count next time.
    fn keep_prefix(
        &mut self,
        writer: amate_vault::MediaWriter,
        problem: Problem,
    ) -> Result<Problem, Problem> {
        let finished = writer.finish()?;
        self.vault.write("item cut", |tx| finished.record(tx))?;
        Ok(problem)
    }

    pub(super) fn refuse(&mut self, received: &Received, reason: &str) -> Result<Fetched, Problem> {
        self.drop_incoming(received.id)?;
        let contact = self.vault.read(|db| people::contact(db, received.sender))?;
        let known = contact.is_some_and(|one| one.verified);
        self.vault.write("refuse parcel", |tx| {
            if known {
                inbox::set_state(tx, received.id, Arrival::Refused, Some(reason), None)
            } else {
                // Strangers must not fill the vault with what is worth nothing.
                inbox::remove(tx, received.id)
            }
        })?;
        Ok(Fetched::Refused)
    }
}

/// Blocks of one size, one after another.
pub(super) struct Blocks {
    reader: Box<dyn Read>,
    size: usize,
}

impl Iterator for Blocks {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut block = Vec::with_capacity(self.size);
        let read = self.reader.by_ref().take(self.size as u64).read_to_end(&mut block);
        match read {
            Ok(0) => None,
            Ok(n) if n == self.size => Some(Ok(block)),
            Ok(_) => Some(Err(io::ErrorKind::UnexpectedEof.into())),
            Err(error) => Some(Err(error)),
        }
    }
}

fn read_index(
    carrier: &mut dyn Carrier,
    relay: &Relay,
    seed: &Secret<32>,
    notice: &Notice,
) -> Result<Index, Problem> {
    let (mut reader, mut step) = IndexReader::new(seed, &notice.index)?;
    loop {
        match step {
            IndexStep::Whole(index) => return Ok(index),
            IndexStep::Fetch(id) => step = reader.take(&get(carrier, relay, id)?)?,
        }
    }
}

/// A block whose bytes are those of its id; anything else counts as no answer (rule B-1).
fn get(carrier: &mut dyn Carrier, relay: &Relay, id: BlockId) -> Result<Vec<u8>, Problem> {
    let answer = carrier.ask(relay, &Ask::GetBlock(id))?;
    if answer.status != 200 {
        return Err(Problem::NoAnswer);
    }
    read_block(id, &answer.body).map_err(|_| Problem::WrongAnswer("block"))?;
    Ok(answer.body)
}
