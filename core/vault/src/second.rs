// SPDX-License-Identifier: MPL-2.0
//! The second door (spec/vault.md §7): a code that opens a volume of its own in the other half. The
//! volume that set it holds its keys, and keeps it as fresh as if it were the one in use; it knows
//! nothing of the first, and is in nothing different from the only one of a container.

use amate_seal::{aead, hash::sha256, kdf::derive, secret::Secret};
use rusqlite::{OptionalExtension, Transaction};
use zeroize::Zeroizing;

use crate::{
    Random, Vault, VaultError,
    container::{Container, Submission, Unlocked, read_action},
    geometry::{Place, ROOTS, SLOTS, UNIT},
    layer::Set,
    records::wipe_stack,
    slots::{self, Action, Opened},
};

/// What a vault says of the second door that it set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondDoor {
    /// Whether its code also makes the code of this vault open nothing, for good.
    pub overwrites: bool,
    /// Whether what is behind it can be read.
    pub opens: bool,
}

/// A second door that is being made: [`Vault::finish_second`].
pub struct NewSecond {
    key: Box<Secret<32>>,
    keys: Keys,
    /// Drawn for it. What it writes at the end of this session goes there, as after a session in
    /// which nothing much was written; what it is made of went elsewhere.
    set: Set,
}

/// What opens the second volume, and where its code stands.
struct Keys {
    opened: Box<Opened>,
    slot: u32,
}

/// The second volume while the first is open.
pub(crate) struct Second {
    keys: Keys,
    /// `None`: it does not open.
    vault: Option<Vault>,
}

/// What was begun and is to be finished, whatever comes between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The slot is about to be written.
    Coming = 1,
    Set = 2,
    /// Slot, action and roots are about to become noise.
    Going = 3,
}

/// What the first knows of a second door.
struct Row {
    keys: Keys,
    state: State,
    /// SHA-256 of the slot before; what is coming is compared with it.
    before: [u8; 32],
}

/// State, slot, volume key, ticket, hash.
const PLAIN: usize = 1 + 1 + 32 + 32 + 32;
/// With salt and tag.
const SEALED: usize = 16 + PLAIN + aead::TAG_LEN;

/// Every volume has this row, of one length. Without a second door it is noise; so is it in a backup,
/// which does not hold the volume's key.
pub(crate) fn create_table(tx: &Transaction<'_>, random: &Random) -> rusqlite::Result<()> {
    tx.execute_batch(
        "CREATE TABLE second(id INTEGER PRIMARY KEY CHECK(id = 1), sealed BLOB NOT NULL) STRICT;",
    )?;
    put(tx, &noise(random))
}

fn put(tx: &Transaction<'_>, sealed: &[u8; SEALED]) -> rusqlite::Result<()> {
    tx.execute("INSERT OR REPLACE INTO second(id, sealed) VALUES(1, ?1)", [sealed]).map(drop)
}

fn noise(random: &Random) -> [u8; SEALED] {
    let mut row = [0; SEALED];
    random.noise(&mut row);
    row
}

impl Vault {
    /// The second door that this vault set, if it did.
    ///
    /// # Errors
    /// The file system's.
    pub fn second(&self) -> Result<Option<SecondDoor>, VaultError> {
        let Some(second) = &self.second else { return Ok(None) };
        let overwrites = self.has_action(&second.keys);
        wipe_stack();
        Ok(Some(SecondDoor { overwrites: overwrites?, opens: second.vault.is_some() }))
    }

    /// A call of its own, so that its stack is wiped after it; so are the others below.
    #[inline(never)]
    fn has_action(&self, keys: &Keys) -> Result<bool, VaultError> {
        let layer = self.container().layer()?;
        let Keys { opened, slot } = keys;
        let key = slots::action_key(&layer.header, self.container().device(), &opened.ticket)?;
        Ok(read_action(&layer, *slot, &key)?.is_some())
    }

