// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/envelope.md.

mod index;
mod items;
mod notices;
mod parcels;
mod tree;

use amate_app::envelope::Seed;
use amate_seal::{random, secret::Secret};

use super::{
    pair,
    sample::{self, Seeded},
    vector::Vector,
};

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [
        items::plans(),
        items::items(),
        items::blocks(),
        index::indexes(),
        tree::trees(),
        parcels::parcels(),
        notices::form(),
        notices::signed(),
    ]
    .concat()
}

/// Seed of the parcel that the vectors are about.
fn seed() -> Seed {
    Secret::new(random::bytes(&mut Seeded::new("parcel")))
}
