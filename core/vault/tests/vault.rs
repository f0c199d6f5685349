// SPDX-License-Identifier: MPL-2.0
//! What the vault promises: nothing acknowledged is lost, nothing stands in the clear, every
//! damage is named.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

use std::{
    fs,
    io::Read,
    os::unix::fs::FileExt,
    path::Path,
    process::{Command, Stdio},
};

use amate_seal::random::{self, CryptoRng};
use amate_vault::{
    CodeCost, Container, Geometry, MediumState, Migration, SpoolEntry, Surroundings, Vault,
    VaultError, fold,
};
use tempfile::TempDir;

/// Cheap on purpose: what is tested here is not the KDF.
const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const CODE: &[u8] = b"cinco palabras de prueba nada";
const MARK: &str = "la camioneta gris volvio";

/// A phone, but small.
const PHONE: Geometry = Geometry {
    halves: 2,
    spool: 2,
    grows: false,
    pages: 1_200,
    cells: 64,
    journal: 64,
    set_pages: 96,
    set_cells: 12,
};

const NOTES: &[Migration] = &[Migration {
    version: 1,
    name: "notes",
    apply: |tx| tx.execute_batch("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT NOT NULL)"),
}];

fn create(dir: &Path) -> Vault {
    let mut vault = Vault::create(dir, CODE, CHEAP).unwrap();
    vault.migrate(NOTES).unwrap();
    vault
}

fn create_phone(dir: &Path) -> Vault {
    let mut vault = Vault::create_with(dir, CODE, CHEAP, &PHONE).unwrap();
    vault.migrate(NOTES).unwrap();
    vault
}

fn note(vault: &mut Vault, text: &str) -> Result<usize, VaultError> {
    vault.write("note", |tx| tx.execute("INSERT INTO note(text) VALUES(?1)", [text]))
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

fn medium(vault: &mut Vault, content: &[u8]) -> [u8; 16] {
    let mut writer = vault.begin_medium().unwrap();
    content.chunks(10_007).for_each(|piece| writer.write(piece).unwrap());
    let finished = writer.finish().unwrap();
    assert_eq!(finished.sha256, amate_seal::hash::sha256(content));
    vault.write("finish", |tx| finished.record(tx)).unwrap();
    finished.id
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n % 253) as u8).collect()
}

#[test]
fn what_was_saved_is_there_after_locking() {
    let dir = TempDir::new().unwrap();
    let mut vault = create(dir.path());
    note(&mut vault, MARK).unwrap();
    let ids: Vec<_> = [0, 1, 65_535, 65_536, 65_537, 200_000]
        .map(|len| (medium(&mut vault, &content(len)), len))
        .into();
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault), [MARK]);
    for (id, len) in ids {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert_eq!(back, content(len), "{len}");
        assert_eq!(vault.medium(&id).unwrap().state, MediumState::Whole);
    }
}

#[test]
fn any_range_of_a_medium_is_read() {
    let dir = TempDir::new().unwrap();
    let mut vault = create(dir.path());
    let whole = content(9_000_000);
    let id = medium(&mut vault, &whole);
    let mut reader = vault.read_medium(&id).unwrap();
    for offset in [8_999_999, 0, 65_536, 65_535, 4_300_000, 131_072, 9_000_000, 9_000_001] {
        reader.seek_to(offset as u64).unwrap();
        let mut back = Vec::new();
        (&mut reader).take(70_000).read_to_end(&mut back).unwrap();
        let expected = whole.get(offset..).unwrap_or_default();
        assert_eq!(back, expected[..expected.len().min(70_000)], "{offset}");
    }
}

#[test]
fn a_wrong_code_and_an_altered_header_look_alike() {
    let dir = TempDir::new().unwrap();
    drop(create(dir.path()));
    let error = |code: &[u8]| Vault::open(dir.path(), code).err().unwrap().to_string();
    let wrong = error(b"otra");
    let file = fs::OpenOptions::new().write(true).open(dir.path().join("vault")).unwrap();
    file.write_all_at(&[0xff; 97], 0).unwrap();
    assert!(Vault::open(dir.path(), CODE).is_ok(), "the second header serves");
    file.write_all_at(&[0xff; 97], 0).unwrap();
    file.write_all_at(&[0xff; 97], 4_096).unwrap();
    assert_eq!(error(CODE), wrong);
    assert!(matches!(Vault::open(&dir.path().join("none"), CODE), Err(VaultError::NoVault)));
}

