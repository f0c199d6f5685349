// SPDX-License-Identifier: MPL-2.0
//! Looking after a vault at the command line: another code, backups, a phone's fixed size, new keys
//! for every place, damage that is named.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use amate_app::{session::Session, take::Into};
use amate_e2e::actor::{Actor, Answer};
use amate_vault::Vault;
use tempfile::TempDir;

fn vault(dir: &Path, name: &str, size: &[&str]) -> Actor {
    let actor = Actor::new(dir, name).unwrap();
    actor.must(&[&["init", "--name", name, "--cost", "1"], size].concat()).unwrap();
    actor
}

const PHONE: [&str; 5] = ["--phone", "--records", "32", "--reserve", "64"];

/// It failed with these words for a person.
fn kindly(answer: &Answer, says: &str) {
    let all = format!("{}{}", answer.out, answer.err);
    assert_eq!(answer.status.code(), Some(1), "{all}");
    assert!(answer.err.contains(says), "{all}");
    assert!(!all.contains("panicked") && !all.contains("error"), "{all}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn file(dir: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = dir.join(name);
    fs::write(&path, content).unwrap();
    path
}

fn names(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut all: Vec<String> =
        entries.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

#[test]
fn another_code_opens_and_the_old_one_opens_nothing_from_then_on() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno", &PHONE);
    actor.must(&["log", "Un hecho."]).unwrap();
    let short = file(dir.path(), "corto", b"1234\n");
    kindly(&actor.run(&["code", "--new-code-file", text(&short)]).unwrap(), "");
    let new = file(dir.path(), "nuevo", b"otras cinco palabras de prueba\n");
    let said = actor.must(&["code", "--new-code-file", text(&new)]).unwrap();
    assert!(said.contains("ya no abre"), "{said}");
    kindly(&actor.run(&["list"]).unwrap(), "No se abrió");
    fs::copy(&new, dir.path().join("uno.code")).unwrap();
    assert!(actor.must(&["list"]).unwrap().contains("Un hecho"));
    let said = actor.must(&["code", "--generate"]).unwrap();
    let code = said.lines().find_map(|line| line.strip_prefix("Tu código es: ")).unwrap();
    fs::write(dir.path().join("uno.code"), code).unwrap();
    assert!(actor.must(&["list"]).unwrap().contains("Un hecho"));
}

#[test]
fn a_backup_opens_elsewhere_with_its_words_and_in_no_other_way() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno", &[]);
    let video: Vec<u8> = (0..700_000_u32).map(|n| ((n * 7) >> 3) as u8).collect();
    let video_path = file(dir.path(), "video.bin", &video);
    actor.must(&["log", "Un hecho zzunico."]).unwrap();
    actor.must(&["import", text(&video_path)]).unwrap();
    let copy = dir.path().join("respaldo.amate");
    let said = actor.must(&["backup", text(&copy)]).unwrap();
    let words = said.lines().find_map(|line| line.split_once("palabras del respaldo son: "));
    let words = words.unwrap().1.to_owned();
    assert_eq!(words.split(' ').count(), 6, "{said}");
    let sealed = fs::read(&copy).unwrap();
    assert!(!sealed.windows(7).any(|bytes| bytes == b"zzunico"));
    kindly(&actor.run(&["backup", text(&copy)]).unwrap(), "Ya hay un archivo");
    assert_eq!(fs::read(&copy).unwrap(), sealed, "never written over");
    assert!(!names(dir.path()).contains(&"respaldo.amate.part".to_owned()));

    // As somebody types them from paper, who leaves out accents and likes capitals.
    let plain = |c: char| match c.to_lowercase().next().unwrap_or(c) {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        c => c.to_ascii_uppercase(),
    };
    let typed: String = words.chars().map(plain).collect();
    let typed = file(dir.path(), "palabras", typed.as_bytes());
    let restore = |actor: &Actor, file: &Path, words: &Path, size: &[&str]| {
        let words = ["restore", text(file), "--words-file", text(words), "--cost", "1"];
        actor.run(&[&words, size].concat()).unwrap()
    };
    kindly(&restore(&actor, &copy, &typed, &[]), "Aquí ya hay una bóveda");
    let other = Actor::new(dir.path(), "dos").unwrap();
    let wrong = file(dir.path(), "otras", b"abaco abdomen abeja abierto abogado abono");
    kindly(&restore(&other, &copy, &wrong, &[]), "Revisa las seis palabras");
    kindly(&restore(&other, &video_path, &typed, &[]), "no es un respaldo");
    let cut = file(dir.path(), "cortado", &sealed[..sealed.len() - 1_000]);
    kindly(&restore(&other, &cut, &typed, &[]), "cortado o dañado");
    let mut bytes = sealed.clone();
    bytes[sealed.len() / 2] ^= 1;
    let changed = file(dir.path(), "cambiado", &bytes);
    kindly(&restore(&other, &changed, &typed, &PHONE), "cortado o dañado");
    assert_eq!(names(other.home()), Vec::<String>::new(), "nothing half made stays");

    let answer = restore(&other, &copy, &typed, &PHONE);
    assert!(answer.status.success(), "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains("misma llave") && answer.out.contains("sólo para leer"),
        "{}",
        answer.out
    );
    assert!(other.must(&["list"]).unwrap().contains("Un hecho zzunico"));
    let out = dir.path().join("salida");
    other.must(&["view", "--case", "1", "2", text(&out)]).unwrap();
    assert_eq!(fs::read(&out).unwrap(), video);
    let whole = other.must(&["check"]).unwrap();
    assert!(whole.contains("Todo se lee completo: 2 piezas"), "{whole}");
}

