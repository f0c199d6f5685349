// SPDX-License-Identifier: MPL-2.0
//! Building a screen: blocks under one another, words by their message.

use amate_screen::{
    Badge, Block, Button, ButtonStyle, CaptureWay, Chip, Icon, Input, Kind, Screen, TextStyle,
    Tone, Way, Words,
};

use super::{Notice, room::Room};
use crate::text::Message;

/// A screen that is being built.
pub(crate) struct Draw<'a> {
    pub(crate) room: &'a Room,
    screen: Screen,
}

/// A field, before it stands in the screen.
pub(crate) struct Field<'a> {
    pub(crate) key: &'a str,
    pub(crate) label: &'static str,
    pub(crate) value: &'a str,
    pub(crate) input: Input,
    pub(crate) hint: Option<&'static str>,
    pub(crate) help: Option<Message>,
    pub(crate) wrong: bool,
    pub(crate) limit: u32,
}

impl<'a> Field<'a> {
    /// A field of one line.
    pub(crate) fn line(key: &'a str, label: &'static str, value: &'a str) -> Self {
        let input = Input::Line;
        Self { key, label, value, input, hint: None, help: None, wrong: false, limit: 200 }
    }

    /// A field of several lines.
    pub(crate) fn lines(key: &'a str, label: &'static str, value: &'a str) -> Self {
        Self { input: Input::Lines, limit: 20_000, ..Self::line(key, label, value) }
    }

    /// A field for a code.
    pub(crate) fn code(key: &'a str, label: &'static str) -> Self {
        Self { input: Input::Code, ..Self::line(key, label, "") }
    }

    pub(crate) fn hint(self, id: &'static str) -> Self {
        Self { hint: Some(id), ..self }
    }

    pub(crate) fn help(self, id: &'static str) -> Self {
        Self { help: Some(Message::new(id)), ..self }
    }

    pub(crate) fn wrong(self, message: Option<Message>) -> Self {
        match message {
            Some(help) => Self { help: Some(help), wrong: true, ..self },
            None => self,
        }
    }
}

impl<'a> Draw<'a> {
    pub(super) fn new(room: &'a Room, name: &str, back: bool) -> Self {
        let of = |id| room.of(id);
        let words = Words {
            app: of("app-name"),
            back: of("word-back"),
            listen: of("word-listen"),
            quiet: of("word-quiet"),
            hide: of("word-hide"),
            hold: of("word-hold"),
            again: of("word-again"),
            next: of("word-next"),
            working: of("word-working"),
            lost: of("word-lost"),
            no_camera: of("word-no-camera"),
            no_microphone: of("word-no-microphone"),
        };
        let screen = Screen {
            name: name.to_owned(),
            language: room.language(),
            title: of("app-name"),
            subtitle: String::new(),
            back,
            hide: room.is_open(),
            spoken: String::new(),
            blocks: Vec::new(),
            actions: Vec::new(),
            side: Vec::new(),
            list: Vec::new(),
            list_title: String::new(),
            live: false,
            words,
        };
        Self { room, screen }
    }

    pub(super) fn finish(mut self, notice: Option<&Notice>) -> Screen {
        if let Some(notice) = notice {
            let (key, message, tone, icon) = match notice {
                Notice::Problem(message) => ("problem", message, Tone::Warn, Icon::Warn),
                Notice::Done(message) => ("done-notice", message, Tone::Info, Icon::Check),
            };
            let kind = Kind::Notice { tone, icon, text: String::new() };
            self.screen.blocks.insert(0, Block::new(key, self.room.say(message), kind));
        }
        self.screen.spoken = spoken(&self.screen);
        self.screen
    }

    // Words -----------------------------------------------------------------------------------

    pub(crate) fn say(&self, message: &Message) -> String {
        self.room.say(message)
    }

    pub(crate) fn of(&self, id: &'static str) -> String {
        self.room.of(id)
    }

    // The frame -------------------------------------------------------------------------------

    pub(crate) fn title(&mut self, id: &'static str) -> &mut Self {
        self.screen.title = self.room.of(id);
        self
    }

