// SPDX-License-Identifier: MPL-2.0
//! What this is, in half a minute.

use amate_screen::{Icon, Tone};

use super::{code::NewCode, named::Named};
use crate::{
    app::{
        Device,
        draw::Draw,
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
};

/// What it does, what it does not, and that nobody is asked who they are.
pub(super) struct About;

impl Page for About {
    fn name(&self) -> &'static str {
        "about"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("about-title");
        match room.setup.device {
            Device::Phone => {
                draw.text("about-write").text("about-prove").text("about-send");
                draw.notice(Tone::Info, Icon::Info, "about-nobody");
            }
            Device::Desk => {
                draw.text("about-desk-receive").text("about-desk-check");
                draw.notice(Tone::Info, Icon::Info, "about-desk-key");
            }
        }
        if room.setup.browser {
            draw.notice(Tone::Warn, Icon::Warn, "about-browser");
        }
        draw.main("next", "go-on", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") if room.setup.device == Device::Desk => Ok(Go::to(Named::default())),
            Event::Tap("next") => Ok(Go::to(NewCode::first(room, String::new()))),
            _ => Ok(Go::Stay),
        }
    }
}
