// SPDX-License-Identifier: MPL-2.0
//! What a vault keeps of what a person did, over locking, and over a version that knew less.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops where it fails")]

use std::path::Path;

use amate_app::{clock::Moment, session::Session, take::Into};
use amate_vault::{CodeCost, Vault};

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
                "DROP TABLE words; DROP TABLE searched;
                 DELETE FROM setting WHERE name = 'search-filled';
                 ALTER TABLE item DROP COLUMN created_offset;
                 ALTER TABLE parcel DROP COLUMN created_offset;
                 ALTER TABLE received DROP COLUMN at_offset;
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
