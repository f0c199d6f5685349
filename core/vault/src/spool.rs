// SPDX-License-Identifier: MPL-2.0
//! The spool (spec/vault.md §10): what may leave while the vault is locked. Two partitions, one
//! for each half, always full; each change writes both anew, whole, under fresh keys. It needs no
//! code: whoever runs code on this device can open it, and is told so where it is switched on.

use amate_seal::{aead, blind, hash::sha256, kdf::derive, secret::Secret};
use zeroize::Zeroizing;

use crate::{
    Vault, VaultError,
    container::Container,
    geometry::{CELL, CELLS_AN_ENTRY, Place, Which},
    layer::Layer,
};

/// Bytes of an entry's body, at most.
pub const SPOOL_BODY: usize = CELLS_AN_ENTRY as usize * CELL;
/// Bytes that go with a body, at most.
pub const SPOOL_NOTE: usize = 1_022 - BODY_HEAD;
/// Length and hash of a body.
const BODY_HEAD: usize = 4 + 32;
const ENTRY: usize = 1_024;
const PLAIN: usize = CELL - 16 - aead::TAG_LEN;

/// Something that waits to leave: bytes that are sealed already, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoolEntry {
    /// Where to and how; at most [`SPOOL_NOTE`] bytes.
    pub note: Vec<u8>,
    /// At most [`SPOOL_BODY`] bytes.
    pub body: Vec<u8>,
}

impl Container {
    /// What waits, by partition. A partition that was cut while it was written is empty: who put
    /// something there keeps it until its receipt is taken over.
    ///
    /// # Errors
    /// [`VaultError::Geometry`] where there is no spool.
    pub fn spool(&self) -> Result<[Vec<SpoolEntry>; 2], VaultError> {
        read_both(&*self.layer()?)
    }

    /// Writes both partitions, whole.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] for more or longer entries than it holds; nothing changed then.
    pub fn write_spool(&self, partitions: &[Vec<SpoolEntry>; 2]) -> Result<(), VaultError> {
        write_both(&mut *self.layer()?, partitions)
    }
}

impl Vault {
    /// Puts entries into this vault's partition, in place of those that are there; the other one
    /// is written anew as it is.
    ///
    /// # Errors
    /// As [`Container::write_spool`].
    pub fn set_spool(&self, entries: Vec<SpoolEntry>) -> Result<(), VaultError> {
        let half = usize::from(self.half());
        // Read and written under one lock: what a wake writes meanwhile is not undone.
        let mut layer = self.container().layer()?;
        let mut partitions = read_both(&layer)?;
        if let Some(own) = partitions.get_mut(half) {
            *own = entries;
        }
        write_both(&mut layer, &partitions)
    }

    /// What waits in this vault's partition.
    ///
    /// # Errors
    /// As [`Container::spool`].
    pub fn own_spool(&self) -> Result<Vec<SpoolEntry>, VaultError> {
        let partitions = self.container().spool()?;
        Ok(partitions.into_iter().nth(usize::from(self.half())).unwrap_or_default())
    }
}

fn read_both(layer: &Layer) -> Result<[Vec<SpoolEntry>; 2], VaultError> {
    if layer.layout.geometry.spool == 0 {
        return Err(VaultError::Geometry);
    }
    Ok([read_partition(layer, 0)?, read_partition(layer, 1)?])
}

fn write_both(layer: &mut Layer, partitions: &[Vec<SpoolEntry>; 2]) -> Result<(), VaultError> {
    let most = usize::from(layer.layout.geometry.spool);
    if most == 0 {
        return Err(VaultError::Geometry);
    }
    let fits =
        |entry: &SpoolEntry| entry.note.len() <= SPOOL_NOTE && entry.body.len() <= SPOOL_BODY;
    if partitions.iter().any(|all| all.len() > most || !all.iter().all(fits)) {
        return Err(VaultError::NoSpace);
    }
    if layer.is_poisoned() {
        return Err(VaultError::Poisoned);
    }
    for (number, entries) in partitions.iter().enumerate() {
        write_partition(layer, number as u32, entries)?;
    }
    layer.sync(Which::Reserve)
}

