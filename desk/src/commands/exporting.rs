// SPDX-License-Identifier: MPL-2.0
//! Handing a case over, and checking one.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use amate_app::{
    export::{explain, verify_export},
    hand_over::{Show, recipients},
    problem::Problem,
    text::Message,
};

use super::Context;
use crate::screen;

pub(super) fn export(context: &Context<'_>) -> Result<(), Problem> {
    let texts: Vec<String> =
        context.arguments.get_many::<String>("to").into_iter().flatten().cloned().collect();
    let to = recipients(&texts, context.arguments.get_flag("accept-classic"))?;
    let show = Show::from_text(context.text("show").unwrap_or("all"))?;
    let out = context.arguments.get_one::<PathBuf>("out").cloned().unwrap_or_default();
    let name = out.display().to_string();
    let mut session = context.session()?;
    let dossier = super::looking::case(context, &session)?;
    if to.is_empty() {
        context.warn(&Message::new("export-warning"));
    }
    let unwritable = |_| Problem::CannotWrite(name.clone());
    let unfinished = beside(&out);
    let file = File::create(&unfinished).map_err(unwritable)?;
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    let done = session
        .hand_over(dossier, &show, &to, &mut writer, context.now())
        .and_then(|()| writer.flush().map_err(unwritable))
        .and_then(|()| fs::rename(&unfinished, &out).map_err(unwritable));
    if let Err(problem) = done {
        let _ = fs::remove_file(&unfinished);
        return Err(match problem {
            Problem::CannotWrite(_) => Problem::CannotWrite(name),
            other => other,
        });
    }
    if to.is_empty() {
        context.say(&Message::new("export-done").with("name", name));
    } else {
        let message = Message::new("export-sealed").with("count", to.len());
        context.say(&message.with("name", name));
    }
    Ok(())
}

/// Exit codes of spec/export.md §4.
pub(super) fn verify(context: &Context<'_>) -> ExitCode {
    let path = context.arguments.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let Ok(file) = File::open(&path) else {
        let problem = Problem::CannotRead(path.display().to_string());
        context.warn(&problem.message());
        return ExitCode::from(2);
    };
    let Ok(result) = verify_export(BufReader::with_capacity(1 << 20, file)) else {
        context.warn(&Message::new("verify-not-export"));
        return ExitCode::from(2);
    };
    if context.arguments.get_flag("json") {
        screen::say(&String::from_utf8_lossy(&result.to_json()));
    } else {
        explain(&result).iter().for_each(|message| context.say(message));
    }
    if result.is_intact() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".unfinished");
    out.with_file_name(name)
}