#[test]
fn a_backup_that_does_not_fit_makes_nothing() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno", &[]);
    let video = file(dir.path(), "video.bin", &vec![5; 40_000_000]);
    actor.must(&["import", text(&video)]).unwrap();
    let (copy, words) = (dir.path().join("copia"), file(dir.path(), "w", &[b'a'; 30]));
    actor.must(&["backup", text(&copy), "--words-file", text(&words), "--cost", "1"]).unwrap();
    let phone = Actor::new(dir.path(), "dos").unwrap();
    let line = [&["restore", text(&copy), "--words-file", text(&words), "--cost", "1"], &PHONE[..]];
    kindly(&phone.run(&line.concat()).unwrap(), "--reserve");
    assert_eq!(names(phone.home()), Vec::<String>::new());
}

#[test]
fn a_phones_size_is_fixed_and_grows_only_with_a_persons_word() {
    let dir = TempDir::new().unwrap();
    let actor = Actor::new(dir.path(), "uno").unwrap();
    let said = actor.run(&[&["init", "--cost", "1"], &PHONE[..]].concat()).unwrap();
    assert!(said.out.contains("de video") && said.err.contains("dos copias"), "{}", said.err);
    let size = |name: &str| fs::metadata(actor.home().join(name)).unwrap().len();
    let before = (size("vault"), size("reserve"));
    assert_eq!(before.1, 64 << 20);
    let photo = file(dir.path(), "foto.bin", &vec![5; 1_000_000]);
    actor.must(&["import", text(&photo)]).unwrap();
    for n in 0..20 {
        actor.must(&["log", &format!("Hecho {n}.")]).unwrap();
    }
    assert_eq!((size("vault"), size("reserve")), before, "sizes say nothing");
    let answer = actor.run(&["storage", "--reserve", "60"]).unwrap();
    kindly(&answer, "--yes");
    assert!(answer.out.contains("no se puede deshacer"), "{}", answer.out);
    kindly(&actor.run(&["storage", "--reserve", "10", "--yes"]).unwrap(), "sólo puede crecer");
    assert_eq!((size("vault"), size("reserve")), before);
    let said = actor.must(&["storage", "--reserve", "60", "--yes"]).unwrap();
    assert!(said.contains("de 60 MB"), "{said}");
    let grown = size("reserve") - before.1;
    assert!((55_000_000..60_000_000).contains(&grown), "both halves alike: {grown}");
    assert!(actor.must(&["list"]).unwrap().contains("Hecho 19"));
    let answer = actor.run(&["init", "--records", "64"]).unwrap();
    assert_eq!(answer.status.code(), Some(64), "sizes belong to --phone");
}

