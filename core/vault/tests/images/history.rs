// SPDX-License-Identifier: MPL-2.0
//! Scripted histories of a phone with one door, and an image of both files after each session.

use amate_vault::{CodeCost, Container, DeviceKeys, Geometry, Random, Surroundings, VaultError};

use super::examiner::{Image, Layout, Place};
use crate::{
    sim::{crash::Crash, disk::SimDisk, platter::Platter, rng::Rng},
    world::{
        header::{Header, Position},
        keys::{SimKeys, no_waiting},
    },
};

const CODE: &[u8] = b"cinco palabras de prueba nada";
const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };

/// What happens in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// A few notes.
    Notes,
    /// Codes that open nothing, and sometimes the right one, to look only.
    WrongCodes,
    /// Notes, and at some moment the process dies.
    Killed,
    /// Notes, and at some moment the power goes.
    PowerLost,
    /// A medium larger than what the session may write unseen.
    Large,
    /// The same, and a full pass before anybody images the phone.
    LargeAndFullPass,
}

/// Both files as a running system sees them.
pub fn image_of(platter: &Platter) -> Image {
    ["vault", "reserve"].map(|name| platter.content(platter.find(name).unwrap()).clone())
}

/// What the public header says.
pub fn layout_of(image: &Image) -> Layout {
    let header = Header::read(&image[0], 0).unwrap();
    let places = |positions: Vec<Position>| {
        let place = |p: Position| Place { file: p.file, at: p.at, len: p.len, half: p.half };
        positions.into_iter().map(place).collect()
    };
    Layout {
        pages: places(header.pages()),
        cells: places(header.cells()),
        sets: [header.set_pages, header.set_cells],
        plain: vec![(0, 0, 2 * 4_096)],
    }
}

/// A phone and its images.
pub struct History {
    pub disk: SimDisk,
    pub keys: SimKeys,
    pub images: Vec<Image>,
    pub rng: Rng,
    random: Random,
    /// Bytes of the large media.
    large: usize,
}

impl History {
    /// A new phone that was locked once; nobody has an image from before that.
    pub fn new(geometry: &Geometry, seed: u64, random: Random) -> Self {
        let mut history = Self {
            disk: SimDisk::default(),
            keys: SimKeys::default(),
            images: Vec::new(),
            rng: Rng::new(seed),
            random,
            large: geometry.cells as usize / 2 * 65_536 * 3 / 4,
        };
        let surroundings = history.surroundings();
        let mut vault = Container::create(surroundings, CODE, CHEAP, geometry).unwrap();
        vault
            .write("table", |tx| {
                tx.execute_batch("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT)")
            })
            .unwrap();
        vault.lock().unwrap();
        history.images.push(history.image());
        history
    }

    /// One session, then an image.
    pub fn session(&mut self, session: Session) {
        match session {
            Session::Killed | Session::PowerLost => {
                // As many operations as a session may have, or fewer.
                let number = self.disk.operations() + self.rng.below(220);
                self.disk.stop_at(number);
                let _ = self.notes();
                let torn = *self.rng.pick(&[Crash::Lost, Crash::Some, Crash::TornAtSectors]);
                let crash = if session == Session::Killed { Crash::Kept } else { torn };
                self.disk = self.disk.after(crash, &mut self.rng);
            }
            Session::Notes => self.notes().unwrap(),
            Session::WrongCodes => self.wrong_codes().unwrap(),
            Session::Large => self.large(false).unwrap(),
            Session::LargeAndFullPass => self.large(true).unwrap(),
        }
        self.images.push(self.image());
    }

    pub fn layout(&self) -> Layout {
        layout_of(&self.images[0])
    }

    pub fn image(&self) -> Image {
        image_of(&self.disk.platter())
    }

    pub fn open(&self) -> Result<Container, VaultError> {
        Container::open(self.surroundings())
    }

    fn surroundings(&self) -> Surroundings {
        let device: std::sync::Arc<dyn DeviceKeys> = std::sync::Arc::new(self.keys.clone());
        Surroundings {
            disk: std::sync::Arc::new(self.disk.clone()),
            device,
            random: self.random.clone(),
            uptime: no_waiting(),
        }
    }

    fn notes(&mut self) -> Result<(), VaultError> {
        let mut vault = self.open()?.unlock(CODE)?;
        for _ in 0..1 + self.rng.below(4) {
            self.note(&mut vault, 300)?;
        }
        vault.write("tidy", |tx| {
            tx.execute_batch("DELETE FROM note WHERE id < (SELECT max(id) - 100 FROM note)")
        })?;
        vault.lock()
    }

    /// Notes of so many letters.
    pub fn note(&mut self, vault: &mut amate_vault::Vault, len: usize) -> Result<(), VaultError> {
        let text = "x".repeat(1 + self.rng.below(len));
        vault.write("note", |tx| tx.execute("INSERT INTO note(text) VALUES(?1)", [text]))?;
        Ok(())
    }

    fn wrong_codes(&mut self) -> Result<(), VaultError> {
        let container = self.open()?;
        for _ in 0..1 + self.rng.below(3) {
            assert!(matches!(container.unlock(b"otra"), Err(VaultError::CannotOpen)));
        }
        if self.rng.once_in(3) { container.unlock(CODE)?.lock() } else { Ok(()) }
    }

    fn large(&mut self, full_pass: bool) -> Result<(), VaultError> {
        let container = self.open()?;
        let mut vault = container.unlock(CODE)?;
        let mut writer = vault.begin_medium()?;
        for _ in 0..self.large / 10_000 {
            writer.write(&[7; 10_000])?;
        }
        let medium = writer.finish()?;
        vault.write("record", |tx| medium.record(tx))?;
        vault.delete_medium(&medium.id)?;
        assert!(container.full_pass_due()?, "the person is told");
        vault.lock()?;
        if full_pass {
            container.full_pass(|_, _| true)?;
            assert!(!container.full_pass_due()?);
        }
        Ok(())
    }
}
