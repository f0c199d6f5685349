// SPDX-License-Identifier: MPL-2.0
//! What a vault keeps of what a person did, over locking, and over a version that knew less.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{io::Cursor, path::Path};

use amate_app::{
    clock::Moment,
    export::{ExportResult, verify_export},
    hand_over::Show,
    problem::Problem,
    session::Session,
    take::Into,
};
use amate_vault::{CELL, CodeCost, Geometry, Vault, VaultError};
use rusqlite::types::ValueRef;

const CODE: &[u8] = b"cinco palabras de prueba nada";
const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
const NOW: u64 = 1_795_516_963;

fn create(home: &Path) -> Session {
    Session::create(home, CODE, CHEAP, "Una persona", NOW).unwrap()
}

#[test]
fn a_time_keeps_the_offset_that_the_device_had() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("v");
    let mut session = create(&home);
    let here = Moment { unix: NOW, offset: Some(-360) };
    session.log("Lo que pasó", None, None, &Into::Last, here).unwrap();
    session.import("acuse.pdf", &mut b"%PDF".as_slice(), &Into::Last, here).unwrap();
    session.capture("toma.jpg", &mut b"sin metadatos".as_slice(), &Into::Last, here).unwrap();
    let recording = session.record("audio/wav", true, &Into::Last, here).unwrap();
    session.finish(recording).unwrap();
    session.log("Sin saber la zona", None, None, &Into::Last, NOW).unwrap();
    drop(session);
    let items = Session::open(&home, CODE).unwrap().items(None).unwrap();
    let times: Vec<Moment> = items.iter().map(|item| item.created).collect();
    assert_eq!(times, [here, here, here, here, Moment::from(NOW)]);
    for item in items {
        let signed = String::from_utf8_lossy(&item.document).into_owned();
        assert!(!signed.contains("06:00"), "no offset goes into what is signed");
    }
}

/// As the version before left it, with what is in it.
fn as_before(home: &Path) {
    let mut vault = Vault::open(home, CODE).unwrap();
    vault
        .write("older version", |tx| {
            tx.execute_batch(
                "DROP INDEX item_recording; DROP INDEX item_medium; DROP INDEX incoming_medium;
                 DROP TABLE words; DROP TABLE searched;
                 DELETE FROM setting WHERE name = 'search-filled';
                 ALTER TABLE item DROP COLUMN created_offset;
                 ALTER TABLE parcel DROP COLUMN created_offset;
                 ALTER TABLE received DROP COLUMN at_offset;
                 ALTER TABLE parcel DROP COLUMN manifest_hash; DROP TABLE kept_custody;
                 DROP TABLE draft; DROP INDEX dossier_about;
                 ALTER TABLE parcel DROP COLUMN consent; ALTER TABLE parcel DROP COLUMN withheld;
                 ALTER TABLE received DROP COLUMN responsible;
                 ALTER TABLE received DROP COLUMN about; ALTER TABLE dossier DROP COLUMN about;
                 PRAGMA user_version = 1;",
            )
        })
        .unwrap();
}

#[test]
fn a_vault_of_the_version_before_opens_with_all_that_it_held() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("v");
    let mut session = create(&home);
    let here = Moment { unix: NOW, offset: Some(-360) };
    session.log("Lo que pasó", None, None, &Into::New("Caso".into()), here).unwrap();
    drop(session);
    as_before(&home);
    let session = Session::open(&home, CODE).unwrap();
    let items = session.items(None).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].created, Moment::from(NOW), "the time stays, its offset is not known");
    assert_eq!(session.find("paso").unwrap().cases.len(), 1);
}

/// Tables that hold these bytes anywhere, of a vault that is locked.
fn tables_with(home: &Path, bytes: &[u8]) -> Vec<String> {
    let vault = Vault::open(home, CODE).unwrap();
    vault
        .read(|db| {
            let tables: Vec<String> = db
                .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let mut with = Vec::new();
            for table in tables {
                let mut statement = db.prepare(&format!("SELECT * FROM {table}"))?;
                let columns = statement.column_count();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let holds = (0..columns).any(|column| match row.get_ref(column) {
                        Ok(ValueRef::Blob(held) | ValueRef::Text(held)) => {
                            held.windows(bytes.len()).any(|some| some == bytes)
                        }
                        _ => false,
                    });
                    if holds {
                        with.push(table.clone());
                    }
                }
            }
            with.dedup();
            Ok(with)
        })
        .unwrap()
}

fn exported(session: &mut Session, case: i64) -> ExportResult {
    let mut out = Vec::new();
    session.hand_over(case, &Show::All, &[], &mut out, NOW).unwrap();
    verify_export(Cursor::new(out)).unwrap()
}

fn delete(session: &mut Session, number: u32) {
    let deletion = session.deletion(1, number).unwrap();
    session.delete(deletion, false).unwrap();
}

