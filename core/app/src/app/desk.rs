// SPDX-License-Identifier: MPL-2.0
//! What an organisation's desk shows once it is open: the inbox beside the report. The rooms of a
//! desk stand at its side on every screen.

use amate_screen::{Block, Icon, Kind, Tone};

use super::{
    draw::{Draw, row_with},
    page::{Event, Go, Page},
    people::People,
    phone::Cases,
    receive::{Report, inbox_rows},
    room::Room,
    send::Sent,
    settings::Settings,
};
use crate::{problem::Problem, store::inbox::Arrival};

/// The first page of a desk.
#[derive(Default)]
pub(super) struct Desk;

impl Page for Desk {
    fn name(&self) -> &'static str {
        "desk"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.titled(room.session()?.name().to_owned()).live();
        let rows = inbox_rows(room, None)?;
        for message in room.notices() {
            draw.noted(Tone::Warn, Icon::Warn, message);
        }
        room.network_notice(draw);
        if room.session()?.relays()?.is_empty() {
            draw.text("desk-no-relay");
            draw.main("side-relays", "add-relay", Some(Icon::Relay));
        } else if rows.is_empty() {
            draw.text("desk-empty").text("desk-empty-how");
            draw.main("side-people", "people-add", Some(Icon::ContactAdd));
        } else {
            draw.text("desk-choose");
        }
        draw.list("inbox-title", rows);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        match key.strip_prefix("report-").and_then(|id| id.parse().ok()) {
            Some(id) => Ok(Go::to(Report::open(room, id)?)),
            None => Ok(Go::Stay),
        }
    }
}

/// The rooms of a desk, for every screen of it.
pub(super) fn rooms(room: &Room, here: &str) -> Result<Vec<Block>, Problem> {
    let new = room.session()?.received()?;
    let new = new.iter().filter(|(one, ..)| one.state == Arrival::Arrived).count();
    let count = if new > 0 { new.to_string() } else { String::new() };
    let all = [
        ("side-inbox", "inbox-title", Icon::Inbox, count),
        ("side-cases", "cases-title", Icon::Case, String::new()),
        ("side-sent", "sent-title", Icon::Send, String::new()),
        ("side-people", "people-title", Icon::Contact, String::new()),
        ("side-settings", "settings-title", Icon::Settings, String::new()),
        ("side-lock", "home-lock", Icon::Lock, String::new()),
    ];
    Ok(all
        .into_iter()
        .map(|(key, id, icon, aside)| {
            let lines = (room.of(id), String::new(), aside);
            let mut block = row_with(key, icon, lines, Vec::new(), room_of(here) == key);
            if let Kind::Row { opens, .. } = &mut block.kind {
                *opens = true;
            }
            block
        })
        .collect())
}

/// Where a room leads; `None` when the key names none.
pub(super) fn enter(key: &str) -> Option<Go> {
    Some(match key {
        "side-inbox" => Go::Home,
        "side-cases" => Go::HomeThen(Box::new(Cases::default())),
        "side-sent" => Go::HomeThen(Box::new(Sent)),
        "side-people" => Go::HomeThen(Box::new(People)),
        "side-relays" => Go::HomeThen(Box::new(super::people::Relays::default())),
        "side-settings" => Go::HomeThen(Box::new(Settings)),
        "side-lock" => Go::Lock,
        _ => return None,
    })
}

/// In which room a screen is.
fn room_of(screen: &str) -> &'static str {
    match screen {
        "cases" | "case" | "log" => "side-cases",
        "sent" | "line" => "side-sent",
        "people" | "person" | "add" | "scan" | "scanned" | "by-words" | "paired" => "side-people",
        "settings" | "relays" | "code" | "code-again" => "side-settings",
        _ => "side-inbox",
    }
}
