// SPDX-License-Identifier: MPL-2.0
//! The inbox: newest first, with the name of who sent it and whether it is theirs for sure.

use amate_screen::{Badge, Block, Icon, Tone};

use super::report::Report;
use crate::{
    app::{
        draw::{Draw, row_with},
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
    store::{
        deleting,
        inbox::{Arrival, Received},
    },
    text::Message,
};

/// Everything that came, but messages.
#[derive(Default)]
pub(in crate::app) struct Inbox {
    problem: Option<Message>,
}

impl Page for Inbox {
    fn name(&self) -> &'static str {
        "inbox"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("inbox-title").live();
        if let Some(message) = &self.problem {
            draw.noted(Tone::Warn, Icon::Warn, message);
        }
        room.network_notice(draw);
        let rows = inbox_rows(room, None)?;
        if rows.is_empty() {
            draw.text("inbox-empty");
        }
        for row in rows {
            draw.block(row);
        }
        draw.main("now", "inbox-now", Some(Icon::Refresh));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        if key == "now" {
            room.nudge();
            return Ok(Go::Stay);
        }
        match key.strip_prefix("report-").and_then(|id| id.parse().ok()) {
            Some(id) => Ok(Go::to(Report::open(room, id)?)),
            None => Ok(Go::Stay),
        }
    }
}

/// The rows of an inbox; the one that is shown beside it is marked.
pub(in crate::app) fn inbox_rows(room: &Room, shown: Option<i64>) -> Result<Vec<Block>, Problem> {
    let all = room.session()?.received()?;
    let unread: Vec<_> = all
        .iter()
        .filter(|(one, ..)| one.state == Arrival::Arrived)
        .filter_map(|(one, ..)| Some((one.about?, one.sender)))
        .collect();
    let reports = all.into_iter().rev().filter(|(one, ..)| one.about.is_none());
    Ok(reports
        .map(|(received, name, verified)| {
            let name = if name.is_empty() { room.of("unknown-name") } else { name };
            let text = room.of(state_words(&received));
            let lines = (name, text, room.when(received.at));
            let icon = match received.state {
                Arrival::Arrived => Icon::Inbox,
                Arrival::Opened => Icon::Opened,
                Arrival::Announced => Icon::Waiting,
                Arrival::Refused | Arrival::Newer => Icon::Warn,
            };
            let key = format!("report-{}", received.id);
            let selected = shown == Some(received.id);
            let mut badges = badges(room, &received, verified);
            if unread.contains(&(received.parcel, received.sender)) {
                badges.push(Badge { label: room.of("badge-message"), tone: Tone::Info });
            }
            row_with(key, icon, lines, badges, selected)
        })
        .collect())
}

fn state_words(received: &Received) -> &'static str {
    match received.state {
        Arrival::Announced => "arrival-announced",
        Arrival::Arrived => "arrival-arrived",
        Arrival::Opened => "arrival-opened",
        Arrival::Newer => "arrival-newer",
        Arrival::Refused => match received.reason.as_deref() {
            Some("problem-expired") => "arrival-expired",
            Some(deleting::DELETED) => "arrival-deleted",
            _ => "arrival-refused",
        },
    }
}

fn badges(room: &Room, received: &Received, verified: bool) -> Vec<Badge> {
    let badge = |id, tone| Badge { label: room.of(id), tone };
    let mut all = Vec::new();
    if matches!(received.state, Arrival::Arrived | Arrival::Opened) {
        all.push(badge("badge-signed", Tone::Ok));
    }
    all.push(if verified {
        badge("verified", Tone::Ok)
    } else {
        badge("not-verified", Tone::Danger)
    });
    let responsible = received.responsible.iter();
    all.extend(responsible.map(|name| {
        let label = room.say(&Message::new("badge-responsible").with("name", name));
        Badge { label, tone: Tone::Info }
    }));
    all
}
