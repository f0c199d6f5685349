// SPDX-License-Identifier: MPL-2.0
//! The whole path with real processes: relay, phone, desk, verifiers.

pub mod actor;
pub mod media;
pub mod open;
pub mod walk;

/// Prints a line for people; a closed pipe does not stop the walk.
pub(crate) fn print(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes a line over the one before, for people who look.
pub(crate) fn overwrite(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "\r\x1b[2K{line}");
    let _ = out.flush();
}

/// How often a test repeats something: so often in CI, `AMATE_SOAK` times as often in a soak.
#[must_use]
pub fn rounds(in_ci: usize) -> usize {
    let times = std::env::var("AMATE_SOAK").ok().and_then(|text| text.parse::<usize>().ok());
    in_ci * times.unwrap_or(1)
}
