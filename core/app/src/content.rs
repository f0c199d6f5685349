// SPDX-License-Identifier: MPL-2.0
//! Looking at the content of an item: any part of it, sealed until it is asked for.

use std::io::Read;

use amate_wire::{
    id::ItemId,
    live::{FRAMING, segment_len},
};

use crate::{
    problem::Problem,
    session::{Reader, Session},
    store::items,
};

/// Bytes of a live segment before its data (spec/evidence.md §6).
const HEAD: usize = 80;

/// Reads any part of an item's content; of a live recording the data of its whole segments,
/// joined. Nothing is read after the session was locked.
pub struct EvidenceReader {
    session: Session,
    medium: Reader,
    /// In order; each a stretch of the content and where it stands in the medium.
    parts: Vec<Part>,
    length: u64,
    media_type: String,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    content: u64,
    medium: u64,
    length: u64,
}

impl Session {
    /// Opens the content of an item.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::ContentDamaged`] when its beginning does not open.
    pub fn reader(&self, item: ItemId) -> Result<EvidenceReader, Problem> {
        let not_found = || Problem::NotFound { what: "item", name: item.hex() };
        let item = self.vault.read(|db| items::item(db, item))?.ok_or_else(not_found)?;
        let id = item.medium.ok_or_else(not_found)?;
        let mut medium = self.vault.read_medium(&id).map_err(damaged)?;
        let parts = match item.origin == "live" {
            true => segments(&mut medium, item.length)?,
            false => vec![Part { content: 0, medium: 0, length: item.length }],
        };
        let length = parts.iter().map(|part| part.length).sum();
        let session = self.clone();
        Ok(EvidenceReader { session, medium, parts, length, media_type: item.media_type })
    }
}

impl EvidenceReader {
    /// Bytes of content.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// As recognised when it was taken in.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Reads from `offset` on; gives how much, 0 at the end.
    ///
    /// # Errors
    /// [`Problem::Locked`]; [`Problem::ContentDamaged`] where it does not open.
    pub fn read_at(&mut self, offset: u64, out: &mut [u8]) -> Result<usize, Problem> {
        if self.session.is_locked() {
            return Err(Problem::Locked);
        }
        let at = self.parts.partition_point(|part| part.content <= offset);
        let Some(part) = at.checked_sub(1).and_then(|at| self.parts.get(at)) else { return Ok(0) };
        let within = offset - part.content;
        let left = usize::try_from(part.length.saturating_sub(within)).unwrap_or(usize::MAX);
        let wanted = out.len().min(left);
        let out = out.get_mut(..wanted).unwrap_or_default();
        if out.is_empty() {
            return Ok(0);
        }
        self.medium.seek_to(part.medium + within).map_err(damaged)?;
        self.medium.read(out).map_err(|_| Problem::ContentDamaged)
    }
}

/// Where the data of the whole segments stands.
fn segments(medium: &mut Reader, length: u64) -> Result<Vec<Part>, Problem> {
    let mut parts = Vec::new();
    let (mut at, mut content) = (0_u64, 0_u64);
    while at + (FRAMING as u64) < length {
        let mut head = [0; HEAD];
        medium.seek_to(at).map_err(damaged)?;
        medium.read_exact(&mut head).map_err(|_| Problem::ContentDamaged)?;
        let all = segment_len(&head).map_err(|_| Problem::ContentDamaged)?;
        let data = (all - FRAMING) as u64;
        parts.push(Part { content, medium: at + HEAD as u64, length: data });
        (at, content) = (at + all as u64, content + data);
    }
    Ok(parts)
}

fn damaged(error: amate_vault::VaultError) -> Problem {
    match Problem::from(error) {
        Problem::Damaged => Problem::ContentDamaged,
        other => other,
    }
}
