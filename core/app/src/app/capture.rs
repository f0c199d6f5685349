// SPDX-License-Identifier: MPL-2.0
//! Bytes of the camera, the recorder, a file: pushed as they come, into the sealed store. They
//! pass through no file, and the screens stay alive meanwhile.

use std::{
    io::{self, Read},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use amate_screen::{Step, Way};
use amate_wire::id::IdentityId;
use zeroize::Zeroizing;

use super::{App, Notice, page::Event};
use crate::{
    clock::Moment,
    film::{Muxer, Tracks},
    problem::Problem,
    qr,
    session::Session,
    take::{Into, Recording, Saved},
    text::Message,
};

/// Said of what did not come to its end.
pub(super) const CUT: &str = "capture-cut";
/// Pieces on their way into the store: enough to keep both sides busy, not to fill the memory.
const PIECES: usize = 4;

/// A capture that is going on. A photo or a file that is dropped without [`App::finish`] is not
/// kept; of a recording everything is kept that was pushed.
pub struct CaptureSink {
    sink: Sink,
    /// In which it was begun.
    session: Session,
}

enum Sink {
    Whole(Whole),
    Live(Box<Live>),
}

/// A photo or a file: taken in by a thread, all of it or nothing.
struct Whole {
    pieces: mpsc::SyncSender<Zeroizing<Vec<u8>>>,
    writer: JoinHandle<Result<Saved, Problem>>,
}

/// A recording: each part is durable by itself.
struct Live {
    session: Session,
    muxer: Muxer,
    recording: Recording,
    now: Arc<dyn Fn() -> Moment + Send + Sync>,
}

impl App {
    /// Begins a capture on the page that asked for one. `name` is shown beside a file; of a
    /// recording `media_type` says what comes ([`Tracks::from_text`]), and frames are pushed.
    ///
    /// # Errors
    /// In the person's words: nothing is captured here, it is locked, there is no room.
    pub fn begin(&mut self, way: Way, name: &str, media_type: &str) -> Result<CaptureSink, String> {
        let begun = self.begin_capture(way, name, media_type);
        begun.map_err(|problem| self.room.say(&problem.on_screen()))
    }

    /// Ends a capture: it is durable, or it is not there. The page that asked for it is told. After
    /// a lock there is none: a recording is whole when its vault is open again, and named
    /// interrupted at its next unlock when not; that a photo or a file was cut is said there as well.
    ///
    /// # Errors
    /// In the person's words.
    pub fn finish(&mut self, sink: CaptureSink) -> Result<Step, String> {
        let open = self.room.session().ok().cloned();
        let same = open.as_ref().is_some_and(|open| open.is_same(&sink.session));
        let (vault, whole) = (sink.session.identity(), matches!(sink.sink, Sink::Whole(_)));
        // A recorder that ends behind the lock was the last to hold it.
        let container = self.room.held();
        let ended = sink.end(open.as_ref());
        if !same {
            match ended {
                Err(Problem::Locked) if whole => self.cut(vault),
                // A recording is named interrupted.
                Err(Problem::Locked) => {}
                Err(problem) => self.tell(vault, problem.on_screen()),
                Ok(_) => {}
            }
            self.room.recorder_ended(container);
            return Ok(Step { screen: self.view(), effects: Vec::new() });
        }
        match ended {
            Ok(saved) => {
                let before = self.pages.len();
                let effects = self.send(Event::Captured(saved.clone()), false);
                if self.pages.len() < before {
                    // The camera is gone; the page that opened it wants to know.
                    self.send(Event::Captured(saved), false);
                }
                Ok(Step { screen: self.view(), effects })
            }
            Err(problem) => {
                let message: Message = problem.on_screen();
                self.notice = Some(Notice::Problem(message.clone()));
                Err(self.room.say(&message))
            }
        }
    }

    /// A photo or a file of this vault does not come to its end, or was locked before: it is not
    /// kept, and is to be added again.
    pub fn cut(&mut self, vault: IdentityId) {
        self.tell(vault, Message::new(CUT));
    }

    /// A picture of the camera while it looks for a QR code: brightnesses, row by row. `None` while
    /// there is no code in it. The picture is not kept.
    pub fn scan(&mut self, width: u32, height: u32, luma: &[u8]) -> Option<Step> {
        let text = Zeroizing::new(qr::read(width, height, luma)?);
        let effects = self.send(Event::Scanned(&text), false);
        Some(Step { screen: self.view(), effects })
    }

    fn begin_capture(
        &mut self,
        way: Way,
        name: &str,
        media_type: &str,
    ) -> Result<CaptureSink, Problem> {
        let session = self.room.session()?.clone();
        let begun = session.clone();
        let into = self.pages.last().and_then(|page| page.captures_into());
        let into = into.ok_or(Problem::Internal("no capture here"))?;
        let now = self.room.now();
        let sink = match way {
            Way::Photo | Way::File => Sink::Whole(Whole::start(session, way, name, into, now)),
            Way::Video | Way::Voice => {
                let clock = self.room.platform.now.clone();
                Sink::Live(Box::new(Live::start(session, media_type, &into, clock)?))
            }
        };
        Ok(CaptureSink { sink, session: begun })
    }
}

impl CaptureSink {
    /// Of which vault it is.
    #[must_use]
    pub fn vault(&self) -> IdentityId {
        self.session.identity()
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`Problem::NoSpace`] and others; a photo's own is said by [`App::finish`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match &mut self.sink {
            _ if bytes.is_empty() => Ok(()),
            Sink::Whole(whole) => {
                let piece = Zeroizing::new(bytes.to_vec());
                whole.pieces.send(piece).map_err(|_| Problem::Internal("capture ended"))
            }
            Sink::Live(live) => {
                let no_film = |_| Problem::Internal("recording");
                let film = Zeroizing::new(live.muxer.push(bytes).map_err(no_film)?);
                live.recording.push(&film, (live.now)().unix)
            }
        }
    }

    /// `open`: the session that is open now.
    fn end(self, open: Option<&Session>) -> Result<Saved, Problem> {
        match self.sink {
            Sink::Whole(whole) => {
                // An empty piece is the end; a sender that is dropped is not.
                let _ = whole.pieces.send(Zeroizing::default());
                drop(whole.pieces);
                whole.writer.join().map_err(|_| Problem::Internal("capture"))?
            }
            Sink::Live(mut live) => {
                // What cannot be added is left out: the film is whole without it.
                let film = Zeroizing::new(live.muxer.finish().unwrap_or_default());
                live.recording.push(&film, (live.now)().unix)?;
                // Its vault was locked meanwhile, and may be open again.
                let again = open.filter(|open| open.is_of(&live.recording));
                let session = again.unwrap_or(&live.session);
                session.clone().finish(live.recording).map(|(saved, _)| saved)
            }
        }
    }
}

