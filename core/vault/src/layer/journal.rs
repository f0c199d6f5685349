// SPDX-License-Identifier: MPL-2.0
//! Batches (spec/vault.md §5): new ciphertexts and keys go to the journal, are flushed, go in
//! place together with the next batch's journal, are flushed. What was cut is done again before
//! anything else, so that no place is ever lost, also of a volume whose key nobody here has.
//! Batches take turns in two areas: what a batch needs to be done again stays until it is in place.

use amate_seal::{aead, blind, hash::sha256, kdf::derive, secret::Secret};
use zeroize::Zeroizing;

use super::{Layer, place_number, stream_key};
use crate::{
    VaultError,
    device::DeviceKeys,
    geometry::{JOURNAL_HEADER, JOURNAL_HEADERS, KEY, Layout, Place, UNIT, Which},
};

const HEADER: usize = JOURNAL_HEADER as usize * UNIT;
const ENTRY: usize = 1 + 4 + KEY;
/// Table id, number, count, units, codes tried, hash of the payload, key of the payload.
const HEAD: usize = 16 + 2 + 2 + 4 + 4 + 32 + 32;
/// Places that one batch has at most.
const MAX_ENTRIES: usize = (HEADER - 16 - 16 - HEAD) / ENTRY;

/// What a header of the journal says.
pub(crate) struct Batch {
    pub(crate) entries: Vec<(Place, Zeroizing<[u8; KEY]>)>,
    pub(crate) units: usize,
    /// Codes tried since one that opened, as the table will say.
    pub(crate) codes: u32,
    pub(crate) hash: [u8; 32],
    /// Under which the payload stands in the journal: it must not be the bytes that stand in place,
    /// or one image shows what was written since, and an old root opens under its place's key.
    pub(crate) key: Secret<32>,
    /// New contents of its places; empty until it is read.
    payload: Vec<u8>,
}

impl Layer {
    /// Gives each place a new key, in batches; `edit` may change what lies below the outer layer.
    /// The table must be written afterwards.
    pub(super) fn rekey(
        &mut self,
        device: &dyn DeviceKeys,
        places: &[Place],
        edit: &mut dyn FnMut(Place, &mut [u8]),
    ) -> Result<(), VaultError> {
        if self.is_poisoned() {
            return Err(VaultError::Poisoned);
        }
        let done = self.rekey_all(device, places, edit);
        if done.is_err() {
            self.poison();
        }
        done
    }

