// SPDX-License-Identifier: MPL-2.0
//! The vault over hostile files: it opens to what was saved, or not at all.

use std::{
    fs,
    io::Read,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

use amate_app::keys::OwnKeys;
use amate_vault::{CodeCost, MediumId, MediumState, Vault};
use tempfile::TempDir;

use crate::world::{Cursor, Seeded};

const CODE: &[u8] = b"cinco palabras de prueba nada";
const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
/// As the table in core/vault/src/container.rs has them: two headers, two areas.
const HEADERS: usize = 8_192;
const AREA: u64 = 4 * 1024 * 1024 + 4_096;
/// What stands in an area of a small database.
const USED: usize = 52 + 65_536;
const NOTE: &str = "la camioneta gris volvio";
static CONTENT: [u8; 70_000] = [3; 70_000];

/// A vault, as what its files hold.
struct Sample {
    vault: Vec<u8>,
    medium: Vec<u8>,
    id: MediumId,
    dir: Mutex<TempDir>,
}

/// Edits of the files, then opening: `u8(what) ‖ u32(where) ‖ u8(value)` each.
pub fn vault(bytes: &[u8]) -> bool {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    let sample = SAMPLE.get_or_init(make);
    let (mut vault, mut medium) = (sample.vault.clone(), sample.medium.clone());
    let mut cursor = Cursor(bytes);
    while !cursor.is_empty() {
        let (what, place, value) = (cursor.u8(), cursor.u32() as usize, cursor.u8());
        edit(if what & 0x80 == 0 { &mut vault } else { &mut medium }, what & 0x7f, place, value);
    }
    if !cheap(&vault) {
        return false;
    }
    let dir = sample.dir.lock().unwrap_or_else(PoisonError::into_inner);
    write(dir.path(), sample, &vault, &medium);
    opens_as_saved(dir.path(), sample.id)
}

fn edit(file: &mut Vec<u8>, what: u8, place: usize, value: u8) {
    let at = place % file.len().max(1);
    match what {
        0 => file.truncate(at),
        1 if file.len() > HEADERS => file.copy_within(0..HEADERS / 2, HEADERS / 2),
        2 if file.len() == HEADERS + 2 * USED => {
            file.copy_within(HEADERS..HEADERS + USED, HEADERS + USED)
        }
        3 => file.iter_mut().skip(at).take(usize::from(value)).for_each(|byte| *byte = value),
        // Where headers and lengths stand.
        4..=40 => {
            let at = [0, HEADERS / 2, HEADERS, HEADERS + USED][place % 4] + place / 4 % 128;
            if let Some(byte) = file.get_mut(at) {
                *byte ^= value;
            }
        }
        _ => {
            if let Some(byte) = file.get_mut(at) {
                *byte ^= value;
            }
        }
    }
}

/// A header may ask for a GiB and 64 passes; a test may not.
fn cheap(vault: &[u8]) -> bool {
    [0, HEADERS / 2].into_iter().all(|at| {
        let number = |at: usize| {
            let bytes = vault.get(at..).and_then(<[u8]>::first_chunk).copied();
            bytes.map_or(0, u32::from_be_bytes)
        };
        number(at + 37) <= 1_024 && number(at + 41) <= 8
    })
}

fn write(dir: &Path, sample: &Sample, vault: &[u8], medium: &[u8]) {
    let file = fs::File::create(dir.join("vault")).expect("a file");
    let (headers, areas) = vault.split_at(HEADERS.min(vault.len()));
    let (a, b) = areas.split_at(USED.min(areas.len()));
    file.write_all_at(headers, 0).expect("written");
    file.write_all_at(a, HEADERS as u64).expect("written");
    if !b.is_empty() {
        file.write_all_at(b, HEADERS as u64 + AREA).expect("written");
    }
    fs::write(medium_path(dir, &sample.id), medium).expect("written");
}

fn opens_as_saved(dir: &Path, id: MediumId) -> bool {
    let Ok(vault) = Vault::open(dir, CODE) else { return false };
    let note: String = vault
        .read(|db| db.query_row("SELECT text FROM note", [], |row| row.get(0)))
        .expect("what opens is whole");
    assert_eq!(note, NOTE);
    assert_eq!(vault.medium(&id).expect("known").state, MediumState::Whole);
    let mut content = Vec::new();
    if let Ok(mut reader) = vault.read_medium(&id) {
        let read = reader.read_to_end(&mut content);
        assert!(CONTENT.starts_with(&content), "nothing else is read");
        assert!(read.is_err() || content == CONTENT, "shorter than it was, and not said");
    }
    true
}

fn make() -> Sample {
    // Where nothing is flushed to a disk.
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    let dir = dir.expect("a folder");
    let mut rng = Seeded::new("vault");
    let mut vault = Vault::create(dir.path(), CODE, CHEAP, &mut rng).expect("made");
    vault
        .write("note", |tx| {
            tx.execute_batch("CREATE TABLE note(text TEXT NOT NULL)")?;
            tx.execute("INSERT INTO note(text) VALUES(?1)", [NOTE])
        })
        .expect("written");
    let mut writer = vault.begin_medium(&mut rng).expect("room");
    writer.write(&CONTENT).expect("room");
    let finished = writer.finish().expect("room");
    vault.write("finish", |tx| finished.record(tx)).expect("written");
    let id = finished.id;
    drop(vault);
    let whole = fs::read(dir.path().join("vault")).expect("there");
    let second = HEADERS + AREA as usize;
    let parts = [&whole[..HEADERS + USED], &whole[second..second + USED]];
    let medium = fs::read(medium_path(dir.path(), &id)).expect("there");
    Sample { vault: parts.concat(), medium, id, dir: Mutex::new(dir) }
}

fn medium_path(dir: &Path, id: &MediumId) -> PathBuf {
    dir.join("media").join(id.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// The keys of a vault, as its records keep them.
pub fn own_keys(bytes: &[u8]) -> bool {
    OwnKeys::from_bytes(bytes).is_ok_and(|keys| {
        assert_eq!(keys.to_bytes().as_slice(), bytes);
        true
    })
}
