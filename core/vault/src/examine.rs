// SPDX-License-Identifier: MPL-2.0
//! For vectors, fuzzers and outside examiners: each structure of spec/vault.md from its bytes and
//! its key, read by the very code that reads it in a vault. No part of the vault's interface.

use amate_seal::{age::Identity, blind, secret::Secret};

use crate::{
    DeviceKeys, Extent, Geometry, MediumId, VaultError, backup,
    geometry::{CELL, Halves, Layout, Place, UNIT, Which},
    header,
    layer::{self, journal, table},
    media::chain,
    pages::{
        self, Known,
        record::{self, Record},
        root, tree,
    },
    slots, spool,
};

/// A plain header (§3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header(header::Header);

/// Where everything stands (§2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(Layout);

/// Where a page or a node is, and what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub place: u32,
    /// Used for this writing alone.
    pub key: [u8; 32],
    /// Of the sealed bytes.
    pub tag: [u8; 16],
}

/// What a node says of a page, or of a node below it (§8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Child {
    /// Never written.
    Never,
    /// It was lost, or the place is none.
    Lost,
    /// Written.
    At(Entry),
}

/// A header of the journal (§5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Kind and number of each place, with its new key.
    pub places: Vec<(u8, u32, [u8; 16])>,
    /// Of the payload.
    pub units: usize,
    /// Codes tried since one that opened.
    pub codes_tried: u32,
    /// SHA-256 of the payload.
    pub hash: [u8; 32],
    /// Under which the payload stands in the journal.
    pub key: [u8; 32],
}

/// A record that follows (§8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Places of the next record.
    pub next: [u32; 2],
    /// Pages of the database.
    pub pages: u32,
    /// Whether it is the last of its commit.
    pub last: bool,
    /// Pages that it names.
    pub entries: Vec<(u32, Entry)>,
    /// Which the next record has to name.
    pub hash: [u8; 32],
}

/// A root (§8.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Id of the volume.
    pub volume: [u8; 16],
    /// The newest root counts.
    pub generation: u64,
    /// Pages of the database.
    pub pages: u32,
    /// The top node.
    pub top: Option<Entry>,
    /// Of the records behind it.
    pub record_key: [u8; 32],
    /// Places of the next record.
    pub next: [u32; 2],
    /// Number of the next record.
    pub sequence: u64,
    /// Which the next record has to name.
    pub hash: [u8; 32],
}

/// What a cell holds (§9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its content.
    pub content: Vec<u8>,
    /// The next cell.
    pub next: u32,
    /// Whether the medium ends here.
    pub end: bool,
}

/// What a head of the spool says of a body (§10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Goes with it.
    pub note: Vec<u8>,
    /// Bytes of the body.
    pub len: usize,
    /// SHA-256 of the body.
    pub hash: [u8; 32],
    /// Stream key of the body.
    pub key: [u8; 32],
}

impl Header {
    /// # Errors
    /// [`VaultError::Damaged`], [`VaultError::NeedsNewerVersion`].
    pub fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        header::Header::parse(bytes).map(Self)
    }

    /// The same bytes again.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.0.encode()
    }

    /// Geometry, and extents that were added.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan(self.0.layout())
    }

    /// Of what never changes.
    #[must_use]
    pub fn binding(&self) -> [u8; 32] {
        self.0.binding()
    }

    /// Half of each page and of each cell.
    #[must_use]
    pub fn halves(&self) -> (Vec<u8>, Vec<u8>) {
        self.plan().halves(&self.0.seed)
    }

    /// The device's keys: of codes, of the table, and the next one.
    #[must_use]
    pub fn handles(&self) -> [&[u8]; 3] {
        [&self.0.code_key, &self.0.layer_key, &self.0.next_layer_key]
    }

    /// # Errors
    /// [`VaultError::CannotOpen`] for an impossible cost; the device's.
    pub fn code_key(&self, device: &dyn DeviceKeys, code: &[u8]) -> Result<[u8; 32], VaultError> {
        slots::code_key(&self.0, device, code).map(|key| *key.expose())
    }

    /// # Errors
    /// The device's.
    pub fn layer_key(
        &self,
        device: &dyn DeviceKeys,
        handle: &[u8],
    ) -> Result<[u8; 32], VaultError> {
        layer::layer_key(device, &self.0, handle).map(|key| *key.expose())
    }
}

impl Plan {
    /// `None` for what a header may not say.
    #[must_use]
    pub fn new(geometry: Geometry, extents: Vec<Extent>) -> Option<Self> {
        let sound = geometry.is_sound() && extents.iter().all(|extent| extent.is_sound());
        sound.then(|| Self(Layout::new(geometry, extents)))
    }

