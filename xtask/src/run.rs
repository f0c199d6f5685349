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

/// Names of steps and the time each took.
#[derive(Default)]
pub(crate) struct Times(Vec<(String, Duration)>);

impl Times {
    pub(crate) fn step(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        say(&format!("== {name}"));
        let start = now();
        let result = work();
        self.0.push((name.to_owned(), start.elapsed()));
        result
    }

    pub(crate) fn table(&self) {
        say("\nminutes  step");
        let minutes = |time: Duration| time.as_secs_f64() / 60.0;
        for (name, time) in &self.0 {
            say(&format!("{:7.1}  {name}", minutes(*time)));
        }
        say(&format!("{:7.1}  in all", minutes(self.0.iter().map(|(_, time)| *time).sum())));
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
pub(crate) fn now() -> std::time::Instant {
    std::time::Instant::now()
}
