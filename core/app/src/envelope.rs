// SPDX-License-Identifier: MPL-2.0

mod index;
mod notice;
mod opening;
mod plan;
mod sealing;

pub use index::{IndexReader, IndexStep, build_index, read_block};
pub use notice::{OpenedNotice, VerifiedNotice, open_notice, seal_notice};
pub use opening::ItemReader;
pub use plan::{ItemPlan, plan};
pub use sealing::{ItemSealer, SealedBlock};

use amate_seal::{hybrid::HybridSecret, kdf::derive, secret::Secret};

/// Seed of a parcel.
pub type Seed = Secret<32>;

/// `secretᵢ = derive₃₂(S, "amate/v1/item", u32(i))`.
fn item_secret(seed: &Seed, index: u32) -> Secret<32> {
    derive(seed.expose(), "amate/v1/item", &[&index.to_be_bytes()])
}

/// `identityᵢ`: what opens item `i` with stock age.
#[must_use]
pub fn item_identity(seed: &Seed, index: u32) -> HybridSecret {
    let secret = item_secret(seed, index);
    HybridSecret::from_seed(derive(secret.expose(), "amate/v1/item/identity", &[]))
}

/// Key that blinds block `number` of an item.
fn blind_key(secret: &Secret<32>, number: u32) -> Secret<32> {
    derive(secret.expose(), "amate/v1/block", &[&number.to_be_bytes()])
}
