// SPDX-License-Identifier: MPL-2.0
//! The power goes at every write and flush of a recorded life of a store; whatever of it the disk
//! kept, the store opens in the state before or after, whole. Sometimes the power goes again while
//! it is opened.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use amate_vault::{Container, Handle, SpoolEntry, Vault, VaultError};
use sim::{
    crash::Crash,
    disk::{Recording, SimDisk},
    rng::Rng,
    rounds,
};
use world::{
    header::Header,
    keys::{SimKeys, surroundings},
    pair::{CHEAP, DESK, Pair, SMALL},
    sql::{self, Transaction},
    state::{State, is_sound},
    steps::{Kinds, Script, Step},
};

/// A step of the recorded life.
struct Span {
    what: String,
    end: usize,
    /// State before; `None`: there was no store.
    before: Option<State>,
    after: State,
    /// What waits before and after.
    spool: [Vec<SpoolEntry>; 2],
}

struct Life {
    recording: Recording,
    keys: SimKeys,
    spans: Vec<Span>,
}

/// Everything that a store is there for, and some random steps between.
fn script() -> Vec<Step> {
    let one = |statement: &str| {
        Step::Sql(Transaction { statements: vec![statement.to_owned()], fails: false })
    };
    let note = || one("INSERT INTO w_note(topic, text) VALUES(1, 'la puerta')");
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
        INSERT INTO w_note(topic, text) SELECT i % 9, 'lluvia sobre la esquina ' || i FROM n";
    let mut steps = vec![one(sql::SCHEMA), note(), one(many)];
    steps.extend((0..70).map(|_| note()));
    steps.extend([
        Step::Begin,
        Step::More(100_000),
        Step::MakeDurable,
        Step::More(70_000),
        note(),
        Step::More(9_000),
        Step::MakeDurable,
        Step::Finish,
        Step::Record,
        Step::Lock,
        Step::WrongCode,
        Step::Unlock,
        Step::Begin,
        Step::More(5_000),
        Step::Finish,
        Step::Record,
        one("DELETE FROM w_note WHERE id % 3 = 0"),
        Step::Delete(0),
        Step::Grow,
        note(),
        Step::ChangeCode,
        Step::Begin,
        Step::More(400_000),
        Step::Lock,
        Step::More(80_000),
        Step::MakeDurable,
        Step::Finish,
        Step::Unlock,
        Step::Record,
        Step::FullPass,
        note(),
        Step::Begin,
        Step::More(150_000),
        Step::Abandon,
        Step::Lock,
        Step::Unlock,
        Step::Lock,
        Step::FullPass,
        Step::Unlock,
    ]);
    steps.extend(two_recorders());
    steps.extend([
        Step::Spool(0),
        Step::ForgetFails(true),
        Step::Lock,
        Step::Unlock,
        note(),
        Step::ChangeCode,
        Step::Lock,
        Step::ForgetFails(false),
        Step::Unlock,
    ]);
    // Room for what comes by chance.
    steps.extend([Step::Delete(0), Step::Delete(0), Step::Delete(0)]);
    steps
}

/// One goes on while the other ends; something waits in the spool meanwhile.
fn two_recorders() -> [Step; 19] {
    [
        Step::Spool(1),
        Step::Begin,
        Step::More(70_000),
        Step::Swap,
        Step::Begin,
        Step::More(140_000),
        Step::MakeDurable,
        Step::Lock,
        Step::Swap,
        Step::More(5_000),
        Step::MakeDurable,
        Step::Unlock,
        Step::Finish,
        Step::Record,
        Step::Swap,
        Step::More(10_000),
        Step::Finish,
        Step::Record,
        Step::Delete(0),
    ]
}

impl Life {
    /// Each third life is a desk's: one half that grows, and no sets.
    fn record(seed: u64) -> Self {
        let geometry = if seed.is_multiple_of(3) { DESK } else { SMALL };
        let disk = SimDisk::default();
        disk.record();
        let mut pair = Pair::bare(disk.clone(), &geometry, seed).unwrap();
        let created = Span {
            what: "create".into(),
            end: disk.operations(),
            before: None,
            after: pair.state(),
            spool: Default::default(),
        };
        let mut life =
            Self { recording: Recording::default(), keys: pair.keys.clone(), spans: vec![created] };
        for step in script() {
            life.step(&mut pair, &step);
        }
        let kinds = Kinds { kills: false, rare: false, media: 90_000, room: 10 * 65_536 };
        let mut random = Script::after_media(seed, kinds, pair.state().media.0.len());
        for _ in 0..40 {
            let step = random.step();
            life.step(&mut pair, &step);
            random.done(&step);
        }
        life.recording = disk.recording();
        life
    }

    fn step(&mut self, pair: &mut Pair, step: &Step) {
        let (before, spool) = (pair.state(), pair.spool());
        pair.run(step).unwrap_or_else(|error| panic!("{step:?}: {error}"));
        self.spans.push(Span {
            what: format!("{step:.60?}"),
            end: pair.disk.operations(),
            before: Some(before),
            after: pair.state(),
            spool: [spool, pair.spool()],
        });
    }

