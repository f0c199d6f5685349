// SPDX-License-Identifier: MPL-2.0
//! In which language.

use amate_screen::{Icon, TextStyle};

use super::about::About;
use crate::{
    app::{
        draw::{Draw, row_with},
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
    text::{LANGUAGES, Message},
};

/// The choice of a language. Each is named in itself, with how much of the words it has.
pub(super) struct Language;

impl Page for Language {
    fn name(&self) -> &'static str {
        "language"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("language-title");
        let now = room.language();
        for one in LANGUAGES {
            let lines = (one.name.to_owned(), one.place.to_owned(), String::new());
            draw.block(row_with(one.tag, Icon::Language, lines, Vec::new(), now == one.tag));
        }
        draw.said(&Message::new("language-help"), TextStyle::Second);
        draw.main("next", "go-on", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") => Ok(Go::to(About)),
            Event::Tap(tag) if LANGUAGES.iter().any(|one| one.tag == tag) => {
                room.speak(tag);
                Ok(Go::Stay)
            }
            _ => Ok(Go::Stay),
        }
    }
}
