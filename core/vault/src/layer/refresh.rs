// SPDX-License-Identifier: MPL-2.0
//! Which places get new keys, and when (spec/vault.md §6).

use super::Layer;
use crate::{VaultError, bits::Bits, device::DeviceKeys, geometry::Place, random::Random};

/// Changes what lies below the outer layer of a place while it is refreshed.
pub(crate) type Edit<'a> = dyn FnMut(Place, &mut [u8]) + 'a;

/// Places drawn together, over both halves, before anything is known of what will be written.
#[derive(Clone)]
pub(crate) struct Set {
    pub(crate) pages: Vec<u32>,
    pub(crate) cells: Vec<u32>,
}

impl Layer {
    /// Draws a set; what was made just now needs no new keys.
    pub(crate) fn draw_set(&self) -> Set {
        let geometry = self.layout.geometry;
        Set {
            pages: draw(&self.random, self.layout.pages(), geometry.set_pages),
            cells: draw(&self.random, self.layout.cells(), geometry.set_cells),
        }
    }

    /// Draws a set and gives it new keys and ciphertexts. Real writes may go there afterwards.
    pub(crate) fn refresh_set(&mut self, device: &dyn DeviceKeys) -> Result<Set, VaultError> {
        let set = self.draw_set();
        let pages = set.pages.iter().copied().map(Place::Page);
        let places: Vec<Place> = pages.chain(set.cells.iter().copied().map(Place::Cell)).collect();
        self.rekey(device, &places, &mut |_, _| {})?;
        Ok(set)
    }

    /// Gives slots, action records, roots and heads new keys, changed as `edit` says, then writes
    /// the table under a new key of the device: an older image is closed.
    pub(crate) fn refresh_fixed(
        &mut self,
        device: &dyn DeviceKeys,
        edit: &mut Edit<'_>,
    ) -> Result<(), VaultError> {
        let fixed = self.layout.fixed();
        self.rekey(device, &fixed, edit)?;
        self.write_table(device, true)
    }

    /// A further set for a session that needs more room than the one it has.
    pub(crate) fn further_set(&mut self, device: &dyn DeviceKeys) -> Result<Set, VaultError> {
        let set = self.refresh_set(device)?;
        self.refresh_fixed(device, &mut |_, _| {})?;
        Ok(set)
    }

    /// The next stretch is the first one: nothing is done yet. Durable with that stretch; a table
    /// that is written before it says that a pass is due.
    pub(crate) fn begin_full_pass(&mut self) {
        self.table.state.full_pass_done = 0;
        self.table.state.full_pass_due = true;
    }

    /// Does a stretch of the full pass, of so many batches, and says how far it is: places done,
    /// places in all. Done again after the last one, it begins anew.
    pub(crate) fn full_pass(
        &mut self,
        device: &dyn DeviceKeys,
        batches: usize,
    ) -> Result<(u64, u64), VaultError> {
        let fixed = self.layout.fixed();
        let (pages, cells) = (self.layout.pages(), self.layout.cells());
        let all = fixed.len() as u64 + u64::from(pages) + u64::from(cells);
        let done = self.table.state.full_pass_done.min(all);
        let mut stretch = Vec::new();
        let mut bytes = 0;
        let places = fixed
            .into_iter()
            .chain((0..pages).map(Place::Page))
            .chain((0..cells).map(Place::Cell))
            .skip(usize::try_from(done).unwrap_or(usize::MAX));
        for place in places {
            bytes += self.layout.position(place).2;
            if bytes > batches * self.batch_bytes() && !stretch.is_empty() {
                break;
            }
            stretch.push(place);
        }
        self.rekey(device, &stretch, &mut |_, _| {})?;
        if done == 0 {
            // All that stands there gets new keys from here on. What is written outside the sets
            // from now on makes another pass due: who saw the files meanwhile may compare.
            self.table.state.full_pass_due = false;
        }
        let done = done + stretch.len() as u64;
        let ended = done >= all;
        self.table.state.full_pass_done = if ended { 0 } else { done };
        self.write_table(device, ended)?;
        Ok((done, all))
    }

    /// Remembers that media went outside the sets. A pass that goes on leaves another one due at its
    /// end: were it to begin anew, it would never end beside a long recording.
    pub(crate) fn full_pass_is_due(&mut self, device: &dyn DeviceKeys) -> Result<(), VaultError> {
        if self.table.state.full_pass_due {
            return Ok(());
        }
        self.table.state.full_pass_due = true;
        self.write_table(device, false)
    }
}

fn draw(random: &Random, bound: u32, count: u32) -> Vec<u32> {
    if count >= bound {
        return (0..bound).collect();
    }
    let mut drawn = Bits::new(bound);
    while drawn.count() < count {
        drawn.insert(random.below(bound));
    }
    (0..bound).filter(|n| drawn.has(*n)).collect()
}
