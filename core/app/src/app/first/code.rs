// SPDX-License-Identifier: MPL-2.0
//! The code: five words of chance here, because no chip of the device helps to guard it. They are
//! shown once, and asked for once.

use amate_screen::{ButtonStyle, Icon, Kind, Tone};
use amate_seal::random;
use zeroize::Zeroizing;

use super::making::Making;
use crate::{
    app::{
        draw::{Draw, Field},
        page::{Event, Go, Page},
        room::Room,
    },
    keys::generate_words,
    problem::Problem,
    text::Message,
};

/// Words of a code here.
const WORDS: usize = 5;

/// What a new code is for.
#[derive(Clone)]
pub(super) enum For {
    /// A vault that is still to be made, of an organisation with this name.
    First(String),
    /// The vault that is open.
    Change,
    /// A second door.
    Second,
    /// The second door that there is.
    SecondChange,
}

/// Words of chance, to be written down or learned.
pub(super) struct NewCode {
    words: Zeroizing<String>,
    is_for: For,
}

/// The same words, entered once.
struct Again {
    words: Zeroizing<String>,
    typed: Zeroizing<Vec<u8>>,
    wrong: bool,
    is_for: For,
}

impl NewCode {
    pub(super) fn first(room: &Room, name: String) -> Self {
        Self::new(room, For::First(name))
    }

    pub(super) fn new(room: &Room, is_for: For) -> Self {
        Self { words: generate_words(room.word_list(), WORDS, &mut random::system()), is_for }
    }
}

impl Page for NewCode {
    fn name(&self) -> &'static str {
        "code"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let second = matches!(self.is_for, For::Second | For::SecondChange);
        if second {
            draw.title("door-words-title").text("door-words-open");
        } else {
            draw.title("code-title").text("code-closes");
        }
        let words = self.words.split(' ').map(str::to_owned).collect();
        draw.put("words", "code-words", Kind::Spoken { words });
        if second {
            draw.notice(Tone::Warn, Icon::Warn, "door-words-learn");
        } else {
            draw.notice(Tone::Warn, Icon::Warn, "code-forgotten");
            draw.notice(Tone::Info, Icon::Info, "code-why-words");
        }
        draw.button("other", "code-other", Some(Icon::Refresh), ButtonStyle::Quiet);
        draw.main("next", "code-kept", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Tap("other") => *self = Self::new(room, self.is_for.clone()),
            Event::Tap("next") => {
                return Ok(Go::to(Again {
                    words: self.words.clone(),
                    typed: Zeroizing::default(),
                    wrong: false,
                    is_for: self.is_for.clone(),
                }));
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}

impl Page for Again {
    fn name(&self) -> &'static str {
        "code-again"
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        draw.title("code-again-title").text("code-again-how");
        let wrong = self.wrong.then(|| Message::new("code-again-wrong"));
        draw.field(Field::code("code", "code-again-field").help("code-again-help").wrong(wrong));
        draw.main("next", "go-on", None);
        Ok(())
    }

    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        match event {
            Event::Secret("code", bytes) => self.typed = bytes,
            Event::Tap("next") => {
                let typed = same_words(&self.typed);
                self.typed = Zeroizing::default();
                self.wrong = *typed != *same_words(self.words.as_bytes());
                if !self.wrong {
                    return Making::next(room, typed, &self.is_for);
                }
            }
            _ => {}
        }
        Ok(Go::Stay)
    }
}

/// Words as they count: small letters, one space between. Keyboards put capitals and further
/// spaces where nobody asked.
pub(in crate::app) fn same_words(typed: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = String::from_utf8_lossy(typed);
    let mut out = Zeroizing::new(Vec::with_capacity(typed.len()));
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(b' ');
        }
        let word = Zeroizing::new(word.to_lowercase());
        out.extend_from_slice(word.as_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::same_words;

    #[test]
    fn capitals_and_spaces_of_a_keyboard_change_no_code() {
        assert_eq!(
            *same_words("  Maíz puente\u{a0}  SIETE \n".as_bytes()),
            "maíz puente siete".as_bytes()
        );
        assert_eq!(*same_words(b""), b"");
    }
}
