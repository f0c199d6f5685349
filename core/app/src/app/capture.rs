// SPDX-License-Identifier: MPL-2.0
//! Bytes of the camera, the recorder, a file: pushed as they come, into the sealed store. They
//! pass through no file, and the screens stay alive meanwhile.

use std::{
    io::{self, Read},
    sync::mpsc,
    thread::{self, JoinHandle},
};

use amate_screen::Way;
use zeroize::Zeroizing;

use super::{App, page::Event};
use crate::{
    problem::Problem,
    session::Session,
    take::{Into, Saved},
    text::Message,
};

/// Pieces on their way into the store: enough to keep both sides busy, not to fill the memory.
const PIECES: usize = 4;

/// A capture that is going on. Dropped without [`App::finish`], nothing of it is kept.
pub struct CaptureSink {
    pieces: Option<mpsc::SyncSender<Zeroizing<Vec<u8>>>>,
    writer: JoinHandle<Result<Saved, Problem>>,
}

impl App {
    /// Begins a capture on the page that asked for one. `name` is shown beside it.
    ///
    /// # Errors
    /// In the person's words: nothing is captured here, or the app is locked.
    pub fn begin(&mut self, way: Way, name: &str) -> Result<CaptureSink, String> {
        let into = self.pages.last().and_then(|page| page.captures_into());
        let session = self.room.session().cloned();
        let begun = match (into, session) {
            (Some(into), Ok(session)) => Ok((into, session)),
            (None, _) => Err(Problem::Internal("no capture here")),
            (_, Err(problem)) => Err(problem),
        };
        let (into, session) = begun.map_err(|problem| self.room.say(&problem.on_screen()))?;
        Ok(CaptureSink::start(session, way, name.to_owned(), into, self.room.now()))
    }

    /// Ends a capture: it is durable, or it is not there. The page that asked for it is told.
    ///
    /// # Errors
    /// In the person's words.
    pub fn finish(&mut self, sink: CaptureSink) -> Result<amate_screen::Step, String> {
        match sink.end() {
            Ok(saved) => {
                let effects = self.send(Event::Captured(saved), false);
                Ok(amate_screen::Step { screen: self.view(), effects })
            }
            Err(problem) => {
                let message: Message = problem.on_screen();
                self.problem = Some(message.clone());
                Err(self.room.say(&message))
            }
        }
    }
}

impl CaptureSink {
    fn start(
        mut session: Session,
        way: Way,
        name: String,
        into: Into,
        now: crate::clock::Moment,
    ) -> Self {
        let (pieces, received) = mpsc::sync_channel(PIECES);
        let writer = thread::spawn(move || {
            let mut content = Pieces { received, piece: Zeroizing::default(), at: 0, ended: false };
            match way {
                Way::File => session.import(&name, &mut content, &into, now),
                _ => session.capture(&name, &mut content, &into, now),
            }
        });
        Self { pieces: Some(pieces), writer }
    }

    /// The next bytes. An empty push is passed over.
    ///
    /// # Errors
    /// [`Problem::NoSpace`] and others, once more from [`App::finish`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let stopped = Problem::Internal("capture ended");
        if bytes.is_empty() {
            return Ok(());
        }
        let pieces = self.pieces.as_ref().ok_or(Problem::Internal("capture ended"))?;
        pieces.send(Zeroizing::new(bytes.to_vec())).map_err(|_| stopped)
    }

    fn end(mut self) -> Result<Saved, Problem> {
        if let Some(pieces) = self.pieces.take() {
            // An empty piece is the end; a sender that is dropped is not.
            let _ = pieces.send(Zeroizing::default());
        }
        self.writer.join().map_err(|_| Problem::Internal("capture"))?
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
