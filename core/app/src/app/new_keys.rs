// SPDX-License-Identifier: MPL-2.0
//! The phone was out of somebody's hands: every place of the files gets new keys, so that a copy
//! made then says nothing about what comes from here on. Each vault tells only of what was saved and
//! asked for in it: that a pass is due, or goes on by itself, may come from another.

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
    /// It ended while this was looked at.
    done: bool,
}

impl Page for NewKeys {
    fn name(&self) -> &'static str {
        "new-keys"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("new-keys-title").text("new-keys-why");
        if let Some(percent) = room.refreshing() {
            let text = draw.say(&Message::new("new-keys-done-of").with("percent", percent));
            let label = draw.of("new-keys-going");
            draw.block(Block::new("going", label, Kind::Meter { percent, text }));
            draw.text("new-keys-meanwhile").live();
            return Ok(());
        }
        if self.done {
            draw.notice(Tone::Ok, Icon::Check, "new-keys-done");
        } else if room.session()?.storage()?.shows_half {
            draw.notice(Tone::Warn, Icon::Warn, "new-keys-due");
        }
        draw.second("new-keys-not");
        if room.session()?.keys_in_software() {
            draw.notice(Tone::Info, Icon::Info, "new-keys-software");
        }
        draw.main("next", "new-keys-do", Some(Icon::Refresh));
        // Its end is told at the next look.
        if room.has_asked() {
            draw.live();
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") if room.refreshing().is_none() => {
                self.done = false;
                room.refresh_as_asked()?;
            }
            Event::Look => {
                if let Some(ended) = room.refreshed() {
                    ended?;
                    self.done = true;
                }
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}
