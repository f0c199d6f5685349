// SPDX-License-Identifier: MPL-2.0
//! New keys for every place (spec/vault.md §6), stretch by stretch, while others go on.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use super::Container;
use crate::{VaultError, geometry::JOURNAL_HEADERS, records::wipe_stack};

/// So long nobody has asked for the layer when nobody is in the middle of something.
const QUIET: Duration = Duration::from_millis(4);
/// How often a full pass waits for that before it goes on all the same: a quarter of a second.
const WAITS: u32 = 60;

/// Full passes of this process, in the order in which they began; one that was found cut counts.
#[derive(Default)]
pub(super) struct Passes {
    begun: AtomicU64,
    /// The newest that ended.
    ended: AtomicU64,
}

impl Container {
    /// Refreshes everything, also what a pass that was cut had done: for who had the files out of
    /// their hands since. Otherwise as [`Container::full_pass`].
    ///
    /// # Errors
    /// As [`Container::full_pass`].
    pub fn full_pass_anew(&self, progress: impl FnMut(u64, u64) -> bool) -> Result<(), VaultError> {
        self.layer()?.begin_full_pass();
        self.full_pass(progress)
    }

    /// Begins one at the first place, so that it is known after a kill that it is to go on; whether
    /// there is more to be done.
    ///
    /// # Errors
    /// As [`Container::full_pass`].
    pub fn begin_full_pass(&self) -> Result<bool, VaultError> {
        self.layer()?.begin_full_pass();
        let (done, all) = self.stretch(1)?;
        Ok(done < all)
    }

    /// A stretch of so many batches.
    fn stretch(&self, batches: usize) -> Result<(u64, u64), VaultError> {
        let mut layer = self.layer()?;
        let passes = &self.0.passes;
        if layer.table.state.full_pass_done == 0 {
            passes.begun.fetch_add(1, Ordering::SeqCst);
        }
        let stretch = layer.full_pass(self.device(), batches);
        wipe_stack();
        if stretch.as_ref().is_ok_and(|(done, all)| done >= all) {
            passes.ended.store(passes.begun.load(Ordering::SeqCst), Ordering::SeqCst);
        }
        stretch
    }

    /// Full passes that have begun.
    pub(crate) fn passes_begun(&self) -> u64 {
        self.0.passes.begun.load(Ordering::SeqCst)
    }

    /// Whether none has begun since so many had, and ended.
    pub(crate) fn none_passed_since(&self, begun: u64) -> bool {
        self.0.passes.ended.load(Ordering::SeqCst) <= begun
    }

    /// Batches of a stretch, during which nobody else writes: a recorder must not fall behind, and
    /// whoever looks at a screen must not wait.
    fn batches(&self) -> usize {
        if self.records() {
            1
        } else if self.0.unlocked.load(Ordering::Acquire) {
            2
        } else {
            JOURNAL_HEADERS as usize
        }
    }

    /// Whoever asked for the layer during a stretch goes first with all that they are at: opening a
    /// vault reads many pages, and each of them would wait for a stretch of its own.
    fn let_others_in(&self, before: u64) {
        let mut asked = self.asked();
        // The stretch itself.
        if asked == before + 1 && self.0.waiting.load(Ordering::SeqCst) == 0 {
            return;
        }
        for _ in 0..WAITS {
            thread::park_timeout(QUIET);
            if self.asked() == asked && self.0.waiting.load(Ordering::SeqCst) == 0 {
                return;
            }
            asked = self.asked();
        }
    }

    /// How often somebody asked for the layer.
    fn asked(&self) -> u64 {
        self.0.asked.load(Ordering::SeqCst)
    }

    /// Goes on refreshing everything where it stopped, stretch by stretch; `progress` gets places
    /// done and places in all, and says whether to go on. What was done stays done, also after a
    /// kill.
    ///
    /// # Errors
    /// The file system's and the device's.
    pub fn full_pass(&self, mut progress: impl FnMut(u64, u64) -> bool) -> Result<(), VaultError> {
        loop {
            let before = self.asked();
            let (done, all) = self.stretch(self.batches())?;
            self.let_others_in(before);
            let more = progress(done, all);
            if done >= all || !more {
                return Ok(());
            }
        }
    }

    /// Whether there is something that a full pass is to hide: two images may show which half media
    /// went to, or a pass was begun that has not come to its end.
    ///
    /// # Errors
    /// [`VaultError::Poisoned`].
    pub fn full_pass_due(&self) -> Result<bool, VaultError> {
        let state = self.layer()?.table.state;
        Ok(state.full_pass_due || state.full_pass_done > 0)
    }

    /// Whether a full pass that has ended is to be followed by another one at once: media went
    /// outside the sets meanwhile, and by now nobody writes any.
    ///
    /// # Errors
    /// [`VaultError::Poisoned`].
    pub fn full_pass_follows(&self) -> Result<bool, VaultError> {
        let quiet = !self.0.unlocked.load(Ordering::Acquire) && !self.records();
        Ok(quiet && self.layer()?.table.state.full_pass_due)
    }

    /// Whether a full pass was begun that has not come to its end.
    ///
    /// # Errors
    /// [`VaultError::Poisoned`].
    pub fn full_pass_unfinished(&self) -> Result<bool, VaultError> {
        Ok(self.layer()?.table.state.full_pass_done > 0)
    }
}

#[cfg(test)]
mod tests {
    use amate_seal::kdf::CodeCost;

    use crate::{Container, Geometry, Surroundings};

    /// The table is written for something else before the first stretch: who was cut there knows
    /// that a pass is to be done, whatever an earlier one had done.
    #[test]
    fn a_pass_that_begins_anew_is_known_before_its_first_stretch() {
        let dir = tempfile::TempDir::new().expect("a folder");
        let around = || Surroundings::software(dir.path());
        let cost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
        let geometry = Geometry::phone(8 << 20, 8 << 20);
        Container::create(around(), b"cinco", cost, &geometry).expect("made").lock().expect("room");
        let container = Container::open(around()).expect("opens");
        container.full_pass(|_, _| false).expect("a stretch");
        assert!(container.full_pass_unfinished().expect("open"));
        {
            let mut layer = container.layer().expect("open");
            layer.begin_full_pass();
            layer.further_set(container.device()).expect("room");
        }
        drop(container);
        let container = Container::open(around()).expect("opens");
        assert!(container.full_pass_due().expect("open"));
    }
}
