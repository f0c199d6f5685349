// SPDX-License-Identifier: MPL-2.0
//! Bytes of the camera, the recorder or a file, pushed as they come.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use amate_app::app::{App, CaptureSink};
use amate_screen::{Action, Step, Way};

use crate::AmateApp;

/// A capture that is going on. Dropped without `finish`, a photo or file is not kept; of a
/// recording everything is kept that was pushed.
#[derive(uniffi::Object)]
pub struct Capture {
    app: Arc<Mutex<App>>,
    sink: Mutex<Option<CaptureSink>>,
}

/// Why a capture does not go on.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum CaptureError {
    /// What happened, in the person's words; the screen says it too.
    #[error("{words}")]
    Said {
        /// The words.
        words: String,
    },
    /// It has ended before.
    #[error("ended")]
    Ended,
}

#[uniffi::export]
impl AmateApp {
    /// Begins a capture on the screen that asked for one. `name` is shown beside a file; a
    /// recording is of `media_type`.
    ///
    /// # Errors
    /// In the person's words.
    pub fn begin_capture(
        &self,
        way: Way,
        name: String,
        media_type: String,
    ) -> Result<Arc<Capture>, CaptureError> {
        let begun = self.app().begin(way, &name, &media_type);
        let sink = begun.map_err(|words| CaptureError::Said { words })?;
        Ok(Arc::new(Capture { app: self.app.clone(), sink: Mutex::new(Some(sink)) }))
    }
}

#[uniffi::export]
impl Capture {
    /// The next bytes. `false` when it does not go on: then `finish` says why.
    #[must_use]
    pub fn push(&self, bytes: Vec<u8>) -> bool {
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        sink.as_mut().is_some_and(|sink| sink.push(&bytes).is_ok())
    }

    /// Ends it: it is durable, or it is not there.
    ///
    /// # Errors
    /// In the person's words.
    pub fn finish(&self) -> Result<Step, CaptureError> {
        let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner).take();
        let sink = sink.ok_or(CaptureError::Ended)?;
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        match catch_unwind(AssertUnwindSafe(|| app.finish(sink))) {
            Ok(step) => step.map_err(|words| CaptureError::Said { words }),
            // As in `AmateApp::act`.
            Err(_) => Ok(app.act(Action::Lock)),
        }
    }

    /// Its bytes do not come to their end: a photo or a file is not kept, and its own vault says
    /// so.
    pub fn cut(&self) {
        let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(vault) = sink.map(|sink| sink.vault()) else { return };
        self.app.lock().unwrap_or_else(PoisonError::into_inner).cut(vault);
    }
}
