// SPDX-License-Identifier: MPL-2.0
//! New keys for every place of both files while the app goes on, on a thread of its own. It needs
//! no code: it goes on behind the lock, and where it was cut the next opening goes on with it.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use amate_vault::{Container, VaultError};

use crate::{problem::Problem, text::Message};

type Changed = Arc<dyn Fn() + Send + Sync>;

/// A pass that goes on, or that ended.
pub(crate) struct FullPass {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// Of a hundred.
    done: AtomicU64,
    stop: AtomicBool,
    ended: AtomicBool,
    /// Why it ended before its end.
    problem: Mutex<Option<Message>>,
    /// Called whenever there is more to be seen; `None`: nothing of it is shown, and no screen is
    /// drawn anew under somebody's finger.
    changed: Option<Changed>,
}

/// Says that it ended, however it did.
struct End(Arc<Shared>);

impl FullPass {
    /// Starts, from the first place on; when this returns, a kill leaves it to be gone on with.
    pub(crate) fn anew(container: Container, changed: Option<Changed>) -> Result<Self, VaultError> {
        let more = container.begin_full_pass()?;
        Ok(Self::start(container, more, changed))
    }

    /// Goes on where one was cut, or begins one that is due. Nothing is shown of it.
    pub(crate) fn go_on(container: Container) -> Self {
        Self::start(container, true, None)
    }

    fn start(container: Container, more: bool, changed: Option<Changed>) -> Self {
        let shared = Arc::new(Shared {
            done: AtomicU64::new(0),
            stop: AtomicBool::new(!more),
            ended: AtomicBool::new(false),
            problem: Mutex::default(),
            changed,
        });
        let end = End(shared.clone());
        let thread = thread::spawn(move || {
            let end = end;
            end.0.run(&container);
            // Before its end is told: then nothing of it holds the files.
            drop(container);
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

    /// Why it ended before its end, in words.
    pub(crate) fn problem(&self) -> Option<Message> {
        self.shared.problem().clone()
    }
}

impl Shared {
    fn run(&self, container: &Container) {
        if self.stop.load(Ordering::SeqCst) {
            return;
        }
        let mut ended = self.pass(container);
        while !self.stop.load(Ordering::SeqCst)
            && ended.is_ok()
            && container.full_pass_follows().unwrap_or_default()
        {
            ended = self.pass(container);
        }
        *self.problem() = ended.err().map(|error| Problem::from(error).on_screen());
    }

    fn pass(&self, container: &Container) -> Result<(), VaultError> {
        container.full_pass(|done, all| {
            let percent = done.saturating_mul(100).checked_div(all).unwrap_or(100);
            if self.done.swap(percent, Ordering::SeqCst) != percent {
                self.tell();
            }
            !self.stop.load(Ordering::SeqCst)
        })
    }

    fn tell(&self) {
        if let Some(changed) = &self.changed {
            changed();
        }
    }

    fn problem(&self) -> MutexGuard<'_, Option<Message>> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if thread::panicking() {
            *self.0.problem() = Some(Message::new("problem-internal"));
        }
        self.0.ended.store(true, Ordering::SeqCst);
        if !thread::panicking() {
            self.0.tell();
        }
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
