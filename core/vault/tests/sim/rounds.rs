// SPDX-License-Identifier: MPL-2.0
//! How often and with which seed: few and always the same in CI, more and others in a soak.

/// So often in CI, `AMATE_SOAK` times as often in a soak.
pub fn rounds(ci: usize) -> usize {
    ci * number("AMATE_SOAK").unwrap_or(1) as usize
}

/// Where the seeds of this run begin.
pub fn seed() -> u64 {
    number("AMATE_SEED").unwrap_or(1)
}

/// One seed, to repeat a failure that was printed.
pub fn only() -> Option<u64> {
    number("AMATE_ONLY")
}

/// A line that the soak adds up.
pub fn counted(what: &str, number: usize) {
    println!("counted {number} {what}");
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// In CI only so many of all, spread evenly; in a soak each.
pub fn every(number: usize, all: usize, ci: usize) -> bool {
    let step = if number_is_set() { 1 } else { all.div_ceil(ci).max(1) };
    number.is_multiple_of(step)
}

fn number_is_set() -> bool {
    number("AMATE_SOAK").is_some()
}
