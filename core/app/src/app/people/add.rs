// SPDX-License-Identifier: MPL-2.0
//! Adding somebody: each reads the other's code from the screen, or both read words aloud.

use amate_screen::{Block, ButtonStyle, Effect, Icon, Kind, TextStyle, Tone};

use super::{by_words::ByWords, relay::Relays, scan::Scan};
use crate::{
    app::{
        Device,
        draw::Draw,
        page::{Event, Go, Page},
        room::Room,
        work::Work,
    },
    problem::Problem,
    qr,
    text::Message,
};

/// One's own code, and the ways to the other's.
pub(in crate::app) struct Add {
    work: Option<Work<Result<String, Problem>>>,
    code: Option<String>,
    problem: Option<Message>,
}

impl Add {
    pub(in crate::app) fn new(room: &Room) -> Result<Self, Problem> {
        let has_relay = room.session()?.relays()?.iter().any(|one| one.capability.is_some());
        let work = has_relay.then(|| code(room)).transpose()?;
        Ok(Self { work, code: None, problem: None })
    }

    fn look(&mut self) {
        let Some(answer) = self.work.as_ref().and_then(Work::poll) else { return };
        self.work = None;
        match answer {
            Ok(Ok(code)) => self.code = Some(code),
            Ok(Err(problem)) => self.problem = Some(problem.on_screen()),
            Err(()) => self.problem = Some(Message::new("problem-internal")),
        }
    }
}

impl Page for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        self.look();
        draw.title("add-title");
        let relays = room.session()?.relays()?;
        let can_show = relays.iter().any(|one| one.capability.is_some());
        if let Some(message) = &self.problem {
            draw.noted(Tone::Warn, Icon::Warn, message);
        }
        match &self.code {
            Some(text) => {
                if let Some(matrix) = qr::modules(text) {
                    let modules = matrix.dark.iter().map(|dark| u8::from(*dark)).collect();
                    let size = matrix.size;
                    draw.put("qr", "add-own", Kind::QrShow { text: text.clone(), size, modules });
                }
                draw.second("add-own-how");
                draw.button("copy", "add-copy", Some(Icon::Copy), ButtonStyle::Quiet);
            }
            None if self.work.is_some() => {
                draw.text("add-making").live();
            }
            None if !can_show => {
                let id = match room.setup.device {
                    Device::Phone => "add-no-relay",
                    Device::Desk => "add-no-relay-desk",
                };
                draw.said(&Message::new(id), TextStyle::Body);
                draw.button("relay", "add-relay", Some(Icon::Relay), ButtonStyle::Second);
            }
            None => {}
        }
        if !relays.is_empty() {
            let far = vec![
                Block::new("far", draw.of("add-far-how"), Kind::Text { style: TextStyle::Body }),
                Block::new(
                    "words",
                    draw.of("add-words"),
                    Kind::Button { icon: Some(Icon::Words), style: ButtonStyle::Second },
                ),
            ];
            draw.put("card", "add-far", Kind::Card { blocks: far });
        }
        let id = if room.setup.cameras { "add-scan" } else { "add-paste" };
        draw.main("scan", id, Some(Icon::Qr));
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        let Event::Tap(key) = event else { return Ok(Go::Stay) };
        Ok(match key {
            "scan" => Go::to(Scan::new(room)),
            "words" => Go::to(ByWords::default()),
            "relay" => Go::Instead(Box::new(Relays::default())),
            "copy" => match &self.code {
                Some(text) => Go::Do(vec![Effect::Copy { text: text.clone() }]),
                None => Go::Stay,
            },
            _ => {
                let _ = room;
                Go::Stay
            }
        })
    }
}

/// One's own code, with a permission to send for who reads it from a desk.
fn code(room: &Room) -> Result<Work<Result<String, Problem>>, Problem> {
    let mut session = room.session()?.clone();
    let carrier = room.carrier()?;
    let (now, changed) = (room.now().unix, room.platform.changed.clone());
    let desk = room.setup.device == Device::Desk;
    let make = move || {
        let mut carrier = carrier;
        let grant = if desk { session.next_grant()? } else { None };
        session.pairing_text(&mut *carrier, grant, now)
    };
    Ok(Work::start(make, move || changed()))
}