    /// Begins a second door: an empty vault in the other half, which `code` will open. What was in
    /// the other half and is not known to this vault is gone from here on. The vault is to be
    /// filled and locked, then [`Vault::finish_second`]; before that the code opens nothing.
    ///
    /// # Errors
    /// [`VaultError::Geometry`] where there is no other half; [`VaultError::Exists`] when this
    /// vault has a second door already; [`VaultError::SameCode`] for its own code; the file system's and the device's.
    pub fn begin_second(&mut self, code: &[u8]) -> Result<(Self, NewSecond), VaultError> {
        if self.container().geometry()?.0.halves != 2 {
            return Err(VaultError::Geometry);
        }
        if self.second.is_some() {
            return Err(VaultError::Exists);
        }
        let begun = self.begin(code);
        wipe_stack();
        begun
    }

    #[inline(never)]
    fn begin(&mut self, code: &[u8]) -> Result<(Self, NewSecond), VaultError> {
        let container = self.container().clone();
        let (key, set) = container.derive_new(code, &[self.slot()])?;
        let before = self.set().clone();
        self.allow(&set)?;
        let random = container.random();
        let slot = (self.slot() + 1 + random.below(SLOTS - 1)) % SLOTS;
        let keys = Keys::random(random, slot);
        let submission = Submission { opened: keys.copy().opened, slot, set: before };
        container.end_recorders(1 - self.half());
        let vault = Self::format_beside(&container, submission, 1 - self.half())?;
        Ok((vault, NewSecond { key, keys, set }))
    }

    /// Lets the code of a second door open it; `overwrites`: and makes the code of this vault open
    /// nothing from then on, for good. All of it is durable when this returns, or nothing.
    ///
    /// # Errors
    /// The file system's and the device's; then it is finished, or was never begun, at the next
    /// unlock.
    pub fn finish_second(&mut self, new: NewSecond, overwrites: bool) -> Result<(), VaultError> {
        let done = self.finish(new, overwrites);
        wipe_stack();
        done
    }

    #[inline(never)]
    fn finish(&mut self, new: NewSecond, overwrites: bool) -> Result<(), VaultError> {
        let NewSecond { key, keys, set } = new;
        let container = self.container().clone();
        let before = slot_hash(&container, keys.slot)?;
        self.say(&keys, State::Coming, &before)?;
        let action = overwrites.then_some(Action::Overwrite(self.slot()));
        let own = self.slot();
        self.rewrite(&keys, |place, random, bytes, action_key| match place {
            Place::Slot(slot) if slot == keys.slot => {
                slots::seal(&key, &keys.opened, random, bytes);
            }
            Place::Action(slot) if slot == keys.slot => {
                slots::seal_action(action_key, keys.slot, action, random, bytes);
            }
            // Of whatever had the other half before: it opens nothing, and is not to be seen.
            Place::Slot(slot) | Place::Action(slot) if slot != own => random.noise(bytes),
            _ => {}
        })?;
        self.say(&keys, State::Set, &[0; 32])?;
        self.second = Some(Second::open(&container, keys, &set)?.into());
        Ok(())
    }

    /// Another code for the second door.
    ///
    /// # Errors
    /// [`VaultError::NoVault`] without one; the file system's and the device's: then the old code
    /// still opens it, or already the new one.
    pub fn change_second_code(&mut self, code: &[u8]) -> Result<(), VaultError> {
        let set = self.replace_second(code);
        wipe_stack();
        self.allow(&set?)
    }

    #[inline(never)]
    fn replace_second(&self, code: &[u8]) -> Result<Set, VaultError> {
        let keys = self.second_keys()?;
        self.container().replace_slot(keys.slot, &keys.opened, code, &[self.slot()])
    }

    /// Whether the code of the second door makes the code of this vault open nothing.
    ///
    /// # Errors
    /// As [`Vault::change_second_code`].
    pub fn second_overwrites(&mut self, overwrites: bool) -> Result<(), VaultError> {
        let done = self.put_action(overwrites);
        wipe_stack();
        done
    }

    #[inline(never)]
    fn put_action(&mut self, overwrites: bool) -> Result<(), VaultError> {
        let keys = self.second_keys()?;
        let action = overwrites.then_some(Action::Overwrite(self.slot()));
        self.draw()?;
        self.rewrite(&keys, |place, random, bytes, action_key| {
            if place == Place::Action(keys.slot) {
                slots::seal_action(action_key, keys.slot, action, random, bytes);
            }
        })
    }

