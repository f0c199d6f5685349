// SPDX-License-Identifier: MPL-2.0
//! Vaults to test with: a desk, a small phone, notes and media in them.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part")]

use std::path::Path;

use amate_vault::{CodeCost, Geometry, Migration, Vault, VaultError};

/// Cheap on purpose: what is tested here is not the KDF.
pub(crate) const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
pub(crate) const CODE: &[u8] = b"cinco palabras de prueba nada";
pub(crate) const MARK: &str = "la camioneta gris volvio";

/// A phone, but small.
pub(crate) const PHONE: Geometry = Geometry {
    halves: 2,
    spool: 2,
    grows: false,
    pages: 1_200,
    cells: 64,
    journal: 64,
    set_pages: 96,
    set_cells: 12,
};

pub(crate) const NOTES: &[Migration] = &[Migration {
    version: 1,
    name: "notes",
    apply: |tx| tx.execute_batch("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT NOT NULL)"),
}];

pub(crate) fn create(dir: &Path) -> Vault {
    let mut vault = Vault::create(dir, CODE, CHEAP).unwrap();
    vault.migrate(NOTES).unwrap();
    vault
}

pub(crate) fn create_phone(dir: &Path) -> Vault {
    let mut vault = Vault::create_with(dir, CODE, CHEAP, &PHONE).unwrap();
    vault.migrate(NOTES).unwrap();
    vault
}

pub(crate) fn note(vault: &mut Vault, text: &str) -> Result<usize, VaultError> {
    vault.write("note", |tx| tx.execute("INSERT INTO note(text) VALUES(?1)", [text]))
}

pub(crate) fn notes(vault: &Vault) -> Vec<String> {
    vault
        .read(|db| {
            db.prepare("SELECT text FROM note ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
        .unwrap()
}

pub(crate) fn medium(vault: &mut Vault, content: &[u8]) -> [u8; 16] {
    let mut writer = vault.begin_medium().unwrap();
    content.chunks(10_007).for_each(|piece| writer.write(piece).unwrap());
    let finished = writer.finish().unwrap();
    assert_eq!(finished.sha256, amate_seal::hash::sha256(content));
    vault.write("finish", |tx| finished.record(tx)).unwrap();
    finished.id
}

pub(crate) fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 253) as u8).collect()
}
