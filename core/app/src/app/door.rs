// SPDX-License-Identifier: MPL-2.0
//! The second door: what it is and what it is not, setting it, changing it, taking it away. The
//! same pages in every vault: whoever stands behind a second door finds what a first one has.

use amate_screen::{Block, ButtonStyle, Icon, Kind, TextStyle, Tone};

use super::{
    draw::{Draw, row, row_with},
    first::{change_second_code, second_code},
    page::{Event, Go, Page},
    room::Room,
};
use crate::{problem::Problem, second_door::SecondDoor, text::Message};

/// What protects and what does not, in the order in which it matters.
const LIMITS: [&str; 6] = [
    "door-limit-person",
    "door-limit-phone",
    "door-limit-late",
    "door-limit-much",
    "door-limit-inside",
    "door-limit-empty",
];
/// What ordinary people keep.
const IDEAS: [&str; 4] =
    ["door-idea-list", "door-idea-meeting", "door-idea-money", "door-idea-photo"];

/// The second door of the vault that is open.
pub(super) struct Door;

/// What its code also does. Asked only when there is a door, which somebody can have filled: entering
/// a code that overwrites costs the first.
struct How {
    overwrites: bool,
}

/// It is set: what comes now.
struct Ready;

/// After the first run: there is one, for who wants it.
pub(super) struct Offer;

impl Page for Door {
    fn name(&self) -> &'static str {
        "door"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("door-title");
        match room.session()?.second_door()? {
            None => {
                let software = room.session()?.keys_in_software();
                draw.text("door-what");
                draw.text(if software { "door-used-screen" } else { "door-used" });
                limits(room, draw);
                draw.main("set", "door-set", None);
            }
            Some(door) => draw_set(room, &door, draw),
        }
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        Ok(match (key, room.session()?.second_door()?) {
            ("set", None) => second_code(room),
            ("code", Some(_)) => change_second_code(room),
            ("how", Some(door)) => Go::to(How { overwrites: door.overwrites }),
            ("remove", Some(_)) => {
                room.begin_refresh()?;
                let removed = room.session()?.remove_second_door();
                renew(room);
                removed?;
                Go::Told(Message::new("door-removed"))
            }
            _ => Go::Stay,
        })
    }
}

impl Page for How {
    fn name(&self) -> &'static str {
        "door-how"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("door-how-title");
        let all = [
            ("opens", Icon::Unlock, "door-opens", "door-opens-what", false),
            ("closes", Icon::Danger, "door-overwrites", "door-overwrites-what", true),
        ];
        for (key, icon, id, what, overwrites) in all {
            let lines = (draw.of(id), draw.of(what), String::new());
            let chosen = self.overwrites == overwrites;
            draw.block(row_with(key, icon, lines, Vec::new(), chosen));
        }
        if self.overwrites {
            draw.notice(Tone::Danger, Icon::Danger, "door-overwrites-warning");
        }
        draw.second("door-how-later").main("next", "go-on", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("opens") => self.overwrites = false,
            Event::Tap("closes") => self.overwrites = true,
            Event::Tap("next") => {
                room.session()?.second_door_overwrites(self.overwrites)?;
                return Ok(Go::Back);
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}

impl Page for Ready {
    fn name(&self) -> &'static str {
        "door-ready"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("door-ready-title").text("door-ready-what");
        ideas(draw);
        draw.said(&Message::new("door-own-words"), TextStyle::Second);
        draw.button("later", "door-later", None, ButtonStyle::Quiet);
        draw.main("lock", "door-enter", Some(Icon::Lock));
        Ok(())
    }

    fn on(&mut self, _: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        Ok(match event {
            Event::Tap("lock") => Go::Lock,
            Event::Tap("later") => Go::Back,
            _ => Go::Stay,
        })
    }
}

impl Page for Offer {
    fn name(&self) -> &'static str {
        "door-offer"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("door-offer-title").text("door-what").text("door-offer-later");
        draw.button("door", "door-offer-see", Some(Icon::Unlock), ButtonStyle::Quiet);
        draw.main("later", "door-offer-not", None);
        Ok(())
    }

    fn on(&mut self, _: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        Ok(match event {
            Event::Tap("door") => Go::HomeThen(Box::new(Door)),
            Event::Tap("later") => Go::Home,
            _ => Go::Stay,
        })
    }
}

/// After the code of a second door was entered again: it is set.
pub(super) fn set(room: &mut Room, code: &[u8]) -> Result<Go, Problem> {
    let now = room.now().unix;
    room.begin_refresh()?;
    let set = room.session()?.set_second_door(code, now);
    renew(room);
    set?;
    Ok(Go::HomeThen(Box::new(Ready)))
}

/// Who copied the files before sees nothing of a door when everything is as new as it is. Also when
/// it was not set in the end: the half was written all the same.
fn renew(room: &mut Room) {
    // What cannot be begun now is no reason to say that the door is not set.
    let _ = room.refresh();
}

/// The same for another code of it.
pub(super) fn change(room: &mut Room, code: &[u8]) -> Result<Go, Problem> {
    room.session()?.change_second_code(code)?;
    Ok(Go::HomeThen(Box::new(Door)))
}

fn draw_set(room: &Room, door: &SecondDoor, draw: &mut Draw<'_>) {
    if door.opens {
        draw.notice(Tone::Ok, Icon::Check, "door-there");
    } else {
        draw.notice(Tone::Warn, Icon::Warn, "door-damaged");
    }
    let (label, text) = (draw.of("door-code"), draw.of("door-code-what"));
    draw.block(row("code", Icon::Code, label, text));
    let does = if door.overwrites { "door-overwrites" } else { "door-opens" };
    let (label, text) = (draw.of("door-how-title"), draw.of(does));
    draw.block(row("how", Icon::Unlock, label, text));
    if door.overwrites {
        draw.notice(Tone::Danger, Icon::Danger, "door-closes-now");
        draw.text("door-fill-first");
    } else {
        ideas(draw);
    }
    limits(room, draw);
    let text = draw.of("door-remove-what");
    draw.put("remove", "door-remove", Kind::Hold { icon: Icon::Delete, text });
}

fn limits(room: &Room, draw: &mut Draw<'_>) {
    let mut all = LIMITS.to_vec();
    if room.session().is_ok_and(|session| session.keys_in_software()) {
        all.push("door-limit-software");
    }
    card(draw, "limits", "door-limits", &all);
}

fn ideas(draw: &mut Draw<'_>) {
    card(draw, "ideas", "door-ideas", &IDEAS);
}

/// Lines under a heading, in a card of their own.
fn card(draw: &mut Draw<'_>, key: &str, heading: &'static str, lines: &[&'static str]) {
    let line =
        |id: &&'static str| Block::new(*id, draw.of(id), Kind::Text { style: TextStyle::Body });
    let blocks = lines.iter().map(line).collect();
    draw.put(key, heading, Kind::Card { blocks });
}
