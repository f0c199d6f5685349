// SPDX-License-Identifier: MPL-2.0
//! Which cells of a half are taken, and by which medium that the records do not know yet. It
//! outlives a lock while a recorder goes on.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    VaultError,
    bits::Bits,
    container::{Container, LayerGuard},
    geometry::Extent,
    layer::Set,
    media::{MediumId, Piece},
};

/// Cells that a desk's file grows by, at least.
const GROWTH: u32 = 64;

/// Cells of one volume.
pub(crate) struct Cells {
    volume: [u8; 16],
    half: u8,
    /// Cells of both halves that are known here.
    count: u32,
    used: Bits,
    /// Cells that were refreshed in this session; `None`: any.
    allowed: Option<Bits>,
    /// Free cells that may be written, and those that show the half to who compares two images.
    inside: Vec<u32>,
    outside: Vec<u32>,
    /// Media being written in this process.
    active: HashSet<MediumId>,
    /// Cells of media that no record names yet.
    unrecorded: HashMap<MediumId, Vec<u32>>,
    /// Full passes that had begun when something last went where it shows the half.
    outside_at: Option<u64>,
    taken: Taken,
}

/// Whether another volume has the half now: recorders of the one that was there write no more.
#[derive(Clone, Default)]
pub(crate) struct Taken(Arc<AtomicBool>);

impl Taken {
    /// To be asked with the layer in hand: whoever takes a half says so before it takes the layer.
    pub(crate) fn check(&self) -> Result<(), VaultError> {
        if self.0.load(Ordering::SeqCst) { Err(VaultError::Locked) } else { Ok(()) }
    }
}

impl Cells {
    /// `used`: cells that the records name.
    pub(crate) fn new(
        layer: &LayerGuard<'_>,
        volume: [u8; 16],
        half: u8,
        used: impl Iterator<Item = u32>,
        fresh: bool,
    ) -> Self {
        let count = layer.layout.cells();
        let mut cells = Self {
            volume,
            half,
            count,
            used: Bits::new(count),
            allowed: (layer.layout.geometry.set_cells > 0).then(|| {
                let mut allowed = Bits::new(count);
                // Nobody has an image of a new container yet.
                (0..if fresh { count } else { 0 }).for_each(|cell| {
                    allowed.insert(cell);
                });
                allowed
            }),
            inside: Vec::new(),
            outside: Vec::new(),
            active: HashSet::new(),
            unrecorded: HashMap::new(),
            outside_at: None,
            taken: Taken::default(),
        };
        used.for_each(|cell| {
            cells.used.insert(cell);
        });
        cells.add_free(layer, 0..count);
        cells
    }

    pub(crate) fn volume(&self) -> &[u8; 16] {
        &self.volume
    }

    pub(crate) fn half(&self) -> u8 {
        self.half
    }

    /// Another volume takes the half.
    pub(crate) fn end_all(&self) {
        self.taken.0.store(true, Ordering::SeqCst);
    }

    pub(crate) fn taken(&self) -> Taken {
        self.taken.clone()
    }

    /// Free cells, and those of them that show no half.
    pub(crate) fn free(&self) -> (u32, u32) {
        ((self.inside.len() + self.outside.len()) as u32, self.inside.len() as u32)
    }

    pub(crate) fn used(&self) -> u32 {
        self.used.count()
    }

    /// Another session begins: what was refreshed in the one before may have been imaged since.
    pub(crate) fn forget_sets(&mut self, bound: u32) {
        if let Some(allowed) = &mut self.allowed {
            *allowed = Bits::new(bound);
            self.outside.append(&mut self.inside);
        }
    }

    pub(crate) fn allow(&mut self, set: &Set) {
        let Some(allowed) = &mut self.allowed else { return };
        set.cells.iter().for_each(|cell| {
            allowed.insert(*cell);
        });
        let (inside, outside) =
            std::mem::take(&mut self.outside).into_iter().partition(|cell| allowed.has(*cell));
        self.inside.extend::<Vec<u32>>(inside);
        self.outside = outside;
    }