    /// Size and rules.
    #[must_use]
    pub fn geometry(&self) -> Geometry {
        self.0.geometry
    }

    /// What was added to the first extent.
    #[must_use]
    pub fn extents(&self) -> &[Extent] {
        self.0.extents()
    }

    /// Half of each page and of each cell (§1).
    #[must_use]
    pub fn halves(&self, seed: &[u8; 32]) -> (Vec<u8>, Vec<u8>) {
        let halves = Halves::new(&self.0, seed);
        let pages = (0..self.0.pages()).map(|page| halves.of_page(page)).collect();
        (pages, (0..self.0.cells()).map(|cell| halves.of_cell(cell)).collect())
    }

    /// Bytes of `vault` and of `reserve`.
    #[must_use]
    pub fn lengths(&self) -> (u64, u64) {
        (self.0.file_len(Which::Vault), self.0.file_len(Which::Reserve))
    }

    /// Offset and length of a part of a copy of the table.
    #[must_use]
    pub fn table(&self, part: usize, copy: u64) -> (u64, usize) {
        self.0.table(part, copy)
    }

    /// Offsets of a header of the journal, and of its payload.
    #[must_use]
    pub fn journal(&self, number: u32) -> (u64, u64) {
        (journal::header_at(&self.0, number), journal::payload_at(&self.0, number))
    }

    /// Whether it is in `reserve`; offset and length.
    #[must_use]
    pub fn position(&self, kind: u8, number: u32) -> Option<(bool, u64, usize)> {
        let place = journal::place(&self.0, kind, number)?;
        let (which, at, len) = self.0.position(place);
        Some((which == Which::Reserve, at, len))
    }

    /// Id, spool key and keys of all places, by kind and number, from the parts of one copy (§4).
    #[must_use]
    pub fn open_table(&self, key: &[u8; 32], parts: &[Vec<u8>]) -> Option<Table> {
        let table = table::decode(&self.0, parts, &Secret::new(*key))?;
        let pages = (0..self.0.pages()).map(Place::Page);
        let cells = (0..self.0.cells()).map(Place::Cell);
        let places = self.0.fixed().into_iter().chain(pages).chain(cells);
        let keys = places.filter_map(|place| {
            let (kind, number) = layer::place_number(place);
            Some((kind, number, *table.key(&self.0, place)?))
        });
        Some(Table {
            id: table.id,
            spool_key: *table.spool_key.expose(),
            full_pass_due: table.state.full_pass_due,
            full_pass_done: table.state.full_pass_done,
            codes_tried: table.state.wrong_codes,
            keys: keys.collect(),
        })
    }

    /// A header of the journal under this table's id and of this number (§5).
    #[must_use]
    pub fn open_batch(
        &self,
        key: &[u8; 32],
        table: &[u8; 16],
        number: u32,
        bytes: &[u8],
    ) -> Option<Batch> {
        let batch = journal::open(&Secret::new(*key), table, &self.0, number, bytes)?;
        let places = batch.entries.iter().map(|(place, key)| {
            let (kind, number) = layer::place_number(*place);
            (kind, number, **key)
        });
        Some(Batch {
            places: places.collect(),
            units: batch.units,
            codes_tried: batch.codes,
            hash: batch.hash,
            key: *batch.key.expose(),
        })
    }
}

/// The place-key table (§4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Names this writing of it.
    pub id: [u8; 16],
    /// Of the heads of the spool.
    pub spool_key: [u8; 32],
    /// A full pass is due.
    pub full_pass_due: bool,
    /// Places done by one that was interrupted.
    pub full_pass_done: u64,
    /// Codes tried since one that opened.
    pub codes_tried: u32,
    /// Kind, number and key of each place.
    pub keys: Vec<(u8, u32, [u8; 16])>,
}

/// Takes the outer layer off a place, or puts it on; `false` for a kind that is none.
#[must_use]
pub fn stream(key: &[u8; 16], kind: u8, number: u32, bytes: &mut [u8]) -> bool {
    let place = match kind {
        1 => Place::Slot(number),
        2 => Place::Action(number),
        3 => Place::Root(number),
        4 => Place::Head(number),
        5 => Place::Page(number),
        6 => Place::Cell(number),
        _ => return false,
    };
    blind::apply(&layer::stream_key(place, key), bytes);
    true
}

/// Volume key and ticket of a slot (§7).
#[must_use]
pub fn open_slot(code_key: &[u8; 32], bytes: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    let opened = slots::open(&Secret::new(*code_key), bytes)?;
    Some((*opened.volume.expose(), *opened.ticket.expose()))
}

