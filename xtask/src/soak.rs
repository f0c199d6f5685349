// SPDX-License-Identifier: MPL-2.0
//! The long forms of the sealed store's tests: rounds with ever new seeds, until the time is up.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use crate::run::{Failed, cargo, now, run, say};

/// Tests of core/vault that take seeds, and how many times more than in CI one round repeats them.
const TESTS: [(&str, u32); 7] = [
    ("crash", 3),
    ("model", 15),
    ("space", 1),
    ("damage", 4),
    ("images", 3),
    ("second", 2),
    ("doors", 3),
];
/// Processes that one round kills.
const KILLS: usize = 100;

/// What was tried and what failed.
#[derive(Default)]
struct Tally {
    counted: BTreeMap<String, u64>,
    failed: Vec<String>,
}

/// Repeats until so many minutes are over, and ends with a table.
pub(crate) fn vault(minutes: &str, seed: Option<&str>) -> Result<(), Failed> {
    let minutes: u64 = number("minutes", minutes)?;
    let first = match seed {
        Some(seed) => number("seed", seed)?,
        // Any that was not tried before; below what tests multiply it with.
        None => RandomState::new().hash_one(minutes) % 1_000_000_000,
    };
    run(test(&["--no-run", "--quiet"]))?;
    let start = now();
    let mut tally = Tally::default();
    for round in 0.. {
        for (name, times) in TESTS {
            tally.round(name, first + round, &[("AMATE_SOAK", times.to_string())])?;
        }
        let kills = [("AMATE_KILLS", KILLS.to_string())];
        if tally.round("vault", first + round, &kills)? {
            tally.count("processes killed", KILLS as u64);
        }
        if start.elapsed() >= Duration::from_secs(minutes * 60) {
            tally.count("rounds", round + 1);
            break;
        }
    }
    tally.table(first)
}

impl Tally {
    /// Runs one test; whether it passed.
    fn round(&mut self, name: &str, seed: u64, more: &[(&str, String)]) -> Result<bool, Failed> {
        let mut command = test(&["--quiet", "--test", name, "--", "--nocapture"]);
        command.env("AMATE_SEED", seed.to_string()).envs(more.iter().map(|(k, v)| (k, v)));
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        // A quiet test writes its dots into the same line.
        for (_, line) in said.lines().filter_map(|line| line.split_once("counted ")) {
            if let Some((number, what)) = line.split_once(' ') {
                self.count(what, number.parse().unwrap_or(0));
            }
        }
        if !output.status.success() {
            say(&said);
            say(&String::from_utf8_lossy(&output.stderr));
            self.failed.push(format!("{name}, AMATE_SEED={seed}"));
        }
        Ok(output.status.success())
    }

    fn count(&mut self, what: &str, number: u64) {
        *self.counted.entry(what.to_owned()).or_default() += number;
    }

    fn table(&self, first: u64) -> Result<(), Failed> {
        say(&format!("\nseeds from {first}\n\n    tried  what"));
        self.counted.iter().for_each(|(what, number)| say(&format!("{number:9}  {what}")));
        say(&format!("{:9}  tests failed", self.failed.len()));
        if self.failed.is_empty() { Ok(()) } else { Err(Failed(self.failed.join("\n"))) }
    }
}

fn test(words: &[&str]) -> std::process::Command {
    let mut command = cargo(&["test", "--release", "-p", "amate-vault"]);
    command.args(words);
    command
}

fn number(name: &str, text: &str) -> Result<u64, Failed> {
    text.parse().map_err(|_| Failed(format!("{name}: {text} is no number")))
}