#[test]
fn a_vault_is_open_once_and_made_once() {
    let dir = TempDir::new().unwrap();
    let vault = create(dir.path());
    assert!(matches!(Vault::open(dir.path(), CODE), Err(VaultError::InUse)));
    let again = Vault::create(dir.path(), CODE, CHEAP);
    assert!(matches!(again, Err(VaultError::Exists)));
    drop(vault);
    assert!(Vault::open(dir.path(), CODE).is_ok());
}

/// Both files, whole: not even the header says a word.
#[test]
fn nothing_stands_in_the_clear() {
    for phone in [false, true] {
        let dir = TempDir::new().unwrap();
        let mut vault = if phone { create_phone(dir.path()) } else { create(dir.path()) };
        note(&mut vault, MARK).unwrap();
        medium(&mut vault, MARK.as_bytes());
        medium(&mut vault, MARK.repeat(5_000).as_bytes());
        drop(vault);
        let mut names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["reserve", "vault"]);
        for name in names {
            let bytes = fs::read(dir.path().join(name)).unwrap();
            for needle in [MARK.as_bytes(), b"SQLite format", b"CREATE TABLE"] {
                assert!(!bytes.windows(needle.len()).any(|window| window == needle));
            }
        }
    }
}

#[test]
fn a_file_that_was_cut_is_never_taken_for_whole() {
    let dir = TempDir::new().unwrap();
    drop(create(dir.path()));
    for name in ["vault", "reserve"] {
        let path = dir.path().join(name);
        let whole = fs::read(&path).unwrap();
        for cut in [0, 1, 4_096, 8_192, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..cut]).unwrap();
            let opened = Vault::open(dir.path(), CODE);
            assert!(
                matches!(opened, Err(VaultError::CannotOpen | VaultError::Damaged)),
                "{name} cut at {cut}"
            );
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(Vault::open(dir.path(), CODE).is_ok());
}

#[test]
fn a_changed_medium_is_named_and_never_given() {
    let dir = TempDir::new().unwrap();
    let mut vault = create(dir.path());
    let id = medium(&mut vault, &content(150_000));
    let file = fs::OpenOptions::new().read(true).write(true).open(dir.path().join("reserve"));
    let file = file.unwrap();
    let cells = file.metadata().unwrap().len() / 65_536;
    let mut named = 0;
    for cell in 0..cells {
        let at = cell * 65_536 + cell * 1_999 % 65_536;
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).unwrap();
        file.write_all_at(&[byte[0] ^ 4], at).unwrap();
        let mut back = Vec::new();
        let end = vault.read_medium(&id).unwrap().read_to_end(&mut back);
        assert_eq!(back, content(back.len()), "byte {at}: what came is authentic");
        if end.is_err() {
            named += 1;
            assert_eq!(vault.check().unwrap().media, [id]);
        } else {
            assert_eq!(back.len(), 150_000);
        }
        file.write_all_at(&byte, at).unwrap();
    }
    assert_eq!(named, 3, "each of its cells");
    assert!(vault.check().unwrap().is_none());
}

#[test]
fn a_full_database_keeps_its_old_state() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, "antes").unwrap();
    let big = "x".repeat(5 * 1024 * 1024);
    assert!(matches!(note(&mut vault, &big), Err(VaultError::NoSpace)));
    assert_eq!(notes(&vault), ["antes"]);
    note(&mut vault, "después").unwrap();
    drop(vault);
    assert_eq!(notes(&Vault::open(dir.path(), CODE).unwrap()), ["antes", "después"]);
}

/// Filled to the brim: deleting still works, and gives room.
#[test]
fn a_full_vault_can_be_emptied() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let page = "x".repeat(3_000);
    let mut count = 0;
    while note(&mut vault, &page).is_ok() {
        count += 1;
    }
    let space = vault.space().unwrap();
    assert!(space.records.used * 100 / space.records.total >= 95, "{space:?} after {count}");
    assert_eq!(notes(&vault).len(), count);
    // Row by row: a change of everything at once would need everything twice.
    for id in (2..=count).step_by(2) {
        vault.write("delete", |tx| tx.execute("DELETE FROM note WHERE id = ?1", [id])).unwrap();
    }
    note(&mut vault, &page).unwrap();
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault).len(), count - count / 2 + 1);
}