    /// Takes the second door away: its code opens nothing, and what was behind it is gone.
    ///
    /// # Errors
    /// [`VaultError::NoVault`] without one; the file system's and the device's: then it is taken
    /// away at the next unlock.
    pub fn remove_second(&mut self) -> Result<(), VaultError> {
        let done = self.remove();
        wipe_stack();
        done
    }

    #[inline(never)]
    fn remove(&mut self) -> Result<(), VaultError> {
        let keys = self.second_keys()?;
        self.say(&keys, State::Going, &[0; 32])?;
        self.second = None;
        self.draw()?;
        self.take_away(&keys)
    }

    /// The second vault, to do to it what every opening does to a vault; to be given back with
    /// [`Vault::take_back_second`].
    pub fn lend_second(&mut self) -> Option<Self> {
        self.second.as_mut().and_then(|second| second.vault.take())
    }

    /// Keeps the second vault open beside this one from here on.
    pub fn take_back_second(&mut self, vault: Self) {
        if let Some(second) = &mut self.second {
            second.vault = Some(vault);
        }
    }

    /// Opens the second volume beside this one, and finishes what was cut.
    pub(crate) fn open_second(&mut self) -> Result<(), VaultError> {
        let Some(Row { keys, state, before }) = self.row_of_second()? else { return Ok(()) };
        let container = self.container().clone();
        match state {
            State::Coming if before == slot_hash(&container, keys.slot)? => {
                return self.forget_second();
            }
            State::Coming => self.say(&keys, State::Set, &[0; 32])?,
            State::Going => return self.take_away(&keys),
            State::Set => {}
        }
        self.second = Some(Second::open(&container, keys, self.set())?.into());
        Ok(())
    }

    /// The keys of another volume are not known from here on.
    fn forget_second(&mut self) -> Result<(), VaultError> {
        let none = noise(self.container().random());
        self.write("second door", |tx| put(tx, &none))
    }

    #[inline(never)]
    fn take_away(&mut self, keys: &Keys) -> Result<(), VaultError> {
        self.container().end_recorders(1 - self.half());
        let other = u32::from(1 - self.half()) * ROOTS;
        let slot = keys.slot;
        self.rewrite(keys, |place, random, bytes, _| match place {
            Place::Slot(n) | Place::Action(n) if n == slot => random.noise(bytes),
            Place::Root(n) if (other..other + ROOTS).contains(&n) => random.noise(bytes),
            _ => {}
        })?;
        self.forget_second()
    }

    /// A set as a submission draws one.
    fn draw(&mut self) -> Result<(), VaultError> {
        let container = self.container().clone();
        let set = container.layer()?.refresh_set(container.device())?;
        self.allow(&set)
    }

    /// All slots and records in one write, some changed.
    #[inline(never)]
    fn rewrite(
        &self,
        keys: &Keys,
        edit: impl Fn(Place, &Random, &mut [u8], &Secret<32>),
    ) -> Result<(), VaultError> {
        let container = self.container();
        let mut layer = container.layer()?;
        let device = container.device();
        let key = slots::action_key(&layer.header, device, &keys.opened.ticket)?;
        let random = container.random();
        layer.refresh_fixed(device, &mut |place, bytes| edit(place, random, bytes, &key))
    }

    /// Writes down what is so of the second door.
    #[inline(never)]
    fn say(&mut self, keys: &Keys, state: State, before: &[u8; 32]) -> Result<(), VaultError> {
        let mut plain = Zeroizing::new([0; PLAIN]);
        let (volume, ticket) = (keys.opened.volume.expose(), keys.opened.ticket.expose());
        let parts: [&[u8]; 5] = [&[state as u8], &[keys.slot as u8], volume, ticket, before];
        let mut rest = plain.as_mut_slice();
        for part in parts {
            let (now, later) = rest.split_at_mut(part.len());
            now.copy_from_slice(part);
            rest = later;
        }
        let salt: [u8; 16] = self.container().random().bytes();
        let tag = aead::seal_once(&self.row_key(&salt), &[], &mut *plain);
        let mut sealed = [0; SEALED];
        sealed[..16].copy_from_slice(&salt);
        sealed[16..16 + PLAIN].copy_from_slice(&*plain);
        sealed[16 + PLAIN..].copy_from_slice(&tag);
        self.write("second door", |tx| put(tx, &sealed))
    }

