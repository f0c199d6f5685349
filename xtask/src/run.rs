// SPDX-License-Identifier: MPL-2.0
//! Running programs from the root of the repository, and what it took.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

/// What did not work, in words.
pub(crate) struct Failed(pub(crate) String);

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

pub(crate) fn cargo(words: &[&str]) -> Command {
    program("cargo", words)
}

/// A program of the machine, or of this repository by its path.
pub(crate) fn program(name: &str, words: &[&str]) -> Command {
    let path = if name.contains('/') && !name.starts_with('/') {
        root().join(name)
    } else {
        PathBuf::from(name)
    };
    let mut command = Command::new(path);
    command.args(words).current_dir(root());
    command
}

pub(crate) fn run(mut command: Command) -> Result<(), Failed> {
    let status = command.status().map_err(|error| Failed(format!("{command:?}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failed(format!("{command:?}: {status}"))) }
}

/// Runs it and says nothing unless it fails.
pub(crate) fn quietly(mut command: Command) -> Result<(), Failed> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failed(format!("{command:?}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    say(&String::from_utf8_lossy(&output.stdout));
    say(&String::from_utf8_lossy(&output.stderr));
    Err(Failed(format!("{command:?}: {}", output.status)))
}

/// Whether it runs and succeeds.
pub(crate) fn works(mut command: Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What it printed, trimmed.
pub(crate) fn output(mut command: Command) -> Result<String, Failed> {
    let output = command.output().map_err(|error| Failed(format!("{command:?}: {error}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        say(&String::from_utf8_lossy(&output.stderr));
        Err(Failed(format!("{command:?}: {}", output.status)))
    }
}

/// Names of steps, the time each took, and the minutes that it should stay below on two cores.
#[derive(Default)]
pub(crate) struct Times(Vec<(String, Duration, u32)>);

impl Times {
    pub(crate) fn step(
        &mut self,
        name: &str,
        budget: u32,
        work: impl FnOnce() -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        say(&format!("== {name}"));
        let start = now();
        let result = work();
        self.0.push((name.to_owned(), start.elapsed(), budget));
        result
    }

    pub(crate) fn table(&self) {
        say("\nminutes   budget  step");
        let minutes = |time: Duration| time.as_secs_f64() / 60.0;
        let line = |name: &str, time: Duration, budget: u32| {
            let over = if minutes(time) > f64::from(budget) { ", over its budget" } else { "" };
            say(&format!("{:7.1} {budget:8}  {name}{over}", minutes(time)));
        };
        self.0.iter().for_each(|(name, time, budget)| line(name, *time, *budget));
        let all = self.0.iter().map(|(_, time, _)| *time).sum();
        line("in all", all, self.0.iter().map(|(_, _, budget)| budget).sum());
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
pub(crate) fn now() -> std::time::Instant {
    std::time::Instant::now()
}