#[test]
fn the_room_of_deleted_records_is_given_back() {
    let dir = TempDir::new().unwrap();
    let mut vault = create(dir.path());
    for _ in 0..50 {
        note(&mut vault, &"x".repeat(20_000)).unwrap();
    }
    let pages = |vault: &Vault| -> u32 {
        vault.read(|db| db.pragma_query_value(None, "page_count", |row| row.get(0))).unwrap()
    };
    let before = pages(&vault);
    vault.write("delete", |tx| tx.execute("DELETE FROM note WHERE id > 1", [])).unwrap();
    vault.compact().unwrap();
    assert!(pages(&vault) * 10 < before);
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault), ["x".repeat(20_000)]);
    assert!(vault.check().unwrap().is_none());
}

#[test]
fn a_small_reserve_refuses_and_keeps_the_rest() {
    let dir = TempDir::new().unwrap();
    let mut vault = create(dir.path());
    vault.set_reserve(100_000).unwrap();
    let kept = medium(&mut vault, &content(60_000));
    let mut writer = vault.begin_medium().unwrap();
    let id = writer.id();
    assert!(matches!(writer.write(&content(60_000)), Err(VaultError::NoSpace)));
    drop(writer);
    vault.delete_medium(&id).unwrap();
    assert!(matches!(vault.read_medium(&id), Err(VaultError::NoMedium)));
    assert_eq!(vault.medium(&kept).unwrap().length, 60_000);
}

#[test]
fn a_full_reserve_of_a_phone_keeps_what_is_there_and_can_grow() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let room = vault.room().unwrap();
    let kept = medium(&mut vault, &content(500_000));
    let mut writer = vault.begin_medium().unwrap();
    let id = writer.id();
    assert!(matches!(writer.write(&content(room as usize)), Err(VaultError::NoSpace)));
    drop(writer);
    vault.delete_medium(&id).unwrap();
    let before = vault.reserve().unwrap();
    vault.set_reserve(2 * before).unwrap();
    assert!(vault.reserve().unwrap() >= 2 * before);
    let larger = medium(&mut vault, &content(room as usize));
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    for (id, len) in [(kept, 500_000), (larger, room as usize)] {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content(len), "{len}");
    }
}

#[test]
fn another_code_opens_and_the_old_one_does_not() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    vault.change_code(b"otras cinco palabras de prueba").unwrap();
    note(&mut vault, "dos").unwrap();
    drop(vault);
    assert!(matches!(Vault::open(dir.path(), CODE), Err(VaultError::CannotOpen)));
    let vault = Vault::open(dir.path(), b"otras cinco palabras de prueba").unwrap();
    assert_eq!(notes(&vault), [MARK, "dos"]);
}

#[test]
fn a_recording_goes_on_while_the_vault_is_locked() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    let whole = content(400_000);
    let mut writer = vault.begin_medium().unwrap();
    writer.write(&whole[..100_000]).unwrap();
    let container = vault.container().clone();
    vault.lock().unwrap();
    writer.write(&whole[100_000..200_000]).unwrap();
    assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
    writer.write(&whole[200_000..300_000]).unwrap();
    let mut vault = container.unlock(CODE).unwrap();
    assert_eq!(vault.medium(&writer.id()).unwrap().state, MediumState::Open);
    let other = medium(&mut vault, &content(70_000));
    vault.lock().unwrap();
    writer.write(&whole[300_000..]).unwrap();
    let id = writer.finish().unwrap().id;
    let vault = container.unlock(CODE).unwrap();
    for (id, content) in [(id, whole), (other, content(70_000))] {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content);
        assert_eq!(vault.medium(&id).unwrap().state, MediumState::Whole);
    }
}

#[test]
fn a_full_pass_changes_every_place_and_nothing_that_is_kept() {
    let dir = TempDir::new().unwrap();
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    let id = medium(&mut vault, &content(800_000));
    assert!(!vault.space().unwrap().full_pass_due, "nobody has an image of a new vault");
    drop(vault);
    let mut vault = Vault::open(dir.path(), CODE).unwrap();
    let second = medium(&mut vault, &content(800_000));
    assert!(vault.space().unwrap().full_pass_due);
    let before = fs::read(dir.path().join("vault")).unwrap();
    // Interrupted after each stretch, it goes on where it was.
    let mut stretches = 0;
    loop {
        let (mut done, mut all) = (0, 0);
        vault
            .container()
            .full_pass(|now, of| {
                (done, all) = (now, of);
                false
            })
            .unwrap();
        stretches += 1;
        if done == all {
            break;
        }
    }
    assert!(stretches > 1);
    assert!(!vault.space().unwrap().full_pass_due);
    let after = fs::read(dir.path().join("vault")).unwrap();
    let places = before.len() - 1_200 * 4_096;
    let same = (places..before.len())
        .step_by(4_096)
        .filter(|at| before[*at..at + 4_096] == after[*at..at + 4_096])
        .count();
    assert_eq!(same, 0);
    drop(vault);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault), [MARK]);
    for id in [id, second] {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content(800_000));
    }
}