impl Whole {
    fn start(mut session: Session, way: Way, name: &str, into: Into, now: Moment) -> Self {
        let (pieces, received) = mpsc::sync_channel(PIECES);
        let name = name.to_owned();
        let writer = thread::spawn(move || {
            let mut content = Pieces { received, piece: Zeroizing::default(), at: 0, ended: false };
            match way {
                Way::File => session.import(&name, &mut content, &into, now),
                _ => session.capture(&name, &mut content, &into, now),
            }
        });
        Self { pieces, writer }
    }
}

impl Live {
    fn start(
        mut session: Session,
        media_type: &str,
        into: &Into,
        now: Arc<dyn Fn() -> Moment + Send + Sync>,
    ) -> Result<Self, Problem> {
        let unknown = |_| Problem::Internal("recording of this type");
        let tracks = Tracks::from_text(media_type).map_err(unknown)?;
        let recording = session.record(tracks.media_type(), false, into, now())?;
        Ok(Self { session, muxer: Muxer::new(tracks), recording, now })
    }
}

/// What is pushed on one side, read on the other.
struct Pieces {
    received: mpsc::Receiver<Zeroizing<Vec<u8>>>,
    piece: Zeroizing<Vec<u8>>,
    at: usize,
    ended: bool,
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.ended {
            self.piece = self.received.recv().map_err(|_| io::ErrorKind::UnexpectedEof)?;
            self.at = 0;
            self.ended = self.piece.is_empty();
        }
        let mut rest = self.piece.get(self.at..).unwrap_or_default();
        let n = rest.read(out)?;
        self.at += n;
        Ok(n)
    }
}
