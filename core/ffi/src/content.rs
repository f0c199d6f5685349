// SPDX-License-Identifier: MPL-2.0
//! Content of a piece of evidence, opened part by part.

use std::{
    io::{self, BufWriter, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use amate_app::{app, content::EvidenceReader, problem::Problem};

use crate::AmateApp;

/// Reads any part of a content; nothing any more once the app is locked.
#[derive(uniffi::Object)]
pub struct Content {
    reader: Mutex<EvidenceReader>,
    length: u64,
    media_type: String,
}

/// Bytes that are handed over at once.
const PIECE: usize = 64 * 1024;
/// Most bytes of one read.
const MOST: u32 = 1 << 20;

/// Where the person said that something is to be written, in the clear.
#[uniffi::export(with_foreign)]
pub trait Destination: Send + Sync {
    /// The next bytes; whether they were written.
    fn write(&self, bytes: Vec<u8>) -> bool;

    /// These were all; whether they are there now.
    fn end(&self) -> bool;
}

struct Out(Arc<dyn Destination>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes.to_vec());
        if written { Ok(bytes.len()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write(content: app::Content, to: &Arc<dyn Destination>) -> Result<(), Problem> {
    let cannot = || Problem::CannotWrite(String::new());
    let mut out = BufWriter::with_capacity(PIECE, Out(to.clone()));
    let written = content.write(&mut out).and_then(|()| out.flush().map_err(|_| cannot()));
    // What is still held after a fault does not leave.
    let _ = out.into_parts();
    written?;
    if to.end() { Ok(()) } else { Err(cannot()) }
}

#[uniffi::export]
impl AmateApp {
    /// Writes all of a piece, or the export of a case, as [`Effect::Share`] names it. Whether that
    /// was done; when not, the screen says so and names the file.
    ///
    /// [`Effect::Share`]: amate_screen::Effect::Share
    #[must_use]
    pub fn hand_over(&self, medium: &str, name: &str, to: Arc<dyn Destination>) -> bool {
        // Whoever looks at the screens meanwhile does not wait for it.
        let (vault, content) = {
            let app = self.app();
            (app.vault(), app.content(medium))
        };
        let write = AssertUnwindSafe(|| content.and_then(|content| write(content, &to)));
        let done = catch_unwind(write).is_ok_and(|written| written.is_ok());
        if let Some(vault) = vault.filter(|_| !done) {
            self.app().not_written(vault, name);
        }
        done
    }

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
