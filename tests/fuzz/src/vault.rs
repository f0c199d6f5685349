// SPDX-License-Identifier: MPL-2.0
//! The vault over hostile files: it opens to what was saved, or not at all.

use std::{
    fs,
    io::Read,
    path::Path,
    sync::{Mutex, OnceLock, PoisonError},
};

use amate_app::keys::OwnKeys;
use amate_vault::{CodeCost, Geometry, MediumId, MediumState, Vault};
use tempfile::TempDir;

use crate::world::Cursor;

pub(crate) const CODE: &[u8] = b"cinco palabras de prueba nada";
pub(crate) const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
/// Small on purpose: each run writes both files anew.
pub(crate) const SMALL: Geometry = Geometry {
    halves: 2,
    spool: 0,
    grows: false,
    pages: 96,
    cells: 12,
    journal: 64,
    set_pages: 16,
    set_cells: 4,
};
/// Bytes of a place of the file `vault`.
const UNIT: usize = amate_vault::UNIT;
const NOTE: &str = "la camioneta gris volvio";
static CONTENT: [u8; 70_000] = [3; 70_000];

/// A vault, as what its files hold.
struct Sample {
    vault: Vec<u8>,
    reserve: Vec<u8>,
    id: MediumId,
    dir: Mutex<TempDir>,
}

/// Edits of the files, then opening: `u8(what) ‖ u32(where) ‖ u8(value)` each.
pub fn vault(bytes: &[u8]) -> bool {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    let sample = SAMPLE.get_or_init(make);
    let (mut vault, mut reserve) = (sample.vault.clone(), sample.reserve.clone());
    let mut cursor = Cursor(bytes);
    while !cursor.is_empty() {
        let (what, place, value) = (cursor.u8(), cursor.u32() as usize, cursor.u8());
        edit(if what & 0x80 == 0 { &mut vault } else { &mut reserve }, what & 0x7f, place, value);
    }
    let dir = sample.dir.lock().unwrap_or_else(PoisonError::into_inner);
    fs::write(dir.path().join("vault"), &vault).expect("written");
    fs::write(dir.path().join("reserve"), &reserve).expect("written");
    opens_as_saved(dir.path(), sample.id)
}

fn edit(file: &mut Vec<u8>, what: u8, place: usize, value: u8) {
    let at = place % file.len().max(1);
    let unit = at / UNIT * UNIT;
    match what {
        0 => file.truncate(at),
        // A place over another one.
        1 if file.len() >= 2 * UNIT => {
            let last = file.len() - UNIT;
            let from = usize::from(value) * UNIT % last;
            file.copy_within(from..from + UNIT, unit.min(last));
        }
        2 => file.iter_mut().skip(unit).take(UNIT).for_each(|byte| *byte = value),
        3 => file.iter_mut().skip(at).take(usize::from(value)).for_each(|byte| *byte = value),
        _ => {
            if let Some(byte) = file.get_mut(at) {
                *byte ^= value;
            }
        }
    }
}

/// What is read is what was saved; what is not there is named.
fn opens_as_saved(dir: &Path, id: MediumId) -> bool {
    let Ok(vault) = Vault::open(dir, CODE) else { return false };
    let note =
        vault.read(|db| db.query_row("SELECT text FROM note", [], |row| row.get::<_, String>(0)));
    if let Ok(note) = &note {
        assert_eq!(note, NOTE);
    }
    let Ok(medium) = vault.medium(&id) else { return false };
    assert_eq!(medium.state, MediumState::Whole);
    let mut content = Vec::new();
    if let Ok(mut reader) = vault.read_medium(&id) {
        let read = reader.read_to_end(&mut content);
        assert!(CONTENT.starts_with(&content), "nothing else is read");
        assert!(read.is_err() || content == CONTENT, "shorter than it was, and not said");
    }
    note.is_ok()
}

fn make() -> Sample {
    let dir = folder();
    let (vault, id) = make_in(dir.path());
    drop(vault);
    let read = |name| fs::read(dir.path().join(name)).expect("there");
    Sample { vault: read("vault"), reserve: read("reserve"), id, dir: Mutex::new(dir) }
}

/// Where nothing is flushed to a disk.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    dir.expect("a folder")
}

/// A vault with a note, and a medium in cells.
pub(crate) fn make_in(dir: &Path) -> (Vault, MediumId) {
    let mut vault = Vault::create_with(dir, CODE, CHEAP, &SMALL).expect("made");
    vault
        .write("note", |tx| {
            tx.execute_batch("CREATE TABLE note(text TEXT NOT NULL)")?;
            tx.execute("INSERT INTO note(text) VALUES(?1)", [NOTE])
        })
        .expect("written");
    let mut writer = vault.begin_medium().expect("room");
    writer.write(&CONTENT).expect("room");
    let finished = writer.finish().expect("room");
    vault.write("finish", |tx| finished.record(tx)).expect("written");
    (vault, finished.id)
}

/// The keys of a vault, as its records keep them.
pub fn own_keys(bytes: &[u8]) -> bool {
    OwnKeys::from_bytes(bytes).is_ok_and(|keys| {
        assert_eq!(keys.to_bytes().as_slice(), bytes);
        true
    })
}