    /// The step that operation `number` belongs to.
    fn span(&self, number: usize) -> &Span {
        &self.spans[self.spans.partition_point(|span| span.end <= number)]
    }

    fn operations(&self) -> usize {
        self.recording.events.len()
    }
}

/// A phone that was found after a crash.
struct Found<'a> {
    disk: SimDisk,
    keys: SimKeys,
    span: &'a Span,
    seed: u64,
}

impl Found<'_> {
    fn container(&self) -> Result<Container, VaultError> {
        Container::open(surroundings(&self.disk, &self.keys, self.seed))
    }

    /// Opens with the code of the state after, or of the one before; the state is the one that
    /// has this code and is found.
    fn open(&self) -> Result<(Vault, &State), String> {
        let container = self.container().map_err(|error| format!("does not open: {error}"))?;
        let states = [Some(&self.span.after), self.span.before.as_ref()];
        let mut what = String::from("no code opens");
        let mut opened: Option<(Vault, &[u8])> = None;
        for state in states.into_iter().flatten() {
            if opened.is_none() {
                match container.unlock(&state.code) {
                    Ok(vault) => opened = Some((vault, &state.code)),
                    Err(VaultError::CannotOpen) => {}
                    Err(error) => return Err(format!("does not unlock: {error}")),
                }
            }
            let Some((vault, _)) = opened.as_ref().filter(|(_, code)| *code == state.code) else {
                continue;
            };
            match state.matches(vault) {
                Ok(()) => return Ok((opened.take().unwrap().0, state)),
                Err(differs) => what = format!("{what}; {differs}"),
            }
        }
        Err(what)
    }

    /// A crash while a new store was made leaves none, or that one.
    fn none_yet(&self) -> bool {
        self.span.before.is_none() && matches!(self.container(), Err(VaultError::NoVault))
    }

    fn check(&self, rng: &mut Rng) -> Result<(), String> {
        if self.none_yet() {
            let made =
                Container::create(surroundings(&self.disk, &self.keys, 7), b"a", CHEAP, &SMALL);
            return made.map(drop).map_err(|error| format!("cannot be made again: {error}"));
        }
        let old = self.layer_keys();
        self.disk.record();
        self.keys.follow(&self.disk);
        let (mut vault, state) = self.open()?;
        let operations = self.disk.operations();
        if self.keys.used().iter().any(|handle| old.contains(handle)) {
            return Err("a key that opens an older image was not forgotten".into());
        }
        if rng.once_in(8) {
            is_sound(&vault)?;
        }
        self.spool_matches(&vault)?;
        vault
            .write("go on", |tx| tx.execute_batch("CREATE TABLE w_more(a)"))
            .map_err(|error| format!("does not go on: {error}"))?;
        self.other_code_is_refused(vault, state)?;
        if rng.once_in(4) {
            self.check_again(state, operations, rng)
                .map_err(|what| format!("after a second crash: {what}"))?;
        }
        Ok(())
    }

    /// What waits is what waited before or after; what was torn is empty.
    fn spool_matches(&self, vault: &Vault) -> Result<(), String> {
        let waiting = vault.own_spool().unwrap_or_default();
        let [before, after] = &self.span.spool;
        let torn = before != after && waiting.is_empty();
        if torn || waiting == *before || waiting == *after {
            return Ok(());
        }
        Err(format!("{} entries wait, not {} or {}", waiting.len(), before.len(), after.len()))
    }

    fn other_code_is_refused(&self, vault: Vault, state: &State) -> Result<(), String> {
        let container = vault.container().clone();
        vault.lock().map_err(|error| format!("does not lock: {error}"))?;
        let states = [Some(&self.span.after), self.span.before.as_ref()];
        for other in states.into_iter().flatten().filter(|other| other.code != state.code) {
            match container.unlock(&other.code) {
                Err(VaultError::CannotOpen) => {}
                Err(error) => return Err(format!("the other code: {error}")),
                Ok(_) => return Err("two codes open".into()),
            }
        }
        Ok(())
    }

    /// Keys of the device under which a table stands or stood.
    fn layer_keys(&self) -> Vec<Handle> {
        let platter = self.disk.platter();
        let vault = platter.find("vault").map(|file| platter.content(file));
        let headers = [0, 1].map(|copy| vault.and_then(|vault| Header::read(vault, copy)));
        let codes: Vec<Handle> =
            headers.into_iter().flatten().map(|Header { handles: [code, ..], .. }| code).collect();
        self.keys.used().into_iter().filter(|handle| !codes.contains(handle)).collect()
    }

    /// The power goes again while it is opened: what was found once is found again.
    fn check_again(&self, state: &State, operations: usize, rng: &mut Rng) -> Result<(), String> {
        let recording = self.disk.recording();
        let mut replay = recording.replay();
        let number = rng.below(operations + 1);
        replay.go_to(number);
        let crash = *rng.pick(&Crash::ALL);
        let again = Found {
            disk: SimDisk::new(replay.platter.after(crash, rng)),
            keys: self.keys.before(number, rng),
            span: self.span,
            seed: self.seed + 1,
        };
        let checked = again.open().and_then(|(vault, _)| state.matches(&vault));
        checked.map_err(|what| format!("operation {number}, {crash:?}: {what}"))
    }
}

