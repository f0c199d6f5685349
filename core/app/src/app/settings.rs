// SPDX-License-Identifier: MPL-2.0
//! Settings: language, code, room, and how safe this device is.

use amate_screen::{Block, Icon, Kind, Tone};

use super::{
    Device,
    door::Door,
    draw::{Draw, row, row_with},
    first::change_code,
    new_keys::NewKeys,
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
        if room.session()?.can_have_second_door()? {
            let (label, text) = (draw.of("door-title"), draw.of("settings-door-what"));
            draw.block(row("door", Icon::Unlock, label, text));
        }
        let relays = draw.of("settings-relays-what");
        draw.block(row("relays", Icon::Relay, draw.of("people-relays"), relays));
        storage(room, draw)?;
        let due = room.session()?.storage()?.shows_half;
        let text = draw.of(if due { "new-keys-is-due" } else { "new-keys-what" });
        let label = draw.of("new-keys-title");
        draw.block(row("new-keys", Icon::Refresh, label, text));
        if room.session()?.can_have_second_door()? {
            let (label, text) = (draw.of("more-room-title"), draw.of("more-room-what"));
            draw.block(row("more-room", Icon::Storage, label, text));
        }
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
            "door" => Go::to(Door),
            "more-room" => Go::to(MoreRoom::default()),
            "new-keys" => Go::to(NewKeys),
            "relays" => Go::to(Relays::default()),
            _ => Go::Stay,
        })
    }
}

/// How much more room for media, as parts of what there is.
const MORE: [(&str, u64); 3] = [("quarter", 4), ("half", 2), ("double", 1)];

/// More room for photos, films and files: for good, and for whatever is in these files.
#[derive(Default)]
struct MoreRoom {
    chosen: usize,
}

impl Page for MoreRoom {
    fn name(&self) -> &'static str {
        "more-room"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let total = room.session()?.storage()?.media.total;
        draw.title("more-room-title").text("more-room-why");
        for (number, (key, part)) in MORE.into_iter().enumerate() {
            let (more, sum) = (size(total / part), size(total + total / part));
            let label = draw.say(&Message::new("more-room-by").with("more", more));
            let text = draw.say(&Message::new("more-room-then").with("total", sum));
            let lines = (label, text, String::new());
            draw.block(row_with(key, Icon::Storage, lines, Vec::new(), number == self.chosen));
        }
        draw.second("more-room-never-less").main("next", "more-room-do", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        if let Some(chosen) = MORE.iter().position(|(known, _)| *known == key) {
            self.chosen = chosen;
            return Ok(Go::Stay);
        }
        let Some((_, part)) = MORE.get(self.chosen).filter(|_| key == "next") else {
            return Ok(Go::Stay);
        };
        let session = room.session_mut()?;
        let total = session.storage()?.media.total;
        session.set_reserve(total + total / part)?;
        Ok(Go::HomeThen(Box::new(Settings)))
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
