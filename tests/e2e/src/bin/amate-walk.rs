// SPDX-License-Identifier: MPL-2.0
//! `amate-walk demo|check [FOLDER]`: the main job on this machine, told or only checked; in a new
//! temporary folder, or in one that stays. Then the screens, to try.

use std::{path::PathBuf, process::ExitCode};

use amate_e2e::{
    open,
    walk::{self, Plan},
};

fn main() -> ExitCode {
    let tell = match std::env::args().nth(1).as_deref() {
        Some("demo") => true,
        Some("check") => false,
        _ => return ExitCode::from(64),
    };
    match run(tell) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stopped) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr().lock(), "{stopped}");
            ExitCode::FAILURE
        }
    }
}

fn run(tell: bool) -> Result<(), amate_e2e::actor::Stopped> {
    let temporary = tempfile::tempdir()?;
    let kept = std::env::args_os().nth(2).map(PathBuf::from);
    let language = walk::language(tell);
    walk::walk(Plan {
        dir: kept.unwrap_or_else(|| temporary.path().join("amate")),
        video_bytes: 100_000_000,
        tell,
        repository: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.."),
    })?;
    open::open(&temporary.path().join("screens"), language, tell)
}
