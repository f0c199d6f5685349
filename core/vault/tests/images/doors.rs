// SPDX-License-Identifier: MPL-2.0
//! Phones of which one code is given away: there is nothing but what it opens, or a first vault
//! that set it, or one that it overwrote. From one seed all three have the same visible use.
//!
//! | the same to who has the code | one door | two doors | the first emptied |
//! |---|---|---|---|
//! | the vault is made and filled | with the container | as a second door | as a second door |
//! | somebody writes there | there | there | there |
//! | another session | opened, nothing written | notes and small media in the first | the same; opened, nothing written, once the first is gone |
//! | a session with a full pass | opened, nothing written | large media in the first | the same |
//! | a session with two sets | the code is changed, for itself | the first's code, for itself | the code will overwrite the first: the next time it is entered it does |
//! | wrong codes | wrong codes | wrong codes | wrong codes |
//!
//! Inside the promise: what is written in the first fits one set.

use std::sync::Arc;

use amate_vault::{
    CodeCost, Container, DeviceKeys, Geometry, Random, Surroundings, Vault, VaultError,
};

use super::{examiner::Image, history::image_of};
use crate::{
    sim::{crash::Crash, disk::SimDisk, platter::Platter, rng::Rng},
    world::keys::{SimKeys, no_waiting},
};

/// Of the vault that nobody is told of.
pub const FIRST: &[u8] = b"cinco palabras de prueba nada";
/// The one that is given away.
pub const GIVEN: &[u8] = b"otras cinco para la puerta";
const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };

/// What is on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doors {
    One,
    Two,
    FirstEmptied,
}

/// Lengths of what a session writes.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    pub notes: Vec<usize>,
    pub medium: Option<usize>,
}

/// A session, as the table above says.
#[derive(Clone, Debug)]
pub enum Step {
    Visible(Writes),
    /// The same; at some operation the process dies, or the power goes.
    Killed(Writes, usize, Crash),
    Other(Writes),
    /// The same, with more than sets have room for; and a full pass.
    Passed,
    Settings,
    Wrong(usize),
}

/// A phone, and its images after each session.
pub struct Life {
    pub disk: SimDisk,
    pub keys: SimKeys,
    pub images: Vec<Image>,
    /// What the key store held at each image.
    pub held: Vec<SimKeys>,
    doors: Doors,
    /// Whether the code that is given overwrites the first when it is entered.
    armed: bool,
    random: Random,
}

/// What is done in so many sessions.
pub fn script(seed: u64, sessions: usize) -> Vec<Step> {
    let mut rng = Rng::new(seed);
    let settings = sessions / 3;
    // A loss of power is torn at times.
    let crashes = [Crash::Kept, Crash::Kept, Crash::Lost, Crash::Some, Crash::TornAtSectors];
    (0..sessions)
        .map(|number| match number {
            _ if number == settings => Step::Settings,
            _ if number == settings + 1 => Step::Visible(writes(&mut rng)),
            _ => match rng.below(20) {
                0..6 => Step::Visible(writes(&mut rng)),
                6..9 => Step::Killed(writes(&mut rng), rng.below(260), *rng.pick(&crashes)),
                9..11 => Step::Wrong(1 + rng.below(2)),
                11 => Step::Passed,
                _ => Step::Other(writes(&mut rng)),
            },
        })
        .collect()
}

/// Fits one set.
fn writes(rng: &mut Rng) -> Writes {
    // What stands among the records, or takes one cell.
    let medium = [None, None, Some(6_000), Some(40_000)];
    match *rng.pick(&medium) {
        None => Writes { notes: (0..=rng.below(2)).map(|_| note(rng)).collect(), medium: None },
        Some(len) => Writes { notes: Vec::new(), medium: Some(1 + len / 2 + rng.below(len / 2)) },
    }
}

fn note(rng: &mut Rng) -> usize {
    1 + rng.below(300)
}

