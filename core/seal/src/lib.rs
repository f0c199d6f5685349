// SPDX-License-Identifier: MPL-2.0
//! The only crate of Amate that touches cryptographic primitives.
//!
//! Secrets are wiped on drop and do not print. Randomness is an argument; [`random::system`] is
//! the one real source.

pub mod aead;
pub mod age;
pub mod blind;
pub mod hash;
pub mod hybrid;
pub mod kdf;
pub mod merkle;
pub mod note;
pub mod random;
pub mod secret;
pub mod sign;

/// The one error of every failed opening: wrong key, altered bytes and a wrong code look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot be opened")]
pub struct CannotOpen;