fn write_partition(
    layer: &mut Layer,
    partition: u32,
    entries: &[SpoolEntry],
) -> Result<(), VaultError> {
    let bodies: Secret<32> = layer.random.secret();
    let mut head = Zeroizing::new(bodies.expose().to_vec());
    for number in 0..u32::from(layer.layout.geometry.spool) {
        let mut body = vec![0; SPOOL_BODY];
        layer.random.noise(&mut body);
        let entry = entries.get(number as usize);
        let mut row = Vec::with_capacity(ENTRY);
        if let Some(entry) = entry {
            body.iter_mut().zip(&entry.body).for_each(|(to, from)| *to = *from);
            row.extend_from_slice(&(1 + entry.note.len() as u16).to_be_bytes());
            row.extend_from_slice(&(entry.body.len() as u32).to_be_bytes());
            row.extend_from_slice(&sha256(&entry.body));
            row.extend_from_slice(&entry.note);
        }
        row.resize(ENTRY, 0);
        head.extend_from_slice(&row);
        blind::apply(&body_key(&bodies, number), &mut body);
        let (which, at) = body_at(layer, partition, number);
        layer.file(which).write_at(&body, at)?;
    }
    head.resize(PLAIN, 0);
    write_head(layer, partition, &head)
}

/// `salt ‖ ChaCha20-Poly1305(derive₃₂(spool key, "amate/v1/vault/spool", u8(partition), salt))`.
fn write_head(layer: &mut Layer, partition: u32, plain: &[u8]) -> Result<(), VaultError> {
    let salt: [u8; 16] = layer.random.bytes();
    let mut bytes = Vec::with_capacity(CELL);
    bytes.extend_from_slice(&salt);
    bytes.extend_from_slice(plain);
    let key = head_key(&layer.table.spool_key, partition, &salt);
    let tag = aead::seal_once(&key, &[], bytes.get_mut(16..).unwrap_or_default());
    bytes.extend_from_slice(&tag);
    layer.write(Place::Head(partition), &mut bytes)
}

fn read_partition(layer: &Layer, partition: u32) -> Result<Vec<SpoolEntry>, VaultError> {
    let mut bytes = vec![0; CELL];
    layer.read(Place::Head(partition), &mut bytes)?;
    let most = layer.layout.geometry.spool;
    let Some(head) = open_head(&layer.table.spool_key, partition, most, &bytes) else {
        return Ok(Vec::new());
    };
    let mut entries = Vec::new();
    for (number, row) in head.rows.into_iter().enumerate() {
        let Some(Row { note, len, hash }) = row else { continue };
        let (which, at) = body_at(layer, partition, number as u32);
        let mut body = vec![0; SPOOL_BODY];
        layer.file(which).read_at(&mut body, at)?;
        blind::apply(&body_key(&head.bodies, number as u32), &mut body);
        body.truncate(len);
        if sha256(&body) == hash {
            entries.push(SpoolEntry { note, body });
        }
    }
    Ok(entries)
}

/// What a partition's head says.
pub(crate) struct Head {
    /// From which the bodies' keys come.
    pub(crate) bodies: Secret<32>,
    /// `None`: a dummy.
    pub(crate) rows: Vec<Option<Row>>,
}

/// What a head says of a body.
pub(crate) struct Row {
    pub(crate) note: Vec<u8>,
    pub(crate) len: usize,
    pub(crate) hash: [u8; 32],
}

pub(crate) fn open_head(
    spool_key: &Secret<32>,
    partition: u32,
    entries: u8,
    bytes: &[u8],
) -> Option<Head> {
    let (salt, rest) = bytes.split_first_chunk::<16>()?;
    let (body, tag) = rest.split_at_checked(PLAIN)?;
    let mut plain = Zeroizing::new(body.to_vec());
    let key = head_key(spool_key, partition, salt);
    aead::open_once(&key, &[], &mut plain, tag.first_chunk()?).ok()?;
    let (bodies, rows) = plain.split_first_chunk::<32>()?;
    let rows = rows.chunks_exact(ENTRY).take(entries.into()).map(parse).collect();
    Some(Head { bodies: Secret::new(*bodies), rows })
}

fn parse(row: &[u8]) -> Option<Row> {
    let (note, rest) = row.split_first_chunk::<2>()?;
    let (len, rest) = rest.split_first_chunk::<4>()?;
    let (hash, rest) = rest.split_first_chunk::<32>()?;
    let note = usize::from(u16::from_be_bytes(*note).checked_sub(1)?);
    let len = u32::from_be_bytes(*len) as usize;
    let note = rest.get(..note)?.to_vec();
    (len <= SPOOL_BODY).then_some(Row { note, len, hash: *hash })
}

fn head_key(spool_key: &Secret<32>, partition: u32, salt: &[u8; 16]) -> Secret<32> {
    derive(spool_key.expose(), "amate/v1/vault/spool", &[&[partition as u8], salt])
}

pub(crate) fn body_key(bodies: &Secret<32>, number: u32) -> Secret<32> {
    derive(bodies.expose(), "amate/v1/vault/spool/body", &[&[number as u8]])
}

fn body_at(layer: &Layer, partition: u32, number: u32) -> (Which, u64) {
    let (which, head, _) = layer.layout.position(Place::Head(partition));
    (which, head + u64::from(1 + number * CELLS_AN_ENTRY) * CELL as u64)
}
