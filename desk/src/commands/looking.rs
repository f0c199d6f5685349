// SPDX-License-Identifier: MPL-2.0
//! Looking at what is kept, and deleting it.

use std::{
    fs::File,
    io::{Read, Write},
    path::PathBuf,
};

use amate_app::{
    clock,
    problem::Problem,
    session::Session,
    store::items::{Dossier, Item},
    text::{Message, size},
};
use zeroize::Zeroizing;

use super::{Context, kind};

/// Bytes of the input that are taken as words to find.
const MAX_WORDS: u64 = 64 * 1024;

pub(super) fn list(context: &Context<'_>) -> Result<(), Problem> {
    let session = context.session()?;
    let dossiers = session.dossiers()?;
    if dossiers.is_empty() {
        let example = context.texts.of("example-log");
        context.say(&Message::new("list-empty").with("example", example));
    }
    for dossier in dossiers {
        let items = session.items(Some(dossier.id))?;
        say_case(context, &dossier, &items);
    }
    Ok(())
}

pub(super) fn find(context: &Context<'_>) -> Result<(), Problem> {
    let given: Vec<_> =
        context.arguments.get_many::<String>("words").into_iter().flatten().cloned().collect();
    let mut words = Zeroizing::new(given.join(" "));
    if *words == "-" {
        words.clear();
        let unreadable = |_| Problem::CannotRead("-".into());
        std::io::stdin().lock().take(MAX_WORDS).read_to_string(&mut words).map_err(unreadable)?;
    }
    let found = context.session()?.find(&words)?;
    if found.cases.is_empty() {
        context.say(&Message::new("find-none").with("words", words.trim()));
    }
    for (dossier, items) in &found.cases {
        say_case(context, dossier, items);
    }
    if !found.whole {
        context.warn(&Message::new("find-part"));
    }
    Ok(())
}

/// A case and these items of it, one a line.
fn say_case(context: &Context<'_>, dossier: &Dossier, items: &[Item]) {
    let titled = |title: &str| match title {
        "" => context.texts.of("case-untitled"),
        _ => title.to_owned(),
    };
    let title = titled(&dossier.title);
    context.say(&Message::new("list-case").with("case", dossier.id).with("title", title));
    for item in items {
        let message = Message::new("list-item")
            .with("number", item.number)
            .with_names("type", vec![kind(&item.media_type)])
            .with("length", size(item.length))
            .with("state", item.state.word())
            .with("time", clock::local(item.created))
            .with("title", titled(&item.title));
        context.say(&message);
    }
}

pub(super) fn view(context: &Context<'_>) -> Result<(), Problem> {
    let session = context.session()?;
    let number = context.number("item").unwrap_or_default();
    let dossier = case(context, &session)?;
    let not_found = || Problem::NotFound { what: "item", name: number.to_string() };
    let items = session.items(Some(dossier))?;
    let item = items.iter().find(|item| item.number == number).ok_or_else(not_found)?;
    let out = context.arguments.get_one::<PathBuf>("out").cloned().unwrap_or_default();
    let name = out.display().to_string();
    let unwritable = |_| Problem::CannotWrite(name.clone());
    let mut file = File::create_new(&out).map_err(unwritable)?;
    session.write_content(item, &mut file).map_err(|problem| match problem {
        Problem::CannotWrite(_) => Problem::CannotWrite(name.clone()),
        other => other,
    })?;
    file.flush().map_err(unwritable)?;
    context.say(&Message::new("view-done").with("name", &name));
    Ok(())
}

/// Says what deleting means; does it only with the person's word.
pub(super) fn delete(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let number = context.number("item").unwrap_or_default();
    let dossier = case(context, &session)?;
    let deletion = session.deletion(dossier, number)?;
    if !context.arguments.get_flag("yes") {
        deletion.consequences().iter().for_each(|message| context.say(message));
        return Err(Problem::NotConfirmed);
    }
    session.delete(deletion, context.arguments.get_flag("withdraw"))?;
    let message = Message::new("delete-done").with("case", dossier).with("number", number);
    context.say(&message);
    Ok(())
}

/// The case that was named, or the newest.
pub(super) fn case(context: &Context<'_>, session: &Session) -> Result<i64, Problem> {
    match context.number("case") {
        Some(number) => Ok(i64::from(number)),
        None => session
            .dossiers()?
            .last()
            .map(|dossier| dossier.id)
            .ok_or(Problem::NotFound { what: "case", name: String::new() }),
    }
}
