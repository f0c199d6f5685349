// SPDX-License-Identifier: MPL-2.0
//! SQLite's own questions, asked of a whole vault.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::path::Path;

use amate_vault::{CodeCost, Vault};
use tempfile::TempDir;

#[path = "sqllogic/runner.rs"]
mod runner;

const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const CODE: &[u8] = b"cinco palabras de prueba nada";

#[test]
fn every_file_gives_in_a_vault_what_its_author_expects() {
    // Where nothing is flushed to a disk: each record is a commit.
    let memory = Path::new("/dev/shm");
    let mut files = 0;
    for path in runner::files() {
        let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let mut vault = Vault::create(dir.path(), CODE, CHEAP).unwrap();
        // Its own tables would stand among those of the file.
        vault
            .write("empty", |tx| tx.execute_batch("DROP TABLE media; DROP TABLE reserve"))
            .unwrap();
        let mut checker = runner::Checker::default();
        for record in runner::read(&path) {
            let outcome = vault.read(|db| Ok(runner::perform(db, &record))).unwrap();
            checker.check(&record, &outcome);
        }
        let whole: String =
            vault.read(|db| db.query_row("PRAGMA integrity_check", [], |row| row.get(0))).unwrap();
        assert_eq!(whole, "ok", "{}", path.display());
        files += 1;
    }
    assert_eq!(files, 25);
}
