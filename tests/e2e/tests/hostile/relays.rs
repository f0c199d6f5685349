// SPDX-License-Identifier: MPL-2.0
//! What a relay can do, and what it gets for it.

use std::{cell::RefCell, rc::Rc};

use amate_app::{
    driver::Carrier,
    exchange::{Answer, Ask, NoAnswer, Relay},
    problem::Problem,
    store::{inbox::Arrival, parcels::State},
    witness::LogNote,
};
use amate_seal::{merkle, note};
use amate_wire::{
    id::RelayKey,
    log::{Checkpoint, TlogProof},
    receipt::{Receipt, Stored},
};

use super::world::{Pair, Wire, now};

const STORY: &str = "Preguntaron por mí en la asamblea.";

/// Whatever went wrong, an honest round afterwards brings everything there.
fn arrives_later(mut pair: Pair) {
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(pair.witness.states(), [State::AtRelay]);
    assert_eq!(pair.collect(&mut Wire::honest()), 1);
    let report = pair.desk.session.open_report(&mut Wire::honest(), 1, now()).unwrap();
    assert_eq!(report.items[0].incident.as_ref().unwrap().story, STORY);
}

fn with_queue() -> Pair {
    let mut pair = Pair::new();
    pair.queue(STORY);
    pair
}

#[test]
fn a_relay_that_is_down_loses_nothing() {
    let mut pair = with_queue();
    let mut wire = Wire::lying(|_, _| Err(NoAnswer));
    assert!(matches!(pair.send(&mut wire), Some(Problem::NoAnswer)));
    assert_eq!(pair.witness.states(), [State::Waiting]);
    let Pair { server, witness, desk } = pair;
    arrives_later(Pair { server, witness: witness.reopened(), desk });
}

#[test]
fn a_relay_that_takes_the_call_and_says_nothing_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let relay = Relay { key: RelayKey([7; 32]), url, capability: None };
    let waiting = std::thread::spawn(move || silent.accept().map(|(stream, _)| stream));
    assert_eq!(Wire::honest().ask(&relay, &Ask::Info), Err(NoAnswer));
    drop(waiting.join());
}

#[test]
fn garbage_for_an_answer_is_no_receipt() {
    for status in [200, 201, 204, 301, 404, 409, 500, 503] {
        let mut pair = with_queue();
        let mut wire = Wire::lying(move |ask, real| match ask {
            Ask::Info | Ask::GetKeySet { .. } => real(ask),
            _ => Ok(Answer { status, body: vec![0xaa; 188] }),
        });
        assert!(pair.send(&mut wire).is_some(), "{status}");
        assert_eq!(pair.witness.states(), [State::Waiting], "{status}");
        if status == 200 {
            arrives_later(pair);
        }
    }
}

#[test]
fn garbage_instead_of_the_relays_own_words_is_not_believed() {
    for body in [&b""[..], b"{}", b"[1", b"{\"relay_key\":\"zz\",\"time\":1}", &[0xff; 4000]] {
        let mut pair = with_queue();
        let body = body.to_vec();
        let mut wire = Wire::lying(move |ask, real| match ask {
            Ask::Info => Ok(Answer { status: 200, body: body.clone() }),
            _ => real(ask),
        });
        assert!(matches!(pair.send(&mut wire), Some(Problem::WrongAnswer(_))));
        assert_eq!(pair.witness.states(), [State::Waiting]);
    }
}

#[test]
fn a_receipt_for_another_block_counts_for_nothing() {
    let mut pair = with_queue();
    let key = pair.server.key.clone();
    let mut wire = Wire::lying(move |ask, real| {
        let Ask::PutBlock(_, bytes) = ask else { return real(ask) };
        let receipt = Receipt {
            relay: RelayKey(key.public()),
            stored: Stored::Block,
            hash: [9; 32],
            length: u32::try_from(bytes.len()).unwrap(),
            at: now(),
            until: now() + 100,
        };
        Ok(Answer { status: 201, body: note::sign_receipt(&key, &receipt) })
    });
    assert!(matches!(pair.send(&mut wire), Some(Problem::WrongAnswer("receipt"))));
    assert_eq!(pair.witness.states(), [State::Waiting]);
    arrives_later(pair);
}

