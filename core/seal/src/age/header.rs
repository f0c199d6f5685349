// SPDX-License-Identifier: MPL-2.0
//! The header: stanzas and their MAC.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{CannotOpen, secret::Secret};

const VERSION: &[u8] = b"age-encryption.org/v1\n";
const MARK: &[u8] = b"---";
const COLUMNS: usize = 64;
const MAC_TEXT: usize = 43;
/// A header longer than this is nobody's: about 1 000 hybrid stanzas.
pub(super) const MAX_LEN: usize = 2 * 1024 * 1024;

/// One recipient stanza.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stanza {
    /// Type and arguments, at least one.
    pub args: Vec<String>,
    /// Body.
    pub body: Vec<u8>,
}

/// A parsed header. Its MAC is checked once the file key is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// In the order of the file.
    pub stanzas: Vec<Stanza>,
    mac: [u8; 32],
    mac_input: Vec<u8>,
}

impl Header {
    /// Parses a header from its first byte; gives also what follows it.
    ///
    /// # Errors
    /// [`CannotOpen`] for anything that is not byte for byte of the format.
    pub fn parse(file: &[u8]) -> Result<(Self, &[u8]), CannotOpen> {
        let mut rest = file.strip_prefix(VERSION).ok_or(CannotOpen)?;
        let mut stanzas = Vec::new();
        while !rest.starts_with(MARK) {
            let (stanza, after) = parse_stanza(rest)?;
            stanzas.push(stanza);
            rest = after;
        }
        if stanzas.is_empty() {
            return Err(CannotOpen);
        }
        let mac_len = file.len() - rest.len() + MARK.len();
        let mac_input = file.get(..mac_len).ok_or(CannotOpen)?.to_vec();
        let (line, after) = line(rest)?;
        let text = line.strip_prefix(b"--- ").ok_or(CannotOpen)?;
        if text.len() != MAC_TEXT {
            return Err(CannotOpen);
        }
        let mac = decode(text)?.try_into().map_err(|_| CannotOpen)?;
        Ok((Self { stanzas, mac, mac_input }, after))
    }

    /// Where a header ends in these bytes: `None` while more bytes are needed.
    pub(super) fn end(bytes: &[u8]) -> Option<usize> {
        let mark = bytes.windows(5).position(|window| window == b"\n--- ")?;
        let tail = bytes.get(mark + 1..)?;
        tail.iter().position(|byte| *byte == b'\n').map(|at| mark + 1 + at + 1)
    }

    /// Checks the MAC under a file key.
    pub(super) fn verify(&self, file_key: &Secret<16>) -> Result<(), CannotOpen> {
        let mac = mac(file_key, &self.mac_input)?;
        mac.verify_slice(&self.mac).map_err(|_| CannotOpen)
    }
}

/// A whole header for these stanzas.
pub(super) fn write(stanzas: &[Stanza], file_key: &Secret<16>) -> Result<Vec<u8>, CannotOpen> {
    let mut out = VERSION.to_vec();
    for stanza in stanzas {
        out.extend_from_slice(b"->");
        for arg in &stanza.args {
            out.push(b' ');
            out.extend_from_slice(arg.as_bytes());
        }
        out.push(b'\n');
        let body = STANDARD_NO_PAD.encode(&stanza.body);
        let (full, last) = body.as_bytes().as_chunks::<COLUMNS>();
        for row in full {
            out.extend_from_slice(row);
            out.push(b'\n');
        }
        out.extend_from_slice(last);
        out.push(b'\n');
    }
    out.extend_from_slice(MARK);
    let tag = mac(file_key, &out)?.finalize().into_bytes();
    out.push(b' ');
    out.extend_from_slice(STANDARD_NO_PAD.encode(tag).as_bytes());
    out.push(b'\n');
    Ok(out)
}

/// Canonical base64 without padding.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, CannotOpen> {
    STANDARD_NO_PAD.decode(text).map_err(|_| CannotOpen)
}

fn parse_stanza(bytes: &[u8]) -> Result<(Stanza, &[u8]), CannotOpen> {
    let (head, mut rest) = line(bytes)?;
    let args = head
        .strip_prefix(b"-> ")
        .ok_or(CannotOpen)?
        .split(|byte| *byte == b' ')
        .map(argument)
        .collect::<Result<_, _>>()?;
    let mut body = Vec::new();
    loop {
        let (row, after) = line(rest)?;
        if row.len() > COLUMNS {
            return Err(CannotOpen);
        }
        body.extend_from_slice(row);
        rest = after;
        if row.len() < COLUMNS {
            return Ok((Stanza { args, body: decode(&body)? }, rest));
        }
    }
}

fn argument(bytes: &[u8]) -> Result<String, CannotOpen> {
    let visible = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_graphic);
    match std::str::from_utf8(bytes) {
        Ok(text) if visible => Ok(text.to_owned()),
        _ => Err(CannotOpen),
    }
}

fn line(bytes: &[u8]) -> Result<(&[u8], &[u8]), CannotOpen> {
    let at = bytes.iter().position(|byte| *byte == b'\n').ok_or(CannotOpen)?;
    let (line, rest) = bytes.split_at_checked(at).ok_or(CannotOpen)?;
    Ok((line, rest.get(1..).ok_or(CannotOpen)?))
}

fn mac(file_key: &Secret<16>, input: &[u8]) -> Result<Hmac<Sha256>, CannotOpen> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, file_key.expose())
        .expand(b"header", &mut key)
        .map_err(|_| CannotOpen)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| CannotOpen)?;
    zeroize::Zeroize::zeroize(&mut key);
    mac.update(input);
    Ok(mac)
}
