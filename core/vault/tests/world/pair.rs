// SPDX-License-Identifier: MPL-2.0
//! A store and the oracle that do the same steps.

use amate_vault::{
    CodeCost, Container, Extent, FinishedMedium, Geometry, MediaWriter, MediumId, MediumState,
    SpoolEntry, Vault, VaultError,
};

use super::{
    keys::{Call, SimKeys, surroundings},
    sql,
    state::State,
    steps::Step,
};
use crate::{
    reference::{Reference, State as Progress},
    sim::{crash::Crash, disk::SimDisk, rng::Rng},
};

/// Cheap on purpose: what is tested here is not the KDF.
pub const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };

/// Two halves, small: sets run out, records are folded and cells end within a few steps.
pub const SMALL: Geometry = Geometry {
    halves: 2,
    spool: 1,
    grows: false,
    pages: 600,
    cells: 48,
    journal: 64,
    set_pages: 64,
    set_cells: 8,
};

/// As a desk: one half that grows, no sets.
pub const DESK: Geometry = Geometry { pages: 128, cells: 4, ..Geometry::desk() };

/// Media up to this many bytes are durable with their record, not before.
const SMALL_MEDIUM: usize = 16 * 1024;

/// Both of them.
pub struct Pair {
    pub disk: SimDisk,
    pub keys: SimKeys,
    pub container: Container,
    pub vault: Option<Vault>,
    pub code: Vec<u8>,
    oracle: Reference,
    writer: Writer,
    /// Of another recorder.
    other: Writer,
    spool: Vec<SpoolEntry>,
    last: State,
    seed: u64,
    changes_of_code: u64,
}

enum Writer {
    None,
    Writing(MediaWriter),
    /// A medium that ended, with its content.
    Finished(FinishedMedium, Vec<u8>),
}

impl Pair {
    /// A new store with tables; `disk` is empty.
    pub fn create(disk: SimDisk, geometry: &Geometry, seed: u64) -> Result<Self, VaultError> {
        let mut pair = Self::bare(disk, geometry, seed)?;
        let statements = vec![sql::SCHEMA.to_owned()];
        pair.run(&Step::Sql(sql::Transaction { statements, fails: false }))?;
        Ok(pair)
    }

    /// A new store without tables.
    pub fn bare(disk: SimDisk, geometry: &Geometry, seed: u64) -> Result<Self, VaultError> {
        let keys = SimKeys::default();
        keys.follow(&disk);
        let code = b"cinco palabras de prueba nada".to_vec();
        let vault = Container::create(surroundings(&disk, &keys, seed), &code, CHEAP, geometry)?;
        let oracle = Reference::create(&code);
        Ok(Self {
            disk,
            keys,
            container: vault.container().clone(),
            vault: Some(vault),
            last: State::of(&oracle, &code),
            code,
            oracle,
            writer: Writer::None,
            other: Writer::None,
            spool: Vec::new(),
            seed,
            changes_of_code: 0,
        })
    }

    /// What waits to leave.
    pub fn spool(&self) -> Vec<SpoolEntry> {
        self.spool.clone()
    }

    /// What the store must hold now.
    pub fn state(&self) -> State {
        self.last.clone()
    }

    /// Does a step in both. After an error the oracle did nothing, and the step's writer is gone.
    pub fn run(&mut self, step: &Step) -> Result<(), VaultError> {
        let done = self.step(step);
        if self.oracle.is_open() {
            self.last = State::of(&self.oracle, &self.code);
        } else {
            self.last.media = self.oracle.media.clone();
        }
        done
    }

    fn step(&mut self, step: &Step) -> Result<(), VaultError> {
        match step {
            Step::Sql(transaction) => self.sql(transaction)?,
            Step::Begin => {
                let writer = self.vault()?.begin_medium()?;
                self.oracle.media.begin(writer.id());
                self.writer = Writer::Writing(writer);
            }
            Step::More(len) => self.more(*len)?,
            Step::MakeDurable => {
                let writer = self.writing();
                let id = writer.id();
                let durable = writer.make_durable();
                self.or_gone(durable)?;
                self.oracle.media.make_durable(&id);
            }
            Step::Finish => self.finish()?,
            Step::Record => self.record()?,
            Step::Abandon => self.writer = Writer::None,
            Step::Swap => std::mem::swap(&mut self.writer, &mut self.other),
            Step::Spool(count) => {
                let entry = |n| SpoolEntry { note: vec![n; 30], body: vec![n; 9_000] };
                let entries: Vec<SpoolEntry> = (0..*count).map(entry).collect();
                match self.vault()?.set_spool(entries.clone()) {
                    // A desk has none.
                    Err(VaultError::Geometry) => {}
                    other => {
                        other?;
                        self.spool = entries;
                    }
                }
            }
            Step::ForgetFails(true) => self.keys.fail(Call::Forget, 0, false),
            Step::ForgetFails(false) => drop(self.keys.heal()),
            Step::Delete(n) => {
                let id = self.medium(*n);
                self.vault()?.delete_medium(&id)?;
                self.oracle.media.delete(&id);
            }
            Step::ChangeCode => {
                let new = format!("otras palabras {}", self.changes_of_code).into_bytes();
                self.vault()?.change_code(&new)?;
                self.changes_of_code += 1;
                self.oracle.change_code(&new);
                self.code = new;
            }
            Step::FullPass => self.container.full_pass(|_, _| true)?,
            Step::Grow => self.vault()?.grow(Extent { pages: 80, cells: 4 })?,
            Step::Lock => {
                self.oracle.lock();
                self.vault.take().expect("unlocked").lock()?;
            }
            Step::WrongCode => match self.container.unlock(b"otra") {
                Err(VaultError::CannotOpen) => {}
                Err(other) => return Err(other),
                Ok(_) => panic!("a wrong code opened"),
            },
            Step::Unlock => self.unlock()?,
            Step::Kill(crash) => self.kill(*crash),
        }
        Ok(())
    }

