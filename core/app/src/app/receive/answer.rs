// SPDX-License-Identifier: MPL-2.0
//! Messages about a report, both ways.

use amate_screen::{Block, Icon, Kind, Tone};
use amate_wire::id::IdentityId;

use crate::{
    app::{
        draw::{Draw, Field, plain},
        page::{Event, Go, Page},
        room::Room,
        send::state_words,
    },
    drafts::Draft,
    problem::Problem,
    store::parcels::ParcelId,
    text::Message,
};

/// Writing to somebody about a parcel. What is written is kept as a draft.
pub(in crate::app) struct Answer {
    about: ParcelId,
    to: IdentityId,
    held: Option<Draft>,
}

impl Answer {
    pub(in crate::app) fn new(about: ParcelId, to: IdentityId) -> Self {
        Self { about, to, held: None }
    }

    fn form(&self) -> String {
        format!("answer-{}-{}", data_encoding::HEXLOWER.encode(&self.about), self.to.hex())
    }

    fn held(&mut self, room: &Room) -> Result<&mut Draft, Problem> {
        if self.held.is_none() {
            let form = self.form();
            let found = room.session()?.drafts()?.into_iter().find(|one| one.form == form);
            self.held = Some(found.unwrap_or_else(|| Draft::new(&form, room.now())));
        }
        self.held.as_mut().ok_or(Problem::Internal("draft"))
    }

    fn send(&mut self, room: &mut Room) -> Result<Go, Problem> {
        let (about, to, now) = (self.about, self.to, room.now());
        let held = self.held(room)?.clone();
        let text = held.fields.get("text").cloned().unwrap_or_default();
        let session = room.session_mut()?;
        session.answer(about, to, &text, now)?;
        session.drop_draft(held.id)?;
        self.held = None;
        room.nudge();
        Ok(Go::Back)
    }
}

impl Page for Answer {
    fn name(&self) -> &'static str {
        "answer"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let contacts = room.session()?.contacts()?;
        let contact = contacts.iter().find(|one| one.identity == self.to);
        let name = contact.map(|one| one.name.clone()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| room.of("unknown-name"));
        draw.titled(room.say(&Message::new("answer-title").with("name", name)));
        if contact.is_none_or(|one| !one.verified) {
            draw.notice(Tone::Warn, Icon::NotVerified, "answer-not-verified");
        }
        let held = self.held(room)?;
        let text = held.fields.get("text").cloned().unwrap_or_default();
        let help = if held.id == 0 { "answer-help" } else { "log-saved" };
        draw.field(Field::lines("text", "answer-text", &text).help(help));
        draw.main("send", "answer-send", Some(Icon::Send));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Change("text", value) => {
                let now = room.now();
                let mut held = self.held(room)?.clone();
                held.fields.insert("text".into(), value.into());
                room.session_mut()?.save_draft(&mut held, now)?;
                self.held = Some(held);
                Ok(Go::Stay)
            }
            Event::Tap("send") => self.send(room),
            _ => Ok(Go::Stay),
        }
    }
}

/// Messages about a parcel, under what it is about.
pub(in crate::app) fn conversation(
    room: &Room,
    draw: &mut Draw<'_>,
    about: ParcelId,
    with: IdentityId,
) -> Result<(), Problem> {
    let mut session = room.session()?.clone();
    let lines = session.conversation(about, with)?;
    if lines.is_empty() {
        return Ok(());
    }
    // They are before a person's eyes from here on.
    session.read_conversation(about, with, room.now().unix)?;
    draw.heading("conversation");
    for (number, line) in lines.into_iter().enumerate() {
        let time = room.when(line.at);
        let text = match (line.mine, line.state) {
            (true, Some(state)) => format!("{time} · {}", room.of(state_words(state))),
            (true, None) => format!("{time} · {}", room.of("state-not-queued")),
            (false, _) => time,
        };
        let kind = Kind::Message { mine: line.mine, text };
        draw.block(Block::new(format!("message-{number}"), plain(&line.text), kind));
    }
    Ok(())
}
