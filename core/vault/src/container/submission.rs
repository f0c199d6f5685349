// SPDX-License-Identifier: MPL-2.0
//! Submissions of a code (spec/vault.md §6, §7): the same work for every one, whatever it opens.

use amate_seal::secret::Secret;
use zeroize::Zeroizing;

use super::{Container, LayerGuard, Submission};
use crate::{
    VaultError, delay,
    device::DeviceKeys,
    geometry::{Place, SLOTS, UNIT},
    header::Header,
    layer::{Layer, Set},
    pages,
    records::wipe_stack,
    slots::{self, Action, Opened},
};

impl Container {
    /// Puts another code into a slot, in the same write as a submission would make. `known`: slots
    /// that this vault knows; what opens one of them is refused.
    pub(crate) fn replace_slot(
        &self,
        slot: u32,
        opened: &Opened,
        code: &[u8],
        known: &[u32],
    ) -> Result<Set, VaultError> {
        let (key, set) = self.derive_new(code, known)?;
        let random = self.random().clone();
        self.layer()?.refresh_fixed(self.device(), &mut |place, bytes| {
            if place == Place::Slot(slot) {
                slots::seal(&key, opened, &random, bytes);
            }
        })?;
        Ok(set)
    }

    /// The key of a code that is to open something from now on, and a set that was refreshed
    /// meanwhile. What opens one of these slots is refused, after the same work.
    pub(crate) fn derive_new(
        &self,
        code: &[u8],
        known: &[u32],
    ) -> Result<(Box<Secret<32>>, Set), VaultError> {
        let (key, set) = self.derive_and_refresh(code)?;
        let mut layer = self.layer()?;
        match key.and_then(|key| refuse_known(&layer, &key, known).map(|()| key)) {
            Ok(key) => Ok((key, set)),
            Err(error) => {
                layer.refresh_fixed(self.device(), &mut |_, _| {})?;
                Err(error)
            }
        }
    }

    /// A call of its own, so that its stack is wiped after it.
    #[inline(never)]
    pub(super) fn submit(&self, code: &[u8]) -> Result<Submission, VaultError> {
        self.count_code()?;
        let (key, set) = self.derive_and_refresh(code)?;
        self.recorders_use(&set)?;
        let mut layer = self.layer()?;
        // A key that could not be derived opens nothing; the same work is done for it.
        let tried = key.as_ref().map_or_else(|_| Box::new(self.random().secret()), Clone::clone);
        let found = self.try_slots(&layer, &tried)?;
        let action = self.try_actions(&layer, found.as_ref())?;
        let tries = &mut layer.table.state.wrong_codes;
        match key {
            // A device that does not answer says nothing of the code.
            Err(_) => *tries = tries.saturating_sub(1),
            Ok(_) if found.is_some() => *tries = 0,
            Ok(_) => {}
        }
        let own = found.as_ref().map(|(slot, _)| *slot);
        let random = self.random().clone();
        layer.refresh_fixed(self.device(), &mut |place, bytes| match (place, action) {
            // What it did, and that it was to do it, are gone together.
            (Place::Slot(slot), Some(Action::Overwrite(target))) if slot == target => {
                random.noise(bytes);
            }
            (Place::Action(number), Some(_)) if Some(number) == own => random.noise(bytes),
            _ => {}
        })?;
        let Some((slot, opened)) = found else {
            // A device that lost its key is not a wrong code.
            return Err(key.err().unwrap_or(VaultError::CannotOpen));
        };
        Ok(Submission { opened, slot, set })
    }

