// SPDX-License-Identifier: MPL-2.0
//! Writes vaults that later builds must open: `cargo run -p amate-vault --example compat FOLDER`
//! makes `FOLDER-one-door` and `FOLDER-two-doors`. What is in them is what `tests/compat.rs` looks for.

#![allow(clippy::unwrap_used, reason = "writes test data")]

use std::path::{Path, PathBuf};

use amate_vault::{CodeCost, Geometry, Vault};

#[path = "../tests/kept/mod.rs"]
mod kept;

const COST: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const SMALL: Geometry = Geometry {
    halves: 2,
    spool: 0,
    grows: false,
    pages: 96,
    cells: 4,
    journal: 64,
    set_pages: 16,
    set_cells: 2,
};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    one_door(&PathBuf::from(format!("{folder}-one-door")));
    two_doors(&PathBuf::from(format!("{folder}-two-doors")));
}

fn one_door(folder: &Path) {
    let mut vault = Vault::create_with(folder, kept::CODE, COST, &SMALL).unwrap();
    fill(&mut vault);
    vault.lock().unwrap();
    // A second session, so that places were refreshed and one commit stands behind the root.
    again(folder);
}

fn two_doors(folder: &Path) {
    one_door(folder);
    let mut vault = Vault::open(folder, kept::CODE).unwrap();
    let (mut second, new) = vault.begin_second(kept::DOOR).unwrap();
    note(&mut second, kept::ORDINARY);
    second.lock().unwrap();
    vault.finish_second(new, true).unwrap();
    vault.lock().unwrap();
}

fn fill(vault: &mut Vault) {
    note(vault, kept::NOTE);
    for content in [kept::small(), kept::large()] {
        let mut writer = vault.begin_medium().unwrap();
        writer.write(&content).unwrap();
        let finished = writer.finish().unwrap();
        vault.write("medium", |tx| finished.record(tx)).unwrap();
    }
}

fn again(folder: &Path) {
    let mut vault = Vault::open(folder, kept::CODE).unwrap();
    note(&mut vault, kept::SECOND);
    vault.lock().unwrap();
}

fn note(vault: &mut Vault, text: &str) {
    vault
        .write("note", |tx| {
            tx.execute_batch(
                "CREATE TABLE IF NOT EXISTS note(id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
            )?;
            tx.execute("INSERT INTO note(text) VALUES(?1)", [text])
        })
        .unwrap();
}