#[test]
fn a_receipt_signed_by_another_key_counts_for_nothing() {
    let mut pair = with_queue();
    let mut wire = Wire::lying(|ask, real| {
        let mut answer = real(ask)?;
        if let (Ask::PutBlock(..), Some(byte)) = (ask, answer.body.last_mut()) {
            *byte ^= 1;
        }
        Ok(answer)
    });
    assert!(matches!(pair.send(&mut wire), Some(Problem::WrongAnswer("receipt"))));
    arrives_later(pair);
}

#[test]
fn an_old_receipt_played_again_counts_for_nothing() {
    let mut pair = with_queue();
    let first: Rc<RefCell<Option<Answer>>> = Rc::default();
    let kept = first.clone();
    let mut wire = Wire::lying(move |ask, real| {
        let Ask::PutBlock(..) = ask else { return real(ask) };
        if let Some(old) = kept.borrow().clone() {
            return Ok(old);
        }
        let answer = real(ask)?;
        *kept.borrow_mut() = Some(answer.clone());
        Ok(answer)
    });
    assert!(matches!(pair.send(&mut wire), Some(Problem::WrongAnswer("receipt"))));
    assert_eq!(pair.witness.states(), [State::Left], "one block is there, no more");
    arrives_later(pair);
}

#[test]
fn without_its_log_a_relay_is_not_said_to_have_it() {
    let mut pair = with_queue();
    let mut wire = Wire::lying(|ask, real| match ask {
        Ask::PostLeaf(_) => Ok(Answer { status: 503, body: Vec::new() }),
        _ => real(ask),
    });
    assert!(pair.send(&mut wire).is_some());
    assert_eq!(pair.witness.states(), [State::Left]);
    arrives_later(pair);
}

/// Signs a log of its own making for the leaf that is asked for.
fn forked_proof(key: &amate_seal::sign::SigningKey, leaf: [u8; 32], size: u64) -> Answer {
    let relay = RelayKey(key.public());
    let mut tree = merkle::Tree::default();
    for other in 1..size {
        tree.push(merkle::leaf_hash(&[u8::try_from(other).unwrap(); 32]));
    }
    tree.push(merkle::leaf_hash(&leaf));
    let origin = note::origin(&relay, 0);
    let checkpoint = Checkpoint { origin, size, root: tree.root(size).unwrap() };
    let path = tree.inclusion(size - 1, size).unwrap();
    let checkpoint = note::sign_checkpoint(key, checkpoint, now());
    let proof = TlogProof { index: size - 1, path, checkpoint };
    Answer { status: 201, body: proof.to_text().into_bytes() }
}

/// A queue of two, of which one is delivered; then the relay shows this log of another making.
fn forked(size: u64) -> (Pair, Option<Problem>) {
    let mut pair = with_queue();
    assert!(pair.send(&mut Wire::honest()).is_none());
    pair.queue("Volvieron.");
    let key = pair.server.key.clone();
    let mut wire = Wire::lying(move |ask, real| match ask {
        Ask::PostLeaf(leaf) => Ok(forked_proof(&key, *leaf, size)),
        _ => real(ask),
    });
    let problem = pair.send(&mut wire);
    (pair, problem)
}

fn notes(pair: &Pair) -> Vec<LogNote> {
    let relay = pair.witness.session.relays().unwrap().remove(0);
    pair.witness.session.log_notes(relay.key).unwrap()
}

#[test]
fn a_relay_that_signs_two_logs_is_never_believed_again() {
    let (mut pair, problem) = forked(1);
    assert!(matches!(problem, Some(Problem::Forked)), "{problem:?}");
    assert_eq!(notes(&pair), [LogNote::Forked]);
    let problem = pair.send(&mut Wire::honest());
    let refused = matches!(problem, Some(Problem::NoCommonRelay | Problem::Forked));
    assert!(refused, "nothing goes there any more: {problem:?}");
    assert_eq!(pair.witness.states(), [State::AtRelay, State::Waiting]);
}

