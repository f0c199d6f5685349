// SPDX-License-Identifier: MPL-2.0
//! Hostile bytes for every decoder: a function each. It panics when a promise is broken, and says
//! whether anything was accepted, so that a run that reaches nothing is noticed.

mod age_file;
mod backup;
mod envelope;
mod evidence;
mod export;
/// Deterministic mutations.
pub mod mutate;
mod places;
mod relay;
/// Inputs that are accepted, to begin from.
pub mod seeds;
mod vault;
/// Inputs from tests/vectors.
pub mod vectors;
mod wire;
mod world;

pub use age_file::{age, age_sealed, age_text};
pub use backup::{backup, backup_head};
pub use envelope::{
    index_block_sealed, index_blocks, item_plain, item_sealed, notice_plain, notice_sealed,
};
pub use evidence::{live_segment, live_stream, media, metadata_left};
pub use export::{export, export_file};
pub use places::{
    vault_action, vault_batch, vault_cell, vault_header, vault_node, vault_record, vault_root,
    vault_slot, vault_spool, vault_table,
};
pub use relay::{relay, relay_segment};
pub use vault::{own_keys, vault};
pub use wire::{
    capability, case, custody, document, incident, index, item_header, key_set, log, merkle_paths,
    notice, pairing, parcel, receipt, tile_path,
};

/// A target and how it is run without a fuzzer.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Also that of its folder in corpus/ and of its file in targets/.
    pub name: &'static str,
    /// Panics when a promise is broken.
    pub run: fn(&[u8]) -> bool,
    /// Mutations in the replay: fewer where one takes long.
    pub rounds: u32,
}

macro_rules! targets {
    ($($name:ident $rounds:literal,)*) => {
        /// All of them.
        pub const TARGETS: &[Target] = &[
            $(Target { name: stringify!($name), run: $name, rounds: $rounds },)*
        ];
    };
}

targets! {
    age 20_000,
    age_sealed 20_000,
    age_text 20_000,
    backup 150,
    backup_head 5_000,
    capability 20_000,
    case 10_000,
    custody 8_000,
    document 20_000,
    export 4_000,
    export_file 2_000,
    incident 20_000,
    index 20_000,
    index_block_sealed 20_000,
    index_blocks 8_000,
    item_header 20_000,
    item_plain 2_000,
    item_sealed 3_000,
    key_set 5_000,
    live_segment 20_000,
    live_stream 20_000,
    log 20_000,
    media 20_000,
    merkle_paths 5_000,
    notice 20_000,
    notice_plain 20_000,
    notice_sealed 5_000,
    own_keys 20_000,
    pairing 20_000,
    parcel 20_000,
    receipt 20_000,
    relay 20_000,
    relay_segment 300,
    tile_path 20_000,
    vault 500,
    vault_action 20_000,
    vault_batch 10_000,
    vault_cell 3_000,
    vault_header 10_000,
    vault_node 20_000,
    vault_record 20_000,
    vault_root 20_000,
    vault_slot 20_000,
    vault_spool 2_000,
    vault_table 20_000,
}
