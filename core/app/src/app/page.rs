// SPDX-License-Identifier: MPL-2.0
//! What a page is.

use amate_screen::Effect;
use zeroize::Zeroizing;

use super::{draw::Draw, room::Room};
use crate::{
    problem::Problem,
    take::{Into, Saved},
    text::Message,
};

/// One screen with its state.
pub(crate) trait Page: Send {
    /// Stable name of the screen.
    fn name(&self) -> &'static str;

    /// Says what stands in it, now.
    fn draw(&mut self, room: &Room, draw: &mut Draw<'_>) -> Result<(), Problem>;

    /// Does what the person did. What it does not know it passes over.
    fn on(&mut self, room: &mut Room, event: Event<'_>) -> Result<Go, Problem>;

    /// Which case a capture begun here goes into; `None` where nothing is captured.
    fn captures_into(&self) -> Option<Into> {
        None
    }
}

/// What happened to a page.
pub(crate) enum Event<'a> {
    /// Something was tapped.
    Tap(&'a str),
    /// A field has another value.
    Change(&'a str, &'a str),
    /// What was entered in a field for codes.
    Secret(&'a str, Zeroizing<Vec<u8>>),
    /// A capture begun here is durable.
    Captured(Saved),
    /// A QR code was read.
    Scanned(&'a str),
    /// Time has passed.
    Look,
    /// The person goes back.
    Left,
}

/// Where to go from here.
pub(crate) enum Go {
    /// Nowhere.
    Stay,
    /// On to a page above this one.
    To(Box<dyn Page>),
    /// To a page in place of this one.
    Instead(Box<dyn Page>),
    /// To the page below.
    Back,
    /// Two pages down, saying this there: what this page was about is gone.
    Twice(Message),
    /// Lock.
    Lock,
    /// To the first page of what is open.
    Home,
    /// There, and on to this page.
    HomeThen(Box<dyn Page>),
    /// To this page alone.
    Start(Box<dyn Page>),
    /// Stay, and say at the top what is missing.
    Say(Message),
    /// Stay, and say at the top what was done.
    Told(Message),
    /// Stay, and let the platform do these.
    Do(Vec<Effect>),
}

impl Go {
    /// On to a page above this one.
    pub(crate) fn to(page: impl Page + 'static) -> Self {
        Self::To(Box::new(page))
    }

    /// To a page in place of this one.
    pub(crate) fn instead(page: impl Page + 'static) -> Self {
        Self::Instead(Box::new(page))
    }
}
