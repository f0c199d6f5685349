// SPDX-License-Identifier: MPL-2.0
//! Faults in the middle, panics, and two that do something at once: nobody is kept out, nothing
//! is lost or given twice.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod reference;
mod sim;
mod world;

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use amate_seal::secret::Secret;
use amate_vault::{
    Container, DeviceKeys, Geometry, Handle, Random, Surroundings, Vault, VaultError,
    disk::{Disk, DiskFile, Folder},
};
use sim::{
    crash::Crash,
    disk::{Fault, SimDisk},
    rng::Rng,
};
use world::{
    keys::{SimKeys, surroundings},
    pair::{CHEAP, DESK, SMALL},
};

/// So often something is tried before it counts as hopeless.
const TRIES: usize = 3_000_000;
const CODE: &[u8] = b"cinco palabras de prueba nada";

/// A store and its key store, locked.
struct Kept {
    disk: SimDisk,
    keys: SimKeys,
}

impl Kept {
    fn new(geometry: &Geometry, fill: impl FnOnce(&mut Vault)) -> Self {
        let (disk, keys) = (SimDisk::default(), SimKeys::default());
        let mut vault =
            Container::create(surroundings(&disk, &keys, 1), CODE, CHEAP, geometry).unwrap();
        fill(&mut vault);
        vault.lock().unwrap();
        Self { disk, keys }
    }

    fn copy(&self) -> Self {
        let disk = self.disk.after(Crash::Kept, &mut Rng::new(1));
        Self { disk, keys: self.keys.copy() }
    }

    fn open(&self) -> Container {
        Container::open(surroundings(&self.disk, &self.keys, 2)).unwrap()
    }
}

/// A recording that was cut: the next unlock walks it, and so may fail late.
fn cut_recording(vault: &mut Vault) {
    let mut writer = vault.begin_medium().unwrap();
    writer.write(&[3; 150_000]).unwrap();
    writer.make_durable().unwrap();
}

#[test]
fn two_that_unlock_at_once_never_both_have_it() {
    let kept = Kept::new(&DESK, cut_recording);
    let operations = {
        let (copy, before) = (kept.copy(), kept.disk.operations());
        let container = copy.open();
        container.unlock(CODE).unwrap();
        copy.disk.operations().max(before)
    };
    // Those after the submission: the vault is there already when it fails.
    for number in (operations - 14..operations).flat_map(|number| [number; 3]) {
        let copy = kept.copy();
        let container = copy.open();
        copy.disk.fail(number, Fault::Io);
        let open = AtomicUsize::new(0);
        let again_and_again = || {
            let mut had = 0;
            for _ in 0..TRIES {
                let Ok(vault) = container.unlock(CODE) else {
                    thread::yield_now();
                    continue;
                };
                assert_eq!(open.fetch_add(1, SeqCst), 0, "two are open: operation {number}");
                (0..8_000).for_each(|_| thread::yield_now());
                open.fetch_sub(1, SeqCst);
                drop(vault);
                had += 1;
                if had == 2 {
                    return;
                }
            }
            panic!("operation {number} keeps everybody out");
        };
        thread::scope(|scope| {
            scope.spawn(again_and_again);
            scope.spawn(again_and_again);
        });
        assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
    }
}

/// A recorder of another medium goes on, so nobody counts the cells anew.
#[test]
fn a_cell_that_could_not_be_written_is_free_again() {
    let kept = Kept::new(&SMALL, |_| ());
    let begun = |kept: &Kept| {
        let mut vault = kept.open().unlock(CODE).unwrap();
        let other = vault.begin_medium().unwrap();
        let room = vault.room().unwrap();
        let long = vault.begin_medium().unwrap();
        (vault, other, room, long)
    };
    let operations = {
        let copy = kept.copy();
        let (vault, _other, _, mut long) = begun(&copy);
        let from = copy.disk.operations();
        long.write(&[5; 800_000]).unwrap();
        assert!(vault.container().full_pass_due().unwrap(), "it goes outside the set");
        from..copy.disk.operations()
    };
    for number in operations {
        let copy = kept.copy();
        let (vault, _other, room, mut long) = begun(&copy);
        let container = vault.container().clone();
        copy.disk.fail(number, Fault::Io);
        assert!(long.write(&[5; 800_000]).is_err(), "operation {number}");
        let id = long.id();
        drop((long, vault));
        let mut vault = container.unlock(CODE).unwrap();
        vault.delete_medium(&id).unwrap();
        assert_eq!(vault.room().unwrap(), room, "operation {number}");
    }
}

