// SPDX-License-Identifier: MPL-2.0
//! The two files as everything above sees them: made, opened, submitted a code to.

mod full_pass;
mod recorders;
mod submission;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use amate_seal::kdf::CodeCost;

use crate::{
    Vault, VaultError,
    cells::Cells,
    delay::Uptime,
    device::{DeviceKeys, SoftwareKeys},
    disk::{Disk, DiskFile, Folder, Unsure},
    geometry::{Extent, Geometry, Place, SLOTS, UNIT},
    header::Header,
    layer::{Layer, Set},
    random::Random,
    records::wipe_stack,
    slots::{self, Opened},
};

const VAULT: &str = "vault";
const RESERVE: &str = "reserve";
const UNFINISHED: &str = "vault.unfinished";

pub(crate) use submission::read_action;

/// What a container stands on.
#[derive(Clone)]
pub struct Surroundings {
    /// The folder with both files.
    pub disk: Arc<dyn Disk>,
    /// Keys bound to the device.
    pub device: Arc<dyn DeviceKeys>,
    /// Where randomness comes from.
    pub random: Random,
    /// How long this has been running: what a person waits after wrong codes.
    pub uptime: Uptime,
}

impl Surroundings {
    /// A folder of the file system, keys in software, the system's randomness.
    #[must_use]
    pub fn software(dir: &Path) -> Self {
        Self {
            disk: Arc::new(Folder::at(dir)),
            device: Arc::new(SoftwareKeys),
            random: Random::system(),
            uptime: Uptime::system(),
        }
    }
}

/// Both files, open; no code is known. Cheap to clone: recorders that go on while the vault is
/// locked hold one.
#[derive(Clone)]
pub struct Container(Arc<Shared>);

/// Finds a container again as long as something holds it: a recorder that goes on behind the lock.
/// Whoever opens the files anew meanwhile finds them in use.
#[derive(Clone, Default)]
pub struct Standing(Weak<Shared>);

impl Standing {
    /// The container, when something holds it still.
    #[must_use]
    pub fn container(&self) -> Option<Container> {
        self.0.upgrade().map(Container)
    }
}

pub(crate) struct Shared {
    surroundings: Surroundings,
    layer: Mutex<Option<Layer>>,
    unsure: [Unsure; 2],
    /// Cells of volumes whose recorders go on.
    cells: Mutex<Vec<Weak<Mutex<Cells>>>>,
    unlocked: AtomicBool,
    passes: full_pass::Passes,
    /// Threads that wait for the layer, and how often one asked for it: a full pass lets them in
    /// between two stretches.
    waiting: AtomicUsize,
    asked: AtomicU64,
}

/// Holds the layer; nobody else reads or writes the files meanwhile.
pub(crate) struct LayerGuard<'a>(MutexGuard<'a, Option<Layer>>);

/// At most one vault of a container is open, or being opened: whoever holds this. What failed to
/// open gives it back once, so that it never takes it from who came next.
pub(crate) enum Unlocked {
    Alone(Arc<Shared>),
    /// Made beside the one that is open, in the other half.
    Beside,
}

/// What a submission gives, besides what the code opened.
pub(crate) struct Submission {
    /// In a box: what moves leaves no copy of the volume's key behind.
    pub(crate) opened: Box<Opened>,
    pub(crate) slot: u32,
    pub(crate) set: Set,
}

impl Container {
    /// Makes both files whole, or nothing that counts, and a vault with this code in them.
    ///
    /// # Errors
    /// [`VaultError::Exists`], [`VaultError::NoSpace`], the file system's and the device's.
    pub fn create(
        surroundings: Surroundings,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
    ) -> Result<Vault, VaultError> {
        Self::make(surroundings, code, cost, geometry, Vault::format)
    }

