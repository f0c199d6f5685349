// SPDX-License-Identifier: MPL-2.0
//! How full the vault is, and more room.

use std::sync::PoisonError;

use crate::{Extent, Vault, VaultError, vfs};

/// How full one part of the vault is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Taken.
    pub used: u64,
    /// In all, without what is kept free so that everything goes on working; `u64::MAX` where the
    /// files grow and the disk is the limit.
    pub total: u64,
}

/// How full the vault is. But for the last, the same is said by every vault of a container in the
/// same state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Space {
    /// Records: everything but photos, videos and larger files.
    pub records: Room,
    /// Media.
    pub media: Room,
    /// Two images may show which half media went to, until a full pass.
    pub full_pass_due: bool,
    /// The same, because of what this vault saved since it was opened: what is said of it to somebody
    /// who must not learn that another vault saved something.
    pub shows_half: bool,
}

impl Vault {
    /// How full it is.
    ///
    /// # Errors
    /// SQLite's.
    pub fn space(&self) -> Result<Space, VaultError> {
        let page = crate::geometry::UNIT as u64;
        let (pages, most) = {
            let store = self.store();
            let most = store.most_pages()?;
            (u64::from(vfs::PageFile::pages(&*store)), most)
        };
        let free: u64 =
            self.read(|db| db.pragma_query_value(None, "freelist_count", |row| row.get(0)))?;
        let used = pages.saturating_sub(free) * page;
        let total = if most == u32::MAX { u64::MAX } else { u64::from(most) * page };
        let reserve = self.reserve()?;
        let full_pass_due = self.container.full_pass_due()?;
        let cells = self.cells()?;
        let shows_half =
            cells.lock().unwrap_or_else(PoisonError::into_inner).shows_half(&self.container);
        Ok(Space {
            records: Room { used, total },
            media: Room { used: reserve.saturating_sub(self.room()?), total: reserve },
            full_pass_due,
            shows_half,
        })
    }

    /// Adds room to both halves alike, for good.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] with everything as it was.
    pub fn grow(&mut self, extent: Extent) -> Result<(), VaultError> {
        // Counted before, so that what is added is known as new.
        self.cells()?;
        self.store().grow(extent)?;
        self.container.cells_grew()
    }
}
