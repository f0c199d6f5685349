// SPDX-License-Identifier: MPL-2.0
//! Desk: the name that people will know it by.

use super::code::NewCode;
use crate::{
    app::{
        draw::{Draw, Field},
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
    text::Message,
};

/// The name of an organisation.
#[derive(Default)]
pub(super) struct Named {
    name: String,
}

impl Page for Named {
    fn name(&self) -> &'static str {
        "named"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("named-title").text("named-why");
        draw.field(Field::line("name", "named-name", &self.name).help("named-help"));
        draw.main("next", "go-on", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Change("name", value) => value.trim().clone_into(&mut self.name),
            Event::Tap("next") if self.name.is_empty() => {
                return Ok(Go::Say(Message::new("named-empty")));
            }
            Event::Tap("next") => return Ok(Go::to(NewCode::first(room, self.name.clone()))),
            _ => {}
        }
        Ok(Go::Stay)
    }
}
