// SPDX-License-Identifier: MPL-2.0
//! Writing down what happened: one short page. Everything in it is kept at once; it can be left at
//! any moment and found again.

use amate_screen::{ButtonStyle, Icon, Kind, Precision, TextStyle};

use super::{
    camera::Camera,
    case::{Case, pieces},
    item::ItemPage,
};
use crate::{
    app::{
        draw::{Draw, Field},
        page::{Event, Go, Page},
        room::Room,
    },
    drafts,
    problem::Problem,
    take::Into,
    text::Message,
};

/// An incident that is being written.
pub(super) struct Draft {
    held: drafts::Draft,
}

/// The form of these drafts.
pub(super) const FORM: &str = "incident";
/// Fields of a draft.
const STORY: &str = "story";
const WHEN: &str = "when";
const DAY: &str = "day";
const WHERE: &str = "where";
const PLACE: &str = "place";

impl Draft {
    /// A new one; nothing of it is kept before the first word or picture.
    pub(super) fn begin(room: &Room) -> Result<Self, Problem> {
        room.session()?;
        Ok(Self { held: drafts::Draft::new(FORM, room.now()) })
    }

    /// One that was left.
    pub(super) fn resume(room: &Room, id: i64) -> Result<Self, Problem> {
        Ok(Self { held: room.session()?.draft(id)? })
    }

    fn field(&self, name: &str) -> &str {
        self.held.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    fn set(&mut self, room: &mut Room, name: &str, value: &str) -> Result<(), Problem> {
        if self.field(name) == value {
            return Ok(());
        }
        self.held.fields.insert(name.to_owned(), value.to_owned());
        self.keep(room)
    }

    fn keep(&mut self, room: &mut Room) -> Result<(), Problem> {
        let now = room.now();
        room.session_mut()?.save_draft(&mut self.held, now)
    }

    /// Again: the same chip takes its choice back.
    fn choose(&mut self, room: &mut Room, name: &str, value: &str) -> Result<(), Problem> {
        let value = if self.field(name) == value { "" } else { value };
        self.set(room, name, value)
    }

    fn when(&self, room: &Room) -> Option<String> {
        match self.field(WHEN) {
            "today" => Some(room.date(0)),
            "yesterday" => Some(room.date(1)),
            "other" => Some(self.field(DAY).to_owned()).filter(|day| !day.is_empty()),
            _ => None,
        }
    }

    fn place(&self) -> Option<String> {
        let place = (self.field(WHERE) == "said").then(|| self.field(PLACE).trim().to_owned());
        place.filter(|place| !place.is_empty())
    }

    /// The record, in the case that its pictures are in already.
    fn finish(&self, room: &mut Room) -> Result<Go, Problem> {
        let into = self.held.dossier.map_or_else(|| Into::New(String::new()), Into::Number);
        let (when, place, now) = (self.when(room), self.place(), room.now());
        let story = self.field(STORY).to_owned();
        let session = room.session_mut()?;
        let saved = session.log(&story, when.as_deref(), place.as_deref(), &into, now)?;
        session.drop_draft(self.held.id)?;
        Ok(Go::HomeThen(Box::new(Case::new(saved.dossier).just_saved())))
    }

    fn draw_when(&self, draw: &mut Draw<'_>) {
        let chosen = self.field(WHEN);
        let chips = [
            ("today", "when-chip-today"),
            ("yesterday", "when-chip-yesterday"),
            ("other", "when-chip-other"),
            ("unknown", "chip-unknown"),
            ("later", "chip-later"),
        ];
        draw.choice(WHEN, "log-when", &chips.map(|(key, id)| (key, id, chosen == key)));
        if chosen == "other" {
            let value = self.field(DAY).to_owned();
            draw.put(DAY, "log-day", Kind::Date { value, precision: Precision::Day });
        }
    }

    fn draw_where(&self, draw: &mut Draw<'_>) {
        let chosen = self.field(WHERE);
        let chips = [
            ("said", "where-chip-said"),
            ("unsafe", "chip-unsafe"),
            ("nowhere", "chip-unknown"),
            ("rather-not", "chip-rather-not"),
        ];
        draw.choice(WHERE, "log-where", &chips.map(|(key, id)| (key, id, chosen == key)));
        if chosen == "said" {
            let field = Field::line(PLACE, "log-place", self.field(PLACE));
            draw.field(field.hint("log-place-hint").help("log-place-help"));
        }
    }
}

impl Page for Draft {
    fn name(&self) -> &'static str {
        "log"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("log-title");
        let help = if self.held.id == 0 { "log-story-help" } else { "log-saved" };
        draw.field(Field::lines(STORY, "log-story", self.field(STORY)).help(help));
        self.draw_when(draw);
        self.draw_where(draw);
        draw.capture("log-evidence");
        if let Some(dossier) = self.held.dossier {
            pieces(room, draw, &room.session()?.items(Some(dossier))?);
        }
        draw.main("done", "log-done", Some(Icon::Check));
        if self.held.id != 0 {
            draw.button("throw", "log-throw", Some(Icon::Delete), ButtonStyle::Quiet);
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Change(name @ (STORY | DAY | PLACE), value) => self.set(room, name, value)?,
            Event::Captured(saved) => {
                self.held.dossier = Some(saved.dossier);
                self.keep(room)?;
            }
            Event::Tap("done") if self.field(STORY).trim().is_empty() => {
                return Ok(Go::Say(Message::new("problem-empty")));
            }
            Event::Tap("done") => return self.finish(room),
            Event::Tap("throw") => return Ok(Go::to(Throw { held: self.held.clone() })),
            Event::Tap(key @ ("today" | "yesterday" | "other" | "unknown" | "later")) => {
                self.choose(room, WHEN, key)?;
            }
            Event::Tap(key @ ("said" | "unsafe" | "nowhere" | "rather-not")) => {
                self.choose(room, WHERE, key)?;
            }
            Event::Tap(key) => return self.tapped(room, key),
            _ => {}
        }
        Ok(Go::Stay)
    }

