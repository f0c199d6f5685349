// SPDX-License-Identifier: MPL-2.0
//! The app that a person sees: screens, flows and words, for every shell. A shell draws
//! [`App::view`], sends what the person did to [`App::act`], and performs the effects.
//!
//! A screen is a `Page`: one file, one struct, its state inside. Pages lie on one another;
//! *back* takes the uppermost away and loses nothing.

mod capture;
mod desk;
mod door;
mod draw;
mod export;
mod first;
mod new_keys;
mod page;
mod people;
mod phone;
mod proof;
mod receive;
mod room;
mod said;
mod send;
mod settings;
mod unlock;
mod words;
mod work;

use std::{io::Write, path::PathBuf, sync::Arc};

use amate_screen::{Action, Effect, Screen, Step};
use amate_vault::CodeCost;
use amate_wire::id::{IdentityId, ItemId};
use zeroize::Zeroizing;

pub use capture::CaptureSink;
use draw::Draw;
use page::{Event, Go, Page};
use room::Room;

use crate::{
    clock::Moment, content::EvidenceReader, driver::Carrier, exchange::NoAnswer, hand_over::Show,
    problem::Problem, session::Session, text::Message,
};

/// Bytes in the clear at once.
const PIECE: usize = 64 * 1024;

/// What this app is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "each has its screens")]
pub enum Device {
    /// A person's: two halves of fixed size.
    Phone,
    /// An organisation's: one volume that grows.
    Desk,
}

/// Where and how an app runs.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Folder of the vault.
    pub dir: PathBuf,
    /// Which screens.
    pub device: Device,
    /// Cost of a code.
    pub cost: CodeCost,
    /// Sizes that a phone offers at first run, in bytes: room for records, room for media. One:
    /// nothing is asked.
    pub sizes: Vec<(u64, u64)>,
    /// What the platform says that the person reads, BCP 47.
    pub language: String,
    /// Whether a browser draws: it may keep traces, and the person is told.
    pub browser: bool,
    /// Whether the shell opens camera and microphone; else no screen offers them.
    pub cameras: bool,
}

/// What the platform gives. Called from several threads.
#[derive(Clone)]
pub struct Platform {
    /// What the device's clock shows.
    pub now: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// A way to relays; each call gives one of its own.
    pub carrier: Arc<dyn Fn() -> Result<Box<dyn Carrier + Send>, NoAnswer> + Send + Sync>,
    /// Called when a live screen may have changed.
    pub changed: Arc<dyn Fn() + Send + Sync>,
}

/// The app: what is on the screen, and what lies below it.
pub struct App {
    room: Room,
    /// Never empty.
    pages: Vec<Box<dyn Page>>,
    /// What the last action came to, until the next.
    notice: Option<Notice>,
    /// It came by itself, and no screen has said it yet.
    unseen: bool,
}

impl App {
    /// Starts locked, or with the first run where there is no vault.
    #[must_use]
    pub fn new(setup: Setup, platform: Platform) -> Self {
        // The wait after wrong codes runs from when the app was opened.
        let _ = amate_vault::Uptime::system();
        let room = Room::new(setup, platform);
        let page = Self::outside(&room);
        Self { room, pages: vec![page], notice: None, unseen: false }
    }

    /// The screen as it is.
    pub fn view(&mut self) -> Screen {
        let mut notice = self.notice.clone();
        self.unseen = false;
        // A page that cannot be drawn gives way to the one below; the last ones always can.
        loop {
            let back = self.pages.len() > 1;
            let Some(page) = self.pages.last_mut() else { return self.room.blank() };
            let mut draw = Draw::new(&self.room, page.name(), back);
            let name = page.name();
            let drawn = page.draw(&self.room, &mut draw).and_then(|()| {
                if self.room.setup.device == Device::Desk && self.room.is_open() {
                    desk::rooms(&self.room, name)?.into_iter().for_each(|one| draw.side(one));
                }
                Ok(())
            });
            match drawn {
                Ok(()) => return draw.finish(notice.as_ref()),
                Err(Problem::Locked) => self.lock(),
                Err(other) => {
                    notice = Some(Notice::Problem(other.on_screen()));
                    self.fall_back();
                }
            }
        }
    }

    /// Does what the person did.
    pub fn act(&mut self, action: Action) -> Step {
        let effects = match action {
            Action::Lock => {
                self.lock();
                Vec::new()
            }
            Action::Hide => {
                self.lock();
                vec![Effect::Leave]
            }
            Action::Back => self.send(Event::Left, true),
            Action::Look => self.send(Event::Look, false),
            Action::Tap { key } => self.send(Event::Tap(&key), false),
            Action::Change { key, value } => self.send(Event::Change(&key, &value), false),
            Action::Secret { key, bytes } => {
                self.send(Event::Secret(&key, Zeroizing::new(bytes)), false)
            }
        };
        Step { screen: self.view(), effects }
    }

    /// The content that a screen names, to be shown or handed over: any part of a piece of
    /// evidence, or the whole export of a case.
    ///
    /// # Errors
    /// [`Problem::NotFound`], [`Problem::Locked`].
    pub fn content(&self, medium: &str) -> Result<Content, Problem> {
        let session = self.room.session()?;
        if let Some(case) = medium.strip_prefix(export::EXPORT).and_then(|id| id.parse().ok()) {
            let now = self.room.now().unix;
            return Ok(Content::Export(Exported { session: session.clone(), case, now }));
        }
        let not_found = || Problem::NotFound { what: "item", name: String::new() };
        let item = ItemId::from_hex(medium).map_err(|_| not_found())?;
        Ok(Content::Item(Box::new(session.reader(item)?)))
    }