    fn rekey_all(
        &mut self,
        device: &dyn DeviceKeys,
        places: &[Place],
        edit: &mut dyn FnMut(Place, &mut [u8]),
    ) -> Result<(), VaultError> {
        let mut rest = places;
        let mut journaled: Option<Batch> = None;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(self.fitting(rest));
            if self.batches == JOURNAL_HEADERS {
                self.put_in_place(journaled.take())?;
                self.write_table(device, false)?;
            }
            let batch = self.prepare(now, edit)?;
            self.write_journal(&batch)?;
            self.put_in_place(journaled.take())?;
            self.batches += 1;
            self.in_journal.extend(batch.entries.iter().map(|(place, _)| *place));
            journaled = Some(batch);
            rest = later;
        }
        self.put_in_place(journaled)
    }

    /// How many of these places one batch takes.
    fn fitting(&self, places: &[Place]) -> usize {
        let mut room = self.payload_units();
        places
            .iter()
            .take(MAX_ENTRIES)
            .take_while(|place| {
                let units = self.layout.position(**place).2 / UNIT;
                let fits = units <= room;
                room = room.saturating_sub(units);
                fits
            })
            .count()
            .max(1)
    }

    /// New keys and ciphertexts, in memory.
    fn prepare(
        &self,
        places: &[Place],
        edit: &mut dyn FnMut(Place, &mut [u8]),
    ) -> Result<Batch, VaultError> {
        let mut payload = Vec::new();
        let mut entries = Vec::with_capacity(places.len());
        for place in places {
            let key = Zeroizing::new(self.random.bytes::<KEY>());
            let at = payload.len();
            payload.resize(at + self.layout.position(*place).2, 0);
            let bytes = payload.get_mut(at..).unwrap_or_default();
            self.read(*place, bytes)?;
            edit(*place, bytes);
            blind::apply(&stream_key(*place, &*key), bytes);
            entries.push((*place, key));
        }
        Ok(Batch {
            units: payload.len() / UNIT,
            codes: self.table.state.wrong_codes,
            hash: sha256(&payload),
            entries,
            payload,
            key: self.random.secret(),
        })
    }

    fn write_journal(&mut self, batch: &Batch) -> Result<(), VaultError> {
        let salt: [u8; 16] = self.random.bytes();
        let mut bytes = vec![0; HEADER];
        self.random.noise(&mut bytes);
        let plain = batch.encode(&self.table.id, self.batches);
        seal(&journal_key(&self.key, &salt), &salt, &plain, &mut bytes);
        let (header, start) = (self.header_at(self.batches), self.payload_at(self.batches));
        let mut payload = batch.payload.clone();
        blind::apply(&batch.key, &mut payload);
        self.file(Which::Vault).write_at(&payload, start)?;
        Ok(self.file(Which::Vault).write_at(&bytes, header)?)
    }

    /// Puts a batch in its places, and makes it durable together with what the journal got.
    fn put_in_place(&mut self, batch: Option<Batch>) -> Result<(), VaultError> {
        let reserve = match batch {
            Some(batch) => self.in_place(batch)?,
            None => false,
        };
        if reserve {
            self.sync(Which::Reserve)?;
        }
        self.sync(Which::Vault)
    }

    /// Its keys hold.
    fn adopt(&mut self, batch: &Batch) {
        for (place, key) in &batch.entries {
            self.table.set_key(&self.layout, *place, key);
            self.in_journal.insert(*place);
        }
    }

    /// Whether cells are among its places. A key holds when its place is written: what fails in the
    /// middle leaves everything readable.
    fn in_place(&mut self, batch: Batch) -> Result<bool, VaultError> {
        let mut rest = batch.payload.as_slice();
        let mut reserve = false;
        for (place, key) in &batch.entries {
            let (which, at, len) = self.layout.position(*place);
            let (bytes, later) = rest.split_at_checked(len).ok_or(VaultError::Damaged)?;
            self.file(which).write_at(bytes, at)?;
            self.table.set_key(&self.layout, *place, key);
            reserve |= which == Which::Reserve;
            rest = later;
        }
        Ok(reserve)
    }

    /// Takes over what batches did since the table was written, and does again what may have been
    /// cut. True when there was any.
    pub(super) fn redo(&mut self) -> Result<bool, VaultError> {
        let mut batches = Vec::new();
        for number in 0..JOURNAL_HEADERS {
            let Some(batch) = self.read_journal(number)? else { break };
            batches.push(batch);
        }
        let any = !batches.is_empty();
        self.batches = batches.len() as u32;
        let last = batches.len().saturating_sub(1);
        for (number, mut batch) in batches.into_iter().enumerate() {
            self.table.state.wrong_codes = batch.codes;
            let is_last = number == last;
            let whole = number + 2 > last && self.read_payload(&mut batch, number as u32)?;
            // A last one whose payload is not whole was not begun in place. One before it whose
            // payload was overwritten was flushed in place before that.
            if whole || !is_last {
                self.adopt(&batch);
            }
            if whole {
                self.put_in_place(Some(batch))?;
            }
        }
        Ok(any)
    }

    /// Whether the payload of a header is there, whole.
    fn read_payload(&self, batch: &mut Batch, number: u32) -> Result<bool, VaultError> {
        batch.payload = vec![0; batch.units * UNIT];
        self.file(Which::Vault).read_at(&mut batch.payload, self.payload_at(number))?;
        blind::apply(&batch.key, &mut batch.payload);
        Ok(sha256(&batch.payload) == batch.hash)
    }

    fn read_journal(&self, number: u32) -> Result<Option<Batch>, VaultError> {
        let mut bytes = vec![0; HEADER];
        self.file(Which::Vault).read_at(&mut bytes, self.header_at(number))?;
        Ok(open(&self.key, &self.table.id, &self.layout, number, &bytes))
    }

    /// Nobody can open what the journal holds any more; durable with the next flush.
    pub(super) fn close_journal(&mut self, batches: u32) -> Result<(), VaultError> {
        for number in 0..batches {
            let mut noise = vec![0; HEADER];
            self.random.noise(&mut noise);
            self.file(Which::Vault).write_at(&noise, self.header_at(number))?;
        }
        Ok(())
    }

    fn header_at(&self, number: u32) -> u64 {
        header_at(&self.layout, number)
    }

    fn payload_at(&self, number: u32) -> u64 {
        payload_at(&self.layout, number)
    }

    /// Units of one area.
    pub(super) fn payload_units(&self) -> usize {
        payload_units(&self.layout)
    }
}

