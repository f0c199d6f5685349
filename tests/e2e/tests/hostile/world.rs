// SPDX-License-Identifier: MPL-2.0
//! Vaults and a real relay in this process, and a carrier between them that lies when told to.

use std::sync::Arc;

use amate_app::{
    driver::{Carrier, Http},
    exchange::{Answer, Ask, NoAnswer, Relay as Address},
    problem::Problem,
    session::Session,
    store::parcels::State,
};
use amate_relay::{
    clock,
    relay::Relay,
    router,
    store::{Disk, Store},
};
use amate_seal::{random, secret::Secret, sign::SigningKey};
use amate_vault::CodeCost;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

/// What may happen to a request: changed before it is sent, answered without asking anybody, or
/// answered otherwise than the relay did.
pub type Lie = Box<
    dyn FnMut(&Ask, &mut dyn FnMut(&Ask) -> Result<Answer, NoAnswer>) -> Result<Answer, NoAnswer>,
>;

pub struct Wire {
    http: Http,
    pub lie: Option<Lie>,
}

impl Wire {
    pub fn honest() -> Self {
        Self { http: Http::new(None).unwrap(), lie: None }
    }

    pub fn lying(
        lie: impl FnMut(
            &Ask,
            &mut dyn FnMut(&Ask) -> Result<Answer, NoAnswer>,
        ) -> Result<Answer, NoAnswer>
        + 'static,
    ) -> Self {
        Self { http: Http::new(None).unwrap(), lie: Some(Box::new(lie)) }
    }
}

impl Carrier for Wire {
    fn ask(&mut self, relay: &Address, ask: &Ask) -> Result<Answer, NoAnswer> {
        let Self { http, lie } = self;
        match lie {
            Some(lie) => lie(ask, &mut |ask| http.ask(relay, ask)),
            None => http.ask(relay, ask),
        }
    }
}

/// A relay on loopback, in this process, with its keys in the test's hands.
pub struct Server {
    pub key: SigningKey,
    pub url: String,
    pub capability: String,
    _runtime: Runtime,
    _dir: TempDir,
}

impl Server {
    pub fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut disk = Disk::open(dir.path()).unwrap();
        disk.load().unwrap();
        disk.records().put_organisation([1; 16], 1 << 30).unwrap();
        let (key, secret) = (SigningKey::random(&mut random::system()), Secret::new([7; 32]));
        let capability = Relay::capability(&secret, [1; 16]).to_text();
        let relay =
            Relay::start(Box::new(disk), key.clone(), secret, clock::system(), None).unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(amate_relay::serve::serve(Arc::clone(&relay), listener, None));
        drop(router(relay));
        Self { key, url, capability, _runtime: runtime, _dir: dir }
    }
}

/// A vault in a folder of its own.
pub struct Person {
    pub session: Session,
    pub dir: TempDir,
}

const CODE: &[u8] = b"cinco palabras de prueba";

impl Person {
    pub fn new(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("vault");
        let cost = CodeCost::STANDARD;
        Self { session: Session::create(&home, CODE, cost, name, now()).unwrap(), dir }
    }

    /// Locks and unlocks, as after a kill.
    pub fn reopened(self) -> Self {
        let Self { session, dir } = self;
        drop(session);
        let session = Session::open(&dir.path().join("vault"), CODE).unwrap();
        Self { session, dir }
    }

    pub fn states(&self) -> Vec<State> {
        let sendings = self.session.sendings().unwrap();
        sendings.iter().flat_map(|one| one.deliveries.iter().map(|one| one.state)).collect()
    }
}

pub fn now() -> u64 {
    amate_app::clock::wall()
}

/// A witness and a desk, paired through one relay.
pub struct Pair {
    pub server: Server,
    pub witness: Person,
    pub desk: Person,
}

impl Pair {
    pub fn new() -> Self {
        let server = Server::start();
        let (mut witness, mut desk) = (Person::new("Una persona"), Person::new("Mesa"));
        let mut wire = Wire::honest();
        desk.session.add_relay(&mut wire, &server.url, None, Some(&server.capability)).unwrap();
        pair(&mut witness, &mut desk, &mut wire);
        Self { server, witness, desk }
    }

    /// The witness tells something and queues it.
    pub fn queue(&mut self, story: &str) {
        let into = amate_app::take::Into::New("Caso".into());
        self.witness.session.log(story, None, None, &into, now()).unwrap();
        let case = self.witness.session.dossiers().unwrap().last().unwrap().id;
        self.witness.session.queue(case, &[], &["Mesa".into()], now()).unwrap();
    }

    pub fn send(&mut self, wire: &mut Wire) -> Option<Problem> {
        self.witness.session.deliver(wire, now()).unwrap().problem
    }

    pub fn collect(&mut self, wire: &mut Wire) -> usize {
        self.desk.session.collect(wire, now()).unwrap().arrived.len()
    }
}

/// Both scan the other's code.
pub fn pair(witness: &mut Person, desk: &mut Person, wire: &mut Wire) {
    let text = desk.session.pairing_text(wire, Some(1), now()).unwrap();
    witness.session.scan(wire, &text, "Mesa", now()).unwrap();
    let text = witness.session.pairing_text(wire, None, now()).unwrap();
    desk.session.scan(wire, &text, "Quien documenta", now()).unwrap();
}
