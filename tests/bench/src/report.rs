// SPDX-License-Identifier: MPL-2.0
//! Rounds, medians, lines of a table.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::Stopped;

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Says on standard error what is being done.
pub(crate) fn progress(what: &str) {
    let _ = writeln!(std::io::stderr().lock(), "  {what}");
}

/// Something that is measured, again and again.
pub(crate) struct Runner<'a> {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut() -> Result<(), Stopped> + 'a>,
}

/// Seconds of each, the median of so many rounds in which all take turns.
pub(crate) fn turns(rounds: usize, runners: &mut [Runner<'_>]) -> Result<Vec<f64>, Stopped> {
    let mut all = vec![Vec::new(); runners.len()];
    for round in 0..rounds {
        for (runner, times) in runners.iter_mut().zip(&mut all) {
            let began = now();
            (runner.run)()?;
            let took = began.elapsed().as_secs_f64();
            progress(&format!("round {}: {}: {took:.3} s", round + 1, runner.name));
            times.push(took);
        }
    }
    Ok(all.into_iter().map(median).collect())
}

pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, words: &[&str]) -> Result<(), Stopped> {
    let status = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|error| Stopped(format!("{program}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Stopped(format!("{program}: {status}"))) }
}

/// Waits a moment for something to become true.
pub(crate) fn until(mut holds: impl FnMut() -> bool) -> Result<(), Stopped> {
    for _ in 0..500 {
        if holds() {
            return Ok(());
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    Err(Stopped("it does not start".into()))
}