    /// A title that is no message: what a person named something.
    pub(crate) fn titled(&mut self, title: String) -> &mut Self {
        self.screen.title = title;
        self
    }

    pub(crate) fn subtitle(&mut self, text: String) -> &mut Self {
        self.screen.subtitle = text;
        self
    }

    /// It changes by itself.
    pub(crate) fn live(&mut self) -> &mut Self {
        self.screen.live = true;
        self
    }

    /// The one next step.
    pub(crate) fn main(&mut self, key: &str, id: &'static str, icon: Option<Icon>) -> &mut Self {
        self.action(key, id, icon, ButtonStyle::Main)
    }

    pub(crate) fn action(
        &mut self,
        key: &str,
        id: &'static str,
        icon: Option<Icon>,
        style: ButtonStyle,
    ) -> &mut Self {
        let label = self.room.of(id);
        self.screen.actions.push(Button { key: key.to_owned(), label, icon, style });
        self
    }

    /// A room of a desk.
    pub(super) fn side(&mut self, block: Block) {
        self.screen.side.push(block);
    }

    /// A list beside the detail.
    pub(crate) fn list(&mut self, title: &'static str, blocks: Vec<Block>) -> &mut Self {
        self.screen.list_title = self.room.of(title);
        self.screen.list = blocks;
        self
    }

    // Blocks ----------------------------------------------------------------------------------

    pub(crate) fn block(&mut self, block: Block) -> &mut Self {
        self.screen.blocks.push(block);
        self
    }

    pub(crate) fn put(&mut self, key: &str, id: &'static str, kind: Kind) -> &mut Self {
        let label = self.room.of(id);
        self.block(Block::new(key, label, kind))
    }

    pub(crate) fn text(&mut self, id: &'static str) -> &mut Self {
        self.put(id, id, Kind::Text { style: TextStyle::Body })
    }

    pub(crate) fn heading(&mut self, id: &'static str) -> &mut Self {
        self.put(id, id, Kind::Text { style: TextStyle::Heading })
    }

    pub(crate) fn second(&mut self, id: &'static str) -> &mut Self {
        self.put(id, id, Kind::Text { style: TextStyle::Second })
    }

    pub(crate) fn said(&mut self, message: &Message, style: TextStyle) -> &mut Self {
        let label = self.room.say(message);
        self.block(Block::new(message.id, label, Kind::Text { style }))
    }

    /// What a person wrote, as it is.
    pub(crate) fn quote(&mut self, key: &str, text: &str) -> &mut Self {
        self.block(Block::new(key, plain(text), Kind::Text { style: TextStyle::Quote }))
    }

    pub(crate) fn notice(&mut self, tone: Tone, icon: Icon, id: &'static str) -> &mut Self {
        self.noted(tone, icon, &Message::new(id))
    }

    pub(crate) fn noted(&mut self, tone: Tone, icon: Icon, message: &Message) -> &mut Self {
        let label = self.room.say(message);
        self.block(Block::new(message.id, label, Kind::Notice { tone, icon, text: String::new() }))
    }

    pub(crate) fn field(&mut self, field: Field<'_>) -> &mut Self {
        let block = self.made(field);
        self.block(block)
    }

    /// A field for inside a card.
    pub(crate) fn made(&self, field: Field<'_>) -> Block {
        let kind = Kind::Field {
            value: field.value.to_owned(),
            input: field.input,
            hint: field.hint.map(|id| self.room.of(id)).unwrap_or_default(),
            help: field.help.map(|message| self.room.say(&message)).unwrap_or_default(),
            wrong: field.wrong,
            limit: field.limit,
        };
        Block::new(field.key, self.room.of(field.label), kind)
    }

