// SPDX-License-Identifier: MPL-2.0
//! Invented rows and notes, the same for all: made from words, by numbers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::Stopped;

/// Bytes of a row. With SQLite's own few, two share a page of 4 096 bytes as long as no more than
/// 18 of each page are given to something else: SQLCipher's seal takes 80.
pub(crate) const ROW: usize = 2_020;
/// What is searched for: in each tenth note or so.
pub(crate) const SOUGHT: &str = "asamblea camino";

/// The first come more often.
const WORDS: &str = "\
    el la de que en por con una camino asamblea puerta noche lluvia mercado reunión pozo \
    maíz escuela vecina comité llegaron preguntaron anotamos esperamos volvió cerraron avisó \
    sembramos puente cerro milpa plaza radio cuaderno campana acuerdo faena arroyo portón \
    jueves temprano después nadie todas lejos otra vez tarde";

/// A file of so many rows, one after another.
pub(crate) fn rows(dir: &Path, count: usize) -> Result<PathBuf, Stopped> {
    let mut words = Words::new(1);
    let mut text = Vec::with_capacity(count * ROW);
    for _ in 0..count {
        let mut row = words.sentence(400);
        let mut end = ROW;
        while !row.is_char_boundary(end) {
            end -= 1;
        }
        row.truncate(end);
        text.extend_from_slice(row.as_bytes());
        text.resize(text.len() + ROW - end, b'.');
    }
    write(dir.join("filas.txt"), &text)
}

/// A file of so many short notes, one a line.
pub(crate) fn notes(dir: &Path, count: usize) -> Result<PathBuf, Stopped> {
    let mut words = Words::new(2);
    let lines: String = (0..count).map(|_| words.sentence(16) + "\n").collect();
    write(dir.join("notas.txt"), lines.as_bytes())
}

fn write(path: PathBuf, bytes: &[u8]) -> Result<PathBuf, Stopped> {
    fs::write(&path, bytes)?;
    Ok(path)
}

/// Words in an order that looks like none and is always the same.
struct Words {
    state: u64,
    all: Vec<&'static str>,
}

impl Words {
    fn new(state: u64) -> Self {
        Self { state, all: WORDS.split(' ').collect() }
    }

    fn sentence(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn word(&mut self) -> &'static str {
        self.state =
            self.state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let part = (self.state >> 40) as f64 / f64::from(1 << 24);
        let at = (part * part * self.all.len() as f64) as usize;
        self.all.get(at).copied().unwrap_or("y")
    }
}
