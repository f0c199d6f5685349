// SPDX-License-Identifier: MPL-2.0
//! The plain header as somebody reads it who has spec/vault.md alone, and where it says that
//! everything stands. Written apart from the store's own code, so that one checks the other.

use amate_seal::kdf::derive;

use crate::sim::bytes::Bytes;

pub const UNIT: usize = 4_096;
pub const CELL: usize = 65_536;
const HANDLE: usize = 2 + 318;

pub struct Header {
    pub halves: usize,
    pub spool: usize,
    /// Pages and cells of the first extent and of those that were added.
    pub extents: Vec<(usize, usize)>,
    pub journal: usize,
    pub set_pages: usize,
    pub set_cells: usize,
    seed: [u8; 32],
    /// Of codes, of the table, and the one that may come next.
    pub handles: [Vec<u8>; 3],
}

/// Where one place stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// 0: `vault`, 1: `reserve`.
    pub file: usize,
    pub at: usize,
    pub len: usize,
    pub half: usize,
}

impl Header {
    /// Copy 0 or 1 of the file `vault`; its hash is not looked at.
    pub fn read(vault: &Bytes, copy: usize) -> Option<Self> {
        let mut bytes = vec![0; UNIT];
        if !vault.read(&mut bytes, copy * UNIT) || !bytes.starts_with(b"AMvt\x01") {
            return None;
        }
        let number = |n: usize| be(&bytes[8 + 4 * n..12 + 4 * n]);
        let handle = |n: usize| {
            let at = 108 + HANDLE * n;
            bytes[at + 2..at + 2 + be(&bytes[at..at + 2])].to_vec()
        };
        let added = 108 + 3 * HANDLE;
        let count = be(&bytes[added..added + 2]);
        let mut extents = vec![(number(0), number(1))];
        for extent in bytes[added + 2..].chunks(8).take(count) {
            extents.push((be(&extent[..4]), be(&extent[4..])));
        }
        Some(Self {
            halves: usize::from(bytes[5]),
            spool: usize::from(bytes[6]),
            extents,
            journal: number(2),
            set_pages: number(3),
            set_cells: number(4),
            seed: bytes[76..108].try_into().ok()?,
            handles: [0, 1, 2].map(handle),
        })
    }

    /// All pages.
    pub fn pages(&self) -> Vec<Position> {
        let halves = self.halves_of("amate/v1/vault/half/pages");
        let mut all = Vec::new();
        let mut unit = self.fixed_start() + self.fixed_units();
        for (part, (pages, _)) in self.extents.iter().enumerate() {
            if part > 0 {
                unit += 2 * self.table_units(part);
            }
            for _ in 0..*pages {
                let half = halves(all.len());
                all.push(Position { file: 0, at: unit * UNIT, len: UNIT, half });
                unit += 1;
            }
        }
        all
    }

    /// All cells, without the spool.
    pub fn cells(&self) -> Vec<Position> {
        let halves = self.halves_of("amate/v1/vault/half/cells");
        let count: usize = self.extents.iter().map(|(_, cells)| cells).sum();
        let cell = |n| Position {
            file: 1,
            at: (self.spool_cells() + n) * CELL,
            len: CELL,
            half: halves(n),
        };
        (0..count).map(cell).collect()
    }

    /// Slots, action records and roots, in this order: first unit and number.
    pub fn fixed(&self) -> (usize, usize) {
        (self.fixed_start(), self.fixed_units())
    }

    /// First unit and units of a copy of the first part of the table.
    pub fn table(&self, copy: usize) -> (usize, usize) {
        let units = self.table_units(0);
        (2 + copy * units, units)
    }

    /// First unit of the journal.
    pub fn journal_start(&self) -> usize {
        2 + 2 * self.table_units(0)
    }

    fn fixed_start(&self) -> usize {
        self.journal_start() + self.journal
    }

    fn fixed_units(&self) -> usize {
        8 + 8 + 4 * self.halves
    }

    fn spool_cells(&self) -> usize {
        if self.spool == 0 { 0 } else { 2 * (1 + 4 * self.spool) }
    }

    fn table_units(&self, part: usize) -> usize {
        let (pages, cells) = self.extents[part];
        let heads = if self.spool == 0 { 0 } else { 2 };
        let head = if part == 0 { 112 + 16 * (self.fixed_units() + heads) } else { 16 };
        (head + 16 * (pages + cells) + 32).div_ceil(UNIT)
    }

    fn halves_of(&self, label: &str) -> impl Fn(usize) -> usize {
        let (halves, seed, label) = (self.halves, self.seed, label.to_owned());
        move |n| {
            if halves == 1 {
                return 0;
            }
            let pair = n / 2;
            let block = derive::<32>(&seed, &label, &[&(pair as u32 / 256).to_be_bytes()]);
            let bit = block.expose()[pair % 256 / 8] >> (pair % 8) & 1;
            usize::from(bit) ^ (n % 2)
        }
    }
}

fn be(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}
