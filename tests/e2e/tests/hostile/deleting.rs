// SPDX-License-Identifier: MPL-2.0
//! What deleting does to what was sent and received: nothing of it stays here, what is signed
//! stays true, and nothing else stops.

use amate_app::{
    problem::Problem,
    store::{inbox::Arrival, parcels::State},
    take::Into,
};
use amate_vault::Vault;
use amate_wire::parcel::Entry;

use super::{
    forge::Forger,
    senders::{collected, document, exported, witness_part},
    world::{Pair, Person, Wire, now},
};

const PLACE: &str = "Zzyxomarca";

/// The witness has told two things and queued them.
fn told() -> Pair {
    let mut pair = Pair::new();
    let into = Into::New("Caso".into());
    let session = &mut pair.witness.session;
    session.log("Lo que zzquedito pasó", None, Some(PLACE), &into, now()).unwrap();
    session.log("Lo demás", None, None, &Into::Last, now()).unwrap();
    session.queue(1, &[], &["Mesa".into()], now()).unwrap();
    pair
}

fn delete(person: &mut Person, case: i64, number: u32, withdraw: bool) -> Result<(), Problem> {
    let deletion = person.session.deletion(case, number)?;
    person.session.delete(deletion, withdraw)
}

/// Runs a query over the rows of a vault that is locked meanwhile.
fn rows(person: Person, sql: &str) -> (Person, Vec<Vec<u8>>) {
    let Person { session, dir } = person;
    drop(session);
    let vault = Vault::open(&dir.path().join("vault"), b"cinco palabras de prueba").unwrap();
    let found =
        vault.read(|db| db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()).unwrap();
    drop(vault);
    let session =
        amate_app::session::Session::open(&dir.path().join("vault"), b"cinco palabras de prueba");
    (Person { session: session.unwrap(), dir }, found)
}

const SENT: &str = "SELECT coalesce(manifest, seed) FROM parcel
    UNION ALL SELECT sha256 FROM parcel_item WHERE item IS NOT NULL AND idx = 1
    UNION ALL SELECT bytes FROM index_block";

#[test]
fn what_waits_is_not_deleted_and_what_arrived_leaves_nothing_here() {
    let mut pair = told();
    let waiting = delete(&mut pair.witness, 1, 1, false);
    assert!(matches!(waiting, Err(Problem::StillWaiting)));
    assert_eq!(pair.witness.session.items(None).unwrap().len(), 2, "nothing changed");
    assert!(pair.send(&mut Wire::honest()).is_none());
    delete(&mut pair.witness, 1, 1, false).unwrap();
    let Pair { server, witness, desk } = pair;
    let (witness, left) = rows(witness, SENT);
    assert_eq!(left, [vec![0; 32]], "no manifest, no seed, no hash, no index");
    let mut pair = Pair { server, witness, desk };
    // What was sent still arrives, and its sender still learns that it was opened.
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let report = pair.desk.session.received().unwrap()[0].0.id;
    let opened = pair.desk.session.open_report(&mut Wire::honest(), report, now()).unwrap();
    assert_eq!((opened.items.len(), opened.told), (2, true));
    pair.witness.session.collect(&mut Wire::honest(), now()).unwrap();
    assert_eq!(pair.witness.states(), [State::Opened]);
    // And what is left of the case goes out again.
    pair.witness.session.queue(1, &[], &["Mesa".into()], now()).unwrap();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
}

#[test]
fn what_is_taken_back_does_not_leave_and_the_rest_can_be_sent_anew() {
    let mut pair = told();
    delete(&mut pair.witness, 1, 1, true).unwrap();
    assert_eq!(pair.witness.states(), []);
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(pair.collect(&mut Wire::honest()), 0, "nothing came");
    pair.witness.session.queue(1, &[], &["Mesa".into()], now()).unwrap();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let report = pair.desk.session.received().unwrap()[0].0.id;
    let opened = pair.desk.session.open_report(&mut Wire::honest(), report, now()).unwrap();
    assert_eq!(opened.items.len(), 1);
    assert_eq!(opened.case.statement.items.len(), 2, "the list names the one that is not here");
}

const OWN_ENTRIES: &str = "SELECT id FROM custody WHERE n > 1 ORDER BY n";