/// Which slot the action of record `number` overwrites, under an action key (§7).
#[must_use]
pub fn open_action(action_key: &[u8; 32], number: u32, bytes: &[u8]) -> Option<u32> {
    let action = slots::open_action(&Secret::new(*action_key), number, bytes)?;
    let slots::Action::Overwrite(target) = action;
    Some(target)
}

/// Opens a page in place (§8.1).
///
/// # Errors
/// [`VaultError::Damaged`].
pub fn open_page(
    entry: &Entry,
    volume: &[u8; 16],
    number: u32,
    bytes: &mut [u8; UNIT],
) -> Result<(), VaultError> {
    pages::open(&entry.inner(), &pages::page_aad(volume, number, entry.place), bytes)
}

/// The record of this number behind the record or root of this hash (§8.2).
#[must_use]
pub fn open_record(
    record_key: &[u8; 32],
    sequence: u64,
    before: &[u8; 32],
    bytes: &[u8],
) -> Option<Commit> {
    let chain = record::Chain {
        key: Secret::new(*record_key),
        sequence,
        hash: *before,
        root_hash: *before,
        next: [0; 2],
        places: Vec::new(),
        commits: 0,
    };
    let Record { next, pages, last, entries, hash } = chain.open(bytes)?;
    let entries = entries.iter().map(|(page, entry)| (*page, Entry::of(entry))).collect();
    Some(Commit { next, pages, last, entries, hash })
}

/// Opens a node, where there are so many places (§8.3).
///
/// # Errors
/// [`VaultError::Damaged`].
pub fn open_node(
    entry: &Entry,
    volume: &[u8; 16],
    level: u8,
    index: u32,
    places: u32,
    bytes: &[u8; UNIT],
) -> Result<Vec<Child>, VaultError> {
    let mut plain = *bytes;
    let aad = tree::node_aad(volume, level.into(), index, entry.place);
    pages::open(&entry.inner(), &aad, &mut plain)?;
    let children = tree::children(&plain, places).map(|known| match known {
        Known::Absent => Child::Never,
        Known::Lost => Child::Lost,
        Known::At(entry) => Child::At(Entry::of(&entry)),
    });
    Ok(children.collect())
}

/// A root of this volume key, `None` when it is none (§8.4).
///
/// # Errors
/// [`VaultError::NeedsNewerVersion`].
pub fn open_root(volume_key: &[u8; 32], bytes: &[u8]) -> Result<Option<Root>, VaultError> {
    let root = root::Root::open(&Secret::new(*volume_key), bytes)?;
    Ok(root.map(|root| Root {
        volume: root.volume,
        generation: root.generation,
        pages: root.pages,
        top: match &root.top {
            Known::At(entry) => Some(Entry::of(entry)),
            Known::Absent | Known::Lost => None,
        },
        record_key: *root.record_key.expose(),
        next: root.next,
        sequence: root.sequence,
        hash: root.hash,
    }))
}

/// Cell `index` of a medium whose first key is `key`, in this place (§9).
#[must_use]
pub fn open_cell(
    key: &[u8; 32],
    medium: MediumId,
    index: u64,
    place: u32,
    bytes: &[u8; CELL],
) -> Option<Cell> {
    let mut chain = chain::Chain::new(medium, Secret::new(*key));
    (0..index).for_each(|_| chain.step());
    let mut plain = Box::new(*bytes);
    let opened = chain.open(&mut plain, place).ok()?;
    let start = chain::Chain::CONTENT;
    let content = plain.get(start..start + opened.len)?.to_vec();
    Some(Cell { content, next: opened.next, end: opened.end })
}

/// What waits in a partition of so many entries (§10); a dummy is `None`.
#[must_use]
pub fn open_spool(
    spool_key: &[u8; 32],
    partition: u8,
    entries: u8,
    bytes: &[u8],
) -> Option<Vec<Option<Waiting>>> {
    let head = spool::open_head(&Secret::new(*spool_key), partition.into(), entries, bytes)?;
    let rows = head.rows.into_iter().enumerate().map(|(number, row)| {
        let key = *spool::body_key(&head.bodies, number as u32).expose();
        row.map(|row| Waiting { note: row.note, len: row.len, hash: row.hash, key })
    });
    Some(rows.collect())
}

/// The age key of a backup, from its head (spec/backup.md).
///
/// # Errors
/// [`VaultError::CannotOpen`].
pub fn backup_identity(code: &[u8], mut head: &[u8]) -> Result<Identity, VaultError> {
    backup::read_head(code, &mut head)
}

impl Entry {
    fn of(entry: &pages::Entry) -> Self {
        Self { place: entry.place, key: entry.key, tag: entry.tag }
    }

    fn inner(&self) -> pages::Entry {
        pages::Entry { place: self.place, key: self.key, tag: self.tag }
    }
}