impl Life {
    /// The vault whose code is given, with something in it; who has an image has none from before.
    pub fn new(geometry: &Geometry, doors: Doors, random: Random) -> Self {
        let mut life = Self::alone(geometry, doors, random);
        if life.has_first() {
            life.set_second();
            life.look().unwrap();
            life.image();
        }
        life.begin_images();
        life
    }

    /// One vault, with something in it: that whose code is given, or a first that will set it.
    pub fn alone(geometry: &Geometry, doors: Doors, random: Random) -> Self {
        let mut life = Self {
            disk: SimDisk::default(),
            keys: SimKeys::default(),
            images: Vec::new(),
            held: Vec::new(),
            doors,
            armed: false,
            random,
        };
        let code = life.code();
        let mut vault = Container::create(life.surroundings(), code, CHEAP, geometry).unwrap();
        begin(&mut vault).unwrap();
        vault.lock().unwrap();
        life.look().unwrap();
        life.image();
        life
    }

    /// The first sets the vault whose code is given.
    pub fn set_second(&mut self) {
        self.within(FIRST, |first| {
            let (mut second, new) = first.begin_second(GIVEN)?;
            begin(&mut second)?;
            second.lock()?;
            first.finish_second(new, false)
        });
    }

    /// All of a script.
    pub fn lived(geometry: &Geometry, doors: Doors, script: &[Step], random: Random) -> Self {
        let mut life = Self::new(geometry, doors, random);
        script.iter().for_each(|step| life.session(step));
        life
    }

    /// Another phone that is the same so far.
    pub fn copy(&self, random: Random) -> Self {
        Self {
            disk: SimDisk::new(self.disk.platter()),
            keys: self.keys.copy(),
            images: self.images.clone(),
            held: self.held.clone(),
            doors: self.doors,
            armed: self.armed,
            random,
        }
    }

    /// One session, then an image.
    pub fn session(&mut self, step: &Step) {
        match step {
            Step::Visible(writes) => self.visible(writes).unwrap(),
            Step::Killed(writes, after, crash) => {
                self.disk.stop_at(self.disk.operations() + after);
                let _ = self.visible(writes);
                self.disk = self.disk.after(*crash, &mut Rng::new(*after as u64));
            }
            Step::Other(writes) => self.other(writes).unwrap(),
            Step::Passed => self.passed().unwrap(),
            Step::Settings => self.settings().unwrap(),
            Step::Wrong(times) => {
                let container = self.open().unwrap();
                for _ in 0..*times {
                    let wrong = container.unlock(b"ninguna de las dos");
                    assert!(matches!(wrong, Err(VaultError::CannotOpen)));
                }
            }
        }
        self.image();
    }

    /// Another session, of which so many operations reach the disk; whether that cut it.
    pub fn cut(&mut self, writes: &Writes, after: usize) -> bool {
        self.disk.stop_at(self.disk.operations() + after);
        let _ = self.other(writes);
        let cut = self.disk.has_stopped();
        self.disk = self.disk.after(Crash::Kept, &mut Rng::new(0));
        self.image();
        cut
    }

    /// A session in one of the vaults, then an image.
    pub fn within(&mut self, code: &[u8], does: impl FnOnce(&mut Vault) -> Result<(), VaultError>) {
        let mut vault = self.open().unwrap().unlock(code).unwrap();
        does(&mut vault).unwrap();
        vault.lock().unwrap();
        self.image();
    }

    /// The process dies while it records in the vault whose code is given.
    pub fn killed_recording(&mut self) {
        let mut vault = self.open().unwrap().unlock(GIVEN).unwrap();
        let mut writer = vault.begin_medium().unwrap();
        writer.write(&[7; 100_000]).unwrap();
        writer.make_durable().unwrap();
        self.disk = self.disk.after(Crash::Kept, &mut Rng::new(0));
        self.image();
    }

    /// Forgets all images but the newest.
    pub fn begin_images(&mut self) {
        self.images.drain(..self.images.len() - 1);
        self.held.drain(..self.held.len() - 1);
    }