    /// The vault that is open.
    #[must_use]
    pub fn vault(&self) -> Option<IdentityId> {
        self.room.session().ok().map(Session::identity)
    }

    /// What was to be handed over of this vault could not be written where the person said, or not
    /// all of it.
    pub fn not_written(&mut self, vault: IdentityId, name: &str) {
        self.tell(vault, Problem::CannotWrite(name.to_owned()).on_screen());
    }

    /// Something that nobody waits for came to its end. Another vault is told nothing of it.
    fn tell(&mut self, vault: IdentityId, message: Message) {
        if self.vault() == Some(vault) {
            self.notice = Some(Notice::Problem(message));
            self.unseen = true;
        } else {
            self.room.say_at_unlock(vault, message);
        }
    }

    /// Whether something is open that must be locked when nobody is there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.room.is_open()
    }

    /// Whether something goes on that ends soon and should not be cut: what is cut goes on at the
    /// next opening. Also behind the lock.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.room.refreshes()
    }

    fn send(&mut self, event: Event<'_>, then_back: bool) -> Vec<Effect> {
        if !matches!(event, Event::Look) && !self.unseen {
            self.notice = None;
        }
        if let Event::Tap(key) = event
            && self.room.is_open()
            && let Some(go) = desk::enter(key)
        {
            return self.go(go);
        }
        let Some(page) = self.pages.last_mut() else { return Vec::new() };
        match page.on(&mut self.room, event) {
            Ok(go) => self.go(if then_back && matches!(go, Go::Stay) { Go::Back } else { go }),
            Err(Problem::Locked) => {
                self.lock();
                Vec::new()
            }
            Err(problem) => {
                self.notice = Some(Notice::Problem(problem.on_screen()));
                Vec::new()
            }
        }
    }

    fn go(&mut self, go: Go) -> Vec<Effect> {
        match go {
            Go::Stay => {}
            Go::To(page) => self.pages.push(page),
            Go::Instead(page) => {
                self.pages.pop();
                self.pages.push(page);
            }
            Go::Back => {
                if self.pages.len() > 1 {
                    self.pages.pop();
                }
            }
            Go::Twice(message) => {
                self.pages.truncate(self.pages.len().saturating_sub(2).max(1));
                self.notice = Some(Notice::Done(message));
            }
            Go::Lock => self.lock(),
            Go::Home => self.pages = vec![self.home()],
            Go::HomeThen(page) => self.pages = vec![self.home(), page],
            Go::Start(page) => self.pages = vec![page],
            Go::Say(message) => self.notice = Some(Notice::Problem(message)),
            Go::Told(message) => self.notice = Some(Notice::Done(message)),
            Go::Do(effects) => return effects,
        }
        Vec::new()
    }

    fn home(&self) -> Box<dyn Page> {
        match self.room.setup.device {
            Device::Phone => Box::new(phone::Home),
            Device::Desk => Box::new(desk::Desk),
        }
    }

    fn outside(room: &Room) -> Box<dyn Page> {
        if room.has_vault() { Box::new(unlock::Unlock::default()) } else { first::begin(room) }
    }

    fn lock(&mut self) {
        let vault = self.vault();
        self.room.lock();
        if let (Some(Notice::Problem(said)), Some(vault)) = (self.notice.take(), vault)
            && (self.unseen || said.id == capture::CUT)
        {
            // It came as the person left: nobody has read it.
            self.room.say_at_unlock(vault, said);
        }
        self.pages = vec![Self::outside(&self.room)];
    }

    /// One page down; when the lowest cannot be drawn, out.
    fn fall_back(&mut self) {
        if self.pages.len() > 1 {
            self.pages.pop();
        } else {
            self.lock();
        }
    }
}

/// What stands at the top of a screen after an action.
#[derive(Clone)]
pub(crate) enum Notice {
    /// What went wrong, or is missing.
    Problem(Message),
    /// What was done.
    Done(Message),
}

/// What a screen names as its content.
#[expect(clippy::exhaustive_enums, reason = "a shell handles each")]
pub enum Content {
    /// A piece of evidence.
    Item(Box<EvidenceReader>),
    /// A case as anybody can verify it, made when it is written.
    Export(Exported),
}

/// The export of a case, before it is written.
pub struct Exported {
    session: Session,
    case: i64,
    now: u64,
}

impl Content {
    /// Writes all of it, in the clear. Of an export custody says so first.
    ///
    /// # Errors
    /// [`Problem::CannotWrite`]; [`Problem::Locked`]; [`Problem::ContentDamaged`].
    pub fn write(self, out: impl Write) -> Result<(), Problem> {
        match self {
            Self::Export(Exported { mut session, case, now }) => {
                session.hand_over(case, &Show::Only(Vec::new()), &[], out, now)
            }
            Self::Item(reader) => poured(*reader, out),
        }
    }
}

fn poured(mut reader: EvidenceReader, mut out: impl Write) -> Result<(), Problem> {
    let cannot = |_| Problem::CannotWrite(String::new());
    let mut piece = Zeroizing::new(vec![0; PIECE]);
    let mut at = 0;
    loop {
        let n = reader.read_at(at, &mut piece)?;
        if n == 0 {
            return out.flush().map_err(cannot);
        }
        out.write_all(piece.get(..n).unwrap_or_default()).map_err(cannot)?;
        at += n as u64;
    }
}
