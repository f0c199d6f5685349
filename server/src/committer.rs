// SPDX-License-Identifier: MPL-2.0
//! The one writer. It takes all that waits as a group, makes it durable with one flush of the
//! segment and one commit of the records, and only then answers.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use amate_seal::{note, sign::SigningKey};
use amate_wire::{
    id::{IdentityId, MailboxId, RelayKey},
    log::{Checkpoint, SignedCheckpoint},
};
use tokio::sync::oneshot;

use crate::{
    clock::Clock,
    problem::Problem,
    state::State,
    store::{Blob, Change, Owner, Store},
};

/// Life of blocks and notices in seconds: 60 days.
pub(crate) const LIFE: u64 = 60 * 86_400;
/// A renewal is written only when it adds this much.
const RENEWAL: u64 = DAY;
const DAY: u64 = 86_400;
/// Notices that a mailbox holds.
const MAILBOX: usize = 4_096;
/// Largest group.
const GROUP_JOBS: usize = 512;
const GROUP_BYTES: usize = 4 * 1024 * 1024;
/// Jobs that may wait: more are told to come again.
const QUEUE: usize = 1_024;

/// Something to make durable.
pub(crate) enum Job {
    Blob {
        hash: [u8; 32],
        mailbox: Option<MailboxId>,
        owner: Owner,
        bytes: Vec<u8>,
        reply: Reply<Durable>,
    },
    Leaf {
        entry: [u8; 32],
        owner: Owner,
        reply: Reply<Logged>,
    },
    KeySet {
        id: IdentityId,
        sequence: u32,
        bytes: Vec<u8>,
        owner: Owner,
        reply: Reply<bool>,
    },
    Drop {
        mailbox: MailboxId,
        through: u64,
        reply: Reply<()>,
    },
    Revoke {
        organisation: [u8; 16],
        n: u32,
        reply: Reply<()>,
    },
    Halt {
        reply: Reply<()>,
    },
    Expire,
}

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Problem>>;

/// A blob that is durable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Durable {
    pub(crate) new: bool,
    pub(crate) at: u64,
    pub(crate) until: u64,
}

/// A leaf that is in a published checkpoint.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) new: bool,
    pub(crate) index: u64,
    pub(crate) path: Vec<[u8; 32]>,
    pub(crate) checkpoint: SignedCheckpoint,
}

/// Hands jobs to the writer.
#[derive(Clone)]
pub(crate) struct Committer(SyncSender<Job>);

impl Committer {
    pub(crate) fn start(
        store: Box<dyn Store>,
        state: Arc<RwLock<State>>,
        key: SigningKey,
        clock: Clock,
        published: impl Fn(&SignedCheckpoint) + Send + 'static,
    ) -> (Self, JoinHandle<()>) {
        let (jobs, waiting) = sync_channel(QUEUE);
        let published = Box::new(published);
        let mut writer =
            Writer { store, state, key, clock, published, small: Allowance::default() };
        let thread = std::thread::spawn(move || writer.run(&waiting));
        (Self(jobs), thread)
    }

    /// Hands a job over and waits for its answer.
    pub(crate) async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(job(reply)).map_err(|_| Problem::Busy)?;
        answer.await.map_err(|_| Problem::Unavailable)?
    }

    pub(crate) fn expire(&self) {
        // When the queue is full the next hour does it.
        let _ = self.0.try_send(Job::Expire);
    }
}

struct Writer {
    store: Box<dyn Store>,
    state: Arc<RwLock<State>>,
    key: SigningKey,
    clock: Clock,
    published: Box<dyn Fn(&SignedCheckpoint) + Send>,
    small: Allowance,
}

/// Notices, leaves and key sets that a capability may still leave today. In memory: a restart
/// forgives.
#[derive(Default)]
struct Allowance {
    day: u64,
    used: HashMap<Owner, u32>,
}

/// Of one person a day; an organisation's own capability has sixteen times as many.
const SMALL_A_DAY: u32 = 4_096;

impl Allowance {
    fn take(&mut self, owner: Owner, now: u64) -> Result<(), Problem> {
        if self.day != now / DAY {
            (self.day, self.used) = (now / DAY, HashMap::new());
        }
        let used = self.used.entry(owner).or_default();
        let most = if owner.n == 0 { SMALL_A_DAY * 16 } else { SMALL_A_DAY };
        if *used >= most {
            return Err(Problem::Quota);
        }
        *used += 1;
        Ok(())
    }
}

impl Writer {
    fn run(&mut self, waiting: &Receiver<Job>) {
        while let Ok(first) = waiting.recv() {
            let mut bytes = size(&first);
            let mut group = vec![first];
            while group.len() < GROUP_JOBS && bytes < GROUP_BYTES {
                let Ok(job) = waiting.try_recv() else { break };
                bytes += size(&job);
                group.push(job);
            }
            self.commit(group);
        }
    }

