// SPDX-License-Identifier: MPL-2.0
//! Relays and pairing.

use std::{io::BufRead, time::Duration};

use amate_app::{
    driver::Http,
    exchange::Relay,
    keys::{SpokenWords, VerifiedKeySet, WordList},
    problem::Problem,
    session::Session,
    store::people::Contact,
    text::Message,
};

use super::Context;

/// Between two looks whether the other side answered, and how often: about ten minutes.
const PAUSE: Duration = Duration::from_millis(400);
const LOOKS: usize = 1_500;

pub(super) fn relay(context: &Context<'_>) -> Result<(), Problem> {
    let Some((name, arguments)) = context.arguments.subcommand() else {
        return Err(Problem::Internal("command"));
    };
    let context = Context { arguments, ..*context };
    let mut session = context.session()?;
    if name == "add" {
        let url = context.text("url").unwrap_or_default();
        let (key, capability) = (context.text("key"), context.text("capability"));
        let relay = session.add_relay(&mut context.http()?, url, key, capability)?;
        let message = Message::new("relay-added").with("url", &relay.url);
        context.say(&message.with("key", relay.key.hex()));
        return Ok(());
    }
    let relays = session.relays()?;
    if relays.is_empty() {
        context.said("relay-none");
    }
    for relay in relays {
        let may = if relay.capability.is_some() { "yes" } else { "no" };
        let message = Message::new("relay-line").with("url", &relay.url).with("may", may);
        context.say(&message.with("key", relay.key.hex()));
    }
    Ok(())
}

pub(super) fn pair(context: &Context<'_>) -> Result<(), Problem> {
    let Some((name, arguments)) = context.arguments.subcommand() else {
        return Err(Problem::Internal("command"));
    };
    let context = Context { arguments, ..*context };
    let mut session = context.session()?;
    let mut http = context.http()?;
    match name {
        "show" => {
            let text = session.pairing_text(&mut http, context.number("grant"), context.now())?;
            crate::screen::say(&text);
            let own = session.identity().hex();
            context.warn(&Message::new("pair-own").with("identity", own));
            context.warn(&Message::new("pair-show-hint"));
            Ok(())
        }
        "scan" => {
            let (text, name) = (context.text("text"), context.text("name"));
            let contact = session.scan(
                &mut http,
                text.unwrap_or_default(),
                name.unwrap_or_default(),
                context.now(),
            )?;
            paired(&context, &contact);
            session.deliver(&mut http, context.now())?;
            Ok(())
        }
        _ => by_words(&context, &mut session, &mut http),
    }
}

pub(super) fn block(context: &Context<'_>) -> Result<(), Problem> {
    let name = context.text("contact").unwrap_or_default();
    context.session()?.block(name)?;
    context.say(&Message::new("blocked-done").with("name", name));
    Ok(())
}

fn by_words(context: &Context<'_>, session: &mut Session, http: &mut Http) -> Result<(), Problem> {
    let url = context.text("relay").unwrap_or_default();
    let relay = session.add_relay(http, url, None, None)?;
    let (set, bytes, words) = match context.text("meeting") {
        None => begin(context, session, http, &relay)?,
        Some(number) => join(context, session, http, &relay, number)?,
    };
    let list = WordList::of(&context.texts.of("language"));
    context.say(&Message::new("pair-words").with("words", words.in_list(list)));
    context.said("pair-words-how");
    context.said("pair-answer");
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|_| Problem::NotUnderstood { what: "words" })?;
    // Old keyboards have no accent.
    let plain = |text: &str| text.trim().to_lowercase().replace('í', "i");
    if plain(&answer) != plain(&context.texts.of("yes")) {
        context.said("pair-refused");
        return Err(Problem::NotUnderstood { what: "words" });
    }
    let name = context.text("name").unwrap_or_default();
    let contact = session.words_are_the_same(&set, bytes, relay.key, name, context.now())?;
    paired(context, &contact);
    session.deliver(http, context.now())?;
    Ok(())
}

type Met = (VerifiedKeySet, Vec<u8>, SpokenWords);

fn begin(
    context: &Context<'_>,
    session: &mut Session,
    http: &mut Http,
    relay: &Relay,
) -> Result<Met, Problem> {
    let (number, mut meeting) = session.meet(http, relay, context.now())?;
    context.say(&Message::new("pair-read-number").with("number", &number));
    context.warn(&Message::new("pair-waiting"));
    wait(|| session.meet_answered(http, relay, &number, &mut meeting))
}

fn join(
    context: &Context<'_>,
    session: &mut Session,
    http: &mut Http,
    relay: &Relay,
    number: &str,
) -> Result<Met, Problem> {
    let now = context.now();
    let meeting = wait(|| session.join(http, relay, number, now))?;
    context.warn(&Message::new("pair-waiting"));
    wait(|| session.joined(http, relay, number, &meeting))
}

/// Looks again until there is something, for about ten minutes.
fn wait<T>(mut look: impl FnMut() -> Result<Option<T>, Problem>) -> Result<T, Problem> {
    for _ in 0..LOOKS {
        if let Some(found) = look()? {
            return Ok(found);
        }
        std::thread::park_timeout(PAUSE);
    }
    Err(Problem::NoAnswer)
}

fn paired(context: &Context<'_>, contact: &Contact) {
    let message = Message::new("pair-done").with("name", &contact.name);
    context.say(&message.with("identity", contact.identity.hex()));
}
