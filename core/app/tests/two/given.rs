// SPDX-License-Identifier: MPL-2.0
//! What a person does while a relay gives something.

use std::thread;

use amate_app::{problem::Problem, session::Session, store::inbox::Arrival, take::Into};

use super::{
    pair::{Two, strangers, two},
    relay::{NOW, gets_block, gets_keys, lists_notices},
};

#[test]
fn nothing_is_taken_in_of_somebody_blocked_while_a_relay_gives() {
    for before in [None, Some(0), Some(1)] {
        let mut two = two();
        two.queue("Lo que pasó");
        two.deliver();
        let from = two.from;
        let such = if before.is_none() { lists_notices } else { gets_block };
        let block = |two: &mut Two| two.desk.set_blocked(from, true).unwrap();
        let collected = two.while_collected(such, before.unwrap_or(0), block).unwrap();
        assert!(collected.arrived.is_empty());
        assert_eq!((collected.waiting, collected.problem.is_some()), (0, false));
        assert!(two.desk.items(None).unwrap().is_empty());
        assert!(two.collect().iter().all(|one| one.state == Arrival::Announced));
        let contacts = two.desk.contacts().unwrap();
        assert!(contacts.iter().any(|one| one.identity == from && one.blocked && one.verified));
        two.desk.set_blocked(from, false).unwrap();
        let announced = usize::from(before.is_some());
        assert_eq!(two.collect().len(), announced, "what was announced comes now");
        assert_eq!(two.desk.items(None).unwrap().len(), announced);
    }
}

#[test]
fn who_is_verified_while_their_parcel_arrives_stays_verified() {
    let mut two = strangers();
    two.queue("Lo que pasó");
    two.deliver();
    two.while_collected(gets_block, 1, Two::meet_back).unwrap();
    let contacts = two.desk.contacts().unwrap();
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0].name, "Quien documenta");
    assert!(contacts[0].verified && !contacts[0].key_set.is_empty());
    assert_eq!(two.desk.items(None).unwrap().len(), 1);
}

#[test]
fn somebody_blocked_while_their_code_is_read_stays_blocked() {
    let mut two = two();
    let text = two.witness.pairing_text(&mut two.relay.way(), None, NOW).unwrap();
    let (mut way, held) = two.relay.held_at(gets_keys, 0);
    let mut scanning = two.desk.clone();
    let scan = thread::spawn(move || scanning.scan(&mut way, &text, "Otro nombre", NOW));
    held.asked.recv().unwrap();
    two.desk.set_blocked(two.from, true).unwrap();
    held.answer.send(()).unwrap();
    assert!(scan.join().unwrap().unwrap().blocked);
    assert!(two.desk.contacts().unwrap()[0].blocked);
    // Read again after that, it is what the person wants.
    two.meet_back();
    assert!(!two.desk.contacts().unwrap()[0].blocked);
}

#[test]
fn locking_while_a_relay_gives_refuses_nothing_and_loses_nothing() {
    for before in 0..2 {
        let mut two = two();
        two.queue("Lo que pasó");
        two.deliver();
        let locked = two.while_collected(gets_block, before, |two| two.desk.lock().unwrap());
        assert!(matches!(locked, Err(Problem::Locked)));
        two.desk = Session::open(&two.folder.path().join("desk"), b"a code").unwrap();
        let came = two.collect();
        assert_eq!(came.len(), 1);
        assert_eq!(came[0].state, Arrival::Arrived);
        assert_eq!(two.desk.items(None).unwrap().len(), 1);
    }
}

#[test]
fn what_is_here_already_takes_no_room_when_it_comes_again() {
    let mut two = two();
    let content = vec![7; 200_000];
    let into = Into::New(String::new());
    let saved = two.witness.import("acuse.pdf", &mut content.as_slice(), &into, NOW).unwrap();
    let mut used = Vec::new();
    for times in 1..=3 {
        two.send_case(saved.dossier);
        two.deliver();
        assert_eq!(two.collect().len(), times);
        assert_eq!(two.desk.items(None).unwrap().len(), 1);
        used.push(two.desk.storage().unwrap().media.used);
    }
    assert_eq!(used[0], used[2], "{used:?}");
}
