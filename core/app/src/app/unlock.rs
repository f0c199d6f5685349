// SPDX-License-Identifier: MPL-2.0
//! The code, before anything else is shown. Wrong, unused and right codes look and last the same.

use std::{thread, time::Duration};

use amate_screen::{ButtonStyle, Icon};
use zeroize::Zeroizing;

use super::{
    draw::{Draw, Field},
    first::same_words,
    page::{Event, Go, Page},
    room::Room,
};
use crate::{
    problem::Problem,
    session::Session,
    text::{LANGUAGES, Message},
};

/// Asks for the code.
#[derive(Default)]
pub(super) struct Unlock {
    typed: Zeroizing<Vec<u8>>,
    wrong: Option<Message>,
}

impl Page for Unlock {
    fn name(&self) -> &'static str {
        "unlock"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("unlock-title");
        let field = Field::code("code", "unlock-code").help("unlock-help");
        draw.field(field.wrong(self.wrong.clone()));
        let now = room.language();
        for one in LANGUAGES.iter().filter(|one| one.tag != now) {
            draw.named_button(one.tag, one.name, Some(Icon::Language), ButtonStyle::Quiet);
        }
        draw.main("open", "unlock-open", Some(Icon::Unlock));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Secret("code", bytes) => self.typed = bytes,
            Event::Tap("open") => return Ok(self.open(room)),
            Event::Tap(tag) if LANGUAGES.iter().any(|one| one.tag == tag) => room.speak(tag),
            _ => {}
        }
        Ok(Go::Stay)
    }
}

impl Unlock {
    fn open(&mut self, room: &mut Room) -> Go {
        let code = same_words(&std::mem::take(&mut self.typed));
        match opened(room, &code).and_then(|session| room.open(session)) {
            Ok(()) => Go::Home,
            Err(problem) => {
                self.wrong = Some(problem.on_screen());
                Go::Stay
            }
        }
    }
}

/// What was being read when it was locked may hold the files for another moment: that is no other
/// window.
fn opened(room: &mut Room, code: &[u8]) -> Result<Session, Problem> {
    for _ in 0..LOOKS {
        match open_once(room, code) {
            Err(Problem::InUse) => thread::park_timeout(BETWEEN),
            other => return other,
        }
    }
    open_once(room, code)
}

fn open_once(room: &mut Room, code: &[u8]) -> Result<Session, Problem> {
    Session::open_in(&room.container()?, code)
}

const LOOKS: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(50);
