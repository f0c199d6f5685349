// SPDX-License-Identifier: MPL-2.0
//! Live recordings: segment after segment, each durable before the next.

use std::convert;

use amate_seal::random;
use amate_vault::MediaWriter;
use amate_wire::{
    id::ItemId,
    live::{LiveOpening, MAX_DATA, SMALL_DATA},
    manifest::Origin,
};
use zeroize::{Zeroize, Zeroizing};

use super::{Into, New, Saved};
use crate::{
    clock::{self, Moment},
    evidence::{self, LiveRecorder, make_opening},
    problem::Problem,
    session::Session,
    store::items::{self, Item, ItemState},
};

impl Session {
    /// Begins a live recording: its key and its place in the case are durable before its first
    /// byte.
    ///
    /// # Errors
    /// [`Problem::NoSpace`].
    pub fn record(
        &mut self,
        media_type: &str,
        small: bool,
        into: &Into,
        now: impl convert::Into<Moment>,
    ) -> Result<Recording, Problem> {
        let now = now.into();
        let mut rng = random::system();
        let writer = self.vault.begin_medium()?;
        let said = clock::rfc3339(now.unix);
        let facts = self.common_facts(&said, None)?;
        let (root, before) = self.log_root(now.unix)?.unzip();
        let made = make_opening(media_type.to_owned(), root, &facts, &said, &mut rng);
        let opening: LiveOpening = evidence::check_document(&made.document)?;
        let recorder = LiveRecorder::new(opening, made.id, made.kept.capture_key()?);
        let new = New::file(Origin::Live, media_type, Vec::new(), "");
        let medium = writer.id();
        let item = Item { before, ..self.row(&new, &made, medium, now) };
        let saved = self.put_new(item, &made, None, into, |_| Ok(()))?;
        let limit = if small { SMALL_DATA } else { MAX_DATA };
        let buffer = Zeroizing::default();
        Ok(Recording { writer, recorder, saved, limit, id: made.id, buffer, since: now.unix })
    }

    /// Whether it records into this vault.
    pub(crate) fn is_of(&self, recording: &Recording) -> bool {
        self.vault.medium(&recording.writer.id()).is_ok()
    }

    /// Ends a recording: its closing is durable when this returns.
    ///
    /// # Errors
    /// [`Problem::NoSpace`]; then it stays, named interrupted.
    pub fn finish(&mut self, mut recording: Recording) -> Result<(Saved, u32), Problem> {
        recording.cut()?;
        let segments = recording.recorder.segments();
        let finished = recording.writer.finish()?;
        let closing = recording.recorder.close();
        let id = recording.id;
        self.vault.write("end of recording", |tx| {
            finished.record(tx)?;
            if let Some(mut item) = items::item(tx, id)? {
                item.state = ItemState::Complete;
                item.closing = Some(closing.encode());
                item.length = finished.length;
                item.sha256 = Some(finished.sha256);
                items::put_item(tx, &item)?;
            }
            Ok(())
        })?;
        Ok((recording.saved, segments))
    }
}

/// A live recording that goes on.
pub struct Recording {
    writer: MediaWriter,
    recorder: LiveRecorder,
    saved: Saved,
    limit: usize,
    id: ItemId,
    buffer: Zeroizing<Vec<u8>>,
    since: u64,
}

/// A segment is cut after so many seconds, so that a kill never costs more.
const SEGMENT_SECONDS: u64 = 5;

impl Recording {
    /// Takes bytes as the microphone or camera yields them. Each whole segment is durable before
    /// this returns; one is whole when it is full, or five seconds after the one before.
    ///
    /// # Errors
    /// [`Problem::NoSpace`]; what was durable stays.
    pub fn push(&mut self, mut bytes: &[u8], now: u64) -> Result<(), Problem> {
        while !bytes.is_empty() {
            let (piece, later) = bytes.split_at((self.limit - self.buffer.len()).min(bytes.len()));
            self.buffer.extend_from_slice(piece);
            bytes = later;
            if self.buffer.len() == self.limit {
                self.cut()?;
                self.since = now;
            }
        }
        if now.abs_diff(self.since) >= SEGMENT_SECONDS {
            self.cut()?;
            self.since = now;
        }
        Ok(())
    }

    /// Ends the segment at hand.
    fn cut(&mut self) -> Result<(), Problem> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let segment = self.recorder.segment(&self.buffer);
        self.buffer.zeroize();
        self.writer.write(&segment)?;
        Ok(self.writer.make_durable()?)
    }
}
