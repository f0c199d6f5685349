// SPDX-License-Identifier: MPL-2.0
//! Collecting, reading, opening.

use amate_app::{
    inbox::OpenedItem,
    problem::Problem,
    store::{deleting, inbox::Arrival},
    text::{Message, size},
};

use super::{Context, kind};

pub(super) fn receive(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let collected = session.collect(&mut context.http()?, context.here())?;
    if collected.refused > 0 {
        context.warn(&Message::new("received-refused").with("count", collected.refused));
    } else if collected.arrived.is_empty() && collected.problem.is_none() {
        context.said("received-none");
    }
    for (received, name, verified) in session.received()? {
        if collected.arrived.contains(&received.id) && received.state == Arrival::Arrived {
            let message = Message::new("received").with("report", received.id);
            let verified = if verified { "yes" } else { "no" };
            context.say(&message.with("name", named(context, name)).with("verified", verified));
        }
    }
    context.warn_of_room(&session)?;
    match collected.problem {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

pub(super) fn inbox(context: &Context<'_>) -> Result<(), Problem> {
    let session = context.session()?;
    let all = session.received()?;
    if all.is_empty() {
        let example = context.texts.of("example-receive");
        context.say(&Message::new("inbox-none").with("example", example));
    }
    for (received, name, _) in all {
        let reason = match (received.state, received.reason.as_deref()) {
            (Arrival::Refused, Some("problem-expired")) => context.texts.of("problem-expired"),
            (Arrival::Refused, Some(deleting::DELETED)) => context.texts.of("inbox-deleted"),
            (Arrival::Refused, _) => context.texts.of("problem-altered"),
            _ => String::new(),
        };
        let message = Message::new("inbox-line").with("report", received.id);
        let message = message.with("name", named(context, name)).with("reason", reason);
        context.say(&message.with("state", received.state.word()));
    }
    Ok(())
}

pub(super) fn open(context: &Context<'_>) -> Result<(), Problem> {
    let mut session = context.session()?;
    let id = i64::from(context.number("report").unwrap_or_default());
    let report = session.open_report(&mut context.http()?, id, context.now())?;
    let sender = session.received()?.into_iter().find(|(received, _, _)| received.id == id);
    let name = sender.map(|(_, name, _)| name).unwrap_or_default();
    let title = Message::new("open-title").with("report", id);
    context.say(&title.with("name", named(context, name)));
    let listed = &report.case.statement.items;
    let message = Message::new("open-case").with("here", report.items.len());
    context.say(&message.with("listed", listed.len()));
    let missing: Vec<String> = listed
        .iter()
        .filter(|one| !report.items.iter().any(|here| here.item.number == one.n))
        .map(|one| one.n.to_string())
        .collect();
    if !missing.is_empty() {
        context.say(&Message::new("open-missing").with("numbers", missing.join(", ")));
    }
    report.items.iter().for_each(|item| say_item(context, item));
    for message in session.what_is_proved(report.dossier.id)? {
        context.say(&message);
    }
    if report.told {
        context.said("open-done");
    }
    Ok(())
}

fn say_item(context: &Context<'_>, opened: &OpenedItem) {
    let item = &opened.item;
    let message = Message::new("open-item").with("number", item.number);
    context.say(
        &message.with_names("type", vec![kind(&item.media_type)]).with("length", size(item.length)),
    );
    let Some(incident) = &opened.incident else { return };
    context.say(&Message::new("open-story").with("story", &incident.story));
    if let Some(when) = &incident.when {
        context.say(&Message::new("open-when").with("when", &when.value));
    }
    if let Some(place) = &incident.place {
        context.say(&Message::new("open-where").with("where", place));
    }
}

fn named(context: &Context<'_>, name: String) -> String {
    if name.is_empty() { context.texts.of("unknown-name") } else { name }
}
