// SPDX-License-Identifier: MPL-2.0
//! Block classes and counts (spec/envelope.md §2).

use crate::cursor::Malformed;

/// The three sizes of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the three sizes are the format")]
pub enum BlockClass {
    /// 4 096 bytes: what fits one block.
    Small,
    /// 16 384 bytes: text on slow networks, index blocks.
    Medium,
    /// 262 144 bytes: the rest.
    Large,
}

impl BlockClass {
    /// All classes, smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Size in bytes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Small => 4_096,
            Self::Medium => 16_384,
            Self::Large => 262_144,
        }
    }

    /// The number that stands in an index.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Small => 1,
            Self::Medium => 2,
            Self::Large => 3,
        }
    }

    /// From the number in an index (rule X-1).
    ///
    /// # Errors
    /// [`Malformed`] for any other number.
    pub fn from_number(number: u8) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|class| class.number() == number).ok_or(Malformed("block class"))
    }

    /// From the size of a block (rule B-1, A-3).
    ///
    /// # Errors
    /// [`Malformed`] for any other size.
    pub fn from_size(size: usize) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|class| class.size() == size).ok_or(Malformed("block size"))
    }
}

/// Padmé: `n` rounded up so that only its magnitude and a few leading bits show; at most 12 % more.
/// Values below 2 stay.
#[must_use]
pub fn padme(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let exponent = n.ilog2();
    let kept_bits = exponent.checked_ilog2().map_or(0, |bits| bits + 1);
    let mask = (1_u64 << exponent.saturating_sub(kept_bits)) - 1;
    n.saturating_add(mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padme_grows_by_at_most_twelve_percent_and_is_a_fixed_point() {
        for n in 1..100_000_u64 {
            let padded = padme(n);
            assert!(padded >= n && padme(padded) == padded);
            assert!((padded - n) * 100 <= n * 12, "{n} → {padded}");
        }
        assert_eq!([padme(9), padme(12), padme(13), padme(400)], [10, 12, 14, 400]);
    }

    #[test]
    fn numbers_and_sizes_name_the_same_classes() {
        for class in BlockClass::ALL {
            assert_eq!(BlockClass::from_number(class.number()), Ok(class));
            assert_eq!(BlockClass::from_size(class.size()), Ok(class));
        }
        assert!(BlockClass::from_number(0).is_err() && BlockClass::from_size(4095).is_err());
    }
}
