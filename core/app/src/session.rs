// SPDX-License-Identifier: MPL-2.0
//! An unlocked vault with the keys of who it is. Everything a person does goes through it.

mod held;

use std::{
    io::{Read, Write},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use amate_seal::random;
use amate_vault::{CodeCost, Container, Geometry, MediumId, MediumState, Vault};
use amate_wire::{id::IdentityId, keyset::WEEK, live::Segment};
use zeroize::Zeroizing;

use held::Held;
pub(crate) use held::Reader;

use crate::{
    care,
    driver::Stopper,
    evidence,
    keys::OwnKeys,
    problem::Problem,
    search,
    store::{self, items::ItemState, schema::MIGRATIONS, settings},
};

/// An unlocked vault. A clone is the same session: screens, the courier and a recorder each have
/// one. The last that is dropped locks; [`Session::lock`] locks for all.
#[derive(Clone)]
pub struct Session {
    pub(crate) vault: Held,
    pub(crate) name: Arc<str>,
    keys: Arc<Keys>,
}

/// Keys of who it is: read as they are, changed by one at a time, gone once it is locked.
struct Keys {
    id: IdentityId,
    now: Mutex<Option<Arc<OwnKeys>>>,
    changing: Mutex<()>,
    adding: Mutex<()>,
    /// What ends questions to relays; `None` once it is locked.
    questions: Mutex<Option<Vec<Stopper>>>,
}

const KEYS: &str = "own-keys";
const NAME: &str = "own-name";
const MADE: &str = "made";
const PREFERENCE: &str = "preference-";
/// Bytes of content that are in the clear at once.
const PIECE: usize = 64 * 1024;

impl Session {
    /// Makes a vault and the keys of who it is. `now` is the device's clock: it only chooses the
    /// first week of keys.
    ///
    /// # Errors
    /// [`Problem::VaultExists`], [`Problem::NoSpace`].
    pub fn create(
        dir: &Path,
        code: &[u8],
        cost: CodeCost,
        name: &str,
        now: u64,
    ) -> Result<Self, Problem> {
        Self::create_with(dir, code, cost, &Geometry::desk(), name, now)
    }

    /// The same with a size of its own: a phone's is fixed, and has two halves.
    ///
    /// # Errors
    /// As [`Session::create`].
    pub fn create_with(
        dir: &Path,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
        name: &str,
        now: u64,
    ) -> Result<Self, Problem> {
        let made = Vault::create_with(dir, code, cost, geometry);
        Self::first(care::whole_or_nothing(dir, made)?, name, now)
    }

    /// The session of a vault in which nothing is yet; `made`: when this device had its first run.
    pub(crate) fn first(vault: Vault, name: &str, made: u64) -> Result<Self, Problem> {
        let vault = Held::new(vault);
        vault.migrate(MIGRATIONS)?;
        let keys = OwnKeys::random(made, &mut random::system());
        let bytes = keys.to_bytes();
        let session = Self::with(vault, keys, name);
        session.vault.write("first keys", |tx| {
            settings::put(tx, KEYS, &bytes)?;
            settings::put(tx, NAME, name.as_bytes())?;
            settings::put(tx, MADE, &made.to_be_bytes())?;
            // What comes is found from its first commit on: nothing is left to fill in.
            settings::put(tx, search::FILLED, &[1])
        })?;
        Ok(session)
    }

    /// When this device had its first run, by its own clock; `None` in vaults of before.
    pub(crate) fn made(&self) -> Result<Option<u64>, Problem> {
        let held = self.vault.read(|db| settings::read(db, MADE))?;
        Ok(held.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes))
    }

    /// Opens a vault, and settles what a kill left: recordings that were cut are named
    /// interrupted, media that belong to nothing are removed.
    ///
    /// # Errors
    /// [`Problem::CannotOpen`] for a wrong code as for an altered header.
    pub fn open(dir: &Path, code: &[u8]) -> Result<Self, Problem> {
        Self::over(Vault::open(dir, code)?)
    }

    /// The same in files that are open already.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(crate) fn open_in(container: &Container, code: &[u8]) -> Result<Self, Problem> {
        Self::over(container.unlock(code)?)
    }

    /// Both files.
    pub(crate) fn container(&self) -> Result<Container, Problem> {
        Ok(self.vault.container()?)
    }

    /// The session of a vault that was opened or came out of a backup.
    pub(crate) fn over(mut vault: Vault) -> Result<Self, Problem> {
        // What an opening settles is settled behind the second door as well: whoever opens that one
        // next finds what its own last session would have left.
        if let Some(second) = vault.lend_second()
            && let Ok(session) = Self::opened(second)
            && let Some(second) = session.vault.give_up()
        {
            vault.take_back_second(second);
        }
        Self::opened(vault)
    }

    fn opened(vault: Vault) -> Result<Self, Problem> {
        let vault = Held::new(vault);
        vault.migrate(MIGRATIONS)?;
        let stored = vault.read(|db| Ok((settings::read(db, KEYS)?, settings::read(db, NAME)?)))?;
        let (Some(keys), name) = stored else { return Err(Problem::Damaged) };
        let keys = OwnKeys::from_bytes(&keys).map_err(|_| Problem::Damaged)?;
        let name = String::from_utf8(name.unwrap_or_default()).map_err(|_| Problem::Damaged)?;
        let mut session = Self::with(vault, keys, &name);
        session.settle()?;
        session.fill_search()?;
        Ok(session)
    }

    fn with(vault: Held, keys: OwnKeys, name: &str) -> Self {
        let keys = Keys {
            id: keys.id(),
            now: Mutex::new(Some(Arc::new(keys))),
            changing: Mutex::new(()),
            adding: Mutex::new(()),
            questions: Mutex::new(Some(Vec::new())),
        };
        Self { vault, name: name.into(), keys: Arc::new(keys) }
    }

    /// Locks for everybody who holds this session: questions to relays end, and every later call
    /// ends in [`Problem::Locked`]. A recording goes on as far as its own key leads; it is named
    /// interrupted at the next unlock.
    ///
    /// # Errors
    /// The file system's; it is locked all the same.
    pub fn lock(&self) -> Result<(), Problem> {
        let questions = held(&self.keys.questions).take().unwrap_or_default();
        questions.iter().for_each(Stopper::stop);
        let locked = self.vault.lock();
        *held(&self.keys.now) = None;
        Ok(locked?)
    }

    /// From now on, what this stops ends when the session is locked; at once when it is.
    pub fn stop_when_locked(&self, stopper: Stopper) {
        match &mut *held(&self.keys.questions) {
            Some(questions) => {
                questions.retain(Stopper::is_shared);
                questions.push(stopper);
            }
            None => stopper.stop(),
        }
    }

    /// Whether both are one: opened once, and held by several.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys)
    }

    /// Whether somebody locked it.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.vault.is_locked()
    }

    /// The name chosen at first run; may be empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the person chose about the app itself; it never leaves the vault.
    ///
    /// # Errors
    /// The vault's.
    pub fn preference(&self, name: &str) -> Result<Option<String>, Problem> {
        let held = self.vault.read(|db| settings::read(db, &format!("{PREFERENCE}{name}")))?;
        Ok(held.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Chooses it.
    ///
    /// # Errors
    /// The vault's.
    pub fn set_preference(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let name = format!("{PREFERENCE}{name}");
        Ok(self.vault.write("preference", |tx| settings::put(tx, &name, value.as_bytes()))?)
    }

    /// Newest time that a verified signature of a relay showed, as far as `now` makes it plausible;
    /// 0 when none did.
    ///
    /// # Errors
    /// The vault's.
    pub fn witnessed(&self, now: u64) -> Result<u64, Problem> {
        Ok(self.vault.read(|db| settings::witnessed(db, now))?)
    }

    /// Whether the device's keys lie beside the vault: then two copies of its folder can be
    /// compared, and a code can be guessed elsewhere.
    #[must_use]
    pub fn keys_in_software(&self) -> bool {
        self.vault.in_software().unwrap_or(true)
    }

    /// Gives media that much room; what is there already stays.
    ///
    /// # Errors
    /// The vault's.
    pub fn set_reserve(&mut self, bytes: u64) -> Result<(), Problem> {
        Ok(self.vault.set_reserve(bytes)?)
    }

    /// The week that keys are chosen by: witnessed, or this device's while nothing is witnessed.
    pub(crate) fn week(&self, now: u64) -> Result<u64, Problem> {
        let witnessed = self.witnessed(now)?;
        Ok(if witnessed > 0 { witnessed } else { now } / WEEK)
    }

    /// Identity id of this vault: the number that others see when they pair.
    #[must_use]
    pub fn identity(&self) -> IdentityId {
        self.keys.id
    }

    /// The keys as they are now.
    pub(crate) fn keys(&self) -> Result<Arc<OwnKeys>, Problem> {
        held(&self.keys.now).clone().ok_or(Problem::Locked)
    }

    /// Whoever changes the keys holds this from reading them to [`Session::save_keys`].
    pub(crate) fn changing_keys(&self) -> MutexGuard<'_, ()> {
        held(&self.keys.changing)
    }

    /// Whoever continues a chain (of a case, of custody) holds this from reading its end to writing
    /// the next one, so that two holders never continue the same end.
    pub(crate) fn adding(&self) -> MutexGuard<'_, ()> {
        held(&self.keys.adding)
    }

    /// Other keys from now on, durably.
    pub(crate) fn save_keys(&self, keys: OwnKeys) -> Result<(), Problem> {
        let bytes = keys.to_bytes();
        self.vault.write("keys", |tx| settings::put(tx, KEYS, &bytes))?;
        // Unless it was locked since.
        if let Some(now) = &mut *held(&self.keys.now) {
            *now = Arc::new(keys);
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Problem> {
        for mut item in self.vault.read(store::items::recordings)? {
            if self.is_being_written(item.medium.as_ref())? {
                continue;
            }
            let (length, sha256) = self.whole_segments(&item)?;
            item.state = ItemState::Interrupted;
            item.length = length;
            item.sha256 = Some(sha256);
            self.vault.write("interrupted recording", |tx| store::items::put_item(tx, &item))?;
        }
        self.remove_orphans()
    }

    /// Bytes and hash of the whole segments at the beginning of a recording's medium.
    fn whole_segments(&self, item: &store::items::Item) -> Result<(u64, [u8; 32]), Problem> {
        let mut hasher = amate_seal::hash::Hasher::default();
        let mut length = 0;
        if let Some(medium) = item.medium {
            let reader = self.vault.read_medium(&medium)?;
            for segment in evidence::Segments::new(reader).map_while(Result::ok) {
                hasher.update(&segment);
                length += segment.len() as u64;
            }
        }
        Ok((length, hasher.finish()))
    }

    /// Removes media that nothing refers to: an import or a fetch that was killed.
    fn remove_orphans(&mut self) -> Result<(), Problem> {
        for id in self.vault.read(store::items::orphans)? {
            if !self.is_being_written(Some(&id))? {
                self.vault.delete_medium(&id)?;
            }
        }
        Ok(())
    }

    /// What a recorder writes that went on behind the lock: it is not cut.
    fn is_being_written(&self, medium: Option<&MediumId>) -> Result<bool, Problem> {
        let Some(medium) = medium else { return Ok(false) };
        Ok(self.vault.medium(medium)?.state == MediumState::Open)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is kept, for looking at.
impl Session {
    /// All cases.
    ///
    /// # Errors
    /// The vault's.
    pub fn dossiers(&self) -> Result<Vec<store::items::Dossier>, Problem> {
        Ok(self.vault.read(store::items::cases)?)
    }

    /// Items of a case, or of all.
    ///
    /// # Errors
    /// The vault's.
    pub fn items(&self, dossier: Option<i64>) -> Result<Vec<store::items::Item>, Problem> {
        Ok(self.vault.read(|db| store::items::items(db, dossier))?)
    }

    /// Writes the content of an item in the clear; of live recordings the data of the whole
    /// segments, joined. A named, warned act of the person.
    ///
    /// # Errors
    /// [`Problem::CannotWrite`]; [`Problem::ContentDamaged`] behind the part that opens, which is
    /// written.
    pub fn write_content(
        &self,
        item: &store::items::Item,
        out: &mut impl Write,
    ) -> Result<(), Problem> {
        let unwritable = |_| Problem::CannotWrite(String::new());
        let damaged = |problem| match problem {
            Problem::Damaged => Problem::ContentDamaged,
            other => other,
        };
        if item.origin == "live" {
            for segment in self.segments(item).map_err(damaged)? {
                let segment = segment.map_err(|_| Problem::ContentDamaged)?;
                let data = Segment::parse(&segment)?.data;
                out.write_all(data).map_err(unwritable)?;
            }
            return Ok(());
        }
        let medium = item.medium.ok_or(Problem::Damaged)?;
        let reader = self.vault.read_medium(&medium).map_err(|error| damaged(error.into()))?;
        let mut reader = reader.take(item.length);
        let mut piece = Zeroizing::new(vec![0; PIECE]);
        loop {
            let n = reader.read(&mut piece).map_err(|_| Problem::ContentDamaged)?;
            if n == 0 {
                return Ok(());
            }
            out.write_all(piece.get(..n).unwrap_or_default()).map_err(unwritable)?;
        }
    }
}
