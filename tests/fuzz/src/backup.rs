// SPDX-License-Identifier: MPL-2.0
//! Backups that somebody made who has the code: restored whole, or not at all.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    sync::{Mutex, OnceLock, PoisonError},
};

use amate_seal::{
    age,
    hybrid::HybridSecret,
    kdf::{code_key, derive},
};
use amate_vault::{Container, Surroundings, Vault, examine};
use tempfile::TempDir;

use crate::{
    vault::{self, CHEAP, CODE, SMALL},
    world::Seeded,
};

const SALT: [u8; 32] = [6; 32];
const HEAD: usize = 5 + 32 + 12;

/// The head of a file. One that asks for much work, but not too much, is left out: it gets it.
pub fn backup_head(bytes: &[u8]) -> bool {
    let cost = bytes.get(37..HEAD).unwrap_or_default().as_chunks::<4>().0;
    let cost: Vec<u32> = cost.iter().map(|number| u32::from_be_bytes(*number)).collect();
    if let [memory, passes, lanes] = cost[..] {
        let costly = memory > 1_024 || passes > 2;
        if costly && memory <= 1 << 20 && passes <= 64 && lanes <= 16 {
            return false;
        }
    }
    examine::backup_identity(CODE, bytes).is_ok_and(|_| {
        assert!(bytes.len() >= HEAD && bytes.starts_with(b"AMbk\x01"), "B-1");
        true
    })
}

/// What the age file of a backup holds.
pub fn backup(bytes: &[u8]) -> bool {
    static FOLDER: OnceLock<Mutex<TempDir>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| Mutex::new(vault::folder()));
    let dir = folder.lock().unwrap_or_else(PoisonError::into_inner);
    clear(dir.path());
    let file = sealed(bytes);
    let surroundings = Surroundings::software(dir.path());
    let restored = Container::restore(surroundings, CODE, CHEAP, &SMALL, CODE, file.as_slice());
    let Ok(vault) = restored else {
        assert!(!dir.path().join("vault").exists(), "all of it, or nothing");
        return false;
    };
    assert!(has_its_form(bytes), "B-4");
    drop(vault);
    // What SQLite finds in pages that somebody else made is its own affair.
    let opened = Vault::open(dir.path(), CODE);
    assert!(opened.is_ok() || bytes != sample(), "what was backed up opens");
    true
}

/// Pages and media, to the last byte.
fn has_its_form(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(b"AMbi\x01").unwrap_or_default();
    let mut take = |n: usize| {
        let (taken, later) = rest.split_at_checked(n)?;
        rest = later;
        Some(taken.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)) as usize)
    };
    let mut read = || {
        let pages = take(4)?;
        take(pages.checked_mul(amate_vault::UNIT)?)?;
        for _ in 0..take(4)? {
            take(16)?;
            let length = take(8)?;
            take(length)?;
        }
        Some(())
    };
    read().is_some() && rest.is_empty()
}

fn sealed(content: &[u8]) -> Vec<u8> {
    let to = [identity().recipient()];
    let mut writer = age::Writer::new(head(), &to, &mut Seeded::new("backup")).expect("memory");
    writer.write_all(content).expect("memory");
    writer.finish().expect("memory")
}

/// The head of a file.
pub(crate) fn head() -> Vec<u8> {
    let numbers = [CHEAP.memory_kib, CHEAP.passes, CHEAP.lanes].map(u32::to_be_bytes);
    [b"AMbk\x01".as_slice(), &SALT, numbers.as_flattened()].concat()
}

fn identity() -> age::Identity {
    let key = code_key(CODE, &SALT, CHEAP).expect("a cost that there is");
    let seed = derive(key.expose(), "amate/v1/backup/identity", &[]);
    age::Identity::Hybrid(HybridSecret::from_seed(seed))
}

/// Content of a backup of the sample vault.
pub(crate) fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let dir = vault::folder();
        let (vault, _) = vault::make_in(dir.path());
        let mut file = Vec::new();
        vault.back_up(CODE, CHEAP, &mut file).expect("whole");
        let (head, sealed) = file.split_at(HEAD);
        let identity = examine::backup_identity(CODE, head).expect("ours");
        let mut content = Vec::new();
        let mut reader = age::Reader::new(sealed, &[identity]).expect("ours");
        reader.read_to_end(&mut content).expect("whole");
        content
    })
}

fn clear(dir: &Path) {
    for entry in fs::read_dir(dir).expect("a folder").flatten() {
        fs::remove_file(entry.path()).expect("removed");
    }
}