/// A disk below which somebody does something at a moment.
#[derive(Clone)]
struct Watched {
    disk: Arc<dyn Disk>,
    /// Called before each write.
    write: Arc<dyn Fn() + Send + Sync>,
    /// Called before each rename.
    rename: Arc<dyn Fn() + Send + Sync>,
}

struct WatchedFile(Box<dyn DiskFile>, Arc<dyn Fn() + Send + Sync>);

impl Disk for Watched {
    fn exists(&self, name: &str) -> io::Result<bool> {
        self.disk.exists(name)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(WatchedFile(self.disk.create(name)?, self.write.clone())))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(WatchedFile(self.disk.open(name)?, self.write.clone())))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        (self.rename)();
        self.disk.rename(from, to)
    }

    fn sync_names(&self) -> io::Result<()> {
        self.disk.sync_names()
    }
}

impl DiskFile for WatchedFile {
    fn try_lock(&self) -> io::Result<bool> {
        self.0.try_lock()
    }

    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn read_at(&self, out: &mut [u8], at: u64) -> io::Result<()> {
        self.0.read_at(out, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        (self.1)();
        self.0.write_at(bytes, at)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }
}

#[test]
fn a_vault_that_is_being_made_is_not_touched_by_who_makes_another() {
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().to_owned();
    let second = move |path: &Path| {
        Container::create(Surroundings::software(path), b"otra", CHEAP, &SMALL).map(drop)
    };
    let made = {
        let path = path.clone();
        move || assert!(matches!(second(&path), Err(VaultError::InUse)))
    };
    let disk = Watched {
        disk: Arc::new(Folder::at(&path)),
        write: Arc::new(|| ()),
        rename: Arc::new(made),
    };
    let around = Surroundings { disk: Arc::new(disk), ..Surroundings::software(&path) };
    let mut vault = Container::create(around, CODE, CHEAP, &SMALL).unwrap();
    cut_recording(&mut vault);
    drop(vault);
    assert_eq!(Vault::open(&path, CODE).unwrap().media().unwrap().len(), 1);
    assert!(matches!(second(&path), Err(VaultError::Exists)));
    assert!(Vault::open(&path, CODE).is_ok());
}

fn note(vault: &mut Vault) -> Result<usize, VaultError> {
    vault.write("note", |tx| tx.execute("INSERT INTO note VALUES(1)", []))
}

type Does = dyn Fn(&mut Vault) -> Result<(), VaultError>;

/// What is in memory after a panic is not what stands on the disk.
#[test]
fn after_a_panic_nothing_is_written_until_the_files_are_opened_again() {
    let kept = Kept::new(&SMALL, |vault| {
        vault.write("table", |tx| tx.execute_batch("CREATE TABLE note(n)")).unwrap();
    });
    let steps: [&Does; 3] = [
        &|vault| note(vault).map(drop),
        &|vault| vault.container().clone().full_pass(|_, _| true),
        &|vault| vault.change_code(CODE),
    ];
    let mut panics = 0;
    for (step, number) in steps.iter().flat_map(|step| (0..40).map(move |number| (step, number))) {
        let copy = kept.copy();
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let counted = left.clone();
        let write = move || assert!(counted.fetch_sub(1, SeqCst) > 0, "no panic");
        let around = surroundings(&copy.disk, &copy.keys, 2);
        let disk = Arc::new(Watched {
            disk: around.disk.clone(),
            write: Arc::new(write),
            rename: Arc::new(|| ()),
        });
        let container = Container::open(Surroundings { disk, ..around }).unwrap();
        let mut vault = container.unlock(CODE).unwrap();
        left.store(number, SeqCst);
        let done = catch_unwind(AssertUnwindSafe(|| step(&mut vault)));
        let panicked = left.load(SeqCst) > number;
        left.store(usize::MAX, SeqCst);
        assert_eq!(panicked, !matches!(done, Ok(Ok(()))));
        if !panicked {
            continue;
        }
        panics += 1;
        let operations = copy.disk.operations();
        assert!(note(&mut vault).is_err() && container.full_pass(|_, _| true).is_err());
        assert!(container.write_spool(&[Vec::new(), Vec::new()]).is_err());
        drop(vault);
        assert_eq!(copy.disk.operations(), operations, "write {number}");
        let mut vault = container.unlock(CODE).unwrap();
        note(&mut vault).unwrap();
    }
    assert!(panics > 20, "{panics}");
}

/// A key store that says when it is asked first, and answers when it is told to.
struct Slow {
    keys: SimKeys,
    asked: Mutex<Option<(Sender<()>, Receiver<()>)>>,
}

impl DeviceKeys for Slow {
    fn create(&self, random: &Random) -> Result<Handle, VaultError> {
        self.keys.create(random)
    }