    /// The code that the next change of code sets.
    pub fn next_code(&self) -> Vec<u8> {
        format!("otras palabras {}", self.changes_of_code).into_bytes()
    }

    /// Whether the store holds what the oracle holds, as it stands, unlocked.
    pub fn agrees(&self) -> Result<(), String> {
        let writing = [&self.writer, &self.other].map(|writer| match writer {
            Writer::None => None,
            Writer::Writing(writer) => Some(writer.id()),
            Writer::Finished(medium, _) => Some(medium.id),
        });
        let vault = self.vault.as_ref().expect("unlocked");
        self.last.matches_running(vault, writing)
    }

    /// The power goes; what the disk kept is opened by another process.
    fn kill(&mut self, crash: Crash) {
        let mut rng = Rng::new(self.seed ^ self.disk.operations() as u64);
        let found = self.disk.after(crash, &mut rng);
        let keys = self.keys.copy();
        self.disk.stop();
        self.writer = Writer::None;
        self.other = Writer::None;
        self.vault = None;
        self.seed += 1;
        let opened = Container::open(surroundings(&found, &keys, self.seed));
        self.container = opened.unwrap_or_else(|error| panic!("after {crash:?}: {error}"));
        self.disk = found;
        self.keys = keys;
        self.oracle.lock();
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        let vault = self.container.unlock(&self.code)?;
        self.oracle.unlock(&self.code).unwrap();
        let running = [&self.writer, &self.other].map(|writer| match writer {
            Writer::Writing(writer) => Some(writer.id()),
            _ => None,
        });
        // The walk says how much of a cut medium was found; the oracle knows the bounds.
        for (id, medium) in self.oracle.media.0.clone() {
            if medium.state == Progress::Open && !running.contains(&Some(id)) {
                let info = vault.medium(&id)?;
                let (len, all) = (info.length as usize, medium.content.len());
                assert!(
                    (medium.durable..=all).contains(&len),
                    "{len} bytes found of a medium: {medium:?}"
                );
                self.oracle.media.found(&id, len);
                if medium.may_have_ended && info.state == MediumState::Whole && len == all {
                    self.oracle.media.finish(&id);
                }
            }
        }
        self.oracle.media.walk(running);
        self.vault = Some(vault);
        Ok(())
    }

    fn sql(&mut self, transaction: &sql::Transaction) -> Result<(), VaultError> {
        let run = |tx: &rusqlite::Transaction<'_>| {
            transaction.statements.iter().try_for_each(|statement| tx.execute_batch(statement))
        };
        match self.vault()?.write("sql", run) {
            Err(VaultError::Sql(_)) if transaction.fails => {}
            other => other?,
        }
        assert_eq!(self.oracle.write(run).is_err(), transaction.fails, "{transaction:?}");
        Ok(())
    }

    fn more(&mut self, len: usize) -> Result<(), VaultError> {
        let writer = self.writing();
        let id = writer.id();
        let bytes = Rng::new(writer.length() ^ u64::from(id[0])).bytes(len);
        let written = writer.write(&bytes);
        // Also when it failed: any of it may be found.
        self.oracle.media.write(&id, &bytes);
        self.or_gone(written)
    }

    fn finish(&mut self) -> Result<(), VaultError> {
        let Writer::Writing(writer) = std::mem::replace(&mut self.writer, Writer::None) else {
            panic!("nothing is written")
        };
        let id = writer.id();
        let medium = &self.oracle.media.0[&id];
        let (content, durable) = (medium.content.to_vec(), medium.durable);
        let finished = match writer.finish() {
            Err(error) => {
                self.oracle.media.may_have_ended(&id);
                return Err(error);
            }
            Ok(finished) => finished,
        };
        if durable > 0 || content.len() > SMALL_MEDIUM {
            self.oracle.media.finish(&id);
        }
        self.writer = Writer::Finished(finished, content);
        Ok(())
    }

    fn record(&mut self) -> Result<(), VaultError> {
        let Writer::Finished(medium, content) = &self.writer else { panic!("nothing ended") };
        let note = "INSERT INTO w_note(topic, text) VALUES(3, 'grabación')";
        let vault = self.vault.as_mut().expect("unlocked");
        vault.write("record", |tx| {
            tx.execute(note, [])?;
            medium.record(tx)
        })?;
        self.oracle.media.record(&medium.id, content);
        self.oracle.write(|tx| tx.execute(note, [])).unwrap();
        self.writer = Writer::None;
        Ok(())
    }

    /// A writer that met an error is dropped.
    fn or_gone(&mut self, result: Result<(), VaultError>) -> Result<(), VaultError> {
        if result.is_err() {
            self.writer = Writer::None;
        }
        result
    }

    fn medium(&self, n: usize) -> MediumId {
        *self.oracle.media.0.keys().nth(n).expect("so many media")
    }

    fn vault(&mut self) -> Result<&mut Vault, VaultError> {
        Ok(self.vault.as_mut().expect("unlocked"))
    }

    fn writing(&mut self) -> &mut MediaWriter {
        match &mut self.writer {
            Writer::Writing(writer) => writer,
            _ => panic!("nothing is written"),
        }
    }
}
