// SPDX-License-Identifier: MPL-2.0
//! New keys for every place of both files while the app goes on, on a thread of its own. It needs
//! no code: it goes on behind the lock, and where it was cut the next opening goes on with it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use amate_vault::{Container, VaultError};

/// A pass that goes on, or that ended.
pub(crate) struct FullPass {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<Result<(), VaultError>>>,
}

#[derive(Default)]
struct Shared {
    /// Of a hundred.
    done: AtomicU64,
    stop: AtomicBool,
    ended: AtomicBool,
}

impl FullPass {
    /// Starts, from the first place on. `changed` is called whenever there is more to be seen.
    pub(crate) fn anew(container: Container, changed: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self::start(move |go_on| container.full_pass_anew(go_on), changed)
    }

    /// Goes on where one was cut.
    pub(crate) fn go_on(container: Container, changed: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self::start(move |go_on| container.full_pass(go_on), changed)
    }

    fn start(
        pass: impl FnOnce(&mut dyn FnMut(u64, u64) -> bool) -> Result<(), VaultError> + Send + 'static,
        changed: Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        let shared = Arc::new(Shared::default());
        let there = shared.clone();
        let thread = thread::spawn(move || {
            let ended = pass(&mut |done, all| {
                let percent = done.saturating_mul(100).checked_div(all).unwrap_or(100);
                if there.done.swap(percent, Ordering::SeqCst) != percent {
                    changed();
                }
                !there.stop.load(Ordering::SeqCst)
            });
            there.ended.store(true, Ordering::SeqCst);
            changed();
            ended
        });
        Self { shared, thread: Some(thread) }
    }

    /// Whether it has not ended.
    pub(crate) fn goes_on(&self) -> bool {
        !self.shared.ended.load(Ordering::SeqCst)
    }

    /// How far it is, of a hundred.
    pub(crate) fn percent(&self) -> u32 {
        u32::try_from(self.shared.done.load(Ordering::SeqCst)).unwrap_or(100)
    }

    /// What it came to, once it has ended.
    pub(crate) fn result(mut self) -> Result<(), VaultError> {
        let ended = self.thread.take().map(JoinHandle::join);
        ended.unwrap_or(Ok(Ok(()))).unwrap_or(Err(VaultError::Poisoned))
    }
}

/// Stops after the stretch that it is at, and waits for it: nobody holds the files then.
impl Drop for FullPass {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A thread that died has nothing left to stop.
            let _ = thread.join();
        }
    }
}