    fn captures_into(&self) -> Option<Into> {
        Some(self.held.dossier.map_or_else(|| Into::New(String::new()), Into::Number))
    }
}

impl Draft {
    fn tapped(&mut self, room: &mut Room, key: &str) -> Result<Go, Problem> {
        if let Some(go) = Camera::file(key) {
            self.keep(room)?;
            return Ok(go);
        }
        if let Some(camera) = Camera::of(key, self.captures_into()) {
            // The draft is there before the camera opens: a kill in the middle finds it again.
            self.keep(room)?;
            return Ok(Go::to(camera));
        }
        let number = key.strip_prefix("item-").and_then(|number| number.parse().ok());
        Ok(match (number, self.held.dossier) {
            (Some(number), Some(dossier)) => Go::to(ItemPage::new(dossier, number)),
            _ => Go::Stay,
        })
    }
}

/// Throwing a draft away: what was photographed stays, as a case of its own.
struct Throw {
    held: drafts::Draft,
}

impl Page for Throw {
    fn name(&self) -> &'static str {
        "throw"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("throw-title").text("throw-what");
        let story = self.held.fields.get(STORY).cloned().unwrap_or_default();
        if !story.is_empty() {
            draw.quote("story", &story);
        }
        if let Some(dossier) = self.held.dossier {
            let count = room.session()?.items(Some(dossier))?.len();
            draw.said(&Message::new("throw-pieces").with("count", count), TextStyle::Body);
        }
        draw.put(
            "throw",
            "throw-do",
            Kind::Hold { icon: Icon::Delete, text: draw.of("throw-gone") },
        );
        draw.main("keep", "throw-keep", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("throw") => {
                room.session_mut()?.drop_draft(self.held.id)?;
                Ok(Go::Home)
            }
            Event::Tap("keep") => Ok(Go::Back),
            _ => Ok(Go::Stay),
        }
    }
}
