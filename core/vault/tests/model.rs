// SPDX-License-Identifier: MPL-2.0
//! Random lives of a store beside the oracle: records, media, crashes, locks, codes. Whatever was
//! reported as done is there, and nothing else.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use amate_vault::VaultError;
use sim::{disk::SimDisk, rng::Rng, rounds};
use world::{
    pair::{DESK, Pair, SMALL},
    state::is_sound,
    steps::{Kinds, Script, Step},
};

const STEPS: usize = 60;

/// What a life met.
#[derive(Default)]
struct Met {
    steps: usize,
    kills: usize,
    full: usize,
}

fn live(seed: u64) -> Met {
    let mut choices = Rng::new(seed ^ 0x5eed);
    let kinds = Kinds {
        kills: !choices.once_in(4),
        rare: true,
        media: *choices.pick(&[3_000, 30_000, 200_000]),
        room: usize::MAX,
    };
    let geometry = if choices.once_in(4) { DESK } else { SMALL };
    let mut pair = Pair::create(SimDisk::default(), &geometry, seed).unwrap();
    let mut script = Script::new(seed, kinds);
    let mut met = Met::default();
    for number in 0..STEPS {
        let step = script.step();
        let at = || format!("step {number}, {step:.80?}");
        if rounds::only().is_some() {
            println!("{}", at());
        }
        met.steps += 1;
        met.kills += usize::from(matches!(step, Step::Kill(_)));
        match pair.run(&step) {
            Ok(()) => script.done(&step),
            Err(VaultError::NoSpace) => {
                met.full += 1;
                // A writer that found no room is gone.
                if matches!(step, Step::More(_) | Step::MakeDurable | Step::Finish) {
                    script.done(&Step::Abandon);
                }
            }
            Err(error) => panic!("{}: {error}", at()),
        }
        if pair.vault.is_some() && (matches!(step, Step::Unlock) || choices.once_in(6)) {
            pair.agrees().unwrap_or_else(|what| panic!("{}: {what}", at()));
        }
    }
    if pair.vault.is_none() {
        pair.run(&Step::Unlock).unwrap();
    }
    pair.agrees().unwrap();
    let vault = pair.vault.as_ref().unwrap();
    is_sound(vault).unwrap();
    assert!(vault.check().unwrap().is_none(), "nobody damaged it");
    met
}

#[test]
fn a_store_does_what_the_oracle_does() {
    let lives = match rounds::only() {
        Some(seed) => vec![seed],
        None => (0..rounds::rounds(60) as u64).map(|n| rounds::seed() * 1_000_000 + n).collect(),
    };
    let mut met = Met::default();
    let mut failed = Vec::new();
    for seed in &lives {
        match catch_unwind(AssertUnwindSafe(|| live(*seed))) {
            Ok(one) => {
                met.steps += one.steps;
                met.kills += one.kills;
                met.full += one.full;
            }
            Err(_) => failed.push(*seed),
        }
    }
    println!("{} steps, {} crashes, {} refused for want of room", met.steps, met.kills, met.full);
    rounds::counted("model sequences", lives.len());
    assert!(failed.is_empty(), "repeat with AMATE_ONLY: {failed:?}");
    assert!(rounds::only().is_some() || met.kills > lives.len() / 2);
}
