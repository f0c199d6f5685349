// SPDX-License-Identifier: MPL-2.0
//! The kinds of block. A new kind touches each shell once; a new form or question touches none.

use crate::Icon;

/// A part of a screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Block {
    /// Stable within the screen: a shell changes what changed, and keeps focus, cursor and scroll.
    /// What an [`crate::Action`] names.
    pub key: String,
    /// Its name: shown where the kind has a heading, said by screen readers always.
    pub label: String,
    /// What it is.
    pub kind: Kind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Kind {
    /// Words to read: the label.
    Text {
        /// How.
        style: TextStyle,
    },
    /// Something to know before going on: label first, then the text.
    Notice {
        /// What it means.
        tone: Tone,
        /// Beside it.
        icon: Icon,
        /// Further words; may be empty.
        text: String,
    },
    /// Words to write. The label is the question.
    Field {
        /// What stands in it; always empty where it is secret.
        value: String,
        /// What kind of words.
        input: Input,
        /// Shown while it is empty.
        hint: String,
        /// Below it: help, or that it is saved, or what is wrong.
        help: String,
        /// Whether the help says what is wrong.
        wrong: bool,
        /// At most, in characters.
        limit: u32,
    },
    /// Chips. The label is the question.
    Choice {
        /// From the left.
        options: Vec<Chip>,
    },
    /// A date as exactly as it is known. The label is the question.
    Date {
        /// `2026-11-20`, `2026-11`, `2026` or empty.
        value: String,
        /// What is asked for.
        precision: Precision,
    },
    /// On or off. The label says what.
    Toggle {
        /// Beside it.
        icon: Icon,
        /// Second line; may be empty.
        text: String,
        /// Which.
        on: bool,
    },
    /// A line that opens something. The label is its first line.
    Row {
        /// Beside it.
        icon: Icon,
        /// Second line; may be empty.
        text: String,
        /// At the right of the first line: a time, a number; may be empty.
        aside: String,
        /// Below.
        badges: Vec<Badge>,
        /// Whether it is the one that is shown beside a list.
        selected: bool,
        /// Whether a tap leads somewhere.
        opens: bool,
    },
    /// A card of the home screen, two in a row. The label is its first line.
    Tile {
        /// Above.
        icon: Icon,
        /// Second line.
        text: String,
    },
    /// A button among the blocks. The label is the verb.
    Button {
        /// Beside it.
        icon: Option<Icon>,
        /// How much it calls.
        style: ButtonStyle,
    },
    /// A button that is held for 1.5 s; a screen reader is asked twice instead.
    Hold {
        /// Beside it.
        icon: Icon,
        /// What happens, below it.
        text: String,
    },
    /// Ways to add evidence, side by side. The label is the question.
    Capture {
        /// From the left.
        ways: Vec<CaptureWay>,
    },
    /// Camera or recorder, filling the screen. The label says what it is for.
    Camera {
        /// What it does.
        mode: CameraMode,
        /// Words of its buttons and states.
        words: CameraWords,
    },
    /// A piece of evidence. The label is its name; a tap opens it.
    Evidence {
        /// What `reader` opens, for a small picture; empty when there is none to show.
        medium: String,
        /// Media type.
        media_type: String,
        /// In place of a picture.
        icon: Icon,
        /// Second line.
        text: String,
        /// Below.
        badges: Vec<Badge>,
    },
    /// A picture, sound or film, large.
    Player {
        /// What `reader` opens.
        medium: String,
        /// Media type.
        media_type: String,
        /// Bytes.
        length: u64,
    },
    /// States under one another, with words and times.
    Line {
        /// From the first.
        points: Vec<Waypoint>,
    },
    /// How much of something. The label says of what.
    Meter {
        /// Percent, 0 to 100.
        percent: u32,
        /// In words.
        text: String,
    },
    /// Names and values.
    Facts {
        /// From the top.
        rows: Vec<Fact>,
    },
    /// What was checked, with what it shows and what it does not.
    Checks {
        /// From the top.
        rows: Vec<Check>,
    },
    /// Words to read aloud, large.
    Spoken {
        /// In their order.
        words: Vec<String>,
    },
    /// A QR code.
    QrShow {
        /// What it says, for who copies it.
        text: String,
        /// Modules on a side, without the quiet zone of four.
        size: u32,
        /// 1 for each dark module, 0 for each light one, row by row.
        modules: Vec<u8>,
    },
    /// A card around blocks. The label is its heading.
    Card {
        /// In it.
        blocks: Vec<Block>,
    },
    /// What one wrote to another. The label is the text.
    Message {
        /// Whether it was written here.
        mine: bool,
        /// When and how far.
        text: String,
    },
}