#[test]
fn a_backup_opens_with_its_own_code_on_another_device() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut vault = create_phone(dir.path());
    note(&mut vault, MARK).unwrap();
    let ids = [10, 70_000, 300_000].map(|len| (medium(&mut vault, &content(len)), content(len)));
    let mut backup = Vec::new();
    vault.back_up(b"seis palabras del respaldo", CHEAP, &mut backup).unwrap();
    drop(vault);
    assert!(!backup.windows(MARK.len()).any(|window| window == MARK.as_bytes()));
    let restore = |dir: &Path, code: &[u8], bytes: &[u8]| {
        let surroundings = Surroundings::software(dir);
        Container::restore(surroundings, CODE, CHEAP, &Geometry::desk(), code, bytes)
    };
    let wrong = restore(other.path(), b"otras", &backup);
    assert!(matches!(wrong, Err(VaultError::CannotOpen)));
    for cut in [0, 40, 2_000, backup.len() / 2, backup.len() - 1] {
        let cut = restore(other.path(), b"seis palabras del respaldo", &backup[..cut]);
        assert!(matches!(cut, Err(VaultError::CannotOpen | VaultError::Damaged)));
        assert!(matches!(Vault::open(other.path(), CODE), Err(VaultError::NoVault)));
    }
    drop(restore(other.path(), b"seis palabras del respaldo", &backup).unwrap());
    let vault = Vault::open(other.path(), CODE).unwrap();
    assert_eq!(notes(&vault), [MARK]);
    for (id, content) in ids {
        let mut back = Vec::new();
        vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == content);
    }
}

#[test]
fn the_spool_holds_what_waits_without_a_code() {
    let dir = TempDir::new().unwrap();
    let vault = create_phone(dir.path());
    let entry = |n: u8| SpoolEntry { note: vec![n; 300], body: vec![n; 262_144 - usize::from(n)] };
    assert_eq!(vault.own_spool().unwrap(), []);
    vault.set_spool(vec![entry(1), entry(2)]).unwrap();
    assert!(matches!(vault.set_spool(vec![entry(1); 3]), Err(VaultError::NoSpace)));
    let container = vault.container().clone();
    vault.lock().unwrap();
    let before = fs::read(dir.path().join("reserve")).unwrap();
    let mut partitions = container.spool().unwrap();
    let full = usize::from(partitions[0].is_empty());
    assert_eq!(partitions[full], [entry(1), entry(2)]);
    partitions[full].remove(0);
    container.write_spool(&partitions).unwrap();
    let after = fs::read(dir.path().join("reserve")).unwrap();
    let cells = |bytes: &[u8]| bytes.chunks(65_536).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let changed: Vec<bool> =
        cells(&before).iter().zip(cells(&after)).map(|(old, new)| *old != new).collect();
    assert!(changed[..18].iter().all(|changed| *changed), "both partitions, whole");
    assert!(!changed[18..].iter().any(|changed| *changed));
    drop(container);
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(vault.own_spool().unwrap(), [entry(2)]);
}

/// RLIMIT_FSIZE makes the kernel refuse writes as a full disk does.
#[test]
fn a_full_disk_is_named_and_what_was_durable_stays() {
    let dir = TempDir::new().unwrap();
    drop(create(dir.path()));
    let out = run_child("full-disk", dir.path(), &["--fsize"]);
    assert!(String::from_utf8_lossy(&out.stdout).contains("no space"), "{out:?}");
    let vault = Vault::open(dir.path(), CODE).unwrap();
    assert_eq!(notes(&vault), ["antes de que se llenara"]);
    let prefix = vault.media().unwrap();
    assert_eq!(prefix.len(), 1);
    assert!(vault.medium(&prefix[0]).unwrap().length >= 65_536);
}

#[test]
fn a_newer_vault_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let mut vault = create(dir.path());
    assert!(matches!(vault.migrate(&[]), Err(VaultError::NeedsNewerVersion)));
}