    fn commit(&mut self, group: Vec<Job>) {
        let now = self.now();
        let (mut blobs, mut leaves, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for job in group {
            match job {
                Job::Blob { hash, mailbox, owner, bytes, reply } => {
                    blobs.push((hash, mailbox, owner, bytes, reply));
                }
                Job::Leaf { entry, owner, reply } => match self.small.take(owner, now) {
                    Ok(()) => leaves.push((entry, reply)),
                    Err(problem) => drop(reply.send(Err(problem))),
                },
                other => rest.push(other),
            }
        }
        self.commit_blobs(blobs, now);
        self.commit_leaves(leaves, now);
        for job in rest {
            self.commit_record(job, now);
        }
    }

    // Blobs -----------------------------------------------------------------------------------

    fn commit_blobs(&mut self, jobs: Vec<BlobJob>, now: u64) {
        let mut writes: Vec<Blob> = Vec::new();
        let mut answers = Vec::new();
        let mut in_group = HashMap::new();
        let mut added: HashMap<Owner, u64> = HashMap::new();
        // Numbers rise across restarts, and tell the day at most.
        let mut number = self.read(|state| state.number).max((now / DAY) << 32);
        for (hash, mailbox, owner, bytes, reply) in jobs {
            if let Some(durable) = in_group.get(&(hash, mailbox)) {
                answers.push((reply, Ok(Durable { new: false, ..*durable })));
                continue;
            }
            // What is kept names the organisation of a notice, not the person: nobody shall read
            // from the disk who wrote to which mailbox.
            let owner = match mailbox {
                Some(_) => match self.small.take(owner, now) {
                    Ok(()) => Owner { n: 0, ..owner },
                    Err(problem) => {
                        answers.push((reply, Err(problem)));
                        continue;
                    }
                },
                None => owner,
            };
            let len = bytes.len() as u64;
            let more = added.get(&owner).copied().unwrap_or(0) + len;
            let plan = self.read(|state| plan(state, hash, mailbox, owner, more, now));
            let (durable, notice) = match plan {
                Ok(plan) => plan,
                Err(problem) => {
                    answers.push((reply, Err(problem)));
                    continue;
                }
            };
            let notice = match (mailbox, notice) {
                (Some(mailbox), None) => {
                    number += 1;
                    Some((mailbox, number))
                }
                (_, held) => held,
            };
            let Some((durable, write)) = durable else { continue };
            if write {
                let bytes = if durable.new { bytes } else { Vec::new() };
                added.insert(owner, if durable.new { more } else { more - len });
                writes.push(Blob {
                    hash,
                    notice,
                    owner,
                    // Times on disk are whole days.
                    at: durable.at / DAY * DAY,
                    until: durable.until.div_ceil(DAY).saturating_mul(DAY),
                    bytes,
                });
            }
            in_group.insert((hash, mailbox), durable);
            answers.push((reply, Ok(durable)));
        }
        let stored = if writes.is_empty() { Ok(Vec::new()) } else { self.store.append(&writes) };
        match stored {
            Ok(places) => self.write(|state| {
                state.number = state.number.max(number);
                writes.iter().zip(places).for_each(|(blob, place)| state.take(blob, place));
            }),
            Err(error) => {
                let problem = Problem::from(error);
                answers.iter_mut().for_each(|(_, answer)| *answer = Err(problem));
            }
        }
        for (reply, answer) in answers {
            let _ = reply.send(answer);
        }
    }

    // Log -------------------------------------------------------------------------------------

    fn commit_leaves(&mut self, jobs: Vec<([u8; 32], Reply<Logged>)>, now: u64) {
        if jobs.is_empty() {
            return;
        }
        let before = self.read(|state| state.tree.size());
        let signed = self.sign_leaves(&jobs, now);
        if signed.is_err() {
            self.write(|state| state.take_back(before));
        }
        for (entry, reply) in jobs {
            let logged = signed.and_then(|()| self.read(|state| logged(state, &entry, before)));
            drop(reply.send(logged));
        }
    }

    fn sign_leaves(&mut self, jobs: &[([u8; 32], Reply<Logged>)], now: u64) -> Result<(), Problem> {
        if self.read(|state| state.halted) {
            return Err(Problem::SigningStopped);
        }
        let mut changes = Vec::new();
        self.write(|state| {
            for (entry, _) in jobs {
                if !state.places.contains_key(entry) {
                    state.add_leaf(*entry);
                    changes.push(Change::Leaf(*entry));
                }
            }
        });
        if changes.is_empty() {
            return Ok(());
        }
        let relay = RelayKey(self.key.public());
        let checkpoint = self.read(|state| {
            let size = state.tree.size();
            let origin = note::origin(&relay, state.epoch);
            state.tree.root(size).map(|root| Checkpoint { origin, size, root })
        });
        let checkpoint = checkpoint.ok_or(Problem::Unavailable)?;
        let signed = note::sign_checkpoint(&self.key, checkpoint, now);
        changes.push(Change::Checkpoint(signed.to_text(), now));
        self.store.change(&changes)?;
        (self.published)(&signed);
        self.write(|state| state.checkpoint = Some(signed));
        Ok(())
    }

    // Records ---------------------------------------------------------------------------------

    fn commit_record(&mut self, job: Job, now: u64) {
        match job {
            Job::KeySet { id, sequence, bytes, owner, reply } => {
                let allowed = self.small.take(owner, now);
                let _ = reply.send(allowed.and_then(|()| self.put_key_set(id, sequence, bytes)));
            }
            Job::Drop { mailbox, through, reply } => {
                // Only what was ever given: a number from outside moves nothing.
                let through = self.read(|state| state.highest(mailbox).min(through));
                if through == 0 {
                    let _ = reply.send(Ok(()));
                    return;
                }
                let stored = self.store.change(&[Change::Dropped(mailbox, through)]);
                if stored.is_ok() {
                    self.write(|state| state.drop_notices(mailbox, through));
                }
                let _ = reply.send(stored.map_err(Problem::from));
            }
            Job::Revoke { organisation, n, reply } => {
                let stored = self.store.change(&[Change::Revoked(organisation, n)]);
                if stored.is_ok() {
                    self.write(|state| state.revoked.insert((organisation, n)));
                }
                let _ = reply.send(stored.map_err(Problem::from));
            }
            Job::Halt { reply } => {
                // Even when this cannot be written, nothing is signed until a restart.
                self.write(|state| state.halted = true);
                let _ = reply.send(self.store.change(&[Change::Halted]).map_err(Problem::from));
            }
            Job::Expire => {
                self.write(|state| state.expire(now));
                let alive: HashSet<u32> = self.read(State::segments);
                // A segment that cannot be removed is tried again in an hour.
                let _ = self.store.expire(&|segment| alive.contains(&segment));
            }
            Job::Blob { .. } | Job::Leaf { .. } => {}
        }
    }

    fn put_key_set(
        &mut self,
        id: IdentityId,
        sequence: u32,
        bytes: Vec<u8>,
    ) -> Result<bool, Problem> {
        let held = self
            .read(|state| state.key_sets.get(&id).map(|(held, before)| (*held, *before == bytes)));
        match held {
            Some((_, true)) => return Ok(false),
            Some((held, false)) if held >= sequence => return Err(Problem::Conflict),
            _ => {}
        }
        self.store.change(&[Change::KeySet(id, sequence, bytes.clone())])?;
        self.write(|state| drop(state.key_sets.insert(id, (sequence, bytes))));
        Ok(true)
    }

    /// The clock, which never goes back.
    fn now(&self) -> u64 {
        let clock = (self.clock)();
        self.write(|state| {
            state.time = state.time.max(clock);
            state.time
        })
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        write(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}

type BlobJob = ([u8; 32], Option<MailboxId>, Owner, Vec<u8>, Reply<Durable>);
type Plan = (Option<(Durable, bool)>, Option<(MailboxId, u64)>);

/// What to do with a blob: whether it is new, whether anything is written.
fn plan(
    state: &State,
    hash: [u8; 32],
    mailbox: Option<MailboxId>,
    owner: Owner,
    bytes: u64,
    now: u64,
) -> Result<Plan, Problem> {
    let until = now.saturating_add(LIFE);
    let letters = mailbox.and_then(|mailbox| state.mailboxes.get(&mailbox));
    let same = letters
        .and_then(|letters| letters.iter().find(|(_, letter)| letter.hash == hash))
        .map(|(number, letter)| (*number, letter.held));
    let held = match mailbox {
        None => state.blocks.get(&hash).map(|held| (0, *held)),
        Some(_) => same,
    };
    if let Some((number, held)) = held.filter(|(_, held)| held.until >= now) {
        let renew = until >= held.until.saturating_add(RENEWAL);
        let until = if renew { until } else { held.until };
        let notice = mailbox.map(|mailbox| (mailbox, number));
        return Ok((Some((Durable { new: false, at: now, until }, renew)), notice));
    }
    if !state.has_room(owner, bytes) {
        return Err(Problem::Quota);
    }
    if letters.is_some_and(|letters| letters.len() >= MAILBOX) {
        return Err(Problem::NoSpace);
    }
    Ok((Some((Durable { new: true, at: now, until }, true)), None))
}

/// Proof of a leaf in the newest checkpoint.
fn logged(state: &State, entry: &[u8; 32], before: u64) -> Result<Logged, Problem> {
    let checkpoint = state.checkpoint.clone().ok_or(Problem::Unavailable)?;
    let index = *state.places.get(entry).ok_or(Problem::Unavailable)?;
    let size = checkpoint.checkpoint.size;
    let path = state.tree.inclusion(index, size).ok_or(Problem::Unavailable)?;
    Ok(Logged { new: index >= before, index, path, checkpoint })
}

fn size(job: &Job) -> usize {
    match job {
        Job::Blob { bytes, .. } | Job::KeySet { bytes, .. } => bytes.len(),
        _ => 32,
    }
}
