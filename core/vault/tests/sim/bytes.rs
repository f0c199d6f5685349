// SPDX-License-Identifier: MPL-2.0
//! Bytes of a file in shared pieces: a copy costs pointers, a write copies what it touches.

use std::sync::{Arc, OnceLock};

/// Size of a piece: a place of the file `vault`.
const PIECE: usize = 4_096;

type Piece = Arc<[u8; PIECE]>;

/// Content of a file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bytes {
    pieces: Vec<Piece>,
    len: usize,
}

impl Bytes {
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether all of it was there.
    #[must_use]
    pub fn read(&self, out: &mut [u8], at: usize) -> bool {
        let Some(end) = at.checked_add(out.len()).filter(|end| *end <= self.len) else {
            return false;
        };
        let mut from = at;
        while from < end {
            let within = from % PIECE;
            let n = (PIECE - within).min(end - from);
            out[from - at..from - at + n]
                .copy_from_slice(&self.pieces[from / PIECE][within..within + n]);
            from += n;
        }
        true
    }

    /// Writes; a gap before it reads as zeros.
    pub fn write(&mut self, bytes: &[u8], at: usize) {
        let end = at + bytes.len();
        if end > self.len {
            self.set_len(end);
        }
        let mut to = at;
        while to < end {
            let within = to % PIECE;
            let n = (PIECE - within).min(end - to);
            let piece = Arc::make_mut(&mut self.pieces[to / PIECE]);
            piece[within..within + n].copy_from_slice(&bytes[to - at..to - at + n]);
            to += n;
        }
    }

    pub fn set_len(&mut self, len: usize) {
        self.pieces.resize(len.div_ceil(PIECE), zeros());
        if len < self.len && !len.is_multiple_of(PIECE) {
            Arc::make_mut(&mut self.pieces[len / PIECE])[len % PIECE..].fill(0);
        }
        self.len = len;
    }

    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = vec![0; self.len];
        assert!(self.read(&mut all, 0));
        all
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        let mut all = Self::default();
        all.write(bytes, 0);
        all
    }
}

fn zeros() -> Piece {
    static ZEROS: OnceLock<Piece> = OnceLock::new();
    ZEROS.get_or_init(|| Arc::new([0; PIECE])).clone()
}