    /// Makes both files, lets `fill` put a volume into a half, and gives them their names last.
    pub(crate) fn make(
        surroundings: Surroundings,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
        fill: impl FnOnce(&Self, Submission, u8) -> Result<Vault, VaultError>,
    ) -> Result<Vault, VaultError> {
        let disk = surroundings.disk.clone();
        let random = surroundings.random.clone();
        let (container, opened, slot) = Self::make_files(surroundings, code, cost, geometry)?;
        let half = random.below(geometry.halves.into()) as u8;
        // What is written first stands where it would stand in any other session.
        let set = container.layer()?.draw_set();
        let vault = fill(&container, Submission { opened, slot, set }, half)?;
        disk.rename(UNFINISHED, VAULT)?;
        disk.sync_names()?;
        Ok(vault)
    }

    /// Both files with one slot filled; no volume yet, and not yet under their names.
    pub(crate) fn make_files(
        surroundings: Surroundings,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
    ) -> Result<(Self, Box<Opened>, u32), VaultError> {
        if !geometry.is_sound() {
            return Err(VaultError::Geometry);
        }
        let disk = surroundings.disk.clone();
        if disk.exists(VAULT)? {
            return Err(VaultError::Exists);
        }
        let unsure = <[Unsure; 2]>::default();
        let reserve = locked(disk.create(RESERVE)?)?;
        // Whoever makes a vault here holds that lock until it has its name: now nobody does.
        if disk.exists(VAULT)? {
            return Err(VaultError::Exists);
        }
        let vault = locked(disk.create(UNFINISHED)?)?;
        // What another left unfinished.
        reserve.set_len(0)?;
        vault.set_len(0)?;
        let reserve = settled(reserve, &unsure[1])?;
        let vault = settled(vault, &unsure[0])?;
        let random = surroundings.random.clone();
        let device = surroundings.device.clone();
        let header = first_header(&*device, &random, cost, geometry)?;
        let key = slots::code_key(&header, &*device, code)?;
        let mut layer = Layer::create(vault, reserve, header, &*device, random.clone())?;
        let opened = Box::new(Opened { volume: random.secret(), ticket: random.secret() });
        let slot = random.below(SLOTS);
        let mut bytes = vec![0; UNIT];
        slots::seal(&key, &opened, &random, &mut bytes);
        layer.write(Place::Slot(slot), &mut bytes)?;
        Ok((Self::over(surroundings, layer, unsure), opened, slot))
    }

    /// Opens both files and finishes what was interrupted. No code is asked.
    ///
    /// # Errors
    /// [`VaultError::NoVault`], [`VaultError::InUse`]; [`VaultError::CannotOpen`] when header or
    /// table are altered, or the device's key is gone.
    pub fn open(surroundings: Surroundings) -> Result<Self, VaultError> {
        let unsure = <[Unsure; 2]>::default();
        let layer = open_layer(&surroundings, &unsure)?;
        Ok(Self::over(surroundings, layer, unsure))
    }

    /// One code submission. Right or wrong, the same work is done: a set of places, all slots,
    /// records and roots get new keys, and the table stands under another key of the device.
    ///
    /// # Errors
    /// [`VaultError::CannotOpen`] for a wrong code; [`VaultError::Wait`] after several;
    /// [`VaultError::InUse`] while a vault is unlocked; [`VaultError::Damaged`] only after the code
    /// opened.
    pub fn unlock(&self, code: &[u8]) -> Result<Vault, VaultError> {
        let unlocked = self.begin_unlocked()?;
        self.reopen_if_poisoned()?;
        self.wait_is_over()?;
        let submitted = self.submit(code);
        let opened = submitted.and_then(|submission| Vault::over(self, submission, unlocked));
        wipe_stack();
        opened
    }

