// SPDX-License-Identifier: MPL-2.0
//! Adding somebody who is far away: one reads a number aloud, then both read the same five words.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use amate_screen::{Block, ButtonStyle, Icon, Input, Kind, TextStyle, Tone};

use super::scan::Paired;
use crate::{
    app::{
        draw::{Draw, Field},
        page::{Event, Go, Page},
        room::Room,
    },
    driver::Carrier,
    exchange::Relay,
    keys::{SpokenWords, VerifiedKeySet},
    problem::Problem,
    session::Session,
    text::Message,
};

/// Between two looks whether the other side answered, and how often: about ten minutes.
const PAUSE: Duration = Duration::from_millis(700);
const LOOKS: usize = 850;

/// Both sides, from the choice who begins to the same words.
#[derive(Default)]
pub(super) struct ByWords {
    number: String,
    name: String,
    meeting: Option<Meeting>,
}

/// The exchange through a relay, on a thread of its own.
struct Meeting {
    relay: Relay,
    state: Arc<Mutex<State>>,
    cancelled: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    number: Option<String>,
    met: Option<Met>,
    problem: Option<Message>,
}

type Met = (VerifiedKeySet, Vec<u8>, SpokenWords);

impl Drop for Meeting {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}

impl Meeting {
    /// Begins one, or joins the one of this number.
    fn start(room: &Room, number: Option<String>) -> Result<Self, Problem> {
        let session = room.session()?.clone();
        let no_relay = || Problem::NotFound { what: "relay", name: String::new() };
        let relay = session.relays()?.into_iter().next().ok_or_else(no_relay)?;
        let mut carrier = room.carrier()?;
        let (state, cancelled) = (Arc::default(), Arc::default());
        let meeting = Self { relay: relay.clone(), state, cancelled };
        let (state, cancelled) = (meeting.state.clone(), meeting.cancelled.clone());
        let (now, changed) = (room.now().unix, room.platform.changed.clone());
        thread::spawn(move || {
            let side = Side { session, relay, now, state: &state, cancelled: &cancelled };
            let met = match number {
                None => side.begin(&mut *carrier, &*changed),
                Some(number) => side.join(&mut *carrier, &number),
            };
            {
                let mut state = held(&state);
                match met {
                    Ok(met) => state.met = Some(met),
                    Err(problem) => state.problem = Some(problem.on_screen()),
                }
            }
            changed();
        });
        Ok(meeting)
    }
}

/// One side of the exchange.
struct Side<'a> {
    session: Session,
    relay: Relay,
    now: u64,
    state: &'a Mutex<State>,
    cancelled: &'a AtomicBool,
}

impl Side<'_> {
    fn begin(mut self, carrier: &mut dyn Carrier, changed: &dyn Fn()) -> Result<Met, Problem> {
        let (number, mut meeting) = self.session.meet(carrier, &self.relay, self.now)?;
        held(self.state).number = Some(number.clone());
        changed();
        let (session, relay) = (&mut self.session, &self.relay);
        wait(self.cancelled, || session.meet_answered(carrier, relay, &number, &mut meeting))
    }

    fn join(mut self, carrier: &mut dyn Carrier, number: &str) -> Result<Met, Problem> {
        let (session, relay, now) = (&mut self.session, &self.relay, self.now);
        let meeting = wait(self.cancelled, || session.join(carrier, relay, number, now))?;
        wait(self.cancelled, || session.joined(carrier, relay, number, &meeting))
    }
}

/// Looks again until there is something.
fn wait<T>(
    cancelled: &AtomicBool,
    mut look: impl FnMut() -> Result<Option<T>, Problem>,
) -> Result<T, Problem> {
    for _ in 0..LOOKS {
        if cancelled.load(Ordering::SeqCst) {
            return Err(Problem::Locked);
        }
        if let Some(found) = look()? {
            return Ok(found);
        }
        thread::park_timeout(PAUSE);
    }
    Err(Problem::NoAnswer)
}

fn held(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Page for ByWords {
    fn name(&self) -> &'static str {
        "by-words"
    }

    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("by-words-title");
        let Some(meeting) = &self.meeting else {
            self.draw_choice(draw);
            return Ok(());
        };
        draw.live();
        let state = held(&meeting.state);
        if let Some(problem) = &state.problem {
            draw.noted(Tone::Warn, Icon::Warn, problem);
            draw.main("again", "by-words-again", None);
            return Ok(());
        }
        if let Some((_, _, words)) = &state.met {
            let words = words.in_list(room.word_list());
            let words = words.split(' ').map(str::to_owned).collect();
            draw.text("by-words-read");
            draw.put("words", "by-words-words", Kind::Spoken { words });
            draw.notice(Tone::Warn, Icon::Warn, "by-words-why");
            draw.field(Field::line("name", "scan-name", &self.name).help("scan-name-help"));
            draw.main("same", "by-words-same", Some(Icon::Check));
            draw.action("other", "by-words-other", Some(Icon::Close), ButtonStyle::Second);
            return Ok(());
        }
        if let Some(number) = &state.number {
            draw.text("by-words-number");
            let (first, second) = number.split_at_checked(4).unwrap_or((number, ""));
            let words = vec![first.to_owned(), second.to_owned()];
            draw.put("number", "by-words-number-is", Kind::Spoken { words });
        }
        draw.second("by-words-waiting");
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Change("number", value) => {
                self.number = value.chars().filter(char::is_ascii_digit).collect();
            }
            Event::Change("name", value) => value.trim().clone_into(&mut self.name),
            Event::Tap("begin") => self.meeting = Some(Meeting::start(room, None)?),
            Event::Tap("join") if self.number.len() != 8 => {
                return Err(Problem::NotUnderstood { what: "meeting" });
            }
            Event::Tap("join") => {
                self.meeting = Some(Meeting::start(room, Some(self.number.clone()))?);
            }
            Event::Tap("again") => *self = Self::default(),
            Event::Tap("other") => {
                *self = Self::default();
                return Ok(Go::Say(Message::new("by-words-refused")));
            }
            Event::Tap("same") if self.name.is_empty() => {
                return Ok(Go::Say(Message::new("scan-no-name")));
            }
            Event::Tap("same") => return self.same(room),
            _ => {}
        }
        Ok(Go::Stay)
    }
}

impl ByWords {
    fn draw_choice(&self, draw: &mut Draw<'_>) {
        draw.text("by-words-how");
        draw.button("begin", "by-words-begin", Some(Icon::Words), ButtonStyle::Main);
        let field =
            Field { input: Input::Digits, ..Field::line("number", "by-words-their", &self.number) };
        let join = Kind::Button { icon: None, style: ButtonStyle::Second };
        let blocks = vec![
            draw.made(Field { limit: 12, ..field }),
            Block::new("join", draw.of("by-words-join"), join),
        ];
        draw.put("card", "by-words-join-card", Kind::Card { blocks });
        draw.said(&Message::new("by-words-call"), TextStyle::Second);
    }

    fn same(&mut self, room: &mut Room) -> Result<Go, Problem> {
        let Some(meeting) = &self.meeting else { return Ok(Go::Stay) };
        let met = held(&meeting.state).met.take();
        let Some((set, bytes, _)) = met else { return Ok(Go::Stay) };
        let (relay, now) = (meeting.relay.key, room.now().unix);
        let session = room.session_mut()?;
        let contact = session.words_are_the_same(&set, bytes, relay, &self.name, now)?;
        room.nudge();
        Ok(Go::instead(Paired::new(contact.name)))
    }
}
