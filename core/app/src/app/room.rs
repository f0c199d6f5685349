// SPDX-License-Identifier: MPL-2.0
//! What every page can reach: the session while one is open, the words, the platform.

use amate_screen::{Icon, Screen, Tone};
use amate_vault::{Container, Standing, Surroundings};
use amate_wire::id::IdentityId;

use super::{Platform, Setup, draw::Draw};
use crate::{
    clock::Moment,
    courier::Courier,
    driver::Carrier,
    full_pass::FullPass,
    keys::WordList,
    problem::Problem,
    session::Session,
    text::{LANGUAGES, Message, Texts},
};

/// The surroundings of a page.
pub(crate) struct Room {
    pub(crate) setup: Setup,
    pub(crate) platform: Platform,
    pub(crate) texts: Texts,
    session: Option<Session>,
    courier: Option<Courier>,
    notices: Vec<Message>,
    /// What vaults that are locked are still to be told.
    unsaid: Vec<(IdentityId, Message)>,
    /// The files, as long as something holds them behind the lock.
    standing: Standing,
    /// Before the files go: it holds them.
    full_pass: Option<FullPass>,
    /// Whether somebody asked for it in this session.
    asked: bool,
    /// The language while nothing is open: no vault's own.
    outside: String,
}

impl Room {
    pub(super) fn new(setup: Setup, platform: Platform) -> Self {
        let texts = Texts::new(&setup.language);
        let outside = setup.language.clone();
        Self {
            setup,
            platform,
            texts,
            session: None,
            courier: None,
            notices: Vec::new(),
            unsaid: Vec::new(),
            standing: Standing::default(),
            full_pass: None,
            asked: false,
            outside,
        }
    }

    /// The open session.
    pub(crate) fn session(&self) -> Result<&Session, Problem> {
        self.session.as_ref().ok_or(Problem::Locked)
    }

    /// The open session, to change what is in it.
    pub(crate) fn session_mut(&mut self) -> Result<&mut Session, Problem> {
        self.session.as_mut().ok_or(Problem::Locked)
    }

    /// From now on this session is open; its courier goes round.
    pub(crate) fn open(&mut self, session: Session) -> Result<(), Problem> {
        self.notices = session.notices();
        let container = session.container()?;
        self.standing = container.standing();
        let language = session.preference("language")?;
        if !self.refreshes() && container.full_pass_unfinished()? {
            self.full_pass = Some(FullPass::go_on(container));
        }
        if let Some(language) = language {
            self.speak_inside(&language);
        }
        if let Ok(carrier) = (self.platform.carrier)() {
            let (now, changed) = (self.platform.now.clone(), self.platform.changed.clone());
            self.courier = Some(Courier::start(session.clone(), carrier, now, changed));
        }
        let own = |unsaid: &mut (IdentityId, Message)| unsaid.0 == session.identity();
        self.notices.extend(self.unsaid.extract_if(.., own).map(|(_, message)| message));
        self.session = Some(session);
        Ok(())
    }

    /// Tells this vault when it is opened next, and no other one.
    pub(super) fn say_at_unlock(&mut self, vault: IdentityId, message: Message) {
        let said = (vault, message);
        if !self.unsaid.contains(&said) {
            self.unsaid.push(said);
        }
    }

    /// A way to relays for something that this session does; it ends with the lock.
    pub(crate) fn carrier(&self) -> Result<Box<dyn Carrier + Send>, Problem> {
        let session = self.session()?;
        let carrier = (self.platform.carrier)()?;
        session.stop_when_locked(carrier.stopper());
        Ok(carrier)
    }

    /// A round of the courier now.
    pub(crate) fn nudge(&self) {
        if let Some(courier) = &self.courier {
            courier.nudge();
        }
    }

    /// What opening found.
    pub(crate) fn notices(&self) -> &[Message] {
        &self.notices
    }

