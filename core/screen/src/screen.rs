// SPDX-License-Identifier: MPL-2.0
//! One screen.

use crate::{Block, ButtonStyle, Icon};

/// One screen, whole: a shell that has just started needs nothing else to draw it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Screen {
    /// Stable name, the same in every language: `home`, `log`, … Never shown.
    pub name: String,
    /// Language of the texts, BCP 47.
    pub language: String,
    /// Title, at most two lines.
    pub title: String,
    /// Second line of the title; empty when there is none.
    pub subtitle: String,
    /// Whether *back* leads somewhere. It never loses anything.
    pub back: bool,
    /// Whether *hide* stands at its place. Not before there is something to hide.
    pub hide: bool,
    /// What *listen* reads aloud; empty when there is nothing to read.
    pub spoken: String,
    /// What stands in it, from the top.
    pub blocks: Vec<Block>,
    /// Within reach of the thumb, at the bottom: the one next step first.
    pub actions: Vec<Button>,
    /// Rooms of a desk; empty on a phone. Each is a [`crate::Kind::Row`].
    pub side: Vec<Block>,
    /// List beside the detail, on a wide desk; a narrow one shows it alone, as a screen of its own.
    pub list: Vec<Block>,
    /// Title of the list.
    pub list_title: String,
    /// Whether it changes by itself: a shell looks again from time to time.
    pub live: bool,
    /// Words that a shell needs for its own buttons.
    pub words: Words,
}

/// A button outside the blocks.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Button {
    /// What [`crate::Action::Tap`] names.
    pub key: String,
    /// The verb.
    pub label: String,
    /// Beside the word.
    pub icon: Option<Icon>,
    /// How much it calls.
    pub style: ButtonStyle,
}

/// Words that a shell needs for its own buttons and for what it says to screen readers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Words {
    /// Name of the app, as neutral as its icon.
    pub app: String,
    /// Goes back.
    pub back: String,
    /// Reads the screen aloud.
    pub listen: String,
    /// Stops reading.
    pub quiet: String,
    /// Leaves at once for something harmless.
    pub hide: String,
    /// What a hold-button asks for.
    pub hold: String,
    /// What it asks the second time, where holding cannot be felt.
    pub again: String,
    /// Sends a form where no script runs.
    pub next: String,
    /// While something is on its way.
    pub working: String,
    /// When the shell cannot reach the core any more.
    pub lost: String,
    /// When there is no camera or it was refused.
    pub no_camera: String,
    /// When there is no microphone or it was refused.
    pub no_microphone: String,
}
