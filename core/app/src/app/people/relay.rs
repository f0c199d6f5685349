// SPDX-License-Identifier: MPL-2.0
//! Relays: the servers that carry sealed blocks. Most people get one with a code they read; here
//! one is added by its address.

use amate_screen::{Icon, Input, Kind, Tone};

use crate::{
    app::{
        draw::{Draw, Field, row},
        page::{Event, Go, Page},
        room::Room,
        work::Work,
    },
    exchange::Relay,
    problem::Problem,
    text::Message,
    witness::LogNote,
};

/// The relays of this vault, and another.
#[derive(Default)]
pub(in crate::app) struct Relays {
    url: String,
    capability: String,
    work: Option<Work<Result<Relay, Problem>>>,
}

impl Relays {
    fn start(&mut self, room: &Room) -> Result<(), Problem> {
        let mut session = room.session()?.clone();
        let mut carrier = room.carrier()?;
        let (url, capability) = (self.url.clone(), self.capability.clone());
        let changed = room.platform.changed.clone();
        let add = move || {
            let capability = Some(capability.as_str()).filter(|text| !text.is_empty());
            session.add_relay(&mut *carrier, &url, None, capability)
        };
        self.work = Some(Work::start(add, move || changed()));
        Ok(())
    }
}

impl Page for Relays {
    fn name(&self) -> &'static str {
        "relays"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("relays-title").text("relays-what");
        for relay in room.session()?.relays()? {
            let may = if relay.capability.is_some() { "relays-may" } else { "relays-may-not" };
            let mut block = row(relay.key.hex(), Icon::Relay, relay.url.clone(), draw.of(may));
            if let Kind::Row { opens, .. } = &mut block.kind {
                *opens = false;
            }
            draw.block(block);
            for note in room.session()?.log_notes(relay.key)? {
                let id = match note {
                    LogNote::Forked => "status-forked",
                    LogNote::Unproven => "status-unproven",
                    LogNote::Anew => "status-new-log",
                };
                draw.noted(Tone::Danger, Icon::Danger, &Message::new(id).with("url", &relay.url));
            }
        }
        if self.work.is_some() {
            draw.text("scan-asking").live();
            return Ok(());
        }
        let url = Field { input: Input::Address, ..Field::line("url", "relays-url", &self.url) };
        draw.field(url.hint("relays-url-hint"));
        let capability = Field::line("capability", "relays-capability", &self.capability);
        draw.field(Field { input: Input::Address, ..capability }.help("relays-capability-help"));
        draw.main("add", "relays-add", Some(Icon::Plus));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Change("url", value) => value.trim().clone_into(&mut self.url),
            Event::Change("capability", value) => value.trim().clone_into(&mut self.capability),
            Event::Tap("add") if self.url.is_empty() => {
                return Err(Problem::NotUnderstood { what: "relay" });
            }
            Event::Tap("add") => self.start(room)?,
            _ => {}
        }
        match self.work.as_ref().and_then(Work::poll) {
            None => Ok(Go::Stay),
            Some(answer) => {
                self.work = None;
                let relay = answer.map_err(|()| Problem::Internal("relay"))??;
                (self.url, self.capability) = (String::new(), String::new());
                room.nudge();
                Ok(Go::Told(Message::new("relays-added").with("url", relay.url)))
            }
        }
    }
}
