// SPDX-License-Identifier: MPL-2.0
//! The disk has no room, or fails once, at each operation of each kind of step: the state before
//! is kept and the error says what it is.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use amate_vault::{Container, VaultError};
use sim::{
    crash::Crash,
    disk::{Fault, SimDisk},
    platter::Event,
    rng::Rng,
    rounds,
};
use world::{
    keys::surroundings,
    pair::{Pair, SMALL},
    sql::{self, Transaction},
    steps::Step,
};

const SEED: u64 = 11;

fn one(statement: &str) -> Step {
    Step::Sql(Transaction { statements: vec![statement.to_owned()], fails: false })
}

/// Steps that lead to one, and the one that meets the fault.
fn cases() -> Vec<(Vec<Step>, Step)> {
    let note = || one("INSERT INTO w_note(topic, text) VALUES(1, 'la puerta')");
    let many = one(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO w_note(topic, text) SELECT i % 9, 'lluvia sobre la esquina gris ' || i FROM n",
    );
    let recording = |len| vec![note(), Step::Begin, Step::More(len)];
    let ended = |len| [recording(len), vec![Step::Finish]].concat();
    let whole = |len| [ended(len), vec![Step::Record]].concat();
    let locked = || vec![note(), Step::Lock];
    vec![
        (vec![note()], note()),
        (vec![note()], many),
        ((0..64).map(|_| note()).collect(), note()),
        (vec![note()], Step::Begin),
        (recording(5_000), Step::More(300_000)),
        (recording(70_000), Step::MakeDurable),
        (recording(200_000), Step::Finish),
        (ended(200_000), Step::Record),
        (ended(9_000), Step::Record),
        (whole(200_000), Step::Delete(0)),
        (vec![note()], Step::ChangeCode),
        (vec![note()], Step::FullPass),
        (vec![note()], Step::Grow),
        (vec![note()], Step::Lock),
        (locked(), Step::Unlock),
        (locked(), Step::WrongCode),
        (vec![note(), Step::Kill(Crash::Kept)], Step::Unlock),
    ]
}

/// A store after these steps, its disk counting from here.
fn after(steps: &[Step]) -> Pair {
    let mut pair = Pair::create(SimDisk::default(), &SMALL, SEED).unwrap();
    steps.iter().for_each(|step| pair.run(step).unwrap());
    pair.disk.record();
    pair
}

/// Whether the step was done, and what the fault met.
struct Outcome {
    result: Result<(), VaultError>,
    met: Event,
    pair: Pair,
}

fn with_fault(steps: &[Step], step: &Step, number: usize, fault: Fault) -> Option<Outcome> {
    let mut pair = after(steps);
    pair.disk.fail(number, fault);
    let result = pair.run(step);
    let met = pair.disk.failed()?;
    Some(Outcome { result, met, pair })
}

/// Opens what the process left, and looks for one of the states.
fn holds_one_of(outcome: Outcome, done: &Pair) -> Result<(), String> {
    let Outcome { pair, .. } = outcome;
    let (before, after) = (pair.state(), done.state());
    let codes = [before.code.clone(), pair.next_code()];
    let (disk, keys) = (pair.disk.after(Crash::Kept, &mut Rng::new(1)), pair.keys.copy());
    drop(pair);
    let container = Container::open(surroundings(&disk, &keys, SEED + 1))
        .map_err(|error| format!("does not open: {error}"))?;
    let vault = codes.iter().find_map(|code| container.unlock(code).ok());
    let vault = vault.ok_or("does not unlock")?;
    match before.matches(&vault) {
        Ok(()) => Ok(()),
        Err(what) => after
            .matches(&vault)
            .map_err(|other| format!("neither before ({what}) nor after ({other})")),
    }
}

/// It holds what it held and goes on; or, when the files are in the middle of something, says that
/// it must be opened again, and then does.
fn goes_on(pair: &mut Pair) -> Result<(), String> {
    if pair.vault.is_some() {
        pair.agrees().map_err(|what| format!("at once: {what}"))?;
        match pair.run(&one("PRAGMA user_version = 77")) {
            Ok(()) => return pair.agrees(),
            Err(VaultError::Poisoned) => {}
            Err(error) => return Err(format!("does not go on: {error}")),
        }
        // Nothing can be written any more, so this says so too; it is locked all the same.
        let _ = pair.run(&Step::Lock);
    }
    pair.run(&Step::Unlock).map_err(|error| format!("does not unlock any more: {error}"))?;
    pair.agrees().map_err(|what| format!("unlocked again: {what}"))?;
    pair.run(&one("PRAGMA user_version = 78")).map_err(|error| format!("after all: {error}"))
}

