// SPDX-License-Identifier: MPL-2.0
//! Settings: language, code, room, and how safe this device is.

use amate_screen::{Block, Icon, Kind, Tone};

use super::{
    Device,
    draw::{Draw, row, row_with},
    first::change_code,
    page::{Event, Go, Page},
    people::Relays,
    room::Room,
};
use crate::{
    problem::Problem,
    text::{LANGUAGES, Message, size},
};

/// What can be set.
pub(super) struct Settings;

impl Page for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("settings-title");
        let now = room.language();
        for one in LANGUAGES {
            let lines = (one.name.to_owned(), one.place.to_owned(), String::new());
            draw.block(row_with(one.tag, Icon::Language, lines, Vec::new(), now == one.tag));
        }
        draw.block(row(
            "code",
            Icon::Code,
            draw.of("settings-code"),
            draw.of("settings-code-what"),
        ));
        let relays = draw.of("settings-relays-what");
        draw.block(row("relays", Icon::Relay, draw.of("people-relays"), relays));
        storage(room, draw)?;
        if room.session()?.keys_in_software() {
            let id = match room.setup.device {
                Device::Phone => "settings-software",
                Device::Desk => "settings-software-desk",
            };
            draw.notice(Tone::Info, Icon::Info, id);
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        if LANGUAGES.iter().any(|one| one.tag == key) {
            room.speak(key);
            room.session_mut()?.set_preference("language", key)?;
            return Ok(Go::Stay);
        }
        Ok(match key {
            "code" => change_code(room),
            "relays" => Go::to(Relays::default()),
            _ => Go::Stay,
        })
    }
}

/// How full each room is, in words as well.
fn storage(room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
    let space = room.session()?.storage()?;
    for (key, id, one) in
        [("records", "room-records", space.records), ("media", "room-media", space.media)]
    {
        if one.total == crate::room::Room::OPEN {
            continue;
        }
        let message = Message::new("room-used").with("used", size(one.used));
        let text = room.say(&message.with("total", size(one.total)));
        let percent = u32::try_from(one.percent()).unwrap_or(100);
        draw.block(Block::new(key, room.of(id), Kind::Meter { percent, text }));
    }
    Ok(())
}