    /// Somebody finds the files so.
    pub fn found(&mut self, image: Image) {
        self.images.push(image);
        self.held.push(self.keys.copy());
    }

    pub fn open(&self) -> Result<Container, VaultError> {
        Container::open(self.surroundings())
    }

    /// Opens it and writes nothing. With one door these are all the other sessions.
    fn look(&self) -> Result<(), VaultError> {
        self.open()?.unlock(self.code())?.lock()
    }

    fn visible(&mut self, writes: &Writes) -> Result<(), VaultError> {
        let mut vault = self.open()?.unlock(GIVEN)?;
        if self.armed {
            self.doors = Doors::One;
            self.armed = false;
        }
        write(&mut vault, writes)?;
        vault.lock()
    }

    fn other(&mut self, writes: &Writes) -> Result<(), VaultError> {
        if !self.has_first() {
            return self.look();
        }
        let mut first = self.open()?.unlock(FIRST)?;
        write(&mut first, writes)?;
        first.lock()
    }

    fn passed(&mut self) -> Result<(), VaultError> {
        if self.has_first() {
            let mut first = self.open()?.unlock(FIRST)?;
            let mut writer = first.begin_medium()?;
            (0..first.room()? / 70_000).try_for_each(|_| writer.write(&[7; 65_000]))?;
            let medium = writer.finish()?;
            first.write("medium", |tx| medium.record(tx))?;
            first.delete_medium(&medium.id)?;
            first.lock()?;
        } else {
            self.look()?;
        }
        self.open()?.full_pass(|_, _| true)
    }

    fn settings(&mut self) -> Result<(), VaultError> {
        let code = self.code();
        let mut vault = self.open()?.unlock(code)?;
        if self.doors == Doors::FirstEmptied {
            vault.second_overwrites(true)?;
            self.armed = true;
        } else {
            vault.change_code(code)?;
        }
        vault.lock()
    }

    fn has_first(&self) -> bool {
        self.doors != Doors::One
    }

    /// Of who the phone belongs to.
    pub fn code(&self) -> &'static [u8] {
        if self.has_first() { FIRST } else { GIVEN }
    }

    pub fn image(&mut self) {
        self.found(image_of(&self.disk.platter()));
    }

    fn surroundings(&self) -> Surroundings {
        over(&self.disk, &self.keys, self.random.clone())
    }
}

/// A phone that is this image, with such a key store: opened to look into it.
pub fn phone_of(image: &Image, keys: &SimKeys) -> SimDisk {
    let files = ["vault", "reserve"].into_iter().zip(image.iter().cloned());
    let disk = SimDisk::new(Platter::holding(files));
    drop(Container::open(over(&disk, keys, Random::from(Rng::new(0)))).unwrap());
    disk
}

/// What a container stands on.
pub fn over(disk: &SimDisk, keys: &SimKeys, random: Random) -> Surroundings {
    let device: Arc<dyn DeviceKeys> = Arc::new(keys.clone());
    Surroundings { disk: Arc::new(disk.clone()), device, random, uptime: no_waiting() }
}

fn begin(vault: &mut Vault) -> Result<(), VaultError> {
    vault.write("table", |tx| {
        tx.execute_batch("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT)")
    })?;
    write(vault, &Writes { notes: vec![200, 20], medium: Some(30_000) })
}

fn write(vault: &mut Vault, writes: &Writes) -> Result<(), VaultError> {
    for len in &writes.notes {
        let text = "x".repeat(*len);
        vault.write("note", |tx| tx.execute("INSERT INTO note(text) VALUES(?1)", [text]))?;
    }
    if let Some(len) = writes.medium {
        let mut writer = vault.begin_medium()?;
        (0..len.div_ceil(1_000)).try_for_each(|_| writer.write(&[7; 1_000]))?;
        let medium = writer.finish()?;
        vault.write("medium", |tx| medium.record(tx))?;
    }
    Ok(())
}
