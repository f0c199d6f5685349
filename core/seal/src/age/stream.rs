// SPDX-License-Identifier: MPL-2.0
//! The payload: 64 KiB chunks of ChaCha20-Poly1305, sealed and opened as they pass.

use std::io::{self, Read, Write};

use hkdf::Hkdf;
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroize;

use super::{
    CHUNK, Given, Identity, Recipient,
    header::{self, Header},
    recipients,
};
use crate::{CannotOpen, aead, hybrid::HybridPublic, random, secret::Secret};

const SEALED_CHUNK: usize = CHUNK + aead::TAG_LEN;

/// Seals what is written. Nothing is whole before [`Writer::finish`].
pub struct Writer<W: Write> {
    inner: W,
    key: PayloadKey,
    buffer: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// A file for these recipients.
    ///
    /// # Errors
    /// The inner writer's; `InvalidInput` for no recipient or a key of low order.
    pub fn new(inner: W, to: &[Recipient], rng: &mut impl CryptoRng) -> io::Result<Self> {
        let file_key = Secret::random(rng);
        let stanzas = to
            .iter()
            .map(|recipient| recipients::wrap(&file_key, recipient, rng))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| io::ErrorKind::InvalidInput)?;
        if stanzas.is_empty() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Self::begin(inner, &stanzas, &file_key, random::bytes(rng))
    }

    /// A file for one recipient with everything random given: the same input, the same bytes.
    ///
    /// # Errors
    /// As [`Writer::new`].
    pub fn given(inner: W, to: &HybridPublic, given: &Given) -> io::Result<Self> {
        let stanza = recipients::wrap_hybrid(&given.file_key, to, &given.encapsulation)
            .map_err(|_| io::ErrorKind::InvalidInput)?;
        Self::begin(inner, &[stanza], &given.file_key, given.nonce)
    }

    fn begin(
        mut inner: W,
        stanzas: &[header::Stanza],
        file_key: &Secret<16>,
        nonce: [u8; 16],
    ) -> io::Result<Self> {
        let header = header::write(stanzas, file_key).map_err(|_| io::ErrorKind::InvalidInput)?;
        inner.write_all(&header)?;
        inner.write_all(&nonce)?;
        let key = PayloadKey::new(file_key, &nonce);
        Ok(Self { inner, key, buffer: Vec::with_capacity(SEALED_CHUNK) })
    }

    /// Seals the last chunk and gives the inner writer back, not flushed.
    ///
    /// # Errors
    /// The inner writer's.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal_chunk(true)?;
        self.buffer.zeroize();
        Ok(self.inner)
    }

    fn seal_chunk(&mut self, last: bool) -> io::Result<()> {
        let tag = self.key.seal(last, &mut self.buffer);
        self.buffer.extend_from_slice(&tag);
        self.inner.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl Writer<Vec<u8>> {
    /// What was sealed so far; the caller takes it away to keep memory small.
    pub fn sealed(&mut self) -> &mut Vec<u8> {
        &mut self.inner
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for its successor: only then is it known not to be the last.
        if self.buffer.len() == CHUNK && !bytes.is_empty() {
            self.seal_chunk(false)?;
        }
        let room = CHUNK.saturating_sub(self.buffer.len()).min(bytes.len());
        let (now, _) = bytes.split_at(room);
        self.buffer.extend_from_slice(now);
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Opens a file. A read gives only bytes of authenticated chunks; every failure of authentication
/// or form is `InvalidData`.
pub struct Reader<R: Read> {
    inner: R,
    key: PayloadKey,
    /// Sealed bytes that were read: at most one chunk and one byte of the next.
    sealed: Vec<u8>,
    plain: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header and finds the file key with one of the identities.
    ///
    /// # Errors
    /// `InvalidData` when no identity opens it or the header is not of the format; else the inner
    /// reader's.
    pub fn new(mut inner: R, identities: &[Identity]) -> io::Result<Self> {
        let bytes = read_header(&mut inner)?;
        let (header, rest) = Header::parse(&bytes).map_err(invalid)?;
        let file_key = unwrap(&header, identities).map_err(invalid)?;
        header.verify(&file_key).map_err(invalid)?;
        let mut sealed = rest.to_vec();
        fill(&mut inner, &mut sealed, 16)?;
        let nonce = *sealed.first_chunk::<16>().ok_or(io::ErrorKind::InvalidData)?;
        sealed.drain(..16);
        let key = PayloadKey::new(&file_key, &nonce);
        Ok(Self { inner, key, sealed, plain: Vec::new(), given: 0, ended: false })
    }

    fn open_chunk(&mut self) -> io::Result<()> {
        self.plain.zeroize();
        self.plain.clear();
        fill(&mut self.inner, &mut self.sealed, SEALED_CHUNK + 1)?;
        let last = self.sealed.len() <= SEALED_CHUNK;
        let carry = if last { None } else { self.sealed.pop() };
        std::mem::swap(&mut self.plain, &mut self.sealed);
        self.sealed.clear();
        self.sealed.extend(carry);
        let first = self.key.counter == 0;
        self.key.open(last, &mut self.plain).map_err(invalid)?;
        if last && self.plain.is_empty() && !first {
            return Err(invalid(CannotOpen));
        }
        self.given = 0;
        self.ended = last;
        Ok(())
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.plain.len() && !self.ended {
            if let Err(error) = self.open_chunk() {
                self.plain.zeroize();
                self.plain.clear();
                self.given = 0;
                return Err(error);
            }
        }
        let ready = self.plain.get(self.given..).unwrap_or_default();
        let n = ready.len().min(out.len());
        for (to, from) in out.iter_mut().zip(ready) {
            *to = *from;
        }
        self.given += n;
        Ok(n)
    }
}

impl<R: Read> Drop for Reader<R> {
    fn drop(&mut self) {
        self.plain.zeroize();
    }
}

/// The key of a payload and the number of its next chunk.
struct PayloadKey {
    key: Secret<32>,
    counter: u64,
}

impl PayloadKey {
    fn new(file_key: &Secret<16>, nonce: &[u8; 16]) -> Self {
        let mut key = [0; 32];
        // 32 bytes are far below HKDF's limit.
        let expanded =
            Hkdf::<Sha256>::new(Some(nonce), file_key.expose()).expand(b"payload", &mut key);
        debug_assert!(expanded.is_ok());
        Self { key: Secret::new(key), counter: 0 }
    }

    fn seal(&mut self, last: bool, chunk: &mut [u8]) -> [u8; aead::TAG_LEN] {
        let nonce = self.next_nonce(last);
        aead::seal(&self.key, &nonce, &[], chunk)
    }

    /// Opens a sealed chunk in place and takes its tag off.
    fn open(&mut self, last: bool, chunk: &mut Vec<u8>) -> Result<(), CannotOpen> {
        let nonce = self.next_nonce(last);
        let tag = *chunk.last_chunk::<{ aead::TAG_LEN }>().ok_or(CannotOpen)?;
        chunk.truncate(chunk.len() - aead::TAG_LEN);
        aead::open(&self.key, &nonce, &[], chunk, &tag)
    }

    /// 11 bytes of counter, then 1 for the last chunk. 2⁶⁴ chunks are never reached.
    fn next_nonce(&mut self, last: bool) -> [u8; 12] {
        let [a, b, c, d, e, f, g, h] = self.counter.to_be_bytes();
        self.counter += 1;
        [0, 0, 0, a, b, c, d, e, f, g, h, u8::from(last)]
    }
}

fn unwrap(header: &Header, identities: &[Identity]) -> Result<Secret<16>, CannotOpen> {
    for identity in identities {
        for stanza in &header.stanzas {
            if let Some(key) = identity.unwrap(stanza)? {
                return Ok(key);
            }
        }
    }
    Err(CannotOpen)
}

/// Reads until the header is whole; may read some of the payload.
fn read_header(inner: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while Header::end(&bytes).is_none() {
        let before = bytes.len();
        if before > header::MAX_LEN {
            return Err(invalid(CannotOpen));
        }
        fill(inner, &mut bytes, (2 * before).max(2_048))?;
        if bytes.len() == before {
            return Err(invalid(CannotOpen));
        }
    }
    Ok(bytes)
}

/// Reads until `bytes` has `len` bytes or the input ends.
fn fill(inner: &mut impl Read, bytes: &mut Vec<u8>, len: usize) -> io::Result<()> {
    let missing = len.saturating_sub(bytes.len());
    inner.take(missing as u64).read_to_end(bytes).map(drop)
}

fn invalid(_: CannotOpen) -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}