#[test]
fn no_file_can_be_opened_through_sql() {
    let dir = TempDir::new().unwrap();
    let vault = create(dir.path());
    for sql in ["ATTACH 'x.db' AS x", "VACUUM INTO 'x.db'", "SELECT load_extension('x')"] {
        assert!(vault.read(|db| db.execute_batch(sql)).is_err(), "{sql}");
    }
}

/// SIGKILL at random moments of commits and of a recording: what was reported is there.
#[test]
fn nothing_reported_is_lost_when_the_process_is_killed() {
    let rounds = std::env::var("AMATE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let dir = TempDir::new().unwrap();
    drop(create(dir.path()));
    let mut rng = random::system();
    let (mut saved, mut recorded) = (0, 0);
    for _ in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env("AMATE_CHILD", "work")
            .env("AMATE_DIR", dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut said = vec![0; 40 + pick(&mut rng, 600)];
        let mut n = 0;
        while n < said.len() {
            match out.read(&mut said[n..]).unwrap() {
                0 => break,
                more => n += more,
            }
        }
        child.kill().unwrap();
        let mut rest = Vec::new();
        out.read_to_end(&mut rest).unwrap();
        child.wait().unwrap();
        said.truncate(n);
        said.extend(rest);
        let said = String::from_utf8_lossy(&said).into_owned();
        let reported = said.lines().filter(|line| *line == "saved").count();
        let durable =
            said.lines().filter_map(|line| line.strip_prefix("durable ")?.parse().ok()).max();
        let mut vault = Vault::open(dir.path(), CODE).unwrap();
        let now = notes(&vault).len();
        assert!(now >= saved + reported, "{now} notes of {}", saved + reported);
        saved = now;
        for id in vault.media().unwrap() {
            let info = vault.medium(&id).unwrap();
            if info.state == MediumState::Prefix {
                assert!(info.length >= durable.unwrap_or(0));
                let mut back = Vec::new();
                vault.read_medium(&id).unwrap().read_to_end(&mut back).unwrap();
                assert_eq!(back, content(back.len()));
                assert_eq!(back.len() as u64, info.length);
                recorded += 1;
            }
            vault.delete_medium(&id).unwrap();
        }
    }
    assert!(saved > rounds && recorded > 0, "{saved} notes, {recorded} prefixes in {rounds} kills");
}

/// The process that is killed; run only by the tests above.
#[test]
fn child() {
    let Ok(kind) = std::env::var("AMATE_CHILD") else { return };
    let dir = std::env::var("AMATE_DIR").unwrap();
    let mut vault = Vault::open(Path::new(&dir), CODE).unwrap();
    match kind.as_str() {
        "work" => work(&mut vault),
        "full-disk" => fill(&mut vault),
        other => panic!("{other}"),
    }
}

fn work(vault: &mut Vault) {
    let mut writer = vault.begin_medium().unwrap();
    let mut length = 0;
    for round in 0..10_000 {
        note(vault, &format!("nota {round}")).unwrap();
        println!("saved");
        let whole = content(length + 30_011);
        writer.write(&whole[length..]).unwrap();
        writer.make_durable().unwrap();
        length = whole.len();
        println!("durable {length}");
    }
}

fn fill(vault: &mut Vault) {
    note(vault, "antes de que se llenara").unwrap();
    let mut writer = vault.begin_medium().unwrap();
    let end = (0..1_000).find_map(|_| writer.write(&content(65_536)).err());
    println!("{}", end.unwrap());
}

fn run_child(kind: &str, dir: &Path, flags: &[&str]) -> std::process::Output {
    let own = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    let limit = if flags.contains(&"--fsize") { "trap '' XFSZ; ulimit -f 20000;" } else { "" };
    command
        .arg("-c")
        .arg(format!("{limit} exec {} child --exact --nocapture", own.display()))
        .env("AMATE_CHILD", kind)
        .env("AMATE_DIR", dir);
    command.output().unwrap()
}

fn pick(rng: &mut impl CryptoRng, below: usize) -> usize {
    (u64::from_be_bytes(random::bytes(rng)) % below as u64) as usize
}

#[test]
fn search_folds_apostrophes_and_accents() {
    assert_eq!(fold("Tlapa’l ko'ox KAꞋ Mañana"), fold("tlapaʼl koꞌox ka' manana"));
    assert_ne!(fold("kaꞌ"), fold("ka"));
}
