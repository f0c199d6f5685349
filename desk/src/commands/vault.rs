// SPDX-License-Identifier: MPL-2.0
//! Making a vault, and its room.

use std::path::Path;

use amate_app::{
    keys::{WordList, generate_words},
    problem::Problem,
    room::Room,
    session::Session,
    text::{Message, size},
};
use amate_seal::kdf::CodeCost;
use amate_vault::Geometry;
use zeroize::Zeroizing;

use super::Context;
use crate::code;

/// Least length of a code without a hardware key: five short words.
pub(super) const SHORTEST: usize = 20;

const MEGABYTE: u64 = 1_000_000;
const MEBIBYTE: u64 = 1024 * 1024;

pub(super) fn init(context: &Context<'_>) -> Result<(), Problem> {
    let home = context.home();
    if home.join("vault").exists() {
        return Err(Problem::VaultExists);
    }
    let code = new_code(context, context.file("code-file"))?;
    let name = context.text("name").unwrap_or_default();
    let (cost, geometry) = (cost(context), geometry(context));
    let session = Session::create_with(&home, &code, cost, &geometry, name, context.now())?;
    context.said("init-done");
    say_size(context, &session)
}

/// A code that was generated, read, or asked twice, and is long enough for keys in software.
pub(super) fn new_code(context: &Context<'_>, file: Option<&Path>) -> Result<code::Code, Problem> {
    let code = if context.arguments.get_flag("generate") {
        generated(context, 5, "code-is", "code-write")
    } else {
        match code::ask_new(context.texts, file)? {
            Some(code) => code,
            None => {
                context.warn(&Message::new("code-differs"));
                return Err(Problem::NotUnderstood { what: "code" });
            }
        }
    };
    if code.len() < SHORTEST {
        context.warn(&Message::new("code-short"));
        return Err(Problem::NotUnderstood { what: "code" });
    }
    Ok(code)
}

pub(super) fn cost(context: &Context<'_>) -> CodeCost {
    let memory = context.number("cost").unwrap_or(64).saturating_mul(1024);
    CodeCost { memory_kib: memory, ..CodeCost::STANDARD }
}

pub(super) fn geometry(context: &Context<'_>) -> Geometry {
    if !context.arguments.get_flag("phone") {
        return Geometry::desk();
    }
    let bytes = |name| u64::from(context.number(name).unwrap_or_default()) * MEBIBYTE;
    Geometry::phone(bytes("records"), bytes("reserve"))
}

/// Of a vault of fixed size: what fits in it, and what its form does not hide here.
pub(super) fn say_size(context: &Context<'_>, session: &Session) -> Result<(), Problem> {
    let storage = session.storage()?;
    if !storage.is_fixed() {
        return Ok(());
    }
    let media = Message::new("init-phone-media").with("size", size(storage.media.total));
    context.say(&media.with("minutes", storage.media.video_minutes()));
    context.say(&Message::new("init-phone-records").with("size", size(storage.records.total)));
    context.said("init-phone-halves");
    if session.keys_in_software() {
        context.warn(&Message::new("two-copies"));
    }
    Ok(())
}

/// How much room is used; with `--reserve`, another room for photos, videos and files.
pub(super) fn storage(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    if let Some(megabytes) = context.arguments.get_one::<u64>("reserve") {
        set_reserve(context, &mut session, megabytes.saturating_mul(MEGABYTE))?;
    }
    let storage = session.storage()?;
    let used = Message::new("storage-used")
        .with("used", storage.media.used.div_ceil(MEGABYTE).to_string())
        .with("reserve", (storage.media.total / MEGABYTE).to_string());
    context.say(&used);
    let records = match storage.records.total {
        Room::OPEN => Message::new("storage-records-open"),
        total => Message::new("storage-records").with("total", size(total)),
    };
    context.say(&records.with("used", size(storage.records.used)));
    context.warn_of_room(&session)
}

/// Where the size is fixed, more of it is for good: it is done only with the person's word.
fn set_reserve(context: &Context<'_>, session: &mut Session, bytes: u64) -> Result<(), Problem> {
    let storage = session.storage()?;
    if storage.is_fixed() {
        let now = storage.media.total;
        let more = bytes.checked_sub(now).filter(|more| *more > 0).ok_or(Problem::NoSmaller)?;
        let message = Message::new("storage-for-good").with("now", size(now));
        // The other half grows alike.
        let message = message.with("then", size(bytes)).with("disk", size(more.saturating_mul(2)));
        context.say(&message);
        if !context.arguments.get_flag("yes") {
            return Err(Problem::NotConfirmed);
        }
    }
    session.set_reserve(bytes)
}

/// So many words, shown once, and what to do with them.
pub(super) fn generated(
    context: &Context<'_>,
    count: usize,
    are: &'static str,
    keep: &'static str,
) -> code::Code {
    let list = WordList::of(&context.texts.of("language"));
    let words = generate_words(list, count, &mut amate_seal::random::system());
    context.say(&Message::new(are).with("code", words.as_str()));
    context.said(keep);
    Zeroizing::new(words.as_bytes().to_vec())
}