    /// Says what stood in the way of the last round; nothing when all went well.
    pub(crate) fn network_notice(&self, draw: &mut Draw<'_>) {
        let Some(status) = self.courier.as_ref().map(Courier::status) else { return };
        if let Some(problem) = &status.problem {
            draw.noted(Tone::Warn, Icon::Waiting, problem);
        }
        for name in status.stale {
            draw.noted(Tone::Warn, Icon::Warn, &Message::new("sent-stale").with("name", name));
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.session.is_some()
    }

    /// The vault first, for every holder and in the middle of whatever they do: a courier that reads
    /// a large parcel stops there. Then nothing of it is left on the courier's thread.
    pub(super) fn lock(&mut self) {
        self.notices.clear();
        // Not by the session: that would wait for who reads in it.
        let container = self.standing.container().filter(|_| self.session.is_some());
        if let Some(session) = self.session.take() {
            // What cannot be written at the end is settled at the next unlock.
            let _ = session.lock();
        }
        self.courier = None;
        self.refresh_when_due(container);
        // Whoever comes next is not told of what was asked for here.
        self.asked = false;
        let outside = self.outside.clone();
        self.speak_inside(&outside);
    }

    /// The files, when something holds them.
    pub(super) fn held(&self) -> Option<Container> {
        self.standing.container()
    }

    /// A recorder that went on behind the lock has ended there.
    pub(super) fn recorder_ended(&mut self, container: Option<Container>) {
        if !self.is_open() {
            self.refresh_when_due(container);
        }
    }

    /// What was saved shows its half to who compares two copies until everything has new keys: while
    /// nobody waits for the screen. Whoever enters next is not told.
    fn refresh_when_due(&mut self, container: Option<Container>) {
        let due = |container: &Container| container.full_pass_due().unwrap_or_default();
        if let Some(container) = container.filter(|one| !self.refreshes() && due(one)) {
            self.full_pass = Some(FullPass::go_on(container));
        }
    }

    /// Before something that a pass is to hide: a kill, or a fault in the middle, leaves one to be
    /// gone on with.
    pub(crate) fn begin_refresh(&mut self) -> Result<(), Problem> {
        let container = self.session()?.container()?;
        // One that goes on would take this one for its own, and could be at its end too soon.
        self.full_pass = None;
        container.begin_full_pass()?;
        Ok(())
    }

    /// Both files: those that a recorder or a full pass holds behind the lock, or opened anew.
    pub(super) fn container(&mut self) -> Result<Container, Problem> {
        let container = match self.standing.container() {
            Some(standing) => standing,
            None => Container::open(Surroundings::software(&self.setup.dir))?,
        };
        self.standing = container.standing();
        Ok(container)
    }

    /// Gives every place new keys from now on, from the first one. Nothing is shown of it.
    pub(crate) fn refresh(&mut self) -> Result<(), Problem> {
        let container = self.session()?.container()?;
        // The one before ends first: two would pass one another.
        self.full_pass = None;
        let asked = std::mem::take(&mut self.asked);
        let changed = asked.then(|| self.platform.changed.clone());
        self.full_pass = Some(FullPass::anew(container, changed)?);
        self.asked = asked;
        Ok(())
    }

    /// The same because the person asked for it: how far it is is shown until the lock.
    pub(crate) fn refresh_as_asked(&mut self) -> Result<(), Problem> {
        self.asked = true;
        self.refresh()
    }

    /// Whether places are getting new keys.
    pub(crate) fn refreshes(&self) -> bool {
        self.full_pass.as_ref().is_some_and(FullPass::goes_on)
    }

    /// What was asked for in this session, going on or ended.
    pub(crate) fn asked_refresh(&self) -> Option<&FullPass> {
        self.full_pass.as_ref().filter(|_| self.asked)
    }

    pub(crate) fn has_vault(&self) -> bool {
        self.setup.dir.join("vault").exists()
    }

    pub(crate) fn now(&self) -> Moment {
        (self.platform.now)()
    }

    /// From now on the words are of this language; while nothing is open, also after the next lock.
    pub(crate) fn speak(&mut self, language: &str) {
        if !self.is_open() {
            language.clone_into(&mut self.outside);
        }
        self.speak_inside(language);
    }

    fn speak_inside(&mut self, language: &str) {
        self.setup.language = language.to_owned();
        self.texts = Texts::new(language);
    }

    /// BCP 47, as in [`LANGUAGES`].
    pub(crate) fn language(&self) -> String {
        let spoken = self.texts.of("language");
        let known = LANGUAGES.iter().find(|one| one.tag.starts_with(&spoken));
        known.map_or(spoken, |one| one.tag.to_owned())
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
