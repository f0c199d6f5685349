// SPDX-License-Identifier: MPL-2.0
//! Reading a medium: from its beginning, or any range; one chunk in memory.

use std::{
    fs::File,
    io::{self, ErrorKind, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::Path,
};

use amate_seal::{hash::Hasher, secret::Secret};
use zeroize::Zeroizing;

use super::chain::{CHUNK, Chain, FRAMING};
use crate::VaultError;

/// Chain states are kept for every so many chunks, so that a range is found in few steps.
const KEPT: u64 = 64;

/// Content of a medium. Reading goes on from where it stands; [`MediaReader::seek_to`] moves it.
pub struct MediaReader {
    file: File,
    chunks: Vec<Chunk>,
    kept: Vec<Chain>,
    chain: Chain,
    next: usize,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
    length: u64,
}

/// Where a chunk stands.
#[derive(Clone, Copy)]
struct Chunk {
    at: u64,
    offset: u64,
    len: usize,
}

/// What a walk found.
pub(super) struct Prefix {
    pub(super) length: u64,
    pub(super) sha256: [u8; 32],
    pub(super) ended: bool,
}

impl MediaReader {
    pub(super) fn open(path: &Path, key: Secret<32>, length: u64) -> Result<Self, VaultError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(VaultError::Damaged),
            other => other?,
        };
        let chunks = table(&file)?;
        let chain = Chain::new(key);
        let reader = Self {
            file,
            chunks,
            kept: vec![chain.clone()],
            chain,
            next: 0,
            plain: Zeroizing::new(Vec::new()),
            given: 0,
            length,
        };
        let all: u64 = reader.chunks.iter().map(|chunk| chunk.len as u64).sum();
        if all < length { Err(VaultError::Damaged) } else { Ok(reader) }
    }

    /// Bytes of content.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Goes to a byte of the content.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the chunk there does not open; beyond the end reads give
    /// nothing.
    pub fn seek_to(&mut self, offset: u64) -> Result<(), VaultError> {
        let at = self.chunks.partition_point(|chunk| chunk.offset + chunk.len as u64 <= offset);
        let before = (at as u64 / KEPT).min(self.kept.len() as u64 - 1) as usize;
        if let Some(chain) = self.kept.get(before) {
            self.chain = chain.clone();
        }
        while self.chain.index() < at as u64 {
            self.chain.step();
            self.keep();
        }
        self.next = at;
        self.plain.clear();
        self.given = 0;
        if let Some(chunk) = self.chunks.get(at).copied() {
            self.open_chunk().map_err(|_| VaultError::Damaged)?;
            self.given = offset.saturating_sub(chunk.offset) as usize;
        }
        Ok(())
    }

    fn open_chunk(&mut self) -> io::Result<bool> {
        let Some(chunk) = self.chunks.get(self.next).copied() else { return Ok(false) };
        let mut tag = [0; 16];
        self.plain.resize(chunk.len, 0);
        self.file.read_exact_at(&mut self.plain, chunk.at + 4)?;
        self.file.read_exact_at(&mut tag, chunk.at + 4 + chunk.len as u64)?;
        self.chain.open(&mut self.plain, &tag).map_err(|_| ErrorKind::InvalidData)?;
        self.keep();
        self.next += 1;
        self.given = 0;
        Ok(true)
    }

    fn keep(&mut self) {
        if self.chain.index() == self.kept.len() as u64 * KEPT {
            self.kept.push(self.chain.clone());
        }
    }

    fn position(&self) -> u64 {
        let before = self.next.checked_sub(1).and_then(|at| self.chunks.get(at));
        before.map_or(0, |chunk| chunk.offset + self.given as u64)
    }
}

impl Read for MediaReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.plain.len() {
            if !self.open_chunk()? {
                return Ok(0);
            }
        }
        let left = usize::try_from(self.length.saturating_sub(self.position())).unwrap_or(CHUNK);
        let ready = self.plain.get(self.given..).unwrap_or_default();
        let n = ready.len().min(out.len()).min(left);
        for (to, from) in out.iter_mut().zip(ready.iter().take(n)) {
            *to = *from;
        }
        self.given += n;
        Ok(n)
    }
}

impl Seek for MediaReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position().checked_add_signed(by),
        };
        let target = target.ok_or(ErrorKind::InvalidInput)?;
        self.seek_to(target).map_err(|_| ErrorKind::InvalidData)?;
        Ok(target)
    }
}

/// Opens chunks from the beginning until one does not.
pub(super) fn walk(path: &Path, key: Secret<32>) -> Result<Prefix, VaultError> {
    let mut prefix = Prefix { length: 0, sha256: [0; 32], ended: false };
    let mut hasher = Hasher::default();
    let mut chain = Chain::new(key);
    let Ok(file) = File::open(path) else {
        prefix.sha256 = hasher.finish();
        return Ok(prefix);
    };
    for chunk in table(&file)? {
        let mut data = Zeroizing::new(vec![0; chunk.len]);
        let mut tag = [0; 16];
        let read = file
            .read_exact_at(&mut data, chunk.at + 4)
            .and_then(|()| file.read_exact_at(&mut tag, chunk.at + 4 + chunk.len as u64));
        let Some(end) = read.ok().and_then(|()| chain.open(&mut data, &tag).ok()) else { break };
        hasher.update(&data);
        prefix.length += chunk.len as u64;
        prefix.ended = end;
    }
    prefix.sha256 = hasher.finish();
    Ok(prefix)
}

/// Whole chunks of a file, by their plain lengths; a torn tail is left out.
fn table(file: &File) -> Result<Vec<Chunk>, VaultError> {
    let end = file.metadata()?.len();
    let (mut at, mut offset, mut chunks) = (0_u64, 0_u64, Vec::new());
    let mut head = [0; 4];
    while at + FRAMING <= end {
        file.read_exact_at(&mut head, at)?;
        let len = u32::from_be_bytes(head) as usize;
        let next = at + FRAMING + len as u64;
        if len > CHUNK || next > end {
            break;
        }
        chunks.push(Chunk { at, offset, len });
        offset += len as u64;
        at = next;
    }
    Ok(chunks)
}
