// SPDX-License-Identifier: MPL-2.0
//! Who documents and who receives, with a relay between them.

use std::thread;

use amate_app::{
    exchange::Ask,
    inbox::Collected,
    outbox::{Order, Round, Withheld},
    problem::Problem,
    session::Session,
    store::inbox::Received,
    take::Into,
};
use amate_vault::CodeCost;
use amate_wire::id::IdentityId;

use super::relay::{NOW, Relay};

const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };

/// Who documents and who receives; each has verified the other.
pub struct Two {
    pub relay: Relay,
    pub witness: Session,
    pub desk: Session,
    pub to: IdentityId,
    pub from: IdentityId,
    pub folder: tempfile::TempDir,
}

pub fn two() -> Two {
    let mut two = strangers();
    two.meet_back();
    two
}

/// The desk has never heard of the witness.
pub fn strangers() -> Two {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::new();
    let make = |name: &str| {
        let dir = folder.path().join(name);
        let mut session = Session::create(&dir, b"a code", CHEAP, "", NOW).unwrap();
        let (way, capability) = (&mut relay.way(), Relay::capability());
        session.add_relay(way, "https://relay.example", None, Some(&capability)).unwrap();
        session
    };
    let (mut witness, mut desk) = (make("witness"), make("desk"));
    meet(&relay, &mut witness, &mut desk, "Recepción");
    let (to, from) = (desk.identity(), witness.identity());
    Two { relay, witness, desk, to, from, folder }
}

/// The first reads the code of the second.
fn meet(relay: &Relay, reader: &mut Session, shown: &mut Session, name: &str) {
    let text = shown.pairing_text(&mut relay.way(), None, NOW).unwrap();
    reader.scan(&mut relay.way(), &text, name, NOW).unwrap();
}

impl Two {
    pub fn meet_back(&mut self) {
        meet(&self.relay, &mut self.desk, &mut self.witness, "Quien documenta");
    }

    /// A record in a case of its own waits for the desk; gives the case.
    pub fn queue(&mut self, story: &str) -> i64 {
        let into = Into::New(String::new());
        let dossier = self.witness.log(story, None, None, &into, NOW).unwrap().dossier;
        self.send_case(dossier);
        dossier
    }

    pub fn send_case(&mut self, dossier: i64) {
        let (withheld, to) = (Withheld::default(), vec![self.to]);
        let order = Order { dossier, numbers: Vec::new(), to, withheld, consent: None };
        self.witness.queue_order(&order, NOW).unwrap();
    }

    pub fn deliver(&mut self) -> Round {
        self.witness.deliver(&mut self.relay.way(), NOW).unwrap()
    }

    /// What reached the desk.
    pub fn collect(&mut self) -> Vec<Received> {
        self.desk.collect(&mut self.relay.way(), NOW).unwrap();
        self.desk.received().unwrap().into_iter().map(|(received, ..)| received).collect()
    }

    /// The witness delivers on another thread; when such a question was done and its answer is on
    /// its way, a person does something.
    pub fn while_asked(&mut self, such: fn(&Ask) -> bool, person: impl FnOnce(&mut Self)) -> Round {
        self.try_while_asked(such, person).unwrap()
    }

    pub fn try_while_asked(
        &mut self,
        such: fn(&Ask) -> bool,
        person: impl FnOnce(&mut Self),
    ) -> Result<Round, Problem> {
        let (mut way, held) = self.relay.held_at(such, 0);
        let mut courier = self.witness.clone();
        let delivering = thread::spawn(move || courier.deliver(&mut way, NOW));
        held.asked.recv().unwrap();
        person(self);
        held.answer.send(()).unwrap();
        delivering.join().unwrap()
    }

    /// The same while the desk collects.
    pub fn while_collected(
        &mut self,
        such: fn(&Ask) -> bool,
        before: usize,
        person: impl FnOnce(&mut Self),
    ) -> Result<Collected, Problem> {
        let (mut way, held) = self.relay.held_at(such, before);
        let mut courier = self.desk.clone();
        let collecting = thread::spawn(move || courier.collect(&mut way, NOW));
        held.asked.recv().unwrap();
        person(self);
        held.answer.send(()).unwrap();
        collecting.join().unwrap()
    }

    /// Deletes the first item of a case, and takes back what waits with it.
    pub fn withdraw(&mut self, dossier: i64) {
        let deletion = self.witness.deletion(dossier, 1).unwrap();
        assert!(deletion.waits());
        self.witness.delete(deletion, true).unwrap();
    }
}
