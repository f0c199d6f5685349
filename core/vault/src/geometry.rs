// SPDX-License-Identifier: MPL-2.0
//! Where everything stands in the two files (spec/vault.md §2), and which half a place belongs to.

use amate_seal::kdf::derive;

/// Bytes of a unit of the file `vault`; a place of it has one.
pub const UNIT: usize = 4_096;
/// Bytes of a place of the file `reserve`.
pub const CELL: usize = 65_536;
/// Slots, and action records.
pub(crate) const SLOTS: u32 = 8;
/// Roots of a half: two that take turns, each in two copies.
pub(crate) const ROOTS: u32 = 4;
/// Bytes of a place key.
pub(crate) const KEY: usize = 16;
/// Extents beyond the first that a header holds.
pub(crate) const MAX_EXTENTS: usize = 128;
/// Units of a header of the journal, and how many the journal has.
pub(crate) const JOURNAL_HEADER: u32 = 4;
pub(crate) const JOURNAL_HEADERS: u32 = 8;
/// Cells of a spool's partition: one head and four for each entry.
pub(crate) const CELLS_AN_ENTRY: u32 = 4;
/// What stands in the table before the keys: table id, spool key, state.
pub(crate) const TABLE_HEAD: usize = 16 + 32 + 64;
/// What sealing adds to a part of the table: salt and tag.
pub(crate) const TABLE_SEAL: usize = 16 + 16;

/// Size and rules of a container. Public, fixed when it is made, but for extents that are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Halves: 1 for a desk, 2 for a phone.
    pub halves: u8,
    /// Entries of each partition of the spool; 0: no spool.
    pub spool: u8,
    /// Whether extents are added when room ends. Otherwise only when a person asks.
    pub grows: bool,
    /// Places of the file `vault` for pages, even.
    pub pages: u32,
    /// Cells for media, even.
    pub cells: u32,
    /// Units of the journal: 64 at least.
    pub journal: u32,
    /// Pages that each code submission draws and refreshes; 0: none, and writes go to any place.
    pub set_pages: u32,
    /// The same of cells.
    pub set_cells: u32,
}

/// What is added to both files, and to both halves alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Places for pages, even.
    pub pages: u32,
    /// Cells, even.
    pub cells: u32,
}

/// One place of one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// One of the eight slots.
    Slot(u32),
    /// One of the eight action records.
    Action(u32),
    /// Root `half × 4 + root × 2 + copy`.
    Root(u32),
    /// Head of a partition of the spool.
    Head(u32),
    /// A page.
    Page(u32),
    /// A cell of media.
    Cell(u32),
}

/// The two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Vault,
    Reserve,
}

/// Offsets, for a geometry and its extents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) geometry: Geometry,
    extents: Vec<Extent>,
    /// First unit and first page of each extent, and of what would follow.
    starts: Vec<(u64, u32)>,
}

impl Geometry {
    /// One volume that grows as it needs: for desks.
    #[must_use]
    pub const fn desk() -> Self {
        Self {
            halves: 1,
            spool: 0,
            grows: true,
            pages: 512,
            cells: 32,
            journal: 64,
            set_pages: 0,
            set_cells: 0,
        }
    }

    /// Two halves, files of these sizes (as near below as whole places allow): for phones.
    /// At least 16 MiB each.
    #[must_use]
    pub fn phone(vault: u64, reserve: u64) -> Self {
        let units = |bytes: u64, unit: usize| {
            u32::try_from(bytes / unit as u64).unwrap_or(u32::MAX).clamp(256, 1 << 26)
        };
        let (vault, reserve) = (units(vault, UNIT), units(reserve, CELL));
        let mut phone = Self {
            halves: 2,
            spool: 8,
            grows: false,
            pages: 2,
            cells: 2,
            journal: 1_024,
            set_pages: 512,
            // A larger reserve has a larger table, and a submission stays below 16 MiB.
            set_cells: 72_u32.saturating_sub(reserve / 6_500).max(16),
        };
        phone.cells = even(reserve.saturating_sub(phone.spool_cells()));
        // The table's units depend on the number of pages: two rounds settle it.
        for _ in 0..2 {
            let fixed = Layout::new(phone, Vec::new()).page_start();
            phone.pages = even(vault.saturating_sub(u32::try_from(fixed).unwrap_or(u32::MAX)));
        }
        phone
    }

    /// Cells that the spool takes, with both heads.
    pub(crate) const fn spool_cells(&self) -> u32 {
        if self.spool == 0 { 0 } else { 2 * (1 + CELLS_AN_ENTRY * self.spool as u32) }
    }

    /// Whether a header may say so: what is accepted can be computed with.
    pub(crate) fn is_sound(&self) -> bool {
        let even = |n: u32| n >= 2 && n.is_multiple_of(2) && n <= 1 << 28;
        matches!(self.halves, 1 | 2)
            && self.spool <= 16
            && even(self.pages)
            && even(self.cells)
            && (64..=1 << 16).contains(&self.journal)
            && self.set_pages <= 1 << 16
            && self.set_cells <= 1 << 12
    }
}

