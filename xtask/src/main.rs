// SPDX-License-Identifier: MPL-2.0
//! Set-up, checks, demo and benchmarks: `cargo xtask ci`, `cargo xtask demo`.

mod bench;
mod ci;
mod fuzz;
mod peers;
mod phones;
mod run;
mod setup;
mod soak;
mod structure;

use std::process::ExitCode;

use run::{Failed, cargo, say};

const USAGE: &str = "\
cargo xtask demo [--check]             the main job on this machine, told or only checked
cargo xtask ci [rust|web|android|ios]  all checks and tests, or one part; installs what it needs
cargo xtask bench [capture|wire|relay|vault]  measures beside the peers, writes docs/performance.md
cargo xtask soak                       five times as many kills and changed bytes, an hour of fuzzing
cargo xtask soak vault --minutes N [--seed S]  crashes, damage, images of the sealed store, counted
cargo xtask vectors                    writes tests/vectors again";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match command(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(what)) => {
            say(&format!("\nFAILED: {what}"));
            ExitCode::FAILURE
        }
    }
}

fn command(words: &[&str]) -> Result<(), Failed> {
    match words {
        ["demo"] => demo("demo"),
        ["demo", "--check"] => demo("check"),
        ["ci"] => ci::ci(&["rust", "web", "android", "ios"]),
        ["ci", part] => ci::ci(&[part]),
        ["bench"] => bench::bench(&["capture", "wire", "relay", "vault"]),
        ["bench", what] => bench::bench(&[what]),
        ["soak"] => ci::soak(),
        ["soak", "vault", "--minutes", minutes] => soak::vault(minutes, None),
        ["soak", "vault", "--minutes", minutes, "--seed", seed] => soak::vault(minutes, Some(seed)),
        ["vectors"] => {
            run::run(cargo(&["run", "--quiet", "-p", "amate-app", "--example", "vectors"]))
        }
        _ => Err(Failed(format!("no such command\n\n{USAGE}"))),
    }
}

/// Builds everything and walks the main job.
fn demo(how: &str) -> Result<(), Failed> {
    setup::for_demo()?;
    run::run(cargo(&["build", "--quiet", "--workspace", "--bins"]))?;
    run::run(run::program("target/debug/amate-walk", &[how]))
}