    fn mac(&self, handle: &[u8], input: &[u8; 32]) -> Result<Secret<32>, VaultError> {
        let asked = self.asked.lock().unwrap().take();
        if let Some((asked, answer)) = asked {
            asked.send(()).unwrap();
            answer.recv_timeout(PATIENCE).map_err(|_| VaultError::Device)?;
        }
        self.keys.mac(handle, input)
    }

    fn forget(&self, handle: &[u8]) -> Result<(), VaultError> {
        self.keys.forget(handle)
    }

    fn in_software(&self) -> bool {
        false
    }

    fn calls_a_second(&self) -> u32 {
        self.keys.calls_a_second()
    }
}

/// Then a test fails that would otherwise wait for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// All cells are in the set, and the set in two batches, so what it writes meanwhile stands where a batch was just put.
#[test]
fn a_recorder_goes_on_while_a_code_is_derived_and_what_it_saved_then_survives_the_power() {
    let geometry = Geometry { cells: 32, set_cells: 32, journal: 1_024, ..SMALL };
    let (disk, keys) = (SimDisk::default(), SimKeys::default());
    let slow = Arc::new(Slow { keys: keys.clone(), asked: Mutex::default() });
    let around = Surroundings { device: slow.clone(), ..surroundings(&disk, &keys, 1) };
    let mut vault = Container::create(around, CODE, CHEAP, &geometry).unwrap();
    let mut writer = vault.begin_medium().unwrap();
    let (id, container) = (writer.id(), vault.container().clone());
    writer.write(&[1; 100_000]).unwrap();
    writer.make_durable().unwrap();
    vault.lock().unwrap();
    let ((said, asked), (answer, answered)) = (channel(), channel());
    *slow.asked.lock().unwrap() = Some((said, answered));
    let (found, opened) = thread::scope(|scope| {
        let opening = scope.spawn(|| container.unlock(CODE).map(drop));
        asked.recv_timeout(PATIENCE).unwrap();
        // The set is refreshed meanwhile: until nothing moves any more.
        let (mut last, mut quiet) = (0, 0);
        while quiet < 100_000 {
            thread::yield_now();
            let now = disk.operations();
            quiet = if now == last { quiet + 1 } else { 0 };
            last = now;
        }
        writer.write(&[2; 300_000]).unwrap();
        writer.make_durable().unwrap();
        let found = (disk.after(Crash::Lost, &mut Rng::new(1)), keys.copy());
        // Nobody waits when the other gave up.
        let _ = answer.send(());
        (found, opening.join().unwrap())
    });
    opened.unwrap();
    let found = Container::open(surroundings(&found.0, &found.1, 2)).unwrap();
    assert_eq!(found.unlock(CODE).unwrap().medium(&id).unwrap().length, 400_000);
}