#[test]
fn refreshing_that_was_stopped_begins_again_and_is_said_when_it_is_due() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno", &["--phone"]);
    let due = || amate_vault::Container::open(amate_vault::Surroundings::software(actor.home()));
    let due = || due().unwrap().full_pass_due().unwrap();
    let video = file(dir.path(), "video.bin", &vec![5; 20_000_000]);
    let said = actor.run(&["import", text(&video)]).unwrap();
    assert!(due() && said.err.contains("amate refresh"), "{}", said.err);
    for command in ["status", "storage"] {
        let said = actor.run(&[command]).unwrap();
        assert!(!said.err.contains("amate refresh"), "{command}: another vault may have caused it");
    }
    let changed = || {
        let meta = fs::metadata(actor.home().join("vault")).unwrap();
        (meta.mtime(), meta.mtime_nsec())
    };
    let before = changed();
    let child = actor.command(&["refresh"]).spawn().unwrap();
    while changed() == before {
        std::thread::park_timeout(Duration::from_millis(2));
    }
    let stop = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(stop.unwrap().success());
    kindly(&child.wait_with_output().unwrap().into(), "Para hacerlo completo");
    assert!(due(), "still");
    let said = actor.must(&["refresh"]).unwrap();
    assert!(said.contains("cada lugar"), "{said}");
    assert!(!due());
    assert!(actor.must(&["check"]).unwrap().contains("Todo se lee completo: 1 pieza"));
}

#[test]
fn a_check_names_what_is_damaged_and_what_can_be_done() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno", &[]);
    let photo = file(dir.path(), "foto.bin", &vec![5; 300_000]);
    actor.must(&["import", text(&photo)]).unwrap();
    actor.must(&["log", "Un hecho."]).unwrap();
    let cells = actor.home().join("reserve");
    let mut bytes = fs::read(&cells).unwrap();
    bytes[3 * 65_536..][..64].fill(0);
    fs::write(&cells, bytes).unwrap();
    let answer = actor.run(&["check"]).unwrap();
    kindly(&answer, "amate restore");
    for says in ["Se leen completas 1 pieza", "Dañada: caso 1, pieza 1 · foto.bin"] {
        assert!(answer.out.contains(says), "{says}: {}", answer.out);
    }
    // What stands before the damage is given, and said to be a part.
    let out = dir.path().join("salida");
    kindly(&actor.run(&["view", "--case", "1", "1", text(&out)]).unwrap(), "desde el principio");
    let part = fs::read(&out).unwrap();
    assert!(part.len() >= 3 * 65_000 && part.iter().all(|byte| *byte == 5), "{}", part.len());
    let copy = dir.path().join("copia");
    let answer = actor.run(&["backup", text(&copy)]).unwrap();
    kindly(&answer, "amate restore");
    assert!(answer.out.contains("Dañada: caso 1, pieza 1 · foto.bin"), "{}", answer.out);
    assert!(copy.exists() && !names(dir.path()).contains(&"copia.part".to_owned()));
    actor.must(&["delete", "1", "--case", "1", "--yes"]).unwrap();
    actor.must(&["backup", text(&dir.path().join("entera"))]).unwrap();
    assert!(actor.must(&["check"]).unwrap().contains("Todo se lee completo: 1 pieza"));
}

