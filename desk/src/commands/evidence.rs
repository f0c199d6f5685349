// SPDX-License-Identifier: MPL-2.0
//! Taking in.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use amate_app::{
    problem::Problem,
    take::{Into, Saved},
    text::{Message, size},
};
use zeroize::Zeroizing;

use super::{Context, kind};
use crate::screen;

pub(super) fn log(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let mut story = Zeroizing::new(context.text("text").unwrap_or_default().to_owned());
    if *story == "-" {
        story.clear();
        let unreadable = |_| Problem::CannotRead("-".into());
        std::io::stdin().lock().read_to_string(&mut story).map_err(unreadable)?;
    }
    let (when, place) = (context.text("when"), context.text("where"));
    let saved = session.log(&story, when, place, &into(context), context.here())?;
    context.say(&numbered("saved-record", &saved));
    context.warn_of_room(&session)
}

pub(super) fn import(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let mut into = into(context);
    for path in files(context)? {
        let (name, mut file) = open(&path)?;
        screen::progress(&name);
        let saved = session.import(&name, &mut file, &into, context.here())?;
        into = Into::Number(saved.dossier);
        screen::progress("");
        context.say(
            &numbered("saved-import", &saved)
                .with("name", name)
                .with_names("type", vec![kind(&saved.media_type)]),
        );
    }
    context.warn_of_room(&session)
}

pub(super) fn capture(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let mut into = into(context);
    for path in files(context)? {
        let (name, mut file) = open(&path)?;
        let saved = session.capture(&name, &mut file, &into, context.here())?;
        into = Into::Number(saved.dossier);
        let id = if saved.understood { "saved-capture" } else { "metadata-kept-as-is" };
        let message = numbered(id, &saved).with("bytes", size(saved.stripped as u64));
        context.say(&message.with("name", name).with_names("type", vec![kind(&saved.media_type)]));
    }
    context.warn_of_room(&session)
}

pub(super) fn record(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let media_type = context.text("type").unwrap_or_default();
    let small = context.arguments.get_flag("small");
    let mut recording = session.record(media_type, small, &into(context), context.here())?;
    context.warn(&Message::new("live-recording"));
    let mut input = std::io::stdin().lock();
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    loop {
        match input.read(&mut buffer) {
            // A microphone that fails ends the recording; what it gave is kept.
            Ok(0) | Err(_) => break,
            Ok(n) => recording.push(buffer.get(..n).unwrap_or_default(), context.now())?,
        }
    }
    let (saved, segments) = session.finish(recording)?;
    context.say(&numbered("saved-live", &saved).with("segments", segments));
    context.warn_of_room(&session)
}

fn into(context: &Context<'_>) -> Into {
    match (context.number("case"), context.text("new-case")) {
        (Some(number), _) => Into::Number(i64::from(number)),
        (None, Some(title)) => Into::New(title.to_owned()),
        (None, None) => Into::Last,
    }
}

fn numbered(id: &'static str, saved: &Saved) -> Message {
    Message::new(id).with("case", saved.dossier).with("number", saved.number)
}

/// The files named; of folders, all files in them, by name.
fn files(context: &Context<'_>) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for path in context.arguments.get_many::<PathBuf>("files").into_iter().flatten() {
        if path.is_dir() {
            let unreadable = |_| Problem::CannotRead(path.display().to_string());
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(unreadable)? {
                inside.push(entry.map_err(unreadable)?.path());
            }
            inside.retain(|path| path.is_file());
            inside.sort();
            files.append(&mut inside);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn open(path: &Path) -> Result<(String, File), Problem> {
    let file = File::open(path).map_err(|_| Problem::CannotRead(path.display().to_string()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok((name.unwrap_or_default(), file))
}
