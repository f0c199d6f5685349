// SPDX-License-Identifier: MPL-2.0
//! What was sent, and how far each came: by receipts, never by hope.

use amate_screen::{Icon, Kind, Progress, TextStyle, Tone, Waypoint};

use super::{key_of, rows};
use crate::{
    app::{
        draw::{Draw, row},
        page::{Event, Go, Page},
        proof::Proof,
        receive::{Answer, conversation},
        room::Room,
    },
    outbox::Sending,
    problem::Problem,
    store::parcels::{Delivery, State},
    text::Message,
};

/// Everything that was sent, newest first.
pub(in crate::app) struct Sent;

/// One parcel towards one recipient.
pub(in crate::app) struct Line {
    key: String,
}

impl Line {
    pub(in crate::app) fn new(key: String) -> Self {
        Self { key }
    }

    fn find(&self, room: &Room) -> Result<(Sending, Delivery), Problem> {
        for sending in room.session()?.sendings()? {
            let found = sending.deliveries.iter().find(|one| key_of(one) == self.key).cloned();
            if let Some(delivery) = found {
                return Ok((sending, delivery));
            }
        }
        Err(Problem::NotFound { what: "parcel", name: String::new() })
    }
}

impl Page for Sent {
    fn name(&self) -> &'static str {
        "sent"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("sent-title").live();
        let all = room.session()?.sendings()?;
        if all.is_empty() {
            draw.text("sent-none");
        }
        if all.iter().flat_map(|one| &one.deliveries).any(|one| one.state < State::AtRelay) {
            draw.notice(Tone::Info, Icon::Waiting, "sent-waiting");
            draw.main("now", "sent-now", Some(Icon::Refresh));
        }
        room.network_notice(draw);
        for sending in all.iter().rev() {
            rows(room, draw, sending)?;
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        Ok(match event {
            Event::Tap("now") => {
                room.nudge();
                Go::Stay
            }
            Event::Tap(key) => super::open(key).unwrap_or(Go::Stay),
            _ => Go::Stay,
        })
    }
}

impl Page for Line {
    fn name(&self) -> &'static str {
        "line"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let (sending, delivery) = self.find(room)?;
        let contacts = room.session()?.contacts()?;
        let contact = contacts.iter().find(|one| one.identity == delivery.contact);
        let name = contact.map_or_else(|| room.of("unknown-name"), |one| one.name.clone());
        draw.titled(room.say(&Message::new("line-title").with("name", &name))).live();
        let points = points(room, &sending, &delivery)?;
        draw.put("line", "line-states", Kind::Line { points });
        if let Some(time) = delivery.relay_at.filter(|_| delivery.state >= State::AtRelay) {
            let message = Message::new("line-proved").with("time", room.when_unix(time));
            draw.noted(Tone::Ok, Icon::Proof, &message);
        }
        if contact.is_some_and(|one| one.blocked) {
            draw.notice(Tone::Warn, Icon::Block, "line-blocked");
        }
        if delivery.state < State::AtRelay {
            draw.said(&Message::new("line-waits"), TextStyle::Second);
            room.network_notice(draw);
        }
        draw.block(row("proof", Icon::Proof, draw.of("case-proof"), draw.of("case-proof-what")));
        if let Some(contact) = contact {
            conversation(room, draw, delivery.parcel, contact.identity)?;
            if !contact.blocked {
                draw.main("answer", "line-answer", Some(Icon::Answer));
            }
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("proof") => {
                let (sending, _) = self.find(room)?;
                Ok(Go::to(Proof::new(sending.parcel.dossier)))
            }
            Event::Tap("answer") => {
                let (_, delivery) = self.find(room)?;
                Ok(Go::to(Answer::new(delivery.parcel, delivery.contact)))
            }
            _ => Ok(Go::Stay),
        }
    }
}

/// Saved, left, at the relay, opened: what a receipt shows is done, what is next is in colour.
fn points(room: &Room, sending: &Sending, delivery: &Delivery) -> Result<Vec<Waypoint>, Problem> {
    let left = sending.left(room.session()?, delivery)?;
    let time = |unix: Option<u64>| unix.map(|unix| room.when_unix(unix)).unwrap_or_default();
    let saved = room.when(sending.parcel.created);
    let missing = Message::new("line-left-some").with("count", left);
    let relay = match delivery.state {
        State::Left => room.say(&missing),
        _ => time(delivery.relay_at),
    };
    let opened = match delivery.state {
        State::Opened => room.of("line-opened-signed"),
        State::AtRelay => room.of("line-nobody-yet"),
        _ => String::new(),
    };
    let all = [
        (Icon::Saved, "line-saved", saved, None),
        (Icon::LeftPhone, "line-left", time(delivery.left_at), Some(State::Left)),
        (Icon::AtRelay, "line-at-relay", relay, Some(State::AtRelay)),
        (Icon::Opened, "line-opened", opened, Some(State::Opened)),
    ];
    let mut now_given = false;
    let points = all.into_iter().map(|(icon, id, text, needs)| {
        let done = needs.is_none_or(|state| delivery.state >= state);
        let progress = match (done, now_given) {
            (true, _) => Progress::Done,
            (false, false) => {
                now_given = true;
                Progress::Now
            }
            (false, true) => Progress::Later,
        };
        Waypoint { label: room.of(id), text, icon, progress }
    });
    Ok(points.collect())
}
