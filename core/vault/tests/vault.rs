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
use amate_vault::{MediumState, Vault, VaultError, fold};
use tempfile::TempDir;

mod home;

use home::{CHEAP, CODE, MARK, content, create, create_phone, medium, note, notes};

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
