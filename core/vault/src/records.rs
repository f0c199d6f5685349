// SPDX-License-Identifier: MPL-2.0
//! The vault as its users see it: SQLite in memory over an engine, writers and readers apart.

use std::path::{Path, PathBuf};

use amate_seal::{kdf::CodeCost, random::CryptoRng};
use rusqlite::{
    Connection, MAIN_DB, Transaction,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::{
    VaultError,
    container::Container,
    engine::{Engine, Reference},
    media,
};

/// A step of the schema. A released one never changes.
pub struct Migration {
    /// Rising from 1.
    pub version: u32,
    /// For people who debug.
    pub name: &'static str,
    /// Runs inside one transaction, row by row.
    pub apply: fn(&Transaction<'_>) -> rusqlite::Result<()>,
}

/// An open vault. Dropping it locks it: the keys are wiped and the file released. What SQLite's
/// allocator freed is not wiped: said in docs/known-issues.md until the sealed store replaces it.
pub struct Vault {
    dir: PathBuf,
    db: Connection,
    engine: Box<dyn Engine + Send>,
}

impl Vault {
    /// Makes a vault in `dir`, which must hold none.
    ///
    /// # Errors
    /// [`VaultError::Exists`], [`VaultError::NoSpace`], the file system's.
    pub fn create(
        dir: &Path,
        code: &[u8],
        cost: CodeCost,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, VaultError> {
        let (container, key) = Container::create(dir, code, cost, rng)?;
        let mut engine = Reference::new(container, key);
        engine.commit(&[])?;
        let mut vault = Self::over(dir, engine)?;
        vault.write("media table", media::create_table)?;
        Ok(vault)
    }

    /// Opens the vault in `dir` and walks what a killed recording left.
    ///
    /// # Errors
    /// [`VaultError::CannotOpen`] for a wrong code as for an altered header;
    /// [`VaultError::Damaged`] only after the code opened.
    pub fn open(dir: &Path, code: &[u8]) -> Result<Self, VaultError> {
        let (container, key) = Container::open(dir, code)?;
        let mut vault = Self::over(dir, Reference::new(container, key))?;
        media::walk_open(&mut vault)?;
        Ok(vault)
    }

    /// Runs the migrations that this vault has not seen.
    ///
    /// # Errors
    /// [`VaultError::NeedsNewerVersion`] when it has seen one that is not listed.
    pub fn migrate(&mut self, migrations: &[Migration]) -> Result<(), VaultError> {
        let seen: u32 =
            self.read(|db| db.pragma_query_value(None, "user_version", |row| row.get(0)))?;
        let newest = migrations.iter().map(|migration| migration.version).max().unwrap_or(0);
        if seen > newest {
            return Err(VaultError::NeedsNewerVersion);
        }
        for migration in migrations.iter().filter(|migration| migration.version > seen) {
            self.write(migration.name, |tx| {
                (migration.apply)(tx)?;
                tx.pragma_update(None, "user_version", migration.version)
            })?;
        }
        Ok(())
    }

    /// Reads records.
    ///
    /// # Errors
    /// The closure's.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        Ok(read(&self.db)?)
    }

    /// Writes records: all of it is durable when this returns, or nothing changed. `name` says
    /// what for, to people who debug.
    ///
    /// # Errors
    /// The closure's; [`VaultError::NoSpace`] with the old state kept; [`VaultError::Poisoned`]
    /// after a failed flush, until the vault is opened again.
    pub fn write<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        debug_assert!(!name.is_empty());
        let tx = self.db.transaction()?;
        let value = write(&tx)?;
        tx.commit()?;
        let committed = {
            let image = self.db.serialize(MAIN_DB)?;
            self.engine.commit(&image)
        };
        if let Err(error) = committed {
            // Memory goes back to what the disk has; if even that fails, the error still stands.
            if let Ok(db) = self.engine.load().and_then(|image| connect(&image)) {
                self.db = db;
            }
            return Err(error);
        }
        Ok(value)
    }

    /// Folder of the vault.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    fn over(dir: &Path, mut engine: Reference) -> Result<Self, VaultError> {
        let db = connect(&engine.load()?)?;
        Ok(Self { dir: dir.to_path_buf(), db, engine: Box::new(engine) })
    }
}

/// Text as it is searched: lower case, without accents, with ’ ' ʼ ꞌ folded to one letter, so that
/// the orthographies of indigenous languages are found however they were typed.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            '’' | '\'' | 'ʼ' | 'ꞌ' | 'Ꞌ' | '‘' | '`' | '´' => Some('ꞌ'),
            'á' | 'à' | 'ä' | 'â' | 'ā' | 'ã' => Some('a'),
            'é' | 'è' | 'ë' | 'ê' | 'ē' => Some('e'),
            'í' | 'ì' | 'ï' | 'î' | 'ī' => Some('i'),
            'ó' | 'ò' | 'ö' | 'ô' | 'ō' | 'õ' => Some('o'),
            'ú' | 'ù' | 'ü' | 'û' | 'ū' => Some('u'),
            'ñ' => Some('n'),
            '\u{300}'..='\u{36f}' => None,
            other => Some(other),
        })
        .collect()
}

fn connect(image: &[u8]) -> Result<Connection, VaultError> {
    let mut db = Connection::open_in_memory()?;
    if !image.is_empty() {
        db.deserialize_read_exact(MAIN_DB, image, image.len(), false)
            .map_err(|_| VaultError::Damaged)?;
    }
    db.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;",
    )
    .map_err(|_| VaultError::Damaged)?;
    db.authorizer(Some(authorise))?;
    Ok(db)
}

/// Denies what would open a file.
fn authorise(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => Authorization::Deny,
        AuthAction::Function { function_name: "load_extension" } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}
