// SPDX-License-Identifier: MPL-2.0
//! Delivers and collects while a session is open, on a thread of its own. What it does is durable
//! step by step; locking stops it in the middle of any question to a relay.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{
    clock::Moment,
    driver::{Carrier, Stopper},
    problem::Problem,
    session::Session,
    text::Message,
};

/// The thread, and what it last found.
pub struct Courier {
    shared: Arc<Shared>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

/// What the courier found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourierStatus {
    /// It is asking relays now.
    pub busy: bool,
    /// Deliveries that wait.
    pub waiting: usize,
    /// What stood in the way of the last round.
    pub problem: Option<Message>,
    /// Contacts whose published keys are old.
    pub stale: Vec<String>,
    /// Rounds so far.
    pub rounds: u64,
}

/// What the two threads tell each other.
#[derive(Default)]
struct Shared {
    status: Mutex<CourierStatus>,
    order: Mutex<Order>,
    ordered: Condvar,
}

#[derive(Default)]
struct Order {
    now: bool,
    stop: bool,
}

/// Between two rounds when nothing waits.
const IDLE: Duration = Duration::from_secs(20);
/// After a round that something stood in the way of; doubled each time.
const SOON: Duration = Duration::from_secs(5);
/// At most, while nothing answers.
const LONGEST: Duration = Duration::from_secs(120);

impl Courier {
    /// Starts. `changed` is called after each round.
    #[must_use]
    pub fn start(
        session: Session,
        carrier: Box<dyn Carrier + Send>,
        now: Arc<dyn Fn() -> Moment + Send + Sync>,
        changed: Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        let shared = Arc::new(Shared::default());
        let stopper = carrier.stopper();
        session.stop_when_locked(stopper.clone());
        let there = shared.clone();
        let thread = thread::spawn(move || run(session, carrier, &there, &*now, &*changed));
        Self { shared, stopper, thread: Some(thread) }
    }

    /// A round now, or right after the one that is going on.
    pub fn nudge(&self) {
        self.shared.order().now = true;
        self.shared.ordered.notify_all();
    }

    /// What it last found.
    #[must_use]
    pub fn status(&self) -> CourierStatus {
        self.shared.status().clone()
    }
}

/// Stops, in the middle of a question if need be, and waits until nothing of the session is held
/// there any more.
impl Drop for Courier {
    fn drop(&mut self) {
        self.shared.order().stop = true;
        self.stopper.stop();
        self.shared.ordered.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that died has nothing left to stop.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn status(&self) -> MutexGuard<'_, CourierStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until something is asked for. `false` at the end.
    fn wait(&self, pause: Duration) -> bool {
        let order = self.order();
        let (mut order, _) = self
            .ordered
            .wait_timeout_while(order, pause, |order| !order.now && !order.stop)
            .unwrap_or_else(PoisonError::into_inner);
        order.now = false;
        !order.stop
    }
}

fn run(
    mut session: Session,
    mut carrier: Box<dyn Carrier + Send>,
    shared: &Shared,
    clock: &dyn Fn() -> Moment,
    changed: &dyn Fn(),
) {
    let mut pause = SOON;
    loop {
        shared.status().busy = true;
        let Some(found) = round(&mut session, &mut *carrier, clock()) else { return };
        let stuck = found.problem.is_some();
        let rest = if stuck { pause } else { IDLE };
        pause = if stuck { (pause * 2).min(LONGEST) } else { SOON };
        {
            let mut status = shared.status();
            let rounds = status.rounds + 1;
            *status = CourierStatus { rounds, ..found };
        }
        changed();
        if !shared.wait(rest) {
            return;
        }
    }
}

/// Delivers, then collects. `None` once the session is locked.
fn round(session: &mut Session, carrier: &mut dyn Carrier, now: Moment) -> Option<CourierStatus> {
    let mut status = CourierStatus::default();
    match session.deliver(carrier, now.unix) {
        Ok(round) => {
            status.waiting = round.waiting;
            status.stale = round.stale;
            // That somebody is blocked stands beside what waits for them, and delays nothing else.
            let problem = round.problem.filter(|problem| !matches!(problem, Problem::Blocked));
            status.problem = problem.map(|problem| problem.on_screen());
        }
        Err(Problem::Locked) => return None,
        Err(problem) => status.problem = Some(problem.on_screen()),
    }
    match session.collect(carrier, now) {
        Ok(collected) => {
            if let Some(problem) = collected.problem {
                status.problem = Some(problem.on_screen());
            }
        }
        Err(Problem::Locked) => return None,
        Err(problem) => status.problem = Some(problem.on_screen()),
    }
    Some(status)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use amate_vault::CodeCost;
    use amate_wire::id::RelayKey;

    use super::*;
    use crate::{
        exchange::{Answer, Ask, NoAnswer, Relay},
        store::people,
        take::Into,
    };

    const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };
    const NOW: u64 = 1_795_516_963;

    /// A relay that never answers; says when it is asked.
    struct Silent {
        asked: mpsc::Sender<()>,
        stopper: Stopper,
    }

    impl Carrier for Silent {
        fn ask(&mut self, _: &Relay, _: &Ask) -> Result<Answer, NoAnswer> {
            let _ = self.asked.send(());
            while !self.stopper.is_stopped() {
                thread::park_timeout(Duration::from_millis(5));
            }
            Err(NoAnswer)
        }

        fn stopper(&self) -> Stopper {
            self.stopper.clone()
        }
    }

    #[test]
    fn screens_go_on_while_a_relay_is_silent_and_locking_ends_the_question() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("v");
        let mut session = Session::create(&home, b"a code", CHEAP, "", NOW).unwrap();
        let relay =
            Relay { key: RelayKey([1; 32]), url: "http://127.0.0.1:1".into(), capability: None };
        session.vault.write("test", |tx| people::put_relay(tx, &relay)).unwrap();
        let (asked, is_asked) = mpsc::channel();
        let carrier = Silent { asked, stopper: Stopper::default() };
        let now: Arc<dyn Fn() -> Moment + Send + Sync> = Arc::new(|| Moment::from(NOW));
        let courier = Courier::start(session.clone(), Box::new(carrier), now, Arc::new(|| {}));
        is_asked.recv().unwrap();
        // The courier hangs in the middle of a round: everything else works.
        session.log("Lo que pasó", None, None, &Into::Last, NOW).unwrap();
        assert_eq!(session.items(None).unwrap().len(), 1);
        assert!(courier.status().busy);
        drop(courier);
        let other = session.clone();
        session.lock().unwrap();
        assert!(matches!(other.items(None), Err(Problem::Locked)));
        assert!(other.keys().is_err(), "the keys of who it is are gone");
        assert!(matches!(session.log("Más", None, None, &Into::Last, NOW), Err(Problem::Locked)));
        drop((session, other));
        assert_eq!(Session::open(&home, b"a code").unwrap().items(None).unwrap().len(), 1);
    }
}
