// SPDX-License-Identifier: MPL-2.0
//! Sets of places.

/// A set of numbers below a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    count: u32,
}

impl Bits {
    pub(crate) fn new(bound: u32) -> Self {
        Self { words: vec![0; (bound as usize).div_ceil(64)], count: 0 }
    }

    /// Makes room for more numbers.
    pub(crate) fn grow(&mut self, bound: u32) {
        self.words.resize((bound as usize).div_ceil(64), 0);
    }

    pub(crate) fn has(&self, n: u32) -> bool {
        self.words.get(n as usize / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// Whether it was not in before.
    pub(crate) fn insert(&mut self, n: u32) -> bool {
        let Some(word) = self.words.get_mut(n as usize / 64) else { return false };
        let new = *word >> (n % 64) & 1 == 0;
        *word |= 1 << (n % 64);
        self.count += u32::from(new);
        new
    }

    pub(crate) fn remove(&mut self, n: u32) -> bool {
        let Some(word) = self.words.get_mut(n as usize / 64) else { return false };
        let was = *word >> (n % 64) & 1 == 1;
        *word &= !(1 << (n % 64));
        self.count -= u32::from(was);
        was
    }

    pub(crate) fn count(&self) -> u32 {
        self.count
    }
}
