// SPDX-License-Identifier: MPL-2.0
//! Deterministic mutations: the same seed, the same bytes, on every machine.

/// A small generator (xorshift64*).
#[derive(Debug, Clone)]
pub struct Xorshift(u64);

impl Xorshift {
    /// Zero is no seed, so it becomes one.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.draw() >> 16) as usize % n.max(1)
    }
}

/// Longer than its base by at most this.
const GROWTH: usize = 4_096;

/// One to four changes of `base`; pieces may come from `other`.
#[must_use]
pub fn mutate(rng: &mut Xorshift, base: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = base.to_vec();
    for _ in 0..=rng.below(4) {
        change(rng, &mut bytes, other);
    }
    bytes.truncate(base.len() + GROWTH);
    bytes
}

fn change(rng: &mut Xorshift, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = place(rng, bytes.len());
    match rng.below(12) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = [0, 1, 0x20, 0x30, 0x7f, 0x80, 0xfe, 0xff][rng.below(8)];
            }
        }
        3 => bytes.truncate(at),
        4 => drop(bytes.drain(range(rng, bytes.len()))),
        5 => {
            let piece = bytes[range(rng, bytes.len())].to_vec();
            insert(bytes, at, &piece);
        }
        6 => {
            let piece = other[range(rng, other.len())].to_vec();
            insert(bytes, at, &piece);
        }
        7 => {
            let piece = other[range(rng, other.len())].to_vec();
            for (to, from) in bytes.iter_mut().skip(at).zip(piece) {
                *to = from;
            }
        }
        8 => {
            bytes.truncate(at);
            bytes.extend_from_slice(&other[place(rng, other.len())..]);
        }
        9 => length(rng, bytes, at),
        10 => number(rng, bytes, at),
        _ => {
            let (n, byte) = (1 + rng.below(40), rng.draw() as u8);
            insert(bytes, at, &vec![byte; n]);
        }
    }
}

/// Half of all places are near the beginning, where lengths and tags stand.
fn place(rng: &mut Xorshift, len: usize) -> usize {
    if rng.below(2) == 0 { rng.below(len.min(128)) } else { rng.below(len) }
}

/// Mostly short.
fn range(rng: &mut Xorshift, len: usize) -> std::ops::Range<usize> {
    let start = place(rng, len);
    let most = if rng.below(4) == 0 { len } else { 64 };
    start..(start + rng.below(most + 1)).min(len)
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// Writes over what may be a length, big- or little-endian.
fn length(rng: &mut Xorshift, bytes: &mut [u8], at: usize) {
    let width = [1, 2, 4, 8][rng.below(4)];
    let Some(field) = bytes.get_mut(at..at + width) else { return };
    let little = rng.below(4) == 0;
    if little {
        field.reverse();
    }
    let value = field.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let value = match rng.below(6) {
        0 => 0,
        1 => u64::MAX,
        2 => value.wrapping_add(1),
        3 => value.wrapping_sub(1),
        4 => 1 << rng.below(8 * width),
        _ => value.wrapping_mul(2),
    };
    for (to, from) in field.iter_mut().rev().zip(value.to_le_bytes()) {
        *to = from;
    }
    if little {
        field.reverse();
    }
}

/// Changes the next decimal number of a text.
fn number(rng: &mut Xorshift, bytes: &mut Vec<u8>, at: usize) {
    let Some(start) = bytes.iter().skip(at).position(u8::is_ascii_digit) else { return };
    let start = at + start;
    let digits = bytes.iter().skip(start).take_while(|byte| byte.is_ascii_digit()).count();
    let new: &[u8] = match rng.below(8) {
        0 => b"0",
        1 => b"-1",
        2 => b"9007199254740991",
        3 => b"9007199254740992",
        4 => b"18446744073709551615",
        5 => b"18446744073709551616",
        6 => b"4294967296",
        _ => b"00",
    };
    bytes.splice(start..start + digits, new.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let run = |seed| {
            let mut rng = Xorshift::new(seed);
            (0..200).map(|_| mutate(&mut rng, b"{\"n\":12}", b"other")).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        assert!(run(0).iter().any(|bytes| bytes.is_empty()));
    }
}
