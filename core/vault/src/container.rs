// SPDX-License-Identifier: MPL-2.0
//! The file `vault` of the reference engine: header twice, then two areas of fixed size.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0, 4096 | 4096 each | header: `AMvr`, version, salt, Argon2id cost, slot (sealed volume key) |
//! | 8192 | [`AREA`] | area A: salt 32, tag 16, sealed {generation, length, records} |
//! | 8192 + [`AREA`] | [`AREA`] | area B |

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
    path::Path,
};

use amate_seal::{
    aead,
    kdf::{self, CodeCost, derive},
    random::{self, CryptoRng},
    secret::Secret,
};

use crate::VaultError;

const HEADER: usize = 4_096;
/// Size of an area.
pub(crate) const AREA: u64 = 4 * 1024 * 1024 + 4_096;
const TAG: &[u8; 5] = b"AMvr\x01";
const FIXED: usize = 5 + 32 + 12 + 48;
/// What a header may ask for: a hostile one must not exhaust the memory.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

/// The open, locked file.
pub(crate) struct Container {
    file: File,
}

/// Plain part of the vault: public, the same in form for everybody.
#[derive(Clone, PartialEq, Eq)]
struct Header {
    salt: [u8; 32],
    cost: CodeCost,
    slot: [u8; 48],
}

impl Container {
    /// Makes the file whole, or not at all.
    pub(crate) fn create(
        dir: &Path,
        code: &[u8],
        cost: CodeCost,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Secret<32>), VaultError> {
        fs::create_dir_all(dir)?;
        let vault = dir.join("vault");
        if vault.exists() {
            return Err(VaultError::Exists);
        }
        fs::create_dir_all(dir.join("media"))?;
        let key = Secret::random(rng);
        let header = Header::seal(&key, code, cost, rng)?.encode();
        let unfinished = dir.join("vault.unfinished");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&unfinished)?;
        file.write_all_at(&header, 0)?;
        file.write_all_at(&header, HEADER as u64)?;
        fill_with_noise(&file, rng)?;
        lock(&file)?;
        file.sync_all()?;
        fs::rename(&unfinished, &vault)?;
        File::open(dir)?.sync_all()?;
        Ok((Self { file }, key))
    }

    /// Opens the file with the code.
    pub(crate) fn open(dir: &Path, code: &[u8]) -> Result<(Self, Secret<32>), VaultError> {
        let file = match OpenOptions::new().read(true).write(true).open(dir.join("vault")) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(VaultError::NoVault),
            other => other?,
        };
        lock(&file)?;
        let headers = [0, HEADER as u64].map(|at| Header::read(&file, at));
        let mut tried: Option<Header> = None;
        for (at, header) in headers.iter().enumerate() {
            let Some(header) = header.as_ref().filter(|header| tried.as_ref() != Some(*header))
            else {
                continue;
            };
            if let Ok(key) = header.open(code) {
                if headers.first() != headers.last() {
                    let other = if at == 0 { HEADER as u64 } else { 0 };
                    file.write_all_at(&header.encode(), other)?;
                    file.sync_data()?;
                }
                return Ok((Self { file }, key));
            }
            tried = Some(header.clone());
        }
        Err(VaultError::CannotOpen)
    }

    /// Reads area 0 or 1; what lies beyond the end of a truncated file is missing.
    pub(crate) fn read_area(&self, area: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; AREA as usize];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, start(area) + filled as u64) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    /// Writes an area and waits until it is durable.
    pub(crate) fn write_area(&self, area: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, start(area))?;
        self.file.sync_data()
    }
}

impl Header {
    fn seal(
        key: &Secret<32>,
        code: &[u8],
        cost: CodeCost,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, VaultError> {
        let salt = random::bytes(rng);
        let mut slot = [0; 48];
        let mut sealed = *key.expose();
        let tag = aead::seal_once(&slot_key(code, &salt, cost)?, TAG, &mut sealed);
        for (to, from) in slot.iter_mut().zip(sealed.iter().chain(&tag)) {
            *to = *from;
        }
        Ok(Self { salt, cost, slot })
    }

    fn open(&self, code: &[u8]) -> Result<Secret<32>, VaultError> {
        let key = slot_key(code, &self.salt, self.cost)?;
        let (sealed, tag) = self.slot.split_first_chunk::<32>().ok_or(VaultError::CannotOpen)?;
        let tag = <&[u8; 16]>::try_from(tag).map_err(|_| VaultError::CannotOpen)?;
        let mut opened = *sealed;
        aead::open_once(&key, TAG, &mut opened, tag)?;
        Ok(Secret::new(opened))
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = TAG.to_vec();
        bytes.extend_from_slice(&self.salt);
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.slot);
        bytes.resize(HEADER, 0);
        bytes
    }

    fn read(file: &File, at: u64) -> Option<Self> {
        let mut bytes = [0; FIXED];
        file.read_exact_at(&mut bytes, at).ok()?;
        let rest = bytes.strip_prefix(TAG)?;
        let (salt, rest) = rest.split_first_chunk::<32>()?;
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (passes, rest) = rest.split_first_chunk::<4>()?;
        let (lanes, slot) = rest.split_first_chunk::<4>()?;
        let cost = CodeCost {
            memory_kib: u32::from_be_bytes(*memory),
            passes: u32::from_be_bytes(*passes),
            lanes: u32::from_be_bytes(*lanes),
        };
        let payable = cost.memory_kib <= MAX_MEMORY_KIB
            && cost.passes <= MAX_PASSES
            && cost.lanes <= MAX_LANES;
        payable.then_some(Self { salt: *salt, cost, slot: slot.try_into().ok()? })
    }
}

fn slot_key(code: &[u8], salt: &[u8; 32], cost: CodeCost) -> Result<Secret<32>, VaultError> {
    let key = kdf::code_key(code, salt, cost)?;
    Ok(derive(key.expose(), "amate/v1/vault/slot", &[]))
}

fn lock(file: &File) -> Result<(), VaultError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn fill_with_noise(file: &File, rng: &mut impl CryptoRng) -> io::Result<()> {
    let mut noise = vec![0; 1 << 20];
    let end = start(2);
    let mut at = start(0);
    while at < end {
        rng.fill_bytes(&mut noise);
        let n = (end - at).min(noise.len() as u64);
        file.write_all_at(noise.get(..n as usize).unwrap_or_default(), at)?;
        at += n;
    }
    Ok(())
}

fn start(area: u64) -> u64 {
    2 * HEADER as u64 + area * AREA
}
