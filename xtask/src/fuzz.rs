// SPDX-License-Identifier: MPL-2.0
//! Long fuzzing, where a nightly toolchain is present. What is found stays below target/fuzz.

use std::{fs, path::PathBuf, process::Command};

use crate::run::{Failed, cargo, output, program, root, run, say, works};

/// What libFuzzer needs of the compiler, as cargo-fuzz gives it.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
     --cfg fuzzing";

/// Fuzzes each target in turn; all of them together take this long.
pub(crate) fn for_minutes(minutes: u64) -> Result<(), Failed> {
    if !works(program("cargo", &["+nightly", "--version"])) {
        say("== fuzz: no nightly toolchain on this machine, left out");
        return Ok(());
    }
    let targets = targets()?;
    let host = host()?;
    run(build(&host))?;
    let seconds = (minutes * 60 / targets.len().max(1) as u64).max(1);
    let mut broken = Vec::new();
    for target in targets {
        say(&format!("== fuzz {target}, {seconds} s"));
        if run(fuzz(&host, &target, seconds)?).is_err() {
            broken.push(target);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failed(format!("see target/fuzz/found: {}", broken.join(", "))))
}

/// All targets; the flags are for the host's programs alone, not for build scripts.
fn build(host: &str) -> Command {
    let mut build = cargo(&["+nightly", "build", "--release", "--bins", "--target", host]);
    build
        .arg("--manifest-path")
        .arg(root().join("tests/fuzz/nightly/Cargo.toml"))
        .arg("--target-dir")
        .arg(work())
        .env("RUSTFLAGS", COVERAGE);
    build
}

/// One target: its own inputs grow below target/fuzz, the committed corpus is only read.
fn fuzz(host: &str, target: &str, seconds: u64) -> Result<Command, Failed> {
    let (grown, found) = (work().join("corpus").join(target), work().join("found"));
    fs::create_dir_all(&grown)?;
    fs::create_dir_all(&found)?;
    let mut seeds = cargo(&["run", "--quiet", "-p", "amate-fuzz", "--example", "seeds", target]);
    seeds.arg(&grown);
    run(seeds)?;
    let mut fuzz = Command::new(work().join(host).join("release").join(target));
    fuzz.arg(&grown)
        .args(Some(committed(target)).filter(|folder| folder.is_dir()))
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .arg(format!("-max_total_time={seconds}"))
        .args(["-max_len=65536", "-rss_limit_mb=1024", "-timeout=10", "-print_final_stats=1"])
        .current_dir(root());
    Ok(fuzz)
}

fn work() -> PathBuf {
    root().join("target/fuzz")
}

fn committed(target: &str) -> PathBuf {
    root().join("tests/fuzz/corpus").join(target)
}

/// The triple of this machine.
fn host() -> Result<String, Failed> {
    let about = output(program("rustc", &["+nightly", "-vV"]))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failed("rustc does not say its host".into()))
}

/// One per file in tests/fuzz/targets.
fn targets() -> Result<Vec<String>, Failed> {
    let mut names: Vec<String> = fs::read_dir(root().join("tests/fuzz/targets"))?
        .flatten()
        .filter_map(|entry| entry.path().file_stem().map(|name| name.to_string_lossy().into()))
        .collect();
    names.sort();
    Ok(names)
}
