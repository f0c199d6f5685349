// SPDX-License-Identifier: MPL-2.0
//! Queueing, sending, and the truth about what was sent.

use amate_app::{
    clock,
    problem::Problem,
    session::Session,
    store::parcels::{Delivery, State},
    text::Message,
    witness::LogNote,
};

use super::Context;
use crate::screen;

pub(super) fn send(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let names: Vec<String> =
        context.arguments.get_many::<String>("to").into_iter().flatten().cloned().collect();
    if !names.is_empty() {
        queue(context, &mut session, &names)?;
    }
    if context.arguments.get_flag("later") {
        return Ok(());
    }
    let mut http = context.http()?;
    let tries = context.number("tries").unwrap_or(3);
    let mut last = None;
    for _ in 0..tries {
        screen::progress(&context.texts.of("delivering"));
        let round = session.deliver(&mut http, context.now())?;
        for name in round.stale {
            context.warn(&Message::new("status-stale").with("name", name));
        }
        last = round.problem;
        if round.waiting == 0 {
            break;
        }
    }
    screen::progress("");
    show(context, &session)?;
    match last {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

pub(super) fn status(context: &Context<'_>) -> Result<(), Problem> {
    let session = context.session()?;
    if context.arguments.get_flag("blocks") {
        for sending in session.sendings()? {
            sending.blocks.iter().for_each(|id| screen::say(&id.hex()));
        }
        return Ok(());
    }
    show(context, &session)
}

fn queue(context: &Context<'_>, session: &mut Session, names: &[String]) -> Result<(), Problem> {
    let dossier = super::looking::case(context, session)?;
    let numbers: Vec<u32> =
        context.arguments.get_many::<u32>("item").into_iter().flatten().copied().collect();
    let queued = session.queue(dossier, &numbers, names, context.here())?;
    let message = Message::new("queued").with("name", names.join(", "));
    context.say(&message.with("items", queued.items).with("blocks", queued.blocks));
    Ok(())
}

fn show(context: &Context<'_>, session: &Session) -> Result<(), Problem> {
    let sendings = session.sendings()?;
    if sendings.is_empty() {
        context.said("status-none");
    }
    let contacts = session.contacts()?;
    for sending in sendings {
        let id: String =
            sending.parcel.id.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let message = Message::new("status-parcel").with("parcel", id);
        let message = message.with("time", clock::local(sending.parcel.created));
        context.say(&message.with("case", sending.parcel.dossier));
        for delivery in &sending.deliveries {
            let contact = contacts.iter().find(|one| one.identity == delivery.contact);
            let name = contact.map(|one| one.name.clone()).unwrap_or_default();
            let left = sending.left(session, delivery)?;
            context.say(&line(session, delivery, left)?.with("name", name));
        }
    }
    for relay in session.relays()? {
        for note in session.log_notes(relay.key)? {
            let key = match note {
                LogNote::Forked => "status-forked",
                LogNote::Unproven => "status-unproven",
                LogNote::Anew => "status-new-log",
            };
            context.warn(&Message::new(key).with("url", relay.url.clone()));
        }
    }
    context.warn_of_room(session)
}

fn line(session: &Session, delivery: &Delivery, left: usize) -> Result<Message, Problem> {
    let relay = match delivery.relay {
        Some(key) => session.relays()?.into_iter().find(|relay| relay.key == key),
        None => None,
    };
    let state = match delivery.state {
        State::Left => "left",
        State::AtRelay => "at-relay",
        State::Opened => "opened",
        _ => "waiting",
    };
    Ok(Message::new("delivery")
        .with("state", state)
        .with("left", left)
        .with("relay", relay.map(|relay| relay.url).unwrap_or_default())
        .with("time", delivery.relay_at.map(clock::rfc3339).unwrap_or_default()))
}