    /// Finds it again after it was locked.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing(Arc::downgrade(&self.0))
    }

    /// Whether the device's keys lie in the image.
    #[must_use]
    pub fn in_software(&self) -> bool {
        self.device().in_software()
    }

    /// Size and rules of this container, as its header says.
    ///
    /// # Errors
    /// [`VaultError::Poisoned`].
    pub fn geometry(&self) -> Result<(Geometry, Vec<Extent>), VaultError> {
        let layer = self.layer()?;
        Ok((layer.header.geometry, layer.header.extents.clone()))
    }

    pub(crate) fn layer(&self) -> Result<LayerGuard<'_>, VaultError> {
        let guard = self.lock_layer();
        if guard.is_some() { Ok(LayerGuard(guard)) } else { Err(VaultError::Poisoned) }
    }

    /// After a panic in the middle of something, what is in memory is not what stands on the disk:
    /// nothing is read or written until the files are opened again.
    fn lock_layer(&self) -> MutexGuard<'_, Option<Layer>> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        let locked = self.0.layer.lock();
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        locked.unwrap_or_else(|poisoned| {
            let mut guard = poisoned.into_inner();
            *guard = None;
            self.0.layer.clear_poison();
            guard
        })
    }

    pub(crate) fn device(&self) -> &dyn DeviceKeys {
        &*self.0.surroundings.device
    }

    pub(crate) fn random(&self) -> &Random {
        &self.0.surroundings.random
    }

    /// Keeps every other code submission out as long as it is held.
    pub(crate) fn begin_unlocked(&self) -> Result<Unlocked, VaultError> {
        if self.0.unlocked.swap(true, Ordering::AcqRel) {
            return Err(VaultError::InUse);
        }
        Ok(Unlocked::Alone(self.0.clone()))
    }

    fn reopen_if_poisoned(&self) -> Result<(), VaultError> {
        let mut layer = self.lock_layer();
        if layer.as_ref().is_some_and(|layer| !layer.is_poisoned()) {
            return Ok(());
        }
        // The files' lock must go before it can be taken again.
        drop(layer.take());
        *layer = Some(open_layer(&self.0.surroundings, &self.0.unsure)?);
        Ok(())
    }

    fn over(surroundings: Surroundings, layer: Layer, unsure: [Unsure; 2]) -> Self {
        Self(Arc::new(Shared {
            surroundings,
            layer: Mutex::new(Some(layer)),
            unsure,
            cells: Mutex::default(),
            unlocked: AtomicBool::new(false),
            passes: full_pass::Passes::default(),
            waiting: AtomicUsize::new(0),
            asked: AtomicU64::new(0),
        }))
    }
}

impl Drop for Unlocked {
    fn drop(&mut self) {
        if let Self::Alone(shared) = self {
            shared.unlocked.store(false, Ordering::Release);
        }
    }
}

impl std::ops::Deref for LayerGuard<'_> {
    type Target = Layer;

    fn deref(&self) -> &Layer {
        self.0.as_ref().expect("a guard is given only when there is a layer")
    }
}

impl std::ops::DerefMut for LayerGuard<'_> {
    fn deref_mut(&mut self) -> &mut Layer {
        self.0.as_mut().expect("a guard is given only when there is a layer")
    }
}

fn first_header(
    device: &dyn DeviceKeys,
    random: &Random,
    cost: CodeCost,
    geometry: &Geometry,
) -> Result<Header, VaultError> {
    let layer_key = device.create(random)?;
    Ok(Header {
        geometry: *geometry,
        cost,
        calls: device.calls_a_second().max(1),
        salt: random.bytes(),
        seed: random.bytes(),
        code_key: device.create(random)?,
        next_layer_key: layer_key.clone(),
        layer_key,
        extents: Vec::new(),
    })
}

fn open_layer(surroundings: &Surroundings, unsure: &[Unsure; 2]) -> Result<Layer, VaultError> {
    let open = |name: &str| match surroundings.disk.open(name) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(VaultError::NoVault),
        other => locked(other?),
    };
    let vault = open(VAULT)?;
    let reserve = match open(RESERVE) {
        Err(VaultError::NoVault) => return Err(VaultError::Damaged),
        other => other?,
    };
    // Cells first, as ever: what is in `vault` speaks of them.
    let reserve = settled(reserve, &unsure[1])?;
    let vault = settled(vault, &unsure[0])?;
    Layer::open(vault, reserve, &*surroundings.device, surroundings.random.clone())
}

fn settled(file: Box<dyn DiskFile>, unsure: &Unsure) -> Result<Box<dyn DiskFile>, VaultError> {
    Ok(Box::new(unsure.settle(file)?))
}

fn locked(file: Box<dyn DiskFile>) -> Result<Box<dyn DiskFile>, VaultError> {
    if file.try_lock()? { Ok(file) } else { Err(VaultError::InUse) }
}