impl Extent {
    pub(crate) fn is_sound(self) -> bool {
        let fits = |n: u32| n.is_multiple_of(2) && n <= 1 << 28;
        fits(self.pages) && fits(self.cells) && self.pages + self.cells > 0
    }
}

impl Layout {
    pub(crate) fn new(geometry: Geometry, extents: Vec<Extent>) -> Self {
        let mut layout = Self { geometry, extents, starts: vec![(0, 0)] };
        for part in 0..=layout.extents.len() {
            let Some(extent) = layout.all().nth(part) else { break };
            let (start, first) = layout.starts.last().copied().unwrap_or_default();
            let places = if part == 0 { layout.page_start() } else { 2 * layout.table_units(part) };
            layout.starts.push((start + places + u64::from(extent.pages), first + extent.pages));
        }
        layout
    }

    pub(crate) fn extents(&self) -> &[Extent] {
        &self.extents
    }

    pub(crate) fn with(&self, extent: Extent) -> Self {
        let mut extents = self.extents.clone();
        extents.push(extent);
        Self::new(self.geometry, extents)
    }

    /// All extents, the first one too.
    pub(crate) fn all(&self) -> impl Iterator<Item = Extent> + '_ {
        let first = Extent { pages: self.geometry.pages, cells: self.geometry.cells };
        std::iter::once(first).chain(self.extents.iter().copied())
    }

    pub(crate) fn pages(&self) -> u32 {
        self.all().map(|extent| extent.pages).sum()
    }

    pub(crate) fn cells(&self) -> u32 {
        self.all().map(|extent| extent.cells).sum()
    }

    /// Slots, action records, roots of all halves, heads of the spool.
    pub(crate) fn fixed(&self) -> Vec<Place> {
        let heads = if self.geometry.spool == 0 { 0 } else { 2 };
        (0..SLOTS)
            .map(Place::Slot)
            .chain((0..SLOTS).map(Place::Action))
            .chain((0..u32::from(self.geometry.halves) * ROOTS).map(Place::Root))
            .chain((0..heads).map(Place::Head))
            .collect()
    }

    /// Bytes of a part of the table before sealing.
    pub(crate) fn table_len(&self, part: usize) -> usize {
        let Some(extent) = self.all().nth(part) else { return 0 };
        let keys = (extent.pages + extent.cells) as usize * KEY;
        if part == 0 { TABLE_HEAD + self.fixed().len() * KEY + keys } else { 16 + keys }
    }

    fn table_units(&self, part: usize) -> u64 {
        (self.table_len(part) + TABLE_SEAL).div_ceil(UNIT) as u64
    }

    /// Offset and length of copy 0 or 1 of a part of the table.
    pub(crate) fn table(&self, part: usize, copy: u64) -> (u64, usize) {
        let units = self.table_units(part);
        let start = if part == 0 { 2 } else { self.extent_start(part) };
        ((start + copy * units) * UNIT as u64, units as usize * UNIT)
    }

    pub(crate) fn journal_start(&self) -> u64 {
        (2 + 2 * self.table_units(0)) * UNIT as u64
    }

    /// Where the places for pages of the first extent begin, in units.
    fn page_start(&self) -> u64 {
        2 + 2 * self.table_units(0)
            + u64::from(self.geometry.journal)
            + u64::from(SLOTS + SLOTS + u32::from(self.geometry.halves) * ROOTS)
    }

    /// First unit of an extent's part of the file `vault`: its tables.
    fn extent_start(&self, part: usize) -> u64 {
        self.starts.get(part).map_or(0, |(start, _)| *start)
    }

    pub(crate) fn file_len(&self, which: Which) -> u64 {
        match which {
            Which::Vault => self.extent_start(1 + self.extents.len()) * UNIT as u64,
            Which::Reserve => u64::from(self.geometry.spool_cells() + self.cells()) * CELL as u64,
        }
    }

    /// File, offset and length of a place.
    pub(crate) fn position(&self, place: Place) -> (Which, u64, usize) {
        let unit = |at: u64| (Which::Vault, at * UNIT as u64, UNIT);
        let cell = |at: u32| (Which::Reserve, u64::from(at) * CELL as u64, CELL);
        let slots = self.page_start() - u64::from(u32::from(self.geometry.halves) * ROOTS);
        match place {
            Place::Slot(n) => unit(slots - u64::from(2 * SLOTS) + u64::from(n)),
            Place::Action(n) => unit(slots - u64::from(SLOTS) + u64::from(n)),
            Place::Root(n) => unit(slots + u64::from(n)),
            Place::Head(n) => cell(n * (self.geometry.spool_cells() / 2)),
            Place::Page(n) => unit(self.page_unit(n)),
            Place::Cell(n) => cell(self.geometry.spool_cells() + n),
        }
    }

    fn page_unit(&self, page: u32) -> u64 {
        if page < self.geometry.pages {
            return self.page_start() + u64::from(page);
        }
        let part = self.starts.partition_point(|(_, first)| *first <= page).saturating_sub(1);
        let (start, first) = self.starts.get(part).copied().unwrap_or_default();
        start + 2 * self.table_units(part) + u64::from(page - first)
    }
}

