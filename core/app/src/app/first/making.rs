// SPDX-License-Identifier: MPL-2.0
//! How much room, and making the vault. Its files are written in full: that takes a while.

use amate_screen::{Icon, Kind, Tone};
use amate_vault::Geometry;
use zeroize::Zeroizing;

use super::code::For;
use crate::{
    app::{
        Device, Setup, door,
        draw::{Draw, row_with},
        page::{Event, Go, Page},
        room::Room,
        work::Work,
    },
    problem::Problem,
    room::Room as Space,
    session::Session,
    text::{Message, size},
};

/// How much room for photos, films and files.
struct HowMuch {
    code: Zeroizing<Vec<u8>>,
    chosen: usize,
}

/// The vault is being made.
pub(super) struct Making {
    work: Work<Result<Session, Problem>>,
}

/// The open vault is getting another code.
struct Changed;

impl Making {
    pub(super) fn next(
        room: &mut Room,
        code: Zeroizing<Vec<u8>>,
        is_for: &For,
    ) -> Result<Go, Problem> {
        match is_for {
            For::Change => {
                room.session_mut()?.change_code(&code)?;
                Ok(Go::HomeThen(Box::new(Changed)))
            }
            For::Second => door::set(room, &code),
            For::SecondChange => door::change(room, &code),
            For::First(_) if room.setup.device == Device::Phone && room.setup.sizes.len() > 1 => {
                Ok(Go::to(HowMuch { code, chosen: 0 }))
            }
            For::First(name) => Ok(Go::Start(Box::new(Self::start(room, code, name, 0)))),
        }
    }

    fn start(room: &Room, code: Zeroizing<Vec<u8>>, name: &str, size: usize) -> Self {
        let geometry = geometry(&room.setup, size);
        let (setup, now, name) = (room.setup.clone(), room.now().unix, name.to_owned());
        let changed = room.platform.changed.clone();
        let make =
            move || Session::create_with(&setup.dir, &code, setup.cost, &geometry, &name, now);
        Self { work: Work::start(make, move || changed()) }
    }
}

impl Page for Making {
    fn name(&self) -> &'static str {
        "making"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("making-title").text("making-what").live();
        Ok(())
    }

    fn on(&mut self, room: &mut Room, _: Event<'_>) -> Result<Go, Problem> {
        match self.work.poll() {
            None => Ok(Go::Stay),
            Some(Ok(Ok(session))) => {
                let offered = session.can_have_second_door()?;
                room.open(session)?;
                Ok(if offered { Go::Start(Box::new(door::Offer)) } else { Go::Home })
            }
            Some(Ok(Err(problem))) => Ok(Go::Start(Box::new(Failed(problem.on_screen())))),
            Some(Err(())) => Ok(Go::Start(Box::new(Failed(Message::new("problem-internal"))))),
        }
    }
}

/// It could not be made: why, and from the beginning.
struct Failed(Message);

impl Page for Failed {
    fn name(&self) -> &'static str {
        "making-failed"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("making-failed-title").noted(Tone::Warn, Icon::Warn, &self.0);
        draw.text("making-failed-next").main("next", "begin-again", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") => Ok(Go::Start(super::begin(room))),
            _ => Ok(Go::Stay),
        }
    }
}

impl Page for HowMuch {
    fn name(&self) -> &'static str {
        "how-much"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("how-much-title").text("how-much-why");
        for (number, (_, media)) in room.setup.sizes.iter().enumerate() {
            let minutes = Space { used: 0, total: *media }.video_minutes();
            let text = draw.say(&Message::new("how-much-minutes").with("minutes", minutes));
            let lines = (size(*media), text, String::new());
            let selected = number == self.chosen;
            draw.block(row_with(number.to_string(), Icon::Storage, lines, Vec::new(), selected));
        }
        draw.second("how-much-later").main("next", "how-much-do", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") => {
                let making = Making::start(room, self.code.clone(), "", self.chosen);
                return Ok(Go::Start(Box::new(making)));
            }
            Event::Tap(key) => {
                if let Ok(number) = key.parse::<usize>()
                    && number < room.setup.sizes.len()
                {
                    self.chosen = number;
                }
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}

impl Page for Changed {
    fn name(&self) -> &'static str {
        "code-changed"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("new-code-title");
        draw.put(
            "changed",
            "new-code-done",
            Kind::Notice { tone: Tone::Ok, icon: Icon::Check, text: draw.of("new-code-backup") },
        );
        draw.main("next", "done", None);
        Ok(())
    }

    fn on(&mut self, _: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("next") => Ok(Go::Back),
            _ => Ok(Go::Stay),
        }
    }
}

fn geometry(setup: &Setup, size: usize) -> Geometry {
    match (setup.device, setup.sizes.get(size)) {
        (Device::Phone, Some((records, media))) => Geometry::phone(*records, *media),
        _ => Geometry::desk(),
    }
}
