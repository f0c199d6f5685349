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
pub(super) struct NewKeys;

impl Page for NewKeys {
    fn name(&self) -> &'static str {
        "new-keys"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("new-keys-title").text("new-keys-why");
        match room.asked_refresh() {
            Some(pass) if pass.goes_on() => {
                let percent = pass.percent();
                let text = draw.say(&Message::new("new-keys-done-of").with("percent", percent));
                let label = draw.of("new-keys-going");
                draw.block(Block::new("going", label, Kind::Meter { percent, text }));
                draw.text("new-keys-meanwhile").live();
                return Ok(());
            }
            Some(pass) => match pass.problem() {
                Some(problem) => draw.noted(Tone::Warn, Icon::Warn, &problem),
                None => draw.notice(Tone::Ok, Icon::Check, "new-keys-done"),
            },
            None if room.session()?.storage()?.shows_half => {
                draw.notice(Tone::Warn, Icon::Warn, "new-keys-due")
            }
            None => draw,
        };
        draw.second("new-keys-not");
        if room.session()?.keys_in_software() {
            draw.notice(Tone::Info, Icon::Info, "new-keys-software");
        }
        draw.main("next", "new-keys-do", Some(Icon::Refresh));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        if matches!(event, Event::Tap("next")) {
            room.refresh_as_asked()?;
        }
        Ok(Go::Stay)
    }
}
