// SPDX-License-Identifier: MPL-2.0
//! Content of a piece of evidence, opened part by part.

use std::sync::{Arc, Mutex, PoisonError};

use amate_app::{app, content::EvidenceReader};

use crate::AmateApp;

/// Reads any part of a content; nothing any more once the app is locked.
#[derive(uniffi::Object)]
pub struct Content {
    reader: Mutex<EvidenceReader>,
    length: u64,
    media_type: String,
}

/// Most bytes of one read.
const MOST: u32 = 1 << 20;

#[uniffi::export]
impl AmateApp {
    /// Opens what a block names as its medium; `None` when it is not there any more.
    #[must_use]
    pub fn content(&self, medium: String) -> Option<Arc<Content>> {
        let app::Content::Item(reader) = self.app().content(&medium).ok()? else { return None };
        let (length, media_type) = (reader.length(), reader.media_type().to_owned());
        Some(Arc::new(Content { reader: Mutex::new(*reader), length, media_type }))
    }
}

#[uniffi::export]
impl Content {
    /// Bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// As recognised when it was taken in.
    #[must_use]
    pub fn media_type(&self) -> String {
        self.media_type.clone()
    }

    /// At most so many bytes from `offset` on, 1 MiB at once; empty at the end, `None` when it
    /// does not open or the app is locked.
    #[must_use]
    pub fn read(&self, offset: u64, most: u32) -> Option<Vec<u8>> {
        let mut out = vec![0; usize::try_from(most.min(MOST)).ok()?];
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let n = reader.read_at(offset, &mut out).ok()?;
        out.truncate(n);
        Some(out)
    }
}