#[test]
fn a_disk_without_room_leaves_the_old_state_and_says_so() {
    let (mut faults, mut wrong) = (0, 0);
    for (steps, step) in cases() {
        let mut done = after(&steps);
        done.run(&step).unwrap();
        for number in 0..done.disk.operations() {
            if !rounds::every(number, done.disk.operations(), 60) {
                continue;
            }
            let Some(mut outcome) = with_fault(&steps, &step, number, Fault::Full) else {
                continue;
            };
            faults += 1;
            let met = named(&outcome.met);
            let mut complain = |what: String| {
                wrong += 1;
                println!("{step:.60?}, no room at {number} ({met}): {what}");
            };
            match &outcome.result {
                // What was not done, or is not known to be done until it is opened again.
                Ok(()) | Err(VaultError::NoSpace | VaultError::Poisoned) => {}
                Err(error) => complain(format!("says {error}")),
            }
            let either = matches!(step, Step::ChangeCode)
                || matches!(outcome.result, Err(VaultError::Poisoned));
            let checked = match &outcome.result {
                Ok(()) => Ok(()),
                Err(_) if either => holds_one_of(outcome, &done),
                Err(_) => goes_on(&mut outcome.pair),
            };
            if let Err(what) = checked {
                complain(what);
            }
        }
    }
    rounds::counted("allocation failures", faults);
    assert_eq!(wrong, 0, "of {faults}");
}

#[test]
fn a_device_that_fails_once_costs_at_most_the_step() {
    let (mut faults, mut wrong) = (0, 0);
    for (steps, step) in cases() {
        let mut done = after(&steps);
        done.run(&step).unwrap();
        for number in 0..done.disk.operations() {
            if !rounds::every(number, done.disk.operations(), 60) {
                continue;
            }
            let Some(mut outcome) = with_fault(&steps, &step, number, Fault::Io) else { continue };
            faults += 1;
            let met = named(&outcome.met);
            let mut complain = |what: String| {
                wrong += 1;
                println!("{step:.60?}, failed at {number} ({met}): {what}");
            };
            // After a failed flush nothing more is said to be saved until it is opened again.
            let flush = matches!(outcome.met, Event::SyncFailed { .. });
            let vault = outcome.pair.vault.as_mut().filter(|_| flush);
            let after = vault
                .map(|vault| vault.write("after", |tx| tx.execute_batch("CREATE TABLE w_more(a)")));
            match after {
                None | Some(Err(VaultError::Poisoned)) => {}
                Some(Err(error)) => complain(format!("after the flush: {error}")),
                Some(Ok(())) => complain("goes on after a failed flush".into()),
            }
            if flush && outcome.result.is_ok() {
                complain("says that all is done".into());
            }
            if let Err(what) = holds_one_of(outcome, &done) {
                complain(what);
            }
        }
    }
    rounds::counted("device failures", faults);
    assert_eq!(wrong, 0, "of {faults}");
}

fn named(event: &Event) -> &'static str {
    match event {
        Event::Create(_) | Event::Rename(..) | Event::SyncNames => "a name",
        Event::Write { .. } => "a write",
        Event::SetLen { .. } => "a length",
        Event::Sync { .. } | Event::SyncFailed { .. } => "a flush",
    }
}

/// After a failed flush the kernel keeps what it did not write, calls it clean, and no later flush
/// writes it. A store that is unlocked again in the same process may not build on that.
#[test]
fn what_was_saved_after_a_failed_flush_survives_the_power() {
    let (mut faults, mut wrong) = (0, 0);
    for (steps, step) in cases() {
        let mut done = after(&steps);
        done.run(&step).unwrap();
        let events = done.disk.recording().events;
        let flush = |(_, event): &(usize, &Event)| matches!(event, Event::Sync { .. });
        let flushes: Vec<usize> = events.iter().enumerate().filter(flush).map(|(n, _)| n).collect();
        for (n, number) in flushes.iter().copied().enumerate() {
            if !rounds::every(n, flushes.len(), 8) {
                continue;
            }
            let Some(mut outcome) = with_fault(&steps, &step, number, Fault::Io) else { continue };
            faults += 1;
            if let Err(what) = saves_again(&mut outcome.pair, &done) {
                wrong += 1;
                println!("{step:.60?}, flush {number} failed: {what}");
            }
        }
    }
    rounds::counted("failed flushes", faults);
    assert_eq!(wrong, 0, "of {faults}");
}

/// Unlocks in the same process, saves something, and loses the power.
fn saves_again(pair: &mut Pair, done: &Pair) -> Result<(), String> {
    let codes = [pair.code.clone(), done.code.clone()];
    if pair.vault.is_some() {
        let _ = pair.run(&Step::Lock);
    }
    let opened = codes.iter().map(|code| (code, pair.container.unlock(code)));
    let opened = opened.into_iter().find_map(|(code, vault)| Some((code, vault.ok()?)));
    let (code, mut vault) = opened.ok_or("does not unlock")?;
    vault
        .write("again", |tx| tx.execute_batch("CREATE TABLE w_more(a)"))
        .map_err(|error| format!("does not save: {error}"))?;
    let saved = vault.read(sql::dump).map_err(|error| format!("cannot be read: {error}"))?;
    let (disk, keys) = (pair.disk.after(Crash::Lost, &mut Rng::new(3)), pair.keys.copy());
    drop(vault);
    let container = Container::open(surroundings(&disk, &keys, SEED + 2))
        .map_err(|error| format!("does not open: {error}"))?;
    let vault = container.unlock(code).map_err(|error| format!("is lost: {error}"))?;
    match vault.read(sql::dump) {
        Ok(found) if found == saved => Ok(()),
        Ok(_) => Err("what was saved is gone".into()),
        Err(error) => Err(format!("is lost: {error}")),
    }
}
