// SPDX-License-Identifier: MPL-2.0
//! Which disk is found after the power went: every unflushed change may be there or not.

use std::sync::Arc;

use super::{
    bytes::Bytes,
    platter::{Change, File, Platter},
    rng::Rng,
};

const SECTOR: usize = 512;

/// How much the disk keeps of what was not flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// Nothing.
    Lost,
    /// All: what a killed process leaves, since the kernel goes on.
    Kept,
    /// Any of it, in any order.
    Some,
    /// Any of it, in any order, and of a write any sectors of 512 bytes.
    TornAtSectors,
    /// Any of it, in any order, and of a write any part: harsher than any disk that is sold.
    TornAnywhere,
}

impl Crash {
    pub const ALL: [Self; 5] =
        [Self::Some, Self::TornAtSectors, Self::Lost, Self::TornAnywhere, Self::Kept];
}

impl Platter {
    /// A disk that may be found now.
    pub fn after(&self, crash: Crash, rng: &mut Rng) -> Self {
        let mut names = self.durable_names.clone();
        // Names change in one journal of the file system, so in their order.
        let kept = match crash {
            Crash::Lost => 0,
            Crash::Kept => self.pending_names.len(),
            _ => rng.below(self.pending_names.len() + 1),
        };
        self.pending_names.iter().take(kept).for_each(|change| change.apply(&mut names));
        let files: Vec<(&str, Bytes)> = names
            .iter()
            .map(|(name, file)| (name.as_str(), found(&self.files[*file], crash, rng)))
            .collect();
        Self::holding(files)
    }
}

fn found(file: &File, crash: Crash, rng: &mut Rng) -> Bytes {
    if crash == Crash::Kept {
        return file.live.clone();
    }
    let mut bytes = file.durable.clone();
    if crash == Crash::Lost {
        return bytes;
    }
    // From hardly anything to nearly everything: half of each would never leave one write out.
    let odds = rng.below(17);
    let mut kept: Vec<&Change> = file.pending.iter().filter(|_| rng.below(16) < odds).collect();
    rng.shuffle(&mut kept);
    for change in kept {
        match change {
            Change::Write { at, bytes: new } if crash != Crash::Some && rng.once_in(2) => {
                for (from, part) in torn(new, crash, rng) {
                    bytes.write(&part, at + from);
                }
            }
            whole => whole.apply(&mut bytes),
        }
    }
    bytes
}

/// Parts of a write that arrived.
fn torn(write: &Arc<[u8]>, crash: Crash, rng: &mut Rng) -> Vec<(usize, Vec<u8>)> {
    if crash == Crash::TornAnywhere {
        let (one, other) = (rng.below(write.len() + 1), rng.below(write.len() + 1));
        let (from, to) = (one.min(other), one.max(other));
        let from = if rng.once_in(2) { 0 } else { from };
        return vec![(from, write[from..to].to_vec())];
    }
    let prefix = rng.once_in(2).then(|| rng.below(write.len().div_ceil(SECTOR) + 1));
    write
        .chunks(SECTOR)
        .enumerate()
        .filter(|(sector, _)| prefix.map_or_else(|| rng.once_in(2), |end| *sector < end))
        .map(|(sector, part)| (sector * SECTOR, part.to_vec()))
        .collect()
}
