// SPDX-License-Identifier: MPL-2.0
//! Writes a vault that later builds must open: `cargo run -p amate-vault --example compat FOLDER`.
//! What is in it is what `tests/compat.rs` looks for.

#![allow(clippy::unwrap_used, reason = "writes test data")]

use std::path::PathBuf;

use amate_vault::{CodeCost, Geometry, Vault};

#[path = "../tests/kept/mod.rs"]
mod kept;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let small = Geometry {
        halves: 2,
        spool: 0,
        grows: false,
        pages: 96,
        cells: 4,
        journal: 64,
        set_pages: 16,
        set_cells: 2,
    };
    let cost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
    let mut vault = Vault::create_with(&folder, kept::CODE, cost, &small).unwrap();
    vault
        .write("notes", |tx| {
            tx.execute_batch("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT NOT NULL)")?;
            tx.execute("INSERT INTO note(text) VALUES(?1)", [kept::NOTE])
        })
        .unwrap();
    for content in [kept::small(), kept::large()] {
        let mut writer = vault.begin_medium().unwrap();
        writer.write(&content).unwrap();
        let finished = writer.finish().unwrap();
        vault.write("medium", |tx| finished.record(tx)).unwrap();
    }
    vault.lock().unwrap();
    // A second session, so that places were refreshed and one commit stands behind the root.
    let mut vault = Vault::open(&folder, kept::CODE).unwrap();
    vault
        .write("second", |tx| tx.execute("INSERT INTO note(text) VALUES(?1)", [kept::SECOND]))
        .unwrap();
    vault.lock().unwrap();
}