/// A chip.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Chip {
    /// What [`crate::Action::Tap`] names.
    pub key: String,
    /// On it.
    pub label: String,
    /// Beside the words.
    pub icon: Option<Icon>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A way to add evidence, as a button.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaptureWay {
    /// What [`crate::Action::Tap`] names.
    pub key: String,
    /// Below the icon.
    pub label: String,
    /// Which way. [`Way::File`] is chosen by the shell: [`crate::Effect::PickFile`].
    pub way: Way,
    /// Above the word.
    pub icon: Icon,
}

/// A word about the state of something.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Badge {
    /// The word.
    pub label: String,
    /// What it means.
    pub tone: Tone,
}

/// One state on the way.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Waypoint {
    /// Its name.
    pub label: String,
    /// When, by whose clock, how much.
    pub text: String,
    /// Beside it.
    pub icon: Icon,
    /// How far.
    pub progress: Progress,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Fact {
    /// What.
    pub label: String,
    /// Which.
    pub value: String,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Check {
    /// What it shows, in plain words.
    pub label: String,
    /// Why, or what it does not show.
    pub text: String,
    /// Green only where a receipt or a signature was verified.
    pub tone: Tone,
}

/// Words of a camera or recorder.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CameraWords {
    /// Begins, or takes the photo.
    pub start: String,
    /// Ends.
    pub stop: String,
    /// Leaves without.
    pub cancel: String,
    /// The other camera.
    pub other: String,
    /// Said while it records: closed as it is written.
    pub sealing: String,
    /// Where there is no camera: choose a file.
    pub file: String,
}

/// How words are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TextStyle {
    /// As everything.
    Body,
    /// Second line, help.
    Second,
    /// A part begins.
    Heading,
    /// The one question of the screen.
    Question,
    /// What a person said or wrote.
    Quote,
}

/// What a notice or badge means. Never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Tone {
    /// Nothing particular.
    Plain,
    /// Good to know.
    Info,
    /// Think twice; time is running.
    Warn,
    /// Harm, loss, something false.
    Danger,
    /// Backed by a receipt or a check.
    Ok,
}

/// How much a button calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ButtonStyle {
    /// The one next step.
    Main,
    /// Another way, as good.
    Second,
    /// A way out, in words only.
    Quiet,
    /// What cannot be undone.
    Danger,
}

/// What kind of words a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A code: nothing shown, learned, suggested or kept.
    Code,
    /// Digits.
    Digits,
    /// An address of a server.
    Address,
}

/// How exactly a date is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Precision {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A way to add evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Way {
    /// A photo from the camera.
    Photo,
    /// A film.
    Video,
    /// A sound.
    Voice,
    /// A file that exists.
    File,
}

/// What a camera does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum CameraMode {
    /// Takes one picture.
    Photo,
    /// Films, sealed while it runs.
    Video,
    /// Records sound, sealed while it runs.
    Voice,
    /// Reads a QR code; no picture is kept.
    Scan,
}

/// How far a state on the way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Progress {
    /// Shown by a durable commit here, or a verified receipt.
    Done,
    /// What is being waited for.
    Now,
    /// Not yet.
    Later,
    /// It stopped here.
    Stuck,
}

impl Block {
    /// A block.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        Self { key: key.into(), label: label.into(), kind }
    }
}