/// Each page of the records of a vault is lost, one at a time: whatever a person runs next says so,
/// or nothing that was saved is missing.
#[test]
fn records_that_are_lost_are_said_by_every_command() {
    // Where nothing is flushed to a disk.
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
    let actor = vault(dir.path(), "uno", &[]);
    let code = b"cinco palabras de prueba uno";
    let path = actor.home().join("vault");
    let empty = fs::read(&path).unwrap();
    for n in 0..4 {
        actor.must(&["log", &format!("Hecho {n}. {}", "Más. ".repeat(2_000))]).unwrap();
    }
    // So many pages that a node of their tree names some of them only.
    let mut filled = Vault::open(actor.home(), code).unwrap();
    filled
        .write("filler", |tx| {
            tx.execute("INSERT INTO setting VALUES('filler', zeroblob(700000))", [])
        })
        .unwrap();
    drop(filled);
    let whole = fs::read(&path).unwrap();
    let (mut said, mut shut) = (0, 0);
    for at in (0..whole.len()).step_by(4_096) {
        // Where nothing was written nothing can be lost.
        if empty.get(at..at + 4_096) == Some(&whole[at..at + 4_096]) {
            continue;
        }
        let mut bytes = whole.clone();
        bytes[at..at + 4_096].fill(0);
        fs::write(&path, &bytes).unwrap();
        let Ok(session) = Session::open(actor.home(), code) else {
            shut += 1;
            continue;
        };
        let items = session.items(None);
        let stories = items.map(|items| {
            let told =
                items.iter().filter(|item| session.incident(item).is_ok_and(|one| one.is_some()));
            told.count()
        });
        if session.check().unwrap().is_whole() {
            assert_eq!(stories.unwrap(), 4, "byte {at}");
        }
        if session.notices().is_empty() {
            continue;
        }
        drop(session);
        said += 1;
        if said == 1 {
            fs::write(&path, &bytes).unwrap();
            let answer = actor.run(&["storage"]).unwrap();
            assert!(answer.err.contains("ya no se puede leer"), "{}{}", answer.out, answer.err);
            assert_eq!(answer.err.matches("ya no se puede leer").count(), 1, "once");
            kindly(&actor.run(&["check"]).unwrap(), "Hay daño");
        }
    }
    eprintln!("{said} were said, {shut} opened nothing");
    assert!(said > 0);
}

/// As after a loss of power in which the disk kept the end of a change and not its beginning.
#[test]
fn a_change_that_the_disk_lost_is_said_once_and_the_one_before_is_there() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno", &[]);
    actor.must(&["log", "Un hecho."]).unwrap();
    let code = b"cinco palabras de prueba uno";
    let files = |from: &Path| ["vault", "reserve"].map(|name| fs::read(from.join(name)).unwrap());
    let mut session = Session::open(actor.home(), code).unwrap();
    let [before, _] = files(actor.home());
    session.log("Otro hecho.", None, None, &Into::Last, 1_795_516_963).unwrap();
    // Without locking: as a computer that stopped.
    let [vault, reserve] = files(actor.home());
    drop(session);
    let put = |vault: &[u8]| {
        fs::write(actor.home().join("vault"), vault).unwrap();
        fs::write(actor.home().join("reserve"), &reserve).unwrap();
    };
    let mut dropped = 0;
    for at in (0..vault.len()).step_by(4_096) {
        if before.get(at..at + 4_096) == Some(&vault[at..at + 4_096]) {
            continue;
        }
        let mut bytes = vault.clone();
        bytes[at..at + 4_096].fill(0);
        put(&bytes);
        // A page of an earlier commit: that is damage, and no loss of power.
        let Ok(session) = Session::open(actor.home(), code) else { continue };
        let Ok(items) = session.items(None) else { continue };
        let said = session.notices().iter().any(|one| one.id == "notice-change-dropped");
        assert_eq!(items.len(), if said { 1 } else { 2 }, "byte {at}: gone and not said");
        drop(session);
        if said && dropped == 0 {
            put(&bytes);
            let answer = actor.run(&["list"]).unwrap();
            assert!(answer.err.contains("último cambio"), "{}", answer.err);
            assert!(answer.out.contains("Un hecho") && !answer.out.contains("Otro hecho"));
            assert!(!actor.run(&["list"]).unwrap().err.contains("último cambio"), "once");
        }
        dropped += u32::from(said);
    }
    assert!(dropped > 0);
}