#[test]
fn a_received_item_that_comes_again_goes_on_with_its_custody() {
    let mut pair = told();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    assert!(pair.desk.session.find("zzquedito").unwrap().cases.is_empty(), "not opened yet");
    let report = pair.desk.session.received().unwrap()[0].0.id;
    pair.desk.session.open_report(&mut Wire::honest(), report, now()).unwrap();
    assert_eq!(pair.desk.session.find("zzquedito zzyx").unwrap().cases.len(), 1);
    let first = exported(&mut pair, 1);
    delete(&mut pair.desk, 1, 1, false).unwrap();
    delete(&mut pair.desk, 1, 2, false).unwrap();
    assert!(pair.desk.session.find("zzquedito").unwrap().cases.is_empty());
    let again = pair.desk.session.open_report(&mut Wire::honest(), report, now()).unwrap();
    assert!(again.items.is_empty());
    let Pair { server, witness, desk } = pair;
    let (desk, left) = rows(
        desk,
        "SELECT notice FROM received UNION ALL SELECT id FROM custody UNION ALL
         SELECT item FROM searched WHERE item NOT NULL UNION ALL SELECT id FROM media",
    );
    assert_eq!(left, [Vec::<u8>::new()], "only the report, without its seed");
    // The witness sends the same items once more.
    let mut pair = Pair { server, witness, desk };
    pair.witness.session.queue(1, &[], &["Mesa".into()], now()).unwrap();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let report = pair.desk.session.received().unwrap()[1].0.id;
    pair.desk.session.open_report(&mut Wire::honest(), report, now()).unwrap();
    assert_eq!(pair.desk.session.find("zzquedito").unwrap().cases.len(), 1);
    let second = exported(&mut pair, 1);
    for stem in 0.. {
        let name = format!("items/0001/custody/{stem:04}.json");
        let Some(before) = first.get(&name) else { break };
        assert_eq!(second.get(&name), Some(before), "{name}: one chain, no fork");
    }
    let (_, own) = rows(pair.desk, OWN_ENTRIES);
    assert!(own.len() > 2 * 3, "received, opened, exported, then opened and exported again");
}

#[test]
fn a_report_deleted_before_it_was_opened_is_not_opened() {
    let mut pair = told();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let report = pair.desk.session.received().unwrap()[0].0.id;
    delete(&mut pair.desk, 1, 1, false).unwrap();
    delete(&mut pair.desk, 1, 2, false).unwrap();
    let opened = pair.desk.session.open_report(&mut Wire::honest(), report, now());
    assert!(matches!(opened, Err(Problem::Deleted)));
    pair.witness.session.collect(&mut Wire::honest(), now()).unwrap();
    assert_eq!(pair.witness.states(), [State::AtRelay], "nobody is told that it was opened");
}

#[test]
fn ones_own_item_that_was_deleted_and_comes_back_stops_nothing() {
    let mut pair = Pair::new();
    let into = Into::New("Propio".into());
    pair.desk.session.log("Nota de la mesa.", None, None, &into, now()).unwrap();
    pair.desk.session.log("Otra nota.", None, None, &Into::Last, now()).unwrap();
    let item = pair.desk.session.items(None).unwrap()[0].id;
    let files = exported(&mut pair, 1);
    delete(&mut pair.desk, 1, 1, false).unwrap();
    let mut entries = witness_part(&files);
    entries.extend([
        Entry::Case(document(&files, "case")),
        Entry::Manifest(document(&files, "items/0001/manifest")),
        Entry::Facts(item, b"[]".to_vec()),
        Entry::Content { item, first: 1, count: 1 },
    ]);
    Forger::new().send(&pair, entries, &[&files["items/0001/content"]]);
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    assert!(!pair.desk.session.items(None).unwrap()[0].mine, "its key does not come back");
    let text = pair.witness.session.pairing_text(&mut Wire::honest(), None, now()).unwrap();
    pair.desk.session.scan(&mut Wire::honest(), &text, "Quien documenta", now()).unwrap();
    let to = ["Quien documenta".to_owned()];
    assert_eq!(pair.desk.session.queue(1, &[], &to, now()).unwrap().items, 1);
    assert!(exported(&mut pair, 1).contains_key("items/0002/content"));
}
