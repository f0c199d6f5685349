// SPDX-License-Identifier: MPL-2.0
//! `amate`: the core on a laptop's command line and in its browser, for people, desks and tests.

mod cli;
mod code;
mod commands;
mod screen;
mod web;
mod zone;

use std::process::ExitCode;

fn main() -> ExitCode {
    quiet_panics();
    let arguments: Vec<_> = std::env::args_os().collect();
    let texts = amate_app::text::Texts::new(&cli::language(&arguments));
    match cli::parse(&texts, arguments) {
        Ok(matches) => commands::run(&texts, &matches),
        Err(ended) => ended,
    }
}

/// A panic says that the program failed, never what it was working on.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            screen::warn(&format!("amate: internal fault at {}:{}", place.file(), place.line()));
        }
    }));
}
