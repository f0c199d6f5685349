// SPDX-License-Identifier: MPL-2.0
//! The first page: write down what happened, and what is there already.

use amate_screen::{ButtonStyle, Icon};

use crate::{
    app::{
        draw::Draw,
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
};

/// The first page of a phone.
#[derive(Default)]
pub(in crate::app) struct Home;

impl Page for Home {
    fn name(&self) -> &'static str {
        "home"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("home-title");
        draw.button("log", "home-log", Some(Icon::Log), ButtonStyle::Main);
        draw.button("lock", "home-lock", Some(Icon::Lock), ButtonStyle::Quiet);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let _ = (room, event);
        Ok(Go::Stay)
    }
}
