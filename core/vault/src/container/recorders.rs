// SPDX-License-Identifier: MPL-2.0
//! Recorders that go on behind the lock, by the cells of their volumes.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::Container;
use crate::{VaultError, cells::Cells, layer::Set};

impl Container {
    /// The cells of a volume, when a recorder of it still goes on.
    pub(crate) fn running_cells(&self, volume: &[u8; 16]) -> Option<Arc<Mutex<Cells>>> {
        let mut all = self.0.cells.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|cells| cells.strong_count() > 0);
        all.iter()
            .filter_map(Weak::upgrade)
            .find(|cells| cells.lock().unwrap_or_else(PoisonError::into_inner).volume() == volume)
    }

    pub(crate) fn register_cells(&self, cells: &Arc<Mutex<Cells>>) {
        self.0.cells.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(cells));
    }

    /// Whoever counts cells, also for a recorder that goes on, counts those that were added.
    pub(crate) fn cells_grew(&self) -> Result<(), VaultError> {
        for cells in self.all_cells() {
            let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
            cells.take_over_growth(&self.layer()?);
        }
        Ok(())
    }

    /// Another volume takes this half, or it is taken away: whatever still records into it ends.
    pub(crate) fn end_recorders(&self, half: u8) {
        let mut all = self.0.cells.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|cells| {
            let Some(cells) = cells.upgrade() else { return false };
            let cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
            if cells.half() == half {
                cells.end_all();
            }
            cells.half() != half
        });
    }

    /// Whether a recorder goes on.
    pub(super) fn records(&self) -> bool {
        self.all_cells()
            .iter()
            .any(|cells| cells.lock().unwrap_or_else(PoisonError::into_inner).are_written())
    }

    /// Another session has begun: recorders of the one before write where it does, too.
    pub(super) fn recorders_use(&self, set: &Set) -> Result<(), VaultError> {
        let bound = self.layer()?.layout.cells();
        for cells in self.all_cells() {
            let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
            cells.forget_sets(bound);
            cells.allow(set);
        }
        Ok(())
    }

    fn all_cells(&self) -> Vec<Arc<Mutex<Cells>>> {
        let all = self.0.cells.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).collect()
    }
}
