// SPDX-License-Identifier: MPL-2.0
//! Long fuzzing, where a nightly toolchain is present.

use std::fs;

use crate::run::{Failed, cargo, program, root, run, say, works};

/// Fuzzes each target in turn; all of them together take this long.
pub(crate) fn for_minutes(minutes: u64) -> Result<(), Failed> {
    if !works(program("cargo", &["+nightly", "--version"])) {
        say("== fuzz: no nightly toolchain on this machine, left out");
        return Ok(());
    }
    let targets = targets()?;
    let seconds = (minutes * 60 / targets.len().max(1) as u64).max(1);
    for target in targets {
        say(&format!("== fuzz {target}, {seconds} s"));
        let mut fuzz = cargo(&["+nightly", "run", "--release", "--bin", &target, "--"]);
        fuzz.arg(format!("corpus/{target}"))
            .arg(format!("-max_total_time={seconds}"))
            .args(["-max_len=65536", "-rss_limit_mb=1024", "-timeout=10"])
            .env("RUSTFLAGS", "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions -Ccodegen-units=1")
            .current_dir(root().join("tests/fuzz"));
        run(fuzz)?;
    }
    Ok(())
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
