// SPDX-License-Identifier: MPL-2.0
//! Looking after a vault: its code, backups, new keys for its places, and whether all of it can
//! still be read.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use amate_app::{care, problem::Problem, session::Session, text::Message};

use super::{Context, vault};
use crate::{code, screen};

/// Words of a backup's code: there is no device's key to help it, and it may lie anywhere.
const WORDS: usize = 6;

/// Another code in the place of the one that opens the vault.
pub(super) fn change_code(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let code = vault::new_code(context, context.file("new-code-file"))?;
    session.change_code(&code)?;
    context.said("code-changed");
    context.said("code-elsewhere");
    Ok(())
}

/// A sealed copy in a file of its own, which is there whole or not at all.
pub(super) fn backup(context: &Context<'_>) -> Result<(), Problem> {
    let session = context.session()?;
    let path = context.file("file").unwrap_or(Path::new(""));
    let name = path.display().to_string();
    if path.exists() {
        return Err(Problem::FileExists(name));
    }
    let words = match context.file("words-file") {
        Some(file) => code::first_line(file)?,
        None => vault::generated(context, WORDS, "backup-words", "backup-write"),
    };
    if words.len() < vault::SHORTEST {
        context.warn(&Message::new("code-short"));
        return Err(Problem::NotUnderstood { what: "code" });
    }
    screen::progress(&context.texts.of("backup-running"));
    let written = write_whole(path, |out| session.back_up(&words, vault::cost(context), out));
    screen::progress("");
    let left_out = written.map_err(|problem| match problem {
        Problem::CannotWrite(_) => Problem::CannotWrite(name.clone()),
        other => other,
    })?;
    context.say(&Message::new("backup-done").with("name", &name));
    context.said("backup-holds");
    left_out.messages().iter().for_each(|message| context.say(message));
    context.said("backup-keeps");
    if left_out.is_empty() { Ok(()) } else { Err(Problem::PartlyDamaged) }
}

/// The vault of a backup, where none is.
pub(super) fn restore(context: &Context<'_>) -> Result<(), Problem> {
    let home = context.home();
    if home.join("vault").exists() {
        return Err(Problem::VaultExists);
    }
    let path = context.file("file").unwrap_or(Path::new(""));
    let name = path.display().to_string();
    let file = File::open(path).map_err(|_| Problem::CannotRead(name))?;
    let words = match context.file("words-file") {
        Some(file) => code::first_line(file)?,
        None => code::ask_words(context.texts)?,
    };
    let code = vault::new_code(context, context.file("code-file"))?;
    let (cost, geometry) = (vault::cost(context), vault::geometry(context));
    screen::progress(&context.texts.of("restore-running"));
    let restored = Session::restore(&home, &code, cost, &geometry, &words, BufReader::new(file));
    screen::progress("");
    let session = restored?;
    context.said("restore-done");
    context.said("restore-one");
    context.said("restore-read");
    vault::say_size(context, &session)
}

/// New keys for every place of both files. It asks no code: nothing is opened.
pub(super) fn refresh(context: &Context<'_>) -> Result<(), Problem> {
    let stop = asked_to_stop();
    let whole = care::refresh(&context.home(), |done, all| {
        let percent = done * 100 / all.max(1);
        screen::progress(&context.texts.say(&Message::new("refreshing").with("percent", percent)));
        !stop.load(Ordering::Relaxed)
    })?;
    screen::progress("");
    if !whole {
        return Err(Problem::Unfinished);
    }
    context.said("refresh-done");
    // Every device's key is in software until there are phones.
    context.said("refresh-software");
    Ok(())
}

/// Reads everything, and says what can be read and what cannot.
pub(super) fn check(context: &Context<'_>) -> Result<(), Problem> {
    let session = context.session()?;
    screen::progress(&context.texts.of("checking"));
    let condition = session.check()?;
    screen::progress("");
    condition.messages().iter().for_each(|message| context.say(message));
    condition.result()
}

/// Writes beside `path`, and gives the file its name when all of it is on the disk.
fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let named = |error: io::Error, path: &Path| match error.kind() {
        io::ErrorKind::AlreadyExists => Problem::FileExists(path.display().to_string()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Problem::NoSpace,
        _ => Problem::CannotWrite(String::new()),
    };
    let file = File::create_new(&part).map_err(|error| named(error, &part))?;
    let mut out = BufWriter::new(file);
    let written = write(&mut out)
        .and_then(|value| {
            let file = out.into_inner().map_err(|error| named(error.into_error(), path))?;
            file.sync_all().map_err(|error| named(error, path))?;
            Ok(value)
        })
        .and_then(|value| {
            if path.exists() {
                return Err(Problem::FileExists(path.display().to_string()));
            }
            fs::rename(&part, path).map_err(|error| named(error, path))?;
            Ok(value)
        });
    match &written {
        // Not every file system of a memory stick can make a name durable by itself.
        Ok(_) => drop(File::open(folder(path)).and_then(|folder| folder.sync_all())),
        Err(_) => drop(fs::remove_file(&part)),
    }
    written
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Becomes true when the person presses Ctrl-C.
fn asked_to_stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = stop.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let asked = runtime.map(|runtime| runtime.block_on(tokio::signal::ctrl_c()));
        seen.store(matches!(asked, Ok(Ok(()))), Ordering::Relaxed);
    });
    stop
}
