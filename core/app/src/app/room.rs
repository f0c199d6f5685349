// SPDX-License-Identifier: MPL-2.0
//! What every page can reach: the session while one is open, the words, the platform.

use amate_screen::Screen;

use super::{Platform, Setup, draw::Draw};
use crate::{
    clock::Moment,
    keys::WordList,
    problem::Problem,
    session::Session,
    text::{Message, Texts},
};

/// The surroundings of a page.
pub(crate) struct Room {
    pub(crate) setup: Setup,
    pub(crate) platform: Platform,
    pub(crate) texts: Texts,
    session: Option<Session>,
}

impl Room {
    pub(super) fn new(setup: Setup, platform: Platform) -> Self {
        let texts = Texts::new(&setup.language);
        Self { setup, platform, texts, session: None }
    }

    /// The open session.
    pub(crate) fn session(&self) -> Result<&Session, Problem> {
        self.session.as_ref().ok_or(Problem::Locked)
    }

    /// The open session, to change what is in it.
    pub(crate) fn session_mut(&mut self) -> Result<&mut Session, Problem> {
        self.session.as_mut().ok_or(Problem::Locked)
    }

    /// From now on this session is open.
    pub(crate) fn open(&mut self, session: Session) -> Result<(), Problem> {
        self.session = Some(session);
        Ok(())
    }

    pub(super) fn is_open(&self) -> bool {
        self.session.is_some()
    }

    pub(super) fn lock(&mut self) {
        self.session = None;
    }

    pub(crate) fn has_vault(&self) -> bool {
        self.setup.dir.join("vault").exists()
    }

    pub(crate) fn now(&self) -> Moment {
        (self.platform.now)()
    }

    /// From now on the words are of this language.
    pub(crate) fn speak(&mut self, language: &str) {
        self.setup.language = language.to_owned();
        self.texts = Texts::new(language);
    }

    pub(crate) fn language(&self) -> String {
        self.texts.of("language")
    }

    pub(crate) fn word_list(&self) -> WordList {
        WordList::of(&self.language())
    }

    pub(crate) fn say(&self, message: &Message) -> String {
        self.texts.say(message)
    }

    pub(crate) fn of(&self, id: &'static str) -> String {
        self.texts.of(id)
    }

    /// A screen with nothing in it.
    pub(super) fn blank(&self) -> Screen {
        Draw::new(self, "blank", false).finish(None)
    }
}
