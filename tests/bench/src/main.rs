// SPDX-License-Identifier: MPL-2.0
//! `amate-bench capture|wire|relay|vault`: one table each, in Markdown.

mod capture;
mod load;
mod relay;
mod report;
mod vault;
mod wire;

use std::{io::Write, process::ExitCode};

/// A measurement that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Stopped(String);

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<amate_e2e::actor::Stopped> for Stopped {
    fn from(error: amate_e2e::actor::Stopped) -> Self {
        Self(error.0)
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let table = match words.as_slice() {
        ["capture"] => capture::measure(),
        ["capture-once", file, vault] => capture::once(file, vault),
        ["wire"] => wire::measure(),
        ["relay"] => relay::measure(),
        ["vault"] => vault::measure(),
        ["vault-step", step @ ..] => vault::steps::step(step),
        _ => Err(Stopped("capture, wire, relay or vault".into())),
    };
    match table {
        Ok(table) => {
            let _ = writeln!(std::io::stdout().lock(), "{table}");
            ExitCode::SUCCESS
        }
        Err(Stopped(what)) => {
            let _ = writeln!(std::io::stderr().lock(), "amate-bench: {what}");
            ExitCode::FAILURE
        }
    }
}