/// The half of a page or a cell: of each pair `2j`, `2j + 1` one belongs to each half; a bit from
/// the public seed says which.
#[derive(Clone)]
pub(crate) struct Halves {
    halves: u8,
    pages: Vec<u8>,
    cells: Vec<u8>,
}

impl Halves {
    pub(crate) fn new(layout: &Layout, seed: &[u8; 32]) -> Self {
        let halves = layout.geometry.halves;
        if halves == 1 {
            return Self { halves, pages: Vec::new(), cells: Vec::new() };
        }
        Self {
            halves,
            pages: bits(seed, "amate/v1/vault/half/pages", layout.pages() / 2),
            cells: bits(seed, "amate/v1/vault/half/cells", layout.cells() / 2),
        }
    }

    pub(crate) fn of_page(&self, page: u32) -> u8 {
        self.half(&self.pages, page)
    }

    pub(crate) fn of_cell(&self, cell: u32) -> u8 {
        self.half(&self.cells, cell)
    }

    fn half(&self, bits: &[u8], n: u32) -> u8 {
        if self.halves == 1 {
            return 0;
        }
        let pair = n / 2;
        let byte = bits.get(pair as usize / 8).copied().unwrap_or(0);
        (byte >> (pair % 8) & 1) ^ (n % 2) as u8
    }
}

/// Bit `j` is bit `j mod 8` of byte `j / 8` of the blocks `derive₃₂(seed, label, u32(k))`.
fn bits(seed: &[u8; 32], label: &str, pairs: u32) -> Vec<u8> {
    (0..pairs.div_ceil(256))
        .flat_map(|block| *derive::<32>(seed, label, &[&block.to_be_bytes()]).expose())
        .collect()
}

fn even(n: u32) -> u32 {
    (n - n % 2).max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_fills_its_files_exactly_and_its_halves_alike() {
        for reserve in [256 << 20, 1 << 30, 8 << 30] {
            let phone = Geometry::phone(128 << 20, reserve);
            let layout = Layout::new(phone, Vec::new());
            assert!(phone.is_sound());
            let missing = (128 << 20) - layout.file_len(Which::Vault);
            assert!(missing <= 2 * UNIT as u64, "{missing}");
            assert_eq!(layout.file_len(Which::Reserve), reserve);
            let halves = Halves::new(&layout, &[7; 32]);
            let first = (0..phone.pages).filter(|page| halves.of_page(*page) == 0).count();
            assert_eq!(first as u32, phone.pages / 2);
            let first = (0..phone.cells).filter(|cell| halves.of_cell(*cell) == 0).count();
            assert_eq!(first as u32, phone.cells / 2);
        }
    }

    #[test]
    fn no_two_places_share_a_byte_and_no_byte_is_left() {
        let geometry = Geometry { halves: 2, spool: 1, pages: 600, cells: 6, ..Geometry::desk() };
        let layout = Layout::new(geometry, Vec::new())
            .with(Extent { pages: 300, cells: 0 })
            .with(Extent { pages: 0, cells: 8 })
            .with(Extent { pages: 2, cells: 2 });
        for which in [Which::Vault, Which::Reserve] {
            let mut ranges: Vec<(u64, u64)> = layout
                .fixed()
                .into_iter()
                .chain((0..layout.pages()).map(Place::Page))
                .chain((0..layout.cells()).map(Place::Cell))
                .map(|place| layout.position(place))
                .filter(|(file, ..)| *file == which)
                .map(|(_, at, len)| (at, len as u64))
                .collect();
            if which == Which::Vault {
                ranges.push((0, 2 * UNIT as u64));
                ranges.push((layout.journal_start(), u64::from(geometry.journal) * UNIT as u64));
                for part in 0..4 {
                    for copy in 0..2 {
                        let (at, len) = layout.table(part, copy);
                        ranges.push((at, len as u64));
                    }
                }
            } else {
                // Bodies of the spool: all its cells but the heads.
                let body = u64::from(geometry.spool_cells() / 2 - 1) * CELL as u64;
                ranges.push((CELL as u64, body));
                ranges.push((2 * CELL as u64 + body, body));
            }
            ranges.sort_unstable();
            let mut end = 0;
            for (at, len) in ranges {
                assert_eq!(at, end, "{which:?}");
                end = at + len;
            }
            assert_eq!(end, layout.file_len(which));
        }
    }
}