/// Lives stopped before each operation of one parity, each time in another mode; in a soak so many
/// lives that each operation meets each mode.
fn stop_at_every_other(parity: usize) {
    let (mut points, mut wrong) = (0, 0);
    for number in 0..rounds::rounds(1) as u64 {
        let seed = rounds::seed() + number;
        let life = Life::record(seed);
        let mut replay = life.recording.replay();
        for operation in (parity..life.operations()).step_by(2) {
            replay.go_to(operation);
            let crash = Crash::ALL[(operation / 2 + seed as usize) % Crash::ALL.len()];
            let point_seed = seed << 32 | operation as u64;
            let mut rng = Rng::new(point_seed);
            let found = Found {
                disk: SimDisk::new(replay.platter.after(crash, &mut rng)),
                keys: life.keys.before(operation, &mut rng),
                span: life.span(operation),
                seed: point_seed,
            };
            points += 1;
            if let Err(what) = found.check(&mut rng) {
                wrong += 1;
                let step = &found.span.what;
                println!("life {seed}, operation {operation} ({step}), {crash:?}: {what}");
            }
        }
    }
    rounds::counted("crash points", points);
    assert!(points > 400, "{points} points");
    assert_eq!(wrong, 0, "of {points} points");
}

#[test]
fn a_crash_at_any_write_leaves_the_state_before_or_after() {
    stop_at_every_other(0);
}

/// The same for the other half of all operations, so that two processors share them.
#[test]
fn a_crash_at_any_other_write_leaves_the_state_before_or_after() {
    stop_at_every_other(1);
}

/// The process does not die: its disk does. Nothing panics, nothing is reported as done.
#[test]
fn a_store_whose_disk_is_gone_says_so() {
    let operations = Life::record(4).operations();
    let mut rng = Rng::new(rounds::seed());
    for _ in 0..rounds::rounds(30) {
        let disk = SimDisk::default();
        let stop = rng.below(operations);
        disk.stop_at(stop);
        let Ok(mut pair) = Pair::bare(disk.clone(), &SMALL, 4) else { continue };
        for step in script() {
            let gone = disk.has_stopped();
            let done = pair.run(&step);
            // What only fills a buffer may go on; a small medium is saved with the record that follows.
            let silent = matches!(
                step,
                Step::More(_) | Step::Finish | Step::Abandon | Step::Swap | Step::ForgetFails(_)
            );
            assert!(!gone || silent || done.is_err(), "{step:?}, stopped at {stop}");
            if done.is_err() {
                break;
            }
        }
        let found = Found {
            disk: disk.after(Crash::Lost, &mut rng),
            keys: pair.keys.copy(),
            span: &Span {
                what: String::new(),
                end: 0,
                before: None,
                after: pair.state(),
                spool: Default::default(),
            },
            seed: 5,
        };
        let codes = [pair.state().code, pair.next_code()];
        drop(pair);
        let container = found.container().unwrap();
        assert!(codes.iter().any(|code| container.unlock(code).is_ok()), "stopped at {stop}");
    }
}

/// All of what the backup has, or nothing that looks like a vault.
#[test]
fn a_restore_that_is_cut_makes_no_vault_or_all_of_it() {
    let (code, words) = (b"cinco palabras de prueba nada", b"seis palabras");
    let mut from = Pair::create(SimDisk::default(), &SMALL, 3).unwrap();
    let medium = [Step::Begin, Step::More(150_000), Step::Finish, Step::Record];
    medium.iter().for_each(|step| from.run(step).unwrap());
    let mut backup = Vec::new();
    let vault = from.vault.as_ref().unwrap();
    assert!(vault.back_up(words, CHEAP, &mut backup).unwrap().is_empty());
    let (disk, keys) = (SimDisk::default(), SimKeys::default());
    disk.record();
    keys.follow(&disk);
    let around = surroundings(&disk, &keys, 4);
    Container::restore(around, code, CHEAP, &SMALL, words, &backup[..]).unwrap();
    let recording = disk.recording();
    let mut replay = recording.replay();
    let (mut none, mut all) = (0, 0);
    for operation in 0..recording.events.len() {
        replay.go_to(operation);
        let mut rng = Rng::new(operation as u64);
        let crash = Crash::ALL[operation % Crash::ALL.len()];
        let found = SimDisk::new(replay.platter.after(crash, &mut rng));
        let keys = keys.before(operation, &mut rng);
        match Container::open(surroundings(&found, &keys, 5)) {
            Err(VaultError::NoVault) => none += 1,
            container => {
                let vault = container.unwrap().unlock(code).unwrap();
                from.state().matches(&vault).unwrap();
                all += 1;
            }
        }
    }
    assert!(none > 20 && all > 0, "{none}, {all}");
}
