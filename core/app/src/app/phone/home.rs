// SPDX-License-Identifier: MPL-2.0
//! The first page: write down what happened, and what is there already.

use amate_screen::{Block, ButtonStyle, Icon, Kind, Tone};

use super::{
    cases::Cases,
    draft::{Draft, FORM},
};
use crate::{
    app::{
        draw::{Draw, row},
        page::{Event, Go, Page},
        people::People,
        receive::Inbox,
        room::Room,
        send::{self, Sent, line_key},
        settings::Settings,
    },
    problem::Problem,
    store::{inbox::Arrival, parcels::State},
    text::Message,
};

/// The first page of a phone.
#[derive(Default)]
pub(in crate::app) struct Home;

impl Page for Home {
    fn name(&self) -> &'static str {
        "home"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("home-title").live();
        draw.button("log", "home-log", Some(Icon::Log), ButtonStyle::Main);
        drafts(room, draw)?;
        answers(room, draw)?;
        tiles(room, draw)?;
        notices(room, draw)?;
        draw.block(row("settings", Icon::Settings, draw.of("home-settings"), String::new()));
        draw.action("lock", "home-lock", Some(Icon::Lock), ButtonStyle::Second);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        Ok(match key {
            "log" => Go::to(Draft::begin(room)?),
            "cases" => Go::to(Cases::default()),
            "people" => Go::to(People),
            "inbox" => Go::to(Inbox::default()),
            "waiting" => Go::to(Sent),
            "settings" => Go::to(Settings),
            "lock" => Go::Lock,
            other => match other.strip_prefix("draft-").and_then(|id| id.parse().ok()) {
                Some(id) => Go::to(Draft::resume(room, id)?),
                None => send::open(other).unwrap_or(Go::Stay),
            },
        })
    }
}

/// What was begun and not finished.
fn drafts(room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
    for draft in room.session()?.drafts()?.into_iter().filter(|one| one.form == FORM) {
        let story = draft.fields.get("story").map(|text| beginning(text)).unwrap_or_default();
        let text = if story.is_empty() { room.when(draft.changed) } else { story };
        let key = format!("draft-{}", draft.id);
        draw.block(row(key, Icon::Draft, room.of("home-draft"), text));
    }
    Ok(())
}

fn tiles(room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
    let session = room.session()?;
    let cases: Vec<i64> = session.dossiers()?.iter().map(|one| one.id).collect();
    let items = session.items(None)?.iter().filter(|one| cases.contains(&one.dossier)).count();
    let kept = Message::new("home-kept-count").with("cases", cases.len()).with("items", items);
    let contacts = session.contacts()?;
    let verified = contacts.iter().filter(|one| one.verified && !one.blocked).count();
    let people = Message::new("home-people-count").with("count", contacts.len());
    let new = session
        .received()?
        .iter()
        .filter(|one| one.0.about.is_none() && one.0.state == Arrival::Arrived)
        .count();
    let all = session.sendings()?;
    let waiting = all.iter().flat_map(|one| &one.deliveries);
    let waiting = waiting.filter(|one| one.state < State::AtRelay).count();
    let waiting = match (all.is_empty(), waiting) {
        (true, _) => Message::new("home-sent-none"),
        (false, 0) => Message::new("home-sent-look"),
        (false, count) => Message::new("home-waiting").with("count", count),
    };
    let tiles = [
        ("cases", "home-kept", Icon::Case, kept),
        ("people", "home-people", Icon::Contact, people.with("verified", verified)),
        ("inbox", "home-inbox", Icon::Inbox, Message::new("home-inbox-count").with("count", new)),
        ("waiting", "home-sent", Icon::Send, waiting),
    ];
    for (key, id, icon, text) in tiles {
        // A person's own phone receives as well; a tile more is no weight.
        let kind = Kind::Tile { icon, text: room.say(&text) };
        draw.put(key, id, kind);
    }
    Ok(())
}

/// Messages that nobody has read yet, each leading to what it is about.
fn answers(room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
    let new = room.session()?.received()?.into_iter();
    let new: Vec<_> = new.map(|one| one.0).filter(|one| one.state == Arrival::Arrived).collect();
    let mut about: Vec<_> = new.iter().filter_map(|one| Some((one.about?, one.sender))).collect();
    about.sort_unstable_by_key(|(parcel, sender)| (*parcel, sender.0));
    about.dedup();
    for (parcel, sender) in about {
        let count = new.iter().filter(|one| (one.about, one.sender) == (Some(parcel), sender));
        let text = Message::new("home-answer-count").with("count", count.count());
        let key = line_key(parcel, sender);
        draw.block(row(key, Icon::Answer, room.of("home-answer"), room.say(&text)));
    }
    Ok(())
}

/// What opening found, and room that runs out.
fn notices(room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
    let session = room.session()?;
    for message in room.notices() {
        draw.noted(Tone::Warn, Icon::Warn, message);
    }
    for message in session.storage()?.on_screen() {
        let kind = Kind::Notice { tone: Tone::Warn, icon: Icon::Storage, text: String::new() };
        draw.block(Block::new(message.id, room.say(&message), kind));
    }
    Ok(())
}

fn beginning(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(60).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}
