// SPDX-License-Identifier: MPL-2.0
//! The oracle, tested: what it says is what was done.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::collections::BTreeSet;

use reference::{Reference, Refused, State};
use sim::rng::Rng;
use world::{
    sql,
    steps::{Kinds, Script, Step},
};

const CODE: &[u8] = b"cinco palabras de prueba nada";

fn oracle() -> Reference {
    let mut oracle = Reference::create(CODE);
    oracle.write(|tx| tx.execute_batch(sql::SCHEMA)).unwrap();
    oracle
}

#[test]
fn what_it_committed_is_there_after_it_was_locked() {
    let mut oracle = oracle();
    let mut rng = Rng::new(1);
    let mut dumps = BTreeSet::new();
    for round in 0..120 {
        let before = oracle.read(sql::dump);
        let transaction = sql::transaction(&mut rng);
        let result = oracle.write(|tx| {
            transaction.statements.iter().try_for_each(|statement| tx.execute_batch(statement))
        });
        assert_eq!(result.is_err(), transaction.fails, "round {round}: {result:?}");
        let after = oracle.read(sql::dump);
        assert!(!transaction.fails || after == before, "round {round}");
        oracle.lock();
        assert_eq!(oracle.unlock(b"otra"), Err(Refused::CannotOpen));
        oracle.unlock(CODE).unwrap();
        assert_eq!(oracle.read(sql::dump), after, "round {round}");
        dumps.insert(after);
    }
    assert!(dumps.len() > 80, "{} states", dumps.len());
    assert!(oracle.read(sql::is_sound));
}

#[test]
fn a_changed_code_opens_and_the_old_one_does_not() {
    let mut oracle = oracle();
    oracle.change_code(b"nueva");
    oracle.lock();
    assert_eq!(oracle.unlock(CODE), Err(Refused::CannotOpen));
    oracle.unlock(b"nueva").unwrap();
}

#[test]
fn what_it_cannot_hold_it_refuses_and_keeps_the_rest() {
    let mut oracle = oracle();
    let before = oracle.read(sql::dump);
    let big = oracle.write(|tx| tx.execute_batch("CREATE TABLE w_big AS SELECT zeroblob(5000000)"));
    assert_eq!(big, Err(Refused::NoSpace));
    assert_eq!(oracle.read(sql::dump), before);
}

#[test]
fn a_medium_is_whole_once_it_ended_and_a_prefix_before() {
    let mut oracle = oracle();
    let ids = [[1; 16], [2; 16], [3; 16]];
    for id in &ids {
        oracle.media.begin(*id);
        oracle.media.write(id, b"una voz");
    }
    oracle.media.make_durable(&ids[0]);
    oracle.media.write(&ids[0], b" que sigue");
    oracle.media.finish(&ids[1]);
    oracle.media.finish(&ids[2]);
    oracle.media.record(&ids[2], b"una voz");
    assert_eq!(oracle.media.0[&ids[0]].durable, 7);
    oracle.media.found(&ids[0], 9);
    oracle.media.walk([None; 2]);
    let states: Vec<State> = oracle.media.0.values().map(|medium| medium.state).collect();
    assert_eq!(states, [State::Prefix, State::Whole, State::Whole]);
    assert_eq!(**oracle.media.0[&ids[0]].content, *b"una voz q");
    oracle.media.delete(&ids[0]);
    assert_eq!(oracle.media.0.len(), 2);
}

#[test]
fn scripts_draw_every_kind_of_step_and_are_the_same_for_the_same_seed() {
    let kinds = Kinds { kills: true, rare: true, media: 9_000, room: usize::MAX };
    let draw = |seed| -> Vec<Step> {
        let mut script = Script::new(seed, kinds);
        (0..2_000)
            .map(|_| {
                let step = script.step();
                script.done(&step);
                step
            })
            .collect()
    };
    let kind = |step: &Step| format!("{step:?}").split(['(', ' ']).next().unwrap().to_owned();
    let steps = draw(5);
    let drawn: BTreeSet<String> = steps.iter().map(kind).collect();
    assert_eq!(drawn.len(), 15, "{drawn:?}");
    let again: Vec<String> = draw(5).iter().map(|step| format!("{step:?}")).collect();
    assert_eq!(steps.iter().map(|step| format!("{step:?}")).collect::<Vec<_>>(), again);
}