#[test]
fn a_deleted_item_is_gone_and_its_case_stays_true() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("v");
    let mut session = create(&home);
    let place = Some("Zzyxomarca");
    session.log("Lo que zzquedito pasó", None, place, &Into::New("Caso".into()), NOW).unwrap();
    session.import("zzacuse.pdf", &mut b"%PDF zzdentro".as_slice(), &Into::Last, NOW).unwrap();
    session.log("Lo que se queda", None, None, &Into::Last, NOW).unwrap();
    let kept = session.items(Some(1)).unwrap()[0].kept.clone().unwrap();
    drop(session);
    assert!(!tables_with(&home, b"Zzyxomarca").is_empty());
    assert!(!tables_with(&home, b"zzdentro").is_empty());
    assert!(!tables_with(&home, &kept).is_empty());
    let mut session = Session::open(&home, CODE).unwrap();
    let said = session.deletion(1, 1).unwrap().consequences();
    assert!(said.iter().any(|message| message.id == "delete-own"));
    delete(&mut session, 1);
    delete(&mut session, 2);
    assert!(matches!(session.deletion(1, 2), Err(Problem::NotFound { what: "item", .. })));
    assert!(session.find("zzquedito").unwrap().cases.is_empty());
    assert!(session.find("zzacuse").unwrap().cases.is_empty());
    let result = exported(&mut session, 1);
    assert!(result.is_intact());
    let case = result.case.unwrap();
    assert_eq!((case.here, case.listed, case.missing), (1, 3, vec![1, 2]));
    let next = session.log("Otra cosa", None, None, &Into::Last, NOW).unwrap();
    assert_eq!((next.dossier, next.number), (1, 4), "a number is not used again");
    drop(session);
    let marks = [b"zzquedito".as_slice(), b"zzyxomarca", b"Zzyxomarca", b"zzacuse", b"zzdentro"];
    for mark in marks.into_iter().chain([kept.as_slice()]) {
        assert_eq!(tables_with(&home, mark), Vec::<String>::new());
    }
    assert_eq!(Vault::open(&home, CODE).unwrap().media().unwrap().len(), 2);
    let mut session = Session::open(&home, CODE).unwrap();
    delete(&mut session, 3);
    delete(&mut session, 4);
    let nothing = exported(&mut session, 1);
    assert!(nothing.is_intact() && nothing.items.is_empty());
    assert_eq!(session.find("caso").unwrap().cases.len(), 1, "the case is still there");
}

#[test]
fn what_is_being_recorded_is_not_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("v");
    let mut session = create(&home);
    let mut recording = session.record("audio/wav", true, &Into::Last, NOW).unwrap();
    recording.push(&[5; 1_000], NOW).unwrap();
    assert!(matches!(session.deletion(1, 1), Err(Problem::StillRecording)));
    session.finish(recording).unwrap();
    delete(&mut session, 1);
    assert!(session.items(None).unwrap().is_empty());
}

/// A vault of a phone, as small as one can be: its records end.
fn create_small(home: &Path) -> Session {
    let small = Geometry::phone(16 << 20, 16 << 20);
    Session::create_with(home, CODE, CHEAP, &small, "Una persona", NOW).unwrap()
}

/// Uses the records up to the last page.
fn fill(home: &Path) {
    let mut vault = Vault::open(home, CODE).unwrap();
    for size in [400_000, 40_000, 4_000, 400] {
        for n in 0.. {
            let filled = vault.write("filler", |tx| {
                let name = format!("filler {size} {n}");
                tx.execute("INSERT INTO setting VALUES(?1, zeroblob(?2))", (name, size))
            });
            match filled {
                Ok(_) => {}
                Err(VaultError::NoSpace) => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn full_records_are_told_and_deleting_makes_room_again() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("v");
    let mut session = create_small(&home);
    let story: String = (0..4_000).map(|n| format!("palabra{n} ")).collect();
    session.log(&story, None, None, &Into::Last, NOW).unwrap();
    assert!(session.storage().unwrap().warnings().is_empty());
    drop(session);
    fill(&home);
    let mut session = Session::open(&home, CODE).unwrap();
    let space = session.storage().unwrap();
    let ids: Vec<_> = space.warnings().iter().map(|message| message.id).collect();
    assert_eq!(ids, ["room-records-full"]);
    let full = session.log(&story, None, None, &Into::Last, NOW);
    assert!(matches!(full, Err(Problem::NoSpace)));
    delete(&mut session, 1);
    let freed = space.records.used - session.storage().unwrap().records.used;
    assert!(freed > 40_000, "{freed}: the text at once; the index shrinks when it next merges");
    session.log("Esto ya cabe", None, None, &Into::Last, NOW).unwrap();
    drop(session);
    let session = Session::open(&home, CODE).unwrap();
    assert_eq!(session.items(None).unwrap().len(), 1);
    assert_eq!(session.find("cabe").unwrap().cases.len(), 1);
}

#[test]
fn a_reserve_that_fills_up_is_told_before_it_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = create(&dir.path().join("v"));
    session.set_reserve(20 * CELL as u64).unwrap();
    let warned = |session: &Session| -> Vec<&str> {
        session.storage().unwrap().warnings().iter().map(|message| message.id).collect()
    };
    for (cells, says) in [(14, None), (2, Some("room-media-nearly")), (4, Some("room-media-full"))]
    {
        // A little of each cell is not content.
        let content = vec![7; cells * (CELL - 64)];
        session.import("a.bin", &mut content.as_slice(), &Into::Last, NOW).unwrap();
        assert_eq!(warned(&session), says.into_iter().collect::<Vec<_>>(), "{cells}");
    }
    delete(&mut session, 1);
    assert!(warned(&session).is_empty());
}
