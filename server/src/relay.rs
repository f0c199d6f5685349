// SPDX-License-Identifier: MPL-2.0
//! A running relay: its keys, its writer, what it knows.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
    thread::JoinHandle,
};

use amate_seal::{kdf::derive, note, secret::Secret, sign::SigningKey};
use amate_wire::{
    capability::Capability,
    id::RelayKey,
    log::{SignedCheckpoint, TlogProof},
};

use crate::{
    clock::Clock,
    committer::{Committer, Job},
    meetings::Meetings,
    metrics::Metrics,
    problem::Problem,
    state::State,
    store::{BlobReader, Owner, Place, Store, StoreError},
};

/// Everything that handlers share.
pub struct Relay {
    pub(crate) key: SigningKey,
    capability: Secret<32>,
    pub(crate) clock: Clock,
    pub(crate) state: Arc<RwLock<State>>,
    pub(crate) committer: Committer,
    reader: Box<dyn BlobReader>,
    pub(crate) meetings: Meetings,
    pub(crate) metrics: Metrics,
    damaged: Vec<(u32, u64)>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Relay {
    /// Starts over a store. `anchor` is a file outside the data folder that keeps the newest
    /// checkpoint: a restored older folder then stops signing at once.
    ///
    /// # Errors
    /// The store's.
    pub fn start(
        mut store: Box<dyn Store>,
        key: SigningKey,
        capability: Secret<32>,
        clock: Clock,
        anchor: Option<PathBuf>,
    ) -> Result<Arc<Self>, StoreError> {
        let loaded = store.load()?;
        let damaged = loaded.damaged.clone();
        let mut state = State::new(loaded);
        let public = RelayKey(key.public());
        let anchored = anchor.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        if let Some(shown) = anchored.and_then(|text| SignedCheckpoint::parse(&text).ok()) {
            state.halted |= contradicts(&state, &public, &shown);
        }
        let reader = store.reader();
        let state = Arc::new(RwLock::new(state));
        let published = move |checkpoint: &SignedCheckpoint| {
            if let Some(path) = &anchor {
                write_anchor(path, &checkpoint.to_text());
            }
        };
        let (committer, writer) =
            Committer::start(store, state.clone(), key.clone(), clock.clone(), published);
        Ok(Arc::new(Self {
            key,
            capability,
            clock,
            state,
            committer,
            reader,
            meetings: Meetings::default(),
            metrics: Metrics::default(),
            damaged,
            writer: Mutex::new(Some(writer)),
        }))
    }

    /// The key that the relay is pinned by.
    #[must_use]
    pub fn key(&self) -> RelayKey {
        RelayKey(self.key.public())
    }

    /// Segment and offset of what the start found damaged.
    #[must_use]
    pub fn damaged(&self) -> &[(u32, u64)] {
        &self.damaged
    }

    /// An organisation's capability.
    #[must_use]
    pub fn capability(secret: &Secret<32>, id: [u8; 16]) -> Capability {
        let own: Secret<32> = derive(secret.expose(), "amate/v1/capability", &[&id]);
        Capability { id, n: 0, secret: *own.expose() }
    }

    /// Who may upload with this capability (rule A-1).
    pub(crate) fn owner(&self, given: &Capability) -> Result<Owner, Problem> {
        let own = Self::capability(&self.capability, given.id);
        let expected: Secret<32> = match given.n {
            0 => Secret::new(own.secret),
            n => derive(&own.secret, "amate/v1/capability/sub", &[&n.to_be_bytes()]),
        };
        let known = self.read(|state| {
            state.organisations.contains_key(&given.id)
                && !state.revoked.contains(&(given.id, given.n))
        });
        if expected == Secret::new(given.secret) && known {
            Ok(Owner { organisation: given.id, n: given.n })
        } else {
            Err(Problem::Unauthorised)
        }
    }

    /// Takes a checkpoint that somebody shows under this relay's name. Signing stops when it
    /// proves that this log lost a part or was forked.
    pub(crate) async fn shown(&self, text: &str) -> Result<(), Problem> {
        let shown = SignedCheckpoint::parse(text).map_err(|_| Problem::BadRequest)?;
        note::verify_checkpoint(&self.key(), &shown).map_err(|_| Problem::BadRequest)?;
        if self.read(|state| contradicts(state, &self.key(), &shown)) {
            self.committer.ask(|reply| Job::Halt { reply }).await?;
            return Err(Problem::Conflict);
        }
        Ok(())
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The bytes of a blob.
    pub(crate) fn bytes(&self, place: Place) -> Result<Vec<u8>, Problem> {
        self.reader.read(place).map_err(Problem::from)
    }

    /// Logs a leaf; gives the text of its proof and whether the leaf is new.
    ///
    /// # Errors
    /// When the log does not sign, or nothing can be stored.
    pub async fn log(&self, owner: Owner, entry: [u8; 32]) -> Result<(String, bool), Problem> {
        let logged = self.committer.ask(|reply| Job::Leaf { entry, owner, reply }).await?;
        Metrics::add(&self.metrics.leaves);
        let proof =
            TlogProof { index: logged.index, path: logged.path, checkpoint: logged.checkpoint };
        Ok((proof.to_text(), logged.new))
    }

    /// Forgets what is past its life.
    pub fn expire(&self) {
        self.committer.expire();
    }

    /// Waits until everything that was handed over is durable, and ends the writer.
    pub fn finish(self: Arc<Self>) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(self);
        if let Some(writer) = writer {
            // The writer ends when the last handle to its queue is gone.
            let _ = writer.join();
        }
    }
}

/// Whether a checkpoint of this relay's own key contradicts its log: larger than it, another root
/// of the same size, or not a prefix.
fn contradicts(state: &State, key: &RelayKey, shown: &SignedCheckpoint) -> bool {
    let Ok(verified) = note::verify_checkpoint(key, shown) else { return false };
    match note::epoch(key, &verified.checkpoint.origin) {
        Ok(epoch) if epoch == state.epoch => {
            state.tree.root(verified.checkpoint.size) != Some(verified.checkpoint.root)
        }
        Ok(epoch) => epoch > state.epoch,
        Err(_) => false,
    }
}

/// Best effort: an anchor that cannot be written protects nothing, but loses nothing either.
fn write_anchor(path: &std::path::Path, text: &str) {
    let unfinished = path.with_extension("unfinished");
    if std::fs::write(&unfinished, text).is_ok() {
        let _ = std::fs::rename(&unfinished, path);
    }
}
