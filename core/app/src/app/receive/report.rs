// SPDX-License-Identifier: MPL-2.0
//! A report as a person reads it: words, pictures, what is proved, what can be done.

use amate_screen::{ButtonStyle, Icon, Kind, TextStyle, Tone};

use super::{answer::Answer, conversation, inbox::inbox_rows};
use crate::{
    app::{
        Device,
        draw::{Draw, Field},
        page::{Event, Go, Page},
        phone::{ItemPage, facts, pieces},
        proof::Proof,
        room::Room,
        said::is_record,
    },
    inbox::OpenedReport,
    problem::Problem,
    store::{inbox::Received, items::Item},
    text::Message,
};

/// An opened report.
pub(in crate::app) struct Report {
    id: i64,
    opened: OpenedReport,
    naming: bool,
}

impl Report {
    /// A person opens it: the sender learns that, if they are verified.
    pub(in crate::app) fn open(room: &mut Room, id: i64) -> Result<Self, Problem> {
        let now = room.now().unix;
        let opened = room.session_mut()?.open_report_later(id, now)?;
        room.nudge();
        Ok(Self { id, opened, naming: false })
    }

    fn received(&self, room: &Room) -> Result<(Received, String, bool), Problem> {
        let all = room.session()?.received()?;
        let not_found = || Problem::NotFound { what: "report", name: self.id.to_string() };
        all.into_iter().find(|(one, ..)| one.id == self.id).ok_or_else(not_found)
    }

    fn draw_sender(draw: &mut Draw<'_>, name: &str, verified: bool) {
        match verified {
            true => draw.notice(Tone::Ok, Icon::Verified, "report-verified"),
            false => draw.notice(Tone::Danger, Icon::NotVerified, "report-not-verified"),
        };
        if name.is_empty() {
            let field = Field::line("name", "report-name", "");
            draw.field(field.help("report-name-help"));
        }
    }

    fn draw_words(&self, draw: &mut Draw<'_>) {
        for item in &self.opened.items {
            let Some(incident) = &item.incident else { continue };
            draw.quote(&format!("story-{}", item.item.number), &incident.story);
            let rows = facts(draw, incident);
            if !rows.is_empty() {
                let key = format!("facts-{}", item.item.number);
                draw.put(&key, "case-facts", Kind::Facts { rows });
            }
        }
    }

    fn draw_missing(&self, draw: &mut Draw<'_>) {
        let listed = &self.opened.case.statement.items;
        let here = |n| self.opened.items.iter().any(|one| one.item.number == n);
        let missing: Vec<String> =
            listed.iter().filter(|one| !here(one.n)).map(|one| one.n.to_string()).collect();
        let message = Message::new("report-pieces").with("here", self.opened.items.len());
        draw.said(&message.with("listed", listed.len()), TextStyle::Second);
        if !missing.is_empty() {
            let message = Message::new("report-missing").with("numbers", missing.join(", "));
            draw.noted(Tone::Warn, Icon::Warn, &message);
        }
    }

    fn draw_responsible(&self, draw: &mut Draw<'_>, received: &Received) {
        let now = received.responsible.as_deref().unwrap_or_default();
        if self.naming {
            let field = Field::line("responsible", "report-responsible", now);
            draw.field(field.help("report-responsible-help"));
        } else {
            let id = if now.is_empty() { "report-nobody" } else { "report-somebody" };
            draw.said(&Message::new(id).with("name", now), TextStyle::Second);
        }
        draw.button("assign", "report-assign", Some(Icon::Assign), ButtonStyle::Second);
    }
}

impl Page for Report {
    fn name(&self) -> &'static str {
        "report"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let (received, name, verified) = self.received(room)?;
        let shown = if name.is_empty() { room.of("unknown-name") } else { name.clone() };
        draw.titled(room.say(&Message::new("report-title").with("name", &shown))).live();
        draw.subtitle(room.say(&Message::new("report-came").with("time", room.when(received.at))));
        if room.setup.device == Device::Desk {
            draw.list("inbox-title", inbox_rows(room, Some(self.id))?);
            self.draw_responsible(draw, &received);
        }
        Self::draw_sender(draw, &name, verified);
        self.draw_words(draw);
        let others: Vec<Item> = self.opened.items.iter().map(|one| one.item.clone()).collect();
        let others: Vec<Item> = others.into_iter().filter(|item| !is_record(item)).collect();
        pieces(room, draw, &others);
        self.draw_missing(draw);
        draw.button("proof", "report-proof", Some(Icon::Proof), ButtonStyle::Second);
        draw.button("export", "report-export", Some(Icon::Export), ButtonStyle::Second);
        conversation(room, draw, received.parcel, received.sender)?;
        draw.main("answer", "report-answer", Some(Icon::Answer));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let (received, ..) = self.received(room)?;
        match event {
            Event::Change("name", value) if !value.trim().is_empty() => {
                room.session_mut()?.rename_contact(received.sender, value.trim())?;
            }
            Event::Change("responsible", value) => {
                room.session_mut()?.set_responsible(self.id, value)?;
            }
            Event::Tap("assign") => self.naming = !self.naming,
            Event::Tap("proof") => return Ok(Go::to(Proof::new(self.opened.dossier.id))),
            Event::Tap("export") => {
                return Ok(Go::to(crate::app::export::Export::new(self.opened.dossier.id)));
            }
            Event::Tap("answer") => {
                return Ok(Go::to(Answer::new(received.parcel, received.sender)));
            }
            Event::Tap(key) => {
                if let Some(number) = key.strip_prefix("item-").and_then(|n| n.parse().ok()) {
                    return Ok(Go::to(ItemPage::new(self.opened.dossier.id, number)));
                }
                if let Some(id) = key.strip_prefix("report-").and_then(|id| id.parse().ok()) {
                    return Ok(Go::instead(Self::open(room, id)?));
                }
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}