    /// `derive₃₂(volume key, "amate/v1/vault/second", salt)`.
    fn row_key(&self, salt: &[u8; 16]) -> Secret<32> {
        derive(self.volume_key().expose(), "amate/v1/vault/second", &[salt])
    }

    fn second_keys(&self) -> Result<Keys, VaultError> {
        self.second.as_ref().map(|second| second.keys.copy()).ok_or(VaultError::NoVault)
    }

    fn row_of_second(&self) -> Result<Option<Row>, VaultError> {
        let sealed: Option<Vec<u8>> = self.read(|db| {
            db.query_row("SELECT sealed FROM second", [], |row| row.get(0)).optional()
        })?;
        Ok(sealed.and_then(|sealed| self.open_row(&sealed)))
    }

    /// `None`: no second door.
    fn open_row(&self, sealed: &[u8]) -> Option<Row> {
        let (salt, rest) = sealed.split_first_chunk::<16>()?;
        let (body, tag) = rest.split_first_chunk::<PLAIN>()?;
        let mut plain = Zeroizing::new(*body);
        aead::open_once(&self.row_key(salt), &[], &mut *plain, tag.first_chunk()?).ok()?;
        let ([state, slot], rest) = plain.split_first_chunk::<2>()?;
        let (volume, rest) = rest.split_first_chunk::<32>()?;
        let (ticket, before) = rest.split_first_chunk::<32>()?;
        let opened = Opened { volume: Secret::new(*volume), ticket: Secret::new(*ticket) };
        let state = match state {
            1 => State::Coming,
            2 => State::Set,
            3 => State::Going,
            _ => return None,
        };
        let keys = Keys { opened: Box::new(opened), slot: u32::from(*slot) };
        Some(Row { keys, state, before: *before.first_chunk()? })
    }
}

impl Keys {
    #[inline(never)]
    fn random(random: &Random, slot: u32) -> Self {
        let opened = Opened { volume: random.secret(), ticket: random.secret() };
        Self { opened: Box::new(opened), slot }
    }

    #[inline(never)]
    fn copy(&self) -> Self {
        let Opened { volume, ticket } = &*self.opened;
        let opened = Opened { volume: volume.clone(), ticket: ticket.clone() };
        Self { opened: Box::new(opened), slot: self.slot }
    }
}

impl Second {
    /// As its own code would open it: settled, and what a killed recording left is walked. Were
    /// that left for its own code, the volume would say that it was not alone in the last session.
    fn open(container: &Container, keys: Keys, set: &Set) -> Result<Self, VaultError> {
        let opened = keys.copy().opened;
        let submission = Submission { opened, slot: keys.slot, set: set.clone() };
        let vault = match Vault::over(container, submission, Unlocked::Beside) {
            Ok(vault) => Some(vault),
            // What the files cannot go on with concerns the first as well.
            Err(error) if container.layer().is_ok_and(|layer| layer.is_poisoned()) => {
                return Err(error);
            }
            // Nor would its own code open it: that keeps nobody out of the first.
            Err(_) => None,
        };
        Ok(Self { keys, vault })
    }

    pub(crate) fn slot(&self) -> u32 {
        self.keys.slot
    }

    pub(crate) fn allow(&mut self, set: &Set) -> Result<(), VaultError> {
        self.vault.as_mut().map_or(Ok(()), |vault| vault.allow(set))
    }

    /// As its own session would end.
    pub(crate) fn close(self) -> Result<(), VaultError> {
        self.vault.map_or(Ok(()), Vault::lock)
    }
}

/// SHA-256 of what lies in a slot, below the outer layer.
fn slot_hash(container: &Container, slot: u32) -> Result<[u8; 32], VaultError> {
    let mut bytes = Zeroizing::new([0; UNIT]);
    container.layer()?.read(Place::Slot(slot), &mut *bytes)?;
    Ok(sha256(&*bytes))
}