    /// Chips: key, words, whether it is chosen.
    pub(crate) fn choice(
        &mut self,
        key: &str,
        id: &'static str,
        options: &[(&str, &'static str, bool)],
    ) -> &mut Self {
        let options = options
            .iter()
            .map(|(key, id, chosen)| Chip {
                key: (*key).to_owned(),
                label: self.room.of(id),
                icon: None,
                chosen: *chosen,
            })
            .collect();
        self.put(key, id, Kind::Choice { options })
    }

    /// A button whose words are no message: the name of a language.
    pub(crate) fn named_button(
        &mut self,
        key: &str,
        label: &str,
        icon: Option<Icon>,
        style: ButtonStyle,
    ) -> &mut Self {
        self.block(Block::new(key, label, Kind::Button { icon, style }))
    }

    /// Ways to add evidence.
    pub(crate) fn capture(&mut self, id: &'static str) -> &mut Self {
        let all = [
            (Way::Photo, "photo", "way-photo", Icon::Photo),
            (Way::Video, "video", "way-video", Icon::Video),
            (Way::Voice, "voice", "way-voice", Icon::Voice),
            (Way::File, "file", "way-file", Icon::File),
        ];
        let cameras = self.room.setup.cameras;
        let ways = all
            .into_iter()
            .filter(|(way, ..)| cameras || *way == Way::File)
            .map(|(way, key, id, icon)| CaptureWay {
                key: key.to_owned(),
                label: self.room.of(id),
                way,
                icon,
            })
            .collect();
        self.put("capture", id, Kind::Capture { ways })
    }

    pub(crate) fn button(
        &mut self,
        key: &str,
        id: &'static str,
        icon: Option<Icon>,
        style: ButtonStyle,
    ) -> &mut Self {
        self.put(key, id, Kind::Button { icon, style })
    }
}

/// Foreign words without what moves a cursor or turns the direction of what follows.
pub(crate) fn plain(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let harmful = |c: char| turns(c) || (c.is_control() && c != '\n');
    text.chars().map(|c| if harmful(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A line that opens something.
pub(crate) fn row(key: impl Into<String>, icon: Icon, label: String, text: String) -> Block {
    let kind = Kind::Row {
        icon,
        text,
        aside: String::new(),
        badges: Vec::new(),
        selected: false,
        opens: true,
    };
    Block::new(key, label, kind)
}

/// The same with what stands at its right and below.
pub(crate) fn row_with(
    key: impl Into<String>,
    icon: Icon,
    (label, text, beside): (String, String, String),
    badges: Vec<Badge>,
    selected: bool,
) -> Block {
    let kind = Kind::Row { icon, text, aside: beside, badges, selected, opens: true };
    Block::new(key, label, kind)
}

/// What *listen* reads: title, then what stands there to be read, from the top.
fn spoken(screen: &Screen) -> String {
    let mut parts = vec![screen.title.clone()];
    read(&screen.blocks, &mut parts);
    parts.extend(screen.actions.iter().map(|button| button.label.clone()));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn read(blocks: &[Block], parts: &mut Vec<String>) {
    for block in blocks {
        parts.push(block.label.clone());
        match &block.kind {
            Kind::Notice { text, .. }
            | Kind::Row { text, .. }
            | Kind::Toggle { text, .. }
            | Kind::Tile { text, .. }
            | Kind::Hold { text, .. }
            | Kind::Meter { text, .. } => parts.push(text.clone()),
            Kind::Field { value, input, help, .. } => {
                if *input != Input::Code {
                    parts.push(value.clone());
                }
                parts.push(help.clone());
            }
            Kind::Choice { options } => {
                parts.extend(options.iter().map(|chip| chip.label.clone()));
            }
            Kind::Line { points } => {
                parts.extend(points.iter().flat_map(|p| [p.label.clone(), p.text.clone()]));
            }
            Kind::Facts { rows } => {
                parts.extend(rows.iter().flat_map(|one| [one.label.clone(), one.value.clone()]));
            }
            Kind::Checks { rows } => {
                parts.extend(rows.iter().flat_map(|one| [one.label.clone(), one.text.clone()]));
            }
            Kind::Spoken { words } => parts.extend(words.iter().cloned()),
            Kind::Card { blocks } => read(blocks, parts),
            _ => {}
        }
    }
}