/// Header `number` of a table's batches; `None` when it is none of them.
pub(crate) fn open(
    key: &Secret<32>,
    table: &[u8; 16],
    layout: &Layout,
    number: u32,
    bytes: &[u8],
) -> Option<Batch> {
    let (salt, rest) = bytes.split_first_chunk::<16>()?;
    let (body, tag) = rest.split_at_checked(HEADER - 32)?;
    let mut plain = Zeroizing::new(body.to_vec());
    aead::open_once(&journal_key(key, salt), &[], &mut plain, tag.first_chunk()?).ok()?;
    Batch::parse(&plain, table, number, layout, payload_units(layout))
}

/// `derive₃₂(layer key, "amate/v1/vault/journal", salt)`.
fn journal_key(key: &Secret<32>, salt: &[u8; 16]) -> Secret<32> {
    derive(key.expose(), "amate/v1/vault/journal", &[salt])
}

/// Offset of a header.
pub(crate) fn header_at(layout: &Layout, number: u32) -> u64 {
    layout.journal_start() + u64::from(number) * HEADER as u64
}

/// Offset of what a header's batch puts in place.
pub(crate) fn payload_at(layout: &Layout, number: u32) -> u64 {
    let area = payload_units(layout) * UNIT;
    header_at(layout, JOURNAL_HEADERS) + u64::from(number % 2) * area as u64
}

fn payload_units(layout: &Layout) -> usize {
    ((layout.geometry.journal - JOURNAL_HEADER * JOURNAL_HEADERS) / 2) as usize
}

impl Batch {
    fn encode(&self, table: &[u8; 16], number: u32) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEADER));
        bytes.extend_from_slice(table);
        bytes.extend_from_slice(&(number as u16).to_be_bytes());
        bytes.extend_from_slice(&(self.entries.len() as u16).to_be_bytes());
        bytes.extend_from_slice(&(self.units as u32).to_be_bytes());
        bytes.extend_from_slice(&self.codes.to_be_bytes());
        bytes.extend_from_slice(&self.hash);
        bytes.extend_from_slice(self.key.expose());
        for (place, key) in &self.entries {
            let (kind, number) = place_number(*place);
            bytes.push(kind);
            bytes.extend_from_slice(&number.to_be_bytes());
            bytes.extend_from_slice(&**key);
        }
        bytes.resize(HEADER - 32, 0);
        bytes
    }

    /// `None` for another writing of the table, another number, or what is none.
    fn parse(
        bytes: &[u8],
        table: &[u8; 16],
        number: u32,
        layout: &Layout,
        room: usize,
    ) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (said, rest) = rest.split_first_chunk::<2>()?;
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let (units, rest) = rest.split_first_chunk::<4>()?;
        let (codes, rest) = rest.split_first_chunk::<4>()?;
        let (hash, rest) = rest.split_first_chunk::<32>()?;
        let (key, rest) = rest.split_first_chunk::<32>()?;
        let count = usize::from(u16::from_be_bytes(*count));
        let units = usize::try_from(u32::from_be_bytes(*units)).ok()?;
        let mut entries = Vec::with_capacity(count);
        for entry in rest.get(..count * ENTRY)?.chunks_exact(ENTRY) {
            let ([kind], rest) = entry.split_first_chunk::<1>()?;
            let (n, key) = rest.split_first_chunk::<4>()?;
            let place = place(layout, *kind, u32::from_be_bytes(*n))?;
            entries.push((place, Zeroizing::new(key.try_into().ok()?)));
        }
        let fits = units <= room && u32::from(u16::from_be_bytes(*said)) == number;
        let payload = Vec::new();
        (id == table && fits).then_some(Self {
            entries,
            units,
            codes: u32::from_be_bytes(*codes),
            hash: *hash,
            key: Secret::new(*key),
            payload,
        })
    }
}

/// The place that these two numbers name, if there is one.
pub(crate) fn place(layout: &Layout, kind: u8, number: u32) -> Option<Place> {
    match kind {
        5 => (number < layout.pages()).then_some(Place::Page(number)),
        6 => (number < layout.cells()).then_some(Place::Cell(number)),
        _ => layout.fixed().into_iter().find(|place| place_number(*place) == (kind, number)),
    }
}

fn seal(key: &Secret<32>, salt: &[u8; 16], plain: &[u8], out: &mut [u8]) {
    let Some((head, rest)) = out.split_first_chunk_mut::<16>() else { return };
    *head = *salt;
    let Some((body, tag)) = rest.split_at_mut_checked(plain.len()) else { return };
    body.copy_from_slice(plain);
    let sealed = aead::seal_once(key, &[], body);
    tag.copy_from_slice(&sealed);
}