    /// What the key opens of the slots, all of which are tried. One whose volume has no root any more,
    /// because another took its room, is none: the same work without one.
    fn try_slots(
        &self,
        layer: &LayerGuard<'_>,
        key: &Secret<32>,
    ) -> Result<Option<(u32, Box<Opened>)>, VaultError> {
        let mut found = None;
        let mut bytes = Zeroizing::new([0; UNIT]);
        for slot in 0..SLOTS {
            layer.read(Place::Slot(slot), &mut *bytes)?;
            if let Some(opened) = slots::open(key, &*bytes) {
                found = Some((slot, Box::new(opened)));
            }
        }
        let none = self.random().secret();
        let volume = found.as_ref().map_or(&none, |(_, opened)| &opened.volume);
        let root = pages::has_root(layer, volume)?;
        Ok(found.filter(|_| root))
    }

    /// What the code that opened a slot does besides. The same work without one.
    fn try_actions(
        &self,
        layer: &Layer,
        found: Option<&(u32, Box<Opened>)>,
    ) -> Result<Option<Action>, VaultError> {
        let none = self.random().secret();
        let (own, ticket) = found.map_or((SLOTS, &none), |(slot, opened)| (*slot, &opened.ticket));
        // Without the device's key no action opens, and nothing else either.
        let key = slots::action_key(&layer.header, self.device(), ticket).unwrap_or(none.clone());
        let mut action = None;
        for number in 0..SLOTS {
            let read = read_action(layer, number, &key)?;
            if number == own {
                action = read.filter(|Action::Overwrite(target)| *target != own);
            }
        }
        Ok(action)
    }

    /// Durable with the first batch, while the key of the code is still being derived: who ends the
    /// process in the middle gains nothing.
    fn count_code(&self) -> Result<(), VaultError> {
        let mut layer = self.layer()?;
        let wrong = &mut layer.table.state.wrong_codes;
        *wrong = wrong.saturating_add(1);
        delay::tried(&layer.header.salt, &self.0.surroundings.uptime);
        Ok(())
    }

    pub(super) fn wait_is_over(&self) -> Result<(), VaultError> {
        let layer = self.layer()?;
        let wrong = layer.table.state.wrong_codes;
        match delay::left(&layer.header.salt, wrong, &self.0.surroundings.uptime) {
            None => Ok(()),
            Some(left) => Err(VaultError::Wait(left)),
        }
    }

    /// The set is refreshed while the key of the code is derived. Nobody waits for the derivation
    /// but who submits: a recorder goes on meanwhile.
    fn derive_and_refresh(
        &self,
        code: &[u8],
    ) -> Result<(Result<Box<Secret<32>>, VaultError>, Set), VaultError> {
        let header = self.layer()?.header.clone();
        let device = self.device();
        std::thread::scope(|scope| {
            let key = scope.spawn(|| {
                let key = boxed_code_key(&header, device, code);
                wipe_stack();
                key
            });
            let set = self.layer().and_then(|mut layer| layer.refresh_set(device));
            let key = key.join().unwrap_or(Err(VaultError::Device));
            Ok((key, set?))
        })
    }
}

/// In a box from here on: what passes from one thread to another leaves no copy behind. A call of
/// its own, so that its stack is wiped after it.
#[inline(never)]
fn boxed_code_key(
    header: &Header,
    device: &dyn DeviceKeys,
    code: &[u8],
) -> Result<Box<Secret<32>>, VaultError> {
    slots::code_key(header, device, code).map(Box::new)
}

/// A code that opens one of these slots would open either of two vaults.
fn refuse_known(layer: &Layer, key: &Secret<32>, known: &[u32]) -> Result<(), VaultError> {
    let mut bytes = Zeroizing::new([0; UNIT]);
    for slot in known {
        layer.read(Place::Slot(*slot), &mut *bytes)?;
        if slots::open(key, &*bytes).is_some() {
            return Err(VaultError::SameCode);
        }
    }
    Ok(())
}

/// The action of a slot, under the key that its ticket gives.
pub(crate) fn read_action(
    layer: &Layer,
    number: u32,
    key: &Secret<32>,
) -> Result<Option<Action>, VaultError> {
    let mut record = Zeroizing::new([0; UNIT]);
    layer.read(Place::Action(number), &mut *record)?;
    Ok(slots::open_action(key, number, &*record))
}
