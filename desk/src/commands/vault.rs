// SPDX-License-Identifier: MPL-2.0
//! Making a vault, and its room.

use std::path::PathBuf;

use amate_app::{
    keys::{WordList, generate_words},
    problem::Problem,
    room::Room,
    session::Session,
    text::{Message, size},
};
use amate_seal::kdf::CodeCost;
use zeroize::Zeroizing;

use super::Context;
use crate::code;

/// Least length of a code without a hardware key: five short words.
const SHORTEST: usize = 20;

const MEGABYTE: u64 = 1_000_000;

pub(super) fn init(context: &Context<'_>) -> Result<(), Problem> {
    let home = context.home();
    if home.join("vault").exists() {
        return Err(Problem::VaultExists);
    }
    let file = context.arguments.get_one::<PathBuf>("code-file").map(PathBuf::as_path);
    let code = if context.arguments.get_flag("generate") {
        generated(context)
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
    let memory = context.number("cost").unwrap_or(64).saturating_mul(1024);
    let cost = CodeCost { memory_kib: memory, ..CodeCost::STANDARD };
    let name = context.text("name").unwrap_or_default();
    Session::create(&home, &code, cost, name, context.now())?;
    context.said("init-done");
    Ok(())
}

/// How much room is used; with `--reserve`, another room for photos, videos and files.
pub(super) fn storage(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    if let Some(megabytes) = context.arguments.get_one::<u64>("reserve") {
        session.set_reserve(megabytes.saturating_mul(MEGABYTE))?;
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

fn generated(context: &Context<'_>) -> code::Code {
    let list = WordList::of(&context.texts.of("language"));
    let words = generate_words(list, 5, &mut amate_seal::random::system());
    context.say(&Message::new("code-is").with("code", words.as_str()));
    context.said("code-write");
    Zeroizing::new(words.as_bytes().to_vec())
}
