// SPDX-License-Identifier: MPL-2.0
//! The courier goes round by itself.

use std::sync::{Arc, mpsc};

use amate_app::{clock::Moment, courier::Courier, store::parcels::State};

use super::{
    pair::{Two, two},
    relay::NOW,
};

/// A courier of the witness, and what tells that a round is over.
fn courier(two: &Two) -> (Courier, mpsc::Receiver<()>) {
    let (over, is_over) = mpsc::channel();
    let clock: Arc<dyn Fn() -> Moment + Send + Sync> = Arc::new(|| NOW.into());
    let changed = Arc::new(move || over.send(()).unwrap_or_default());
    (Courier::start(two.witness.clone(), Box::new(two.relay.way()), clock, changed), is_over)
}

#[test]
fn it_delivers_at_once_what_was_queued_when_it_is_nudged() {
    let mut two = two();
    let (courier, round) = courier(&two);
    round.recv().unwrap();
    two.queue("Lo que pasó");
    courier.nudge();
    round.recv().unwrap();
    let sending = two.witness.sendings().unwrap().pop().unwrap();
    assert_eq!(sending.deliveries[0].state, State::AtRelay);
    let status = courier.status();
    assert_eq!((status.waiting, status.problem, status.rounds), (0, None, 2));
    drop(courier);
    assert_eq!(two.collect().len(), 1);
}

#[test]
fn what_waits_for_somebody_blocked_is_no_trouble_on_the_way() {
    let mut two = two();
    two.queue("Lo que pasó");
    two.witness.set_blocked(two.to, true).unwrap();
    let (courier, round) = courier(&two);
    round.recv().unwrap();
    assert_eq!((courier.status().waiting, courier.status().problem), (1, None));
    two.witness.set_blocked(two.to, false).unwrap();
    courier.nudge();
    round.recv().unwrap();
    assert_eq!((courier.status().waiting, courier.status().problem), (0, None));
}
