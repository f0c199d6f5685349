// SPDX-License-Identifier: MPL-2.0
//! Every vault in `tests/compat` opens in this build, with all that it held.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use amate_vault::{SecondDoor, Vault, VaultError};
use tempfile::TempDir;

mod kept;

#[test]
fn every_old_vault_opens_with_all_that_it_held() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat");
    let vaults: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert!(!vaults.is_empty());
    for vault in vaults {
        opens(&vault);
    }
}

/// A copy of it, because opening writes.
fn opens(from: &Path) {
    let dir = TempDir::new().unwrap();
    for name in ["vault", "reserve"] {
        fs::copy(from.join(name), dir.path().join(name)).unwrap();
    }
    let doors = from.file_name().unwrap().to_str().unwrap().ends_with("two-doors");
    assert!(matches!(Vault::open(dir.path(), b"otra"), Err(VaultError::CannotOpen)));
    // Twice: what this build writes, it opens as well.
    for _ in 0..2 {
        let vault = Vault::open(dir.path(), kept::CODE).unwrap();
        assert_eq!(notes(&vault), [kept::NOTE, kept::SECOND], "{}", from.display());
        let mut media: Vec<Vec<u8>> = vault
            .media()
            .unwrap()
            .iter()
            .map(|id| {
                let mut content = Vec::new();
                vault.read_medium(id).unwrap().read_to_end(&mut content).unwrap();
                content
            })
            .collect();
        media.sort_by_key(Vec::len);
        assert!(media == [kept::small(), kept::large()], "{}", from.display());
        assert!(vault.check().unwrap().is_none());
        let door = doors.then_some(SecondDoor { overwrites: true, opens: true });
        assert_eq!(vault.second().unwrap(), door);
    }
    if doors {
        for _ in 0..2 {
            let vault = Vault::open(dir.path(), kept::DOOR).unwrap();
            assert_eq!(notes(&vault), [kept::ORDINARY]);
            assert_eq!(vault.second().unwrap(), None);
        }
        let overwritten = Vault::open(dir.path(), kept::CODE);
        assert!(matches!(overwritten, Err(VaultError::CannotOpen)));
    }
}

fn notes(vault: &Vault) -> Vec<String> {
    vault
        .read(|db| {
            db.prepare("SELECT text FROM note ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
        .unwrap()
}
