// SPDX-License-Identifier: MPL-2.0
//! What one writes to another about a report.

use amate_app::{session::Session, store::inbox::Arrival};

use super::{pair::two, relay::NOW};

#[test]
fn several_messages_go_both_ways_and_each_is_a_line_and_no_report() {
    let mut two = two();
    two.queue("Lo que pasó");
    two.deliver();
    let report = two.collect().pop().unwrap();
    assert_eq!(report.state, Arrival::Arrived);
    let (about, to, from) = (report.parcel, two.to, two.from);
    for (n, text) in (0..).zip(["Ya lo recibimos", "¿Estás bien?", "Escríbenos"]) {
        two.desk.answer(about, from, text, (NOW + n).into()).unwrap();
    }
    two.desk.deliver(&mut two.relay.way(), NOW).unwrap();
    assert_eq!(two.witness.collect(&mut two.relay.way(), NOW).unwrap().arrived.len(), 3);
    for text in ["Gracias", "Sí"] {
        two.witness.answer(about, to, text, (NOW + 9).into()).unwrap();
    }
    two.deliver();
    let received = two.collect();
    assert_eq!(received.iter().filter(|one| one.about.is_none()).count(), 1, "one report");
    let said = |session: &Session, with| -> Vec<(bool, String)> {
        let lines = session.conversation(about, with).unwrap();
        lines.into_iter().map(|line| (line.mine, line.text)).collect()
    };
    let lines = |mine: bool| {
        let [desk, witness] = [mine, !mine];
        [
            (desk, "Ya lo recibimos"),
            (desk, "¿Estás bien?"),
            (desk, "Escríbenos"),
            (witness, "Gracias"),
            (witness, "Sí"),
        ]
        .map(|(mine, text)| (mine, text.to_owned()))
    };
    let sorted = |mut all: Vec<(bool, String)>| {
        all.sort();
        all
    };
    assert_eq!(sorted(said(&two.desk, from)), sorted(lines(true).into()));
    assert_eq!(sorted(said(&two.witness, to)), sorted(lines(false).into()));
    assert_eq!(two.witness.dossiers().unwrap().len(), 1, "messages are no cases");
}

#[test]
fn what_is_written_to_one_says_nothing_of_what_is_written_to_another() {
    let mut two = two();
    two.queue("Lo que pasó");
    two.deliver();
    let about = two.collect().pop().unwrap().parcel;
    two.witness.answer(about, two.to, "A ustedes", NOW.into()).unwrap();
    two.witness.answer(about, two.to, "Otra vez", NOW.into()).unwrap();
    let dossiers: Vec<_> = two.witness.items(None).unwrap().iter().map(|one| one.dossier).collect();
    let mut different = dossiers.clone();
    different.dedup();
    assert_eq!(different, dossiers, "no statement lists two messages");
}