    /// Takes a cell. Any of a set is as good as another; a desk takes them in order, which disks
    /// like.
    pub(crate) fn take(&mut self, container: &Container) -> Result<u32, VaultError> {
        if self.inside.is_empty() && self.outside.is_empty() {
            self.grow(container)?;
        }
        let pick = |from: &mut Vec<u32>, scattered: bool| {
            let at = if scattered {
                container.random().below(from.len() as u32) as usize
            } else {
                from.len().saturating_sub(1)
            };
            (at < from.len()).then(|| from.swap_remove(at))
        };
        let scattered = self.allowed.is_some();
        let cell = match pick(&mut self.inside, scattered) {
            Some(cell) => cell,
            None if self.outside.is_empty() => return Err(VaultError::NoSpace),
            None => {
                // First: what fails here must not cost a cell.
                container.layer()?.full_pass_is_due(container.device())?;
                self.outside_at = Some(container.passes_begun());
                pick(&mut self.outside, true).ok_or(VaultError::NoSpace)?
            }
        };
        self.used.insert(cell);
        Ok(cell)
    }

    pub(crate) fn release(&mut self, cells: impl IntoIterator<Item = u32>) {
        for cell in cells {
            if !self.used.remove(cell) {
                continue;
            }
            if self.allowed.as_ref().is_none_or(|allowed| allowed.has(cell)) {
                self.inside.push(cell);
            } else {
                self.outside.push(cell);
            }
        }
    }

    pub(crate) fn begin(&mut self, id: MediumId) {
        self.active.insert(id);
    }

    /// The writer of a medium ended; these are its cells.
    pub(crate) fn end(&mut self, id: MediumId, pieces: &[Piece]) {
        self.active.remove(&id);
        self.unrecorded.insert(id, pieces.iter().map(|piece| piece.cell).collect());
    }

    /// Whether a medium is being written.
    pub(crate) fn are_written(&self) -> bool {
        !self.active.is_empty()
    }

    /// Whether two images may show the half by what was written here.
    pub(crate) fn shows_half(&self, container: &Container) -> bool {
        self.outside_at.is_some_and(|begun| container.none_passed_since(begun))
    }

    /// Whether a cell is of no set of this session, and shows the half to who compares two images.
    /// It is about to be written.
    pub(crate) fn goes_outside(&mut self, cell: u32, container: &Container) -> bool {
        let outside = self.allowed.as_ref().is_some_and(|allowed| !allowed.has(cell));
        if outside {
            self.outside_at = Some(container.passes_begun());
        }
        outside
    }

    pub(crate) fn is_active(&self, id: &MediumId) -> bool {
        self.active.contains(id)
    }

    /// Cells of a medium that no record names.
    pub(crate) fn forget_unrecorded(&mut self, id: &MediumId) -> Vec<u32> {
        self.unrecorded.remove(id).unwrap_or_default()
    }

    /// Marks what a walk found.
    pub(crate) fn mark(&mut self, cells: impl IntoIterator<Item = u32>) {
        let marked: HashSet<u32> = cells.into_iter().filter(|c| self.used.insert(*c)).collect();
        self.inside.retain(|cell| !marked.contains(cell));
        self.outside.retain(|cell| !marked.contains(cell));
    }

    pub(crate) fn grow(&mut self, container: &Container) -> Result<(), VaultError> {
        let mut layer = container.layer()?;
        if !layer.layout.geometry.grows {
            return Err(VaultError::NoSpace);
        }
        let before = layer.layout.cells();
        let more = (before / 4).max(GROWTH).next_multiple_of(2);
        layer.grow(Extent { pages: 0, cells: more })?;
        self.take_over_growth(&layer);
        Ok(())
    }

    /// Cells that were added since these were counted: no image has them yet.
    pub(crate) fn take_over_growth(&mut self, layer: &LayerGuard<'_>) {
        let (before, after) = (self.count, layer.layout.cells());
        self.count = after;
        self.used.grow(after);
        if let Some(allowed) = &mut self.allowed {
            allowed.grow(after);
            (before..after).for_each(|cell| {
                allowed.insert(cell);
            });
        }
        self.add_free(layer, before..after);
    }

    fn add_free(&mut self, layer: &LayerGuard<'_>, range: std::ops::Range<u32>) {
        for cell in range.rev() {
            if layer.halves.of_cell(cell) != self.half || self.used.has(cell) {
                continue;
            }
            match &self.allowed {
                Some(allowed) if !allowed.has(cell) => self.outside.push(cell),
                _ => self.inside.push(cell),
            }
        }
    }
}

#[cfg(test)]
impl Cells {
    /// Each cell that may be taken.
    pub(crate) fn all_free(&self) -> Vec<u32> {
        self.inside.iter().chain(&self.outside).copied().collect()
    }
}
