// SPDX-License-Identifier: MPL-2.0
//! What a person does while a relay is asked to take something.

use amate_app::{
    problem::Problem,
    session::Session,
    store::{inbox::Arrival, parcels::State},
    take::Into,
};

use super::{
    pair::two,
    relay::{NOW, gets_keys, posts_leaf, posts_notice, puts_block},
};

#[test]
fn a_person_goes_on_writing_while_a_relay_is_asked() {
    let mut two = two();
    two.queue("Lo que pasó");
    let round = two.while_asked(puts_block, |two| {
        two.witness.log("Otra cosa", None, None, &Into::Last, NOW).unwrap();
        assert_eq!(two.witness.items(None).unwrap().len(), 2);
    });
    assert_eq!((round.waiting, round.problem.is_some()), (0, false));
    assert_eq!(two.collect().len(), 1);
}

#[test]
fn what_is_deleted_while_a_relay_is_asked_does_not_come_back() {
    for such in [gets_keys, posts_leaf, puts_block] {
        let mut two = two();
        let dossier = two.queue("Lo que pasó");
        let round = two.while_asked(such, |two| two.withdraw(dossier));
        let problem = round.problem.map(|problem| problem.to_string());
        assert_eq!((round.waiting, problem), (0, None), "it was taken back: nothing is wrong");
        assert!(two.relay.blocks() <= 1, "no further block leaves");
        assert_eq!(two.relay.notices(), 0);
        assert!(two.witness.items(None).unwrap().is_empty());
        assert!(two.witness.sendings().unwrap().is_empty());
        let round = two.deliver();
        assert_eq!((round.waiting, round.problem.is_some()), (0, false));
        assert!(two.collect().is_empty());
        // Nothing that only it was kept for: no salt, no receipt, no block of an index.
        let again = two.queue("Otra cosa");
        two.deliver();
        assert_eq!(two.collect().len(), 1);
        assert_eq!(two.witness.items(Some(again)).unwrap().len(), 1);
    }
}

#[test]
fn what_is_deleted_while_its_notice_is_posted_has_left_and_is_gone_here() {
    let mut two = two();
    let dossier = two.queue("Lo que pasó");
    let round = two.while_asked(posts_notice, |two| two.withdraw(dossier));
    assert_eq!((round.waiting, round.problem.is_some()), (0, false));
    assert!(two.witness.items(None).unwrap().is_empty());
    assert!(two.witness.sendings().unwrap().is_empty());
    assert_eq!(two.collect().len(), 1, "nobody can call back what a relay has announced");
}

#[test]
fn nothing_more_goes_to_somebody_blocked_while_a_relay_is_asked() {
    for such in [gets_keys, posts_leaf, puts_block] {
        let mut two = two();
        two.queue("Lo que pasó");
        let to = two.to;
        two.while_asked(such, |two| two.witness.set_blocked(to, true).unwrap());
        let contacts = two.witness.contacts().unwrap();
        assert!(contacts.iter().any(|one| one.identity == to && one.blocked), "it stays");
        assert!(two.relay.blocks() <= 1);
        assert_eq!(two.relay.notices(), 0);
        assert!(two.collect().is_empty());
        // Unblocked, it goes on where it stood.
        two.witness.set_blocked(to, false).unwrap();
        two.deliver();
        assert_eq!(two.collect().len(), 1);
        let sending = two.witness.sendings().unwrap().pop().unwrap();
        assert_eq!(sending.deliveries[0].state, State::AtRelay);
    }
}

#[test]
fn locking_while_a_relay_is_asked_ends_the_round_and_loses_nothing() {
    for such in [gets_keys, posts_leaf, puts_block, posts_notice] {
        let mut two = two();
        two.queue("Lo que pasó");
        let round = two.try_while_asked(such, |two| two.witness.lock().unwrap());
        assert!(matches!(round, Err(Problem::Locked)));
        assert!(matches!(two.witness.items(None), Err(Problem::Locked)));
        let home = two.folder.path().join("witness");
        two.witness = Session::open(&home, b"a code").unwrap();
        two.deliver();
        let came = two.collect();
        assert_eq!(came.len(), 1);
        assert_eq!(came[0].state, Arrival::Arrived);
    }
}
