// SPDX-License-Identifier: MPL-2.0
//! Randomness as an argument.

pub use rand_core::CryptoRng;
use rand_core::UnwrapErr;

/// The operating system's generator: the only real source of randomness in the product.
/// Panics when the system has none, because nothing may be sealed then.
#[must_use]
pub fn system() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

/// `N` fresh bytes.
pub fn bytes<const N: usize>(rng: &mut impl CryptoRng) -> [u8; N] {
    let mut out = [0; N];
    rng.fill_bytes(&mut out);
    out
}
