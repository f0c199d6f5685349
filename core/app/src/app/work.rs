// SPDX-License-Identifier: MPL-2.0
//! Something that takes a while, on a thread of its own, while the screen stays alive.

use std::{sync::mpsc, thread};

/// The answer that will come.
pub(crate) struct Work<T> {
    answer: mpsc::Receiver<T>,
}

impl<T: Send + 'static> Work<T> {
    /// Starts; `then` is called once the answer is there.
    pub(crate) fn start(
        work: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce() + Send + 'static,
    ) -> Self {
        let (sender, answer) = mpsc::channel();
        thread::spawn(move || {
            // Nobody may be waiting any more.
            let _ = sender.send(work());
            then();
        });
        Self { answer }
    }

    /// The answer, once, when it is there. `Err` when the thread died without one.
    pub(crate) fn poll(&self) -> Option<Result<T, ()>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(Ok(answer)),
            Err(mpsc::TryRecvError::Empty) => None,
            Err(mpsc::TryRecvError::Disconnected) => Some(Err(())),
        }
    }
}
