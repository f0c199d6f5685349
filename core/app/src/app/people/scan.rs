// SPDX-License-Identifier: MPL-2.0
//! Reading the other's code: with the camera, or pasted where there is none.

use amate_screen::{ButtonStyle, CameraMode, CameraWords, Icon, Input, Kind, Tone};

use crate::{
    app::{
        draw::{Draw, Field},
        page::{Event, Go, Page},
        room::Room,
        work::Work,
    },
    problem::Problem,
    store::people::Contact,
    text::Message,
};

/// The other's code, and what they are called here.
pub(super) struct Scan {
    text: String,
    name: String,
    camera: bool,
    work: Option<Work<Result<Contact, Problem>>>,
}

impl Scan {
    pub(super) fn new(room: &Room) -> Self {
        let camera = room.setup.cameras;
        Self { text: String::new(), name: String::new(), camera, work: None }
    }

    /// The relay is asked for the keys of whoever this code names.
    fn start(&mut self, room: &Room) -> Result<(), Problem> {
        let mut session = room.session()?.clone();
        let mut carrier = room.carrier()?;
        let (now, changed) = (room.now().unix, room.platform.changed.clone());
        let (text, name) = (self.text.trim().to_owned(), self.name.clone());
        let scan = move || session.scan(&mut *carrier, &text, &name, now);
        self.work = Some(Work::start(scan, move || changed()));
        Ok(())
    }
}

impl Page for Scan {
    fn name(&self) -> &'static str {
        if self.camera && self.text.is_empty() { "scan" } else { "scanned" }
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("scan-title");
        if self.work.is_some() {
            draw.text("scan-asking").live();
            return Ok(());
        }
        if self.camera && self.text.is_empty() {
            let words = CameraWords {
                start: draw.of("camera-start"),
                stop: draw.of("camera-stop"),
                cancel: draw.of("camera-cancel"),
                other: draw.of("camera-other"),
                sealing: draw.of("scan-nothing-kept"),
                file: draw.of("scan-paste"),
            };
            draw.put("camera", "scan-hold", Kind::Camera { mode: CameraMode::Scan, words });
            draw.button("paste", "scan-paste", Some(Icon::Copy), ButtonStyle::Second);
            return Ok(());
        }
        if self.camera {
            draw.notice(Tone::Info, Icon::Check, "scan-read");
        } else {
            let field =
                Field { input: Input::Address, ..Field::line("text", "scan-text", &self.text) };
            draw.field(Field { limit: 2_000, ..field }.help("scan-text-help"));
        }
        draw.field(Field::line("name", "scan-name", &self.name).help("scan-name-help"));
        draw.main("next", "scan-add", Some(Icon::ContactAdd));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Scanned(text) if self.camera => text.clone_into(&mut self.text),
            Event::Tap("paste") => self.camera = false,
            Event::Change("text", value) => value.clone_into(&mut self.text),
            Event::Change("name", value) => value.trim().clone_into(&mut self.name),
            Event::Tap("next") if self.name.is_empty() => {
                return Ok(Go::Say(Message::new("scan-no-name")));
            }
            Event::Tap("next") if self.text.trim().is_empty() => {
                return Err(Problem::NotUnderstood { what: "pairing" });
            }
            Event::Tap("next") => self.start(room)?,
            _ => {}
        }
        match self.work.as_ref().and_then(Work::poll) {
            None => Ok(Go::Stay),
            Some(Ok(Ok(contact))) => {
                room.nudge();
                Ok(Go::instead(Paired::new(contact.name)))
            }
            Some(answer) => {
                self.work = None;
                // Another try begins with another look at the code.
                self.text.clear();
                Err(answer.map_or(Problem::Internal("scan"), |one| {
                    one.err().unwrap_or(Problem::NoAnswer)
                }))
            }
        }
    }
}

/// Somebody is verified from now on.
pub(super) struct Paired {
    name: String,
}

impl Paired {
    pub(super) fn new(name: String) -> Self {
        Self { name }
    }
}

impl Page for Paired {
    fn name(&self) -> &'static str {
        "paired"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("paired-title");
        let message = Message::new("paired-done").with("name", &self.name);
        draw.noted(Tone::Ok, Icon::Verified, &message);
        draw.text("paired-both");
        draw.main("next", "done", None);
        draw.action("show", "paired-show", Some(Icon::Qr), ButtonStyle::Quiet);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        Ok(match event {
            Event::Tap("next") => Go::Home,
            Event::Tap("show") => Go::HomeThen(Box::new(super::Add::new(room)?)),
            _ => Go::Stay,
        })
    }
}
