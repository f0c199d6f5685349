// SPDX-License-Identifier: MPL-2.0
//! Content against its manifest; live segments against one another (spec/evidence.md §6).

use std::io::{self, ErrorKind, Read, Seek};

use amate_wire::{
    document::hex,
    id::ItemId,
    live::{FRAMING, LiveOpening, MAX_DATA},
    manifest::Manifest,
};

use super::{
    super::{archive::Entry, bytes::Digest, result::Why},
    folder::{Checked, Folder},
    item::Documents,
};
use crate::evidence::{LiveFault, LiveState, check_live};

/// What the content of an item is, as far as it holds.
#[derive(Default)]
pub(super) struct Content {
    /// Live segments.
    pub(super) segments: u32,
    /// What leaves name as the end (spec/receipts.md §2); none when the content does not hold.
    pub(super) end: Option<[u8; 32]>,
}

impl<R: Read + Seek> Folder<'_, R> {
    /// Gives the number of live segments that hold, and the `end` of the item's leaves.
    pub(super) fn check_content(&mut self, documents: &Documents) -> io::Result<Content> {
        match (&documents.opening, &documents.manifest) {
            (Some(opening), closing) => {
                self.refuse("content");
                self.check_segments(opening, closing.as_ref())
            }
            (None, Some(manifest)) => {
                self.refuse("segments/");
                self.check_whole(&manifest.value)?;
                Ok(Content { segments: 0, end: Some(manifest.id) })
            }
            (None, None) => Ok(Content::default()),
        }
    }

    /// Files that nothing in this folder vouches for.
    fn refuse(&mut self, prefix: &str) {
        for entry in self.below(prefix) {
            self.found.add(entry.name, Why::UnknownFile);
        }
    }

    /// Rule M-4.
    fn check_whole(&mut self, manifest: &Manifest) -> io::Result<()> {
        let Some(entry) = self.demand("content") else { return Ok(()) };
        let digest = Digest::of(&mut self.archive.stream(&entry)?)?;
        let expected = &manifest.content;
        if digest.length != expected.length || hex(&digest.sha256) != expected.sha256 {
            self.add("content", Why::Content);
        }
        Ok(())
    }

    /// Rules L-1 … L-3.
    fn check_segments(
        &mut self,
        opening: &Checked<LiveOpening>,
        closing: Option<&Checked<Manifest>>,
    ) -> io::Result<Content> {
        if self.demand("segments/000000").is_none() {
            return Ok(Content::default());
        }
        let entries = self.below("segments/");
        let mut failure = None;
        let segments = entries.iter().enumerate().map(|(at, entry)| {
            self.segment(at, entry).map_err(|error| {
                let kind = error.kind();
                failure = Some(error);
                kind.into()
            })
        });
        let id = ItemId(opening.id);
        let manifest = closing.map(|closing| &closing.value);
        let checked = check_live(id, &opening.value, segments, manifest, |_| {});
        if let Some(error) = failure.filter(|error| error.kind() != ErrorKind::InvalidData) {
            return Err(error);
        }
        let whole = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        match checked {
            Ok(LiveState::Complete { segments, .. }) => {
                Ok(Content { segments, end: closing.map(|closing| closing.id) })
            }
            Ok(LiveState::Interrupted { segments, running, .. }) => {
                Ok(Content { segments, end: Some(running) })
            }
            Err(LiveFault::Segment(at)) => {
                let entry = usize::try_from(at).ok().and_then(|at| entries.get(at));
                if let Some(entry) = entry {
                    self.found.add(&entry.name, Why::Chain);
                }
                Ok(Content { segments: at, end: None })
            }
            Err(LiveFault::Closing) => {
                self.add("manifest.json", Why::Content);
                Ok(Content { segments: whole, end: None })
            }
        }
    }

    /// Segment `at`; `InvalidData` when another name stands in its place or it is too long.
    fn segment(&mut self, at: usize, entry: &Entry) -> io::Result<Vec<u8>> {
        let named = entry.name.strip_prefix(self.path()) == Some(&format!("segments/{at:06}"));
        let bytes = if named { self.archive.read(entry, MAX_DATA + FRAMING)? } else { None };
        bytes.ok_or_else(|| ErrorKind::InvalidData.into())
    }
}
