// SPDX-License-Identifier: MPL-2.0
//! What a person and a phone do to a store, one step at a time.

use super::sql::{self, Transaction};
use crate::sim::{crash::Crash, rng::Rng};

/// Bytes of a cell.
const CELL: usize = 65_536;

/// A step changes one thing, so that the state between two steps is one of two.
#[derive(Clone, Debug)]
pub enum Step {
    Sql(Transaction),
    /// A medium begins.
    Begin,
    /// Its writer gets so many bytes.
    More(usize),
    MakeDurable,
    /// Its end is sealed.
    Finish,
    /// It is named by a commit.
    Record,
    /// Its writer is dropped without an end.
    Abandon,
    /// The other recorder is meant from here on: two of them may go on.
    Swap,
    /// So many entries wait in the spool, in place of those that waited.
    Spool(u8),
    /// The key store forgets nothing, or works again.
    ForgetFails(bool),
    /// The nth known medium is deleted.
    Delete(usize),
    ChangeCode,
    FullPass,
    Grow,
    Lock,
    WrongCode,
    Unlock,
    /// The process dies, or the power goes; then the files are opened again, still locked.
    Kill(Crash),
}

/// Which steps may come.
#[derive(Clone, Copy)]
pub struct Kinds {
    pub kills: bool,
    /// Full passes, growth and changes of the code.
    pub rare: bool,
    /// Longest piece of a medium.
    pub media: usize,
    /// Bytes of all pieces and of a cell more for each, which being durable may cost: so that a life
    /// that may not run out of room does not.
    pub room: usize,
}

/// Draws steps that are possible where they stand.
pub struct Script {
    pub rng: Rng,
    kinds: Kinds,
    open: bool,
    writer: Writer,
    media: usize,
    grown: usize,
}

#[derive(PartialEq)]
enum Writer {
    None,
    Writing,
    Finished,
}

impl Script {
    /// Begins with an unlocked, empty store.
    pub fn new(seed: u64, kinds: Kinds) -> Self {
        let rng = Rng::new(seed);
        Self { rng, kinds, open: true, writer: Writer::None, media: 0, grown: 0 }
    }

    /// Goes on where another life ended, unlocked, with so many media.
    pub fn after_media(seed: u64, kinds: Kinds, media: usize) -> Self {
        Self { media, ..Self::new(seed, kinds) }
    }

    fn draw(&mut self) -> Step {
        if self.kinds.kills && self.rng.once_in(25) {
            return Step::Kill(*self.rng.pick(&Crash::ALL));
        }
        if !self.open {
            return self.draw_locked();
        }
        if self.kinds.rare && self.rng.once_in(40) {
            return match self.rng.below(4) {
                0 | 1 => Step::ChangeCode,
                2 => Step::FullPass,
                _ if self.grown < 2 => Step::Grow,
                _ => Step::FullPass,
            };
        }
        match (&self.writer, self.rng.below(16)) {
            (_, 0..6) => Step::Sql(sql::transaction(&mut self.rng)),
            (Writer::Writing, 6..10) => self.draw_piece(),
            (Writer::Writing, 10..12) => Step::MakeDurable,
            (Writer::Writing, 12) => Step::Finish,
            (Writer::Writing, 13) if self.rng.once_in(3) => Step::Abandon,
            (Writer::Finished, 6..13) => Step::Record,
            (Writer::None, 6..9) if self.media < 6 => Step::Begin,
            (Writer::None, 9..11) if self.media > 0 => Step::Delete(self.rng.below(self.media)),
            (Writer::None, 11..14) | (Writer::Writing, 14) => Step::Lock,
            _ => Step::Sql(sql::transaction(&mut self.rng)),
        }
    }

    /// A recording goes on while the store is locked.
    fn draw_locked(&mut self) -> Step {
        match (&self.writer, self.rng.below(12)) {
            (_, 0) => Step::WrongCode,
            (Writer::Writing, 1..5) => self.draw_piece(),
            (Writer::Writing, 5..7) => Step::MakeDurable,
            (Writer::Writing, 7) => Step::Abandon,
            (Writer::Writing, 8) => Step::Finish,
            (_, 1..4) => Step::WrongCode,
            _ => Step::Unlock,
        }
    }

    fn draw_piece(&mut self) -> Step {
        let left = self.kinds.room.saturating_sub(CELL);
        Step::More(self.rng.below(self.kinds.media).min(left))
    }

    /// Follows a step that was done; one that was refused is not told.
    pub fn done(&mut self, step: &Step) {
        match step {
            Step::Begin => {
                self.writer = Writer::Writing;
                self.media += 1;
            }
            Step::Finish => self.writer = Writer::Finished,
            Step::Record | Step::Abandon => self.writer = Writer::None,
            Step::Delete(_) => self.media -= 1,
            Step::More(length) => self.kinds.room = self.kinds.room.saturating_sub(length + CELL),
            Step::Grow => self.grown += 1,
            Step::Lock => self.open = false,
            Step::Unlock => self.open = true,
            Step::Kill(_) => {
                self.open = false;
                self.writer = Writer::None;
            }
            Step::Sql(_)
            | Step::MakeDurable
            | Step::ChangeCode
            | Step::FullPass
            | Step::Swap
            | Step::Spool(_)
            | Step::ForgetFails(_)
            | Step::WrongCode => {}
        }
    }

    /// The next step.
    pub fn step(&mut self) -> Step {
        self.draw()
    }

    /// Whether it stands unlocked.
    pub fn is_open(&self) -> bool {
        self.open
    }
}