#[test]
fn a_log_that_is_not_shown_to_continue_is_not_believed_until_it_is() {
    for size in [2, 5] {
        let (mut pair, problem) = forked(size);
        assert!(matches!(problem, Some(Problem::NotConsistent)), "size {size}: {problem:?}");
        assert_eq!(notes(&pair), [LogNote::Unproven]);
        assert_eq!(pair.witness.states(), [State::AtRelay, State::Waiting]);
        assert!(pair.send(&mut Wire::honest()).is_none(), "its true log is still believed");
        assert_eq!(notes(&pair), []);
        assert_eq!(pair.witness.states(), [State::AtRelay, State::AtRelay]);
    }
}

#[test]
fn garbage_under_a_true_blocks_id_is_noticed_and_the_true_block_still_arrives() {
    let mut pair = with_queue();
    assert!(pair.send(&mut Wire::honest()).is_none());
    let mut wire = Wire::lying(|ask, real| match ask {
        Ask::GetBlock(_) => Ok(Answer { status: 200, body: vec![1; 4096] }),
        _ => real(ask),
    });
    assert_eq!(pair.collect(&mut wire), 0);
    let Pair { server, witness, desk } = pair;
    let mut pair = Pair { server, witness, desk: desk.reopened() };
    assert_eq!(pair.collect(&mut Wire::honest()), 1, "it still waits, and arrives");
}

#[test]
fn swapped_keys_are_never_sealed_to() {
    let mut pair = with_queue();
    let other = Pair::new();
    let theirs = other.desk.session.contacts().unwrap()[0].key_set.clone();
    let mut wire = Wire::lying(move |ask, real| match ask {
        Ask::GetKeySet { .. } => Ok(Answer { status: 200, body: theirs.clone() }),
        _ => real(ask),
    });
    pair.send(&mut wire);
    assert_eq!(pair.collect(&mut Wire::honest()), 1, "sealed to the keys that were verified");
}

#[test]
fn a_notice_that_is_played_again_arrives_once() {
    let mut pair = with_queue();
    assert!(pair.send(&mut Wire::honest()).is_none());
    let mut wire = Wire::lying(|ask, real| {
        let mut answer = real(ask)?;
        if let (Ask::ListNotices { .. }, false) = (ask, answer.body.is_empty()) {
            let mut again = answer.body.clone();
            let number = u64::from_be_bytes(again[..8].try_into().unwrap()) + 50;
            again.truncate(8 + 4096);
            again[..8].copy_from_slice(&number.to_be_bytes());
            answer.body.extend(again);
        }
        Ok(answer)
    });
    assert_eq!(pair.collect(&mut wire), 1);
    assert_eq!(pair.desk.session.received().unwrap().len(), 1);
}

#[test]
fn a_notice_in_another_mailbox_is_nothing_there() {
    let mut pair = with_queue();
    let kept: Rc<RefCell<Vec<u8>>> = Rc::default();
    let keep = kept.clone();
    let mut wire = Wire::lying(move |ask, real| {
        if let Ask::PostNotice(_, bytes) = ask {
            keep.borrow_mut().clone_from(bytes);
        }
        real(ask)
    });
    assert!(pair.send(&mut wire).is_none());
    let body = [&9_u64.to_be_bytes()[..], &kept.borrow()].concat();
    let mut wire = Wire::lying(move |ask, real| match ask {
        Ask::ListNotices { after: 0, .. } => Ok(Answer { status: 200, body: body.clone() }),
        _ => real(ask),
    });
    let mut stranger = Pair::new();
    assert_eq!(stranger.collect(&mut wire), 0);
    assert!(stranger.desk.session.received().unwrap().is_empty());
}

