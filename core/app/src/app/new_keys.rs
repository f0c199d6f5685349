// SPDX-License-Identifier: MPL-2.0
//! The phone was out of somebody's hands: every place of the files gets new keys, so that a copy
//! made then says nothing about what comes from here on. That it is due is not said: another vault
//! may have made it so.

use amate_screen::{Block, Icon, Kind, Tone};

use super::{
    draw::Draw,
    page::{Event, Go, Page},
    room::Room,
};
use crate::{problem::Problem, text::Message};

/// Asks for it, shows how far it is.
#[derive(Default)]
pub(super) struct NewKeys {
    /// It went on while this was looked at: its end is told here.
    waited: bool,
    done: bool,
}

impl Page for NewKeys {
    fn name(&self) -> &'static str {
        "new-keys"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("new-keys-title").text("new-keys-why");
        if let Some(percent) = room.refreshing() {
            self.waited = true;
            let text = draw.say(&Message::new("new-keys-done-of").with("percent", percent));
            let label = draw.of("new-keys-going");
            draw.block(Block::new("going", label, Kind::Meter { percent, text }));
            draw.text("new-keys-meanwhile").live();
            return Ok(());
        }
        if self.done {
            draw.notice(Tone::Ok, Icon::Check, "new-keys-done");
        }
        draw.second("new-keys-not");
        if room.session()?.keys_in_software() {
            draw.notice(Tone::Info, Icon::Info, "new-keys-software");
        }
        draw.main("next", "new-keys-do", Some(Icon::Refresh));
        if self.waited && !self.done {
            draw.live();
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") if room.refreshing().is_none() => {
                room.refresh()?;
                self.done = false;
                self.waited = true;
            }
            Event::Look if self.waited && room.refreshing().is_none() => {
                self.waited = false;
                room.refreshed()?;
                self.done = true;
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}
