// SPDX-License-Identifier: MPL-2.0
//! The vault's source of randomness: the system's, or a seeded one in tests.

use std::sync::{Arc, Mutex, PoisonError};

use amate_seal::{
    blind,
    random::{self, CryptoRng},
    secret::Secret,
};

/// Shared by everything that writes into one container.
#[derive(Clone)]
pub struct Random(Arc<Mutex<Box<dyn CryptoRng + Send>>>);

impl Random {
    /// The operating system's.
    #[must_use]
    pub fn system() -> Self {
        Self::from(random::system())
    }

    /// Any other, as tests and scripted histories need.
    pub fn from(rng: impl CryptoRng + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Box::new(rng))))
    }

    /// Fresh bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A fresh secret.
    #[must_use]
    pub fn secret<const N: usize>(&self) -> Secret<N> {
        Secret::new(self.bytes())
    }

    /// Fills `out`.
    pub fn fill(&self, out: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(out);
    }

    /// Fills `out` with what cannot be told from the random bytes of the system; quicker for many.
    pub fn noise(&self, out: &mut [u8]) {
        out.fill(0);
        blind::apply(&self.secret(), out);
    }

    /// A number below `bound`, each as likely as another; 0 for 0.
    #[must_use]
    pub fn below(&self, bound: u32) -> u32 {
        if bound < 2 {
            return 0;
        }
        // The largest multiple of `bound` that fits, so that no remainder is more likely.
        let limit = u32::MAX - u32::MAX % bound;
        loop {
            let drawn = u32::from_be_bytes(self.bytes());
            if drawn < limit {
                return drawn % bound;
            }
        }
    }
}