#[test]
fn a_relay_with_a_wrong_clock_does_not_make_notices_expire() {
    let mut pair = with_queue();
    let key = pair.server.key.clone();
    let mut wire = Wire::lying(move |ask, real| {
        let Ask::PutBlock(_, bytes) = ask else { return real(ask) };
        let receipt = Receipt {
            relay: RelayKey(key.public()),
            stored: Stored::Block,
            hash: amate_seal::hash::sha256(bytes),
            length: u32::try_from(bytes.len()).unwrap(),
            at: 9_000_000_000,
            until: 9_900_000_000,
        };
        real(ask)?;
        Ok(Answer { status: 201, body: note::sign_receipt(&key, &receipt) })
    });
    assert!(pair.send(&mut wire).is_none());
    assert!(pair.witness.session.witnessed(now()).unwrap() < now() + 2 * 86_400);
    assert_eq!(pair.collect(&mut Wire::honest()), 1);
}

#[test]
fn clocks_at_2017_and_at_2040_lose_nothing() {
    for clock in [1_490_000_000, 2_220_000_000] {
        let mut pair = with_queue();
        let round = pair.witness.session.deliver(&mut Wire::honest(), clock).unwrap();
        assert!(round.problem.is_none(), "{clock}: {:?}", round.problem);
        assert_eq!(pair.desk.session.collect(&mut Wire::honest(), clock).unwrap().arrived.len(), 1);
    }
}

#[test]
fn old_keys_are_used_and_told() {
    let mut pair = with_queue();
    // The desk is not seen for a year: its weekly keys are past their weeks.
    let year = 365 * 86_400;
    let mut wire = Wire::honest();
    let later = now() + year;
    let key = pair.server.key.clone();
    let mut lie = Wire::lying(move |ask, real| {
        let Ask::PutBlock(_, bytes) = ask else { return real(ask) };
        let receipt = Receipt {
            relay: RelayKey(key.public()),
            stored: Stored::Block,
            hash: amate_seal::hash::sha256(bytes),
            length: u32::try_from(bytes.len()).unwrap(),
            at: later,
            until: later + 100,
        };
        real(ask)?;
        Ok(Answer { status: 201, body: note::sign_receipt(&key, &receipt) })
    });
    let round = pair.witness.session.deliver(&mut lie, later).unwrap();
    assert_eq!(round.stale, ["Mesa"], "the person is told that the keys are old");
    assert_eq!(pair.desk.session.collect(&mut wire, now()).unwrap().arrived.len(), 1);
}

#[test]
fn every_kind_of_foreign_answer_is_survived() {
    let bodies: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0; 1],
        vec![0xff; 188],
        vec![b'a'; 40_000],
        b"amate-relay/0000000000000000/0\n1\nAAAA\n".to_vec(),
        b"c2sp.org/tlog-proof@v1\nindex 0\n\n".to_vec(),
    ];
    let mut pair = with_queue();
    for which in 0..8 {
        pair.queue("Otra vez.");
        for (body, status) in bodies.iter().zip([200, 201, 404, 200, 200, 201]) {
            let answer = Answer { status, body: body.clone() };
            let lie = move |ask: &Ask, real: &mut dyn FnMut(&Ask) -> Result<Answer, NoAnswer>| {
                let hit = matches!(
                    (which, ask),
                    (0, Ask::Info)
                        | (1, Ask::PutBlock(..))
                        | (2, Ask::GetBlock(_))
                        | (3, Ask::PostNotice(..))
                        | (4, Ask::ListNotices { .. })
                        | (5, Ask::GetKeySet { .. })
                        | (6, Ask::PostLeaf(_))
                        | (7, Ask::Consistency { .. })
                );
                if hit { Ok(answer.clone()) } else { real(ask) }
            };
            pair.send(&mut Wire::lying(lie.clone()));
            pair.collect(&mut Wire::lying(lie));
        }
    }
    let count = pair.witness.session.sendings().unwrap().len();
    assert!(pair.send(&mut Wire::honest()).is_none());
    pair.collect(&mut Wire::honest());
    let received = pair.desk.session.received().unwrap();
    assert_eq!(received.len(), count, "all are announced in the end");
    assert!(received.iter().all(|one| one.0.state == Arrival::Arrived), "and all arrived");
}
