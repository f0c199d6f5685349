// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/keys.md.

mod pairing;
mod sets;
mod words;

use super::{
    pair,
    sample::{self},
    vector::Vector,
};

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [sets::names(), sets::sets(), pairing::texts(), words::slots(), words::meetings()].concat()
}
