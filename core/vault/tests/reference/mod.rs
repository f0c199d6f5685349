// SPDX-License-Identifier: MPL-2.0
//! The oracle: the reference engine that the sealed store replaced, in memory. It seals the whole
//! database at each commit and keeps media as plain bytes; too simple to be wrong where the store
//! could be. It knows of no crash: who asks it says what happened.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by tests, and a test stops where it fails"
)]

mod container;
mod engine;
mod media;

use rusqlite::{Connection, MAIN_DB, Transaction};

pub use self::media::{Media, State};
use self::{container::Container, engine::Engine};

/// What the oracle can end in, other than done.
#[derive(Debug, PartialEq)]
pub enum Refused {
    CannotOpen,
    NoSpace,
    Sql(String),
}

/// A vault of the reference engine.
pub struct Reference {
    engine: Engine,
    db: Option<Connection>,
    pub media: Media,
}

impl Reference {
    pub fn create(code: &[u8]) -> Self {
        let (container, key) = Container::create(code);
        let mut engine = Engine::new(container, key);
        engine.commit(&[]).unwrap();
        let db = Some(connect(&engine.load()));
        Self { engine, db, media: Media::default() }
    }

    /// A code is tried; the right one opens what was committed.
    pub fn unlock(&mut self, code: &[u8]) -> Result<(), Refused> {
        let key = self.engine.container().open(code)?;
        self.engine.unlock(key);
        self.db = Some(connect(&self.engine.load()));
        Ok(())
    }

    pub fn lock(&mut self) {
        self.db = None;
        self.engine.lock();
    }

    pub fn is_open(&self) -> bool {
        self.db.is_some()
    }

    pub fn change_code(&mut self, new: &[u8]) {
        self.engine.change_code(new);
    }

    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> T {
        read(self.db.as_ref().expect("unlocked")).unwrap()
    }

    /// All of it, or nothing.
    pub fn write<T>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Refused> {
        let db = self.db.as_mut().expect("unlocked");
        let tx = db.transaction().map_err(sql)?;
        let value = write(&tx).map_err(sql)?;
        tx.commit().map_err(sql)?;
        let committed = {
            let image = db.serialize(MAIN_DB).map_err(sql)?;
            self.engine.commit(&image)
        };
        if let Err(error) = committed {
            self.db = Some(connect(&self.engine.load()));
            return Err(error);
        }
        Ok(value)
    }
}

fn sql(error: rusqlite::Error) -> Refused {
    Refused::Sql(error.to_string())
}

fn connect(image: &[u8]) -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    if !image.is_empty() {
        db.deserialize_read_exact(MAIN_DB, image, image.len(), false).unwrap();
    }
    db.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;",
    )
    .unwrap();
    db
}
