// SPDX-License-Identifier: MPL-2.0
//! Sealed backup of one vault (spec/backup.md): an age file under a code of its own, not bound to
//! the device, so that it opens where the device's keys are lost. Never in the clear on any disk.

use std::io::{self, Read, Write};

use amate_seal::{
    age,
    hash::Hasher,
    hybrid::HybridSecret,
    kdf::{self, CodeCost, derive},
    random,
    secret::Secret,
};
use zeroize::Zeroizing;

use crate::{
    Container, Geometry, MediumId, Surroundings, Vault, VaultError,
    geometry::{CELL, UNIT},
    pages::PageStore,
    vfs::{PageFile, Staged},
};

const MAGIC: &[u8; 5] = b"AMbk\x01";
const INNER: &[u8; 5] = b"AMbi\x01";
/// What a file may ask for: a hostile one must not exhaust memory or patience.
const MAX_COST: CodeCost = CodeCost { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };
/// Pages that are taken back in one commit.
const TOGETHER: usize = 64;

impl Vault {
    /// Writes a sealed copy of everything in this vault, which opens with `code` alone. It holds
    /// nothing of any other vault. Media whose content does not open whole are left out, and
    /// named: what the records say of them is in the copy.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a part of the records does not open; those of `out`.
    pub fn back_up(
        &self,
        code: &[u8],
        cost: CodeCost,
        mut out: impl Write,
    ) -> Result<Vec<MediumId>, VaultError> {
        let salt: [u8; 32] = self.container().random().bytes();
        out.write_all(MAGIC)?;
        out.write_all(&salt)?;
        for number in [cost.memory_kib, cost.passes, cost.lanes] {
            out.write_all(&number.to_be_bytes())?;
        }
        let identity = identity(code, &salt, cost)?;
        let mut file = age::Writer::new(out, &[identity.recipient()], &mut random::system())?;
        self.write_pages(&mut file)?;
        let left_out = self.write_media(&mut file)?;
        file.finish()?.flush()?;
        Ok(left_out)
    }

    fn write_pages(&self, out: &mut impl Write) -> Result<(), VaultError> {
        let mut store = self.store();
        let pages = store.pages();
        out.write_all(INNER)?;
        out.write_all(&pages.to_be_bytes())?;
        let mut page = Zeroizing::new([0; UNIT]);
        for number in 0..pages {
            store.read(number, &mut page)?;
            out.write_all(&*page)?;
        }
        Ok(())
    }

    /// Gives those that it left out. How many there are comes first, so each is read before.
    fn write_media(&self, out: &mut impl Write) -> Result<Vec<MediumId>, VaultError> {
        let mut media = self.media_in_cells()?;
        let mut left_out = Vec::new();
        for id in &media {
            if !self.reads_whole(id)? {
                left_out.push(*id);
            }
        }
        media.retain(|id| !left_out.contains(id));
        out.write_all(&(media.len() as u32).to_be_bytes())?;
        for id in media {
            let mut reader = self.read_medium(&id)?;
            out.write_all(&id)?;
            out.write_all(&reader.length().to_be_bytes())?;
            io::copy(&mut reader, out)?;
        }
        Ok(left_out)
    }

    /// Whether a medium is what the records say: who restores it compares.
    fn reads_whole(&self, id: &MediumId) -> Result<bool, VaultError> {
        let known = self.medium(id)?;
        let mut reader = match self.read_medium(id) {
            Err(VaultError::Damaged) => return Ok(false),
            reader => reader?,
        };
        let mut hasher = Hasher::default();
        let mut piece = Zeroizing::new(vec![0; CELL]);
        let mut length = 0;
        loop {
            match reader.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => {
                    hasher.update(piece.get(..n).unwrap_or_default());
                    length += n as u64;
                }
                Err(_) => return Ok(false),
            }
        }
        Ok(length == known.length && hasher.finish() == known.sha256)
    }
}

impl Container {
    /// Makes a container with the vault of a backup in it, under a new code of its own. It is
    /// there whole, or not at all.
    ///
    /// # Errors
    /// [`VaultError::CannotOpen`] for a wrong code or a file that is none; [`VaultError::Damaged`]
    /// when it ends early or was altered; [`VaultError::NeedsNewerVersion`],
    /// [`VaultError::NoSpace`], [`VaultError::Exists`].
    pub fn restore(
        surroundings: Surroundings,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
        backup_code: &[u8],
        mut backup: impl Read,
    ) -> Result<Vault, VaultError> {
        let identity = read_head(backup_code, &mut backup)?;
        let mut inner =
            age::Reader::new(backup, &[identity]).map_err(|_| VaultError::CannotOpen)?;
        let mut magic = [0; 5];
        inner.read_exact(&mut magic).map_err(|_| VaultError::CannotOpen)?;
        // B-3: of this version.
        if magic != *INNER {
            return Err(VaultError::NeedsNewerVersion);
        }
        Self::make(surroundings, code, cost, geometry, |container, submission, half| {
            let key = submission.opened.volume.clone();
            let mut store = PageStore::format(container, key, half, &submission.set)?;
            read_pages(&mut store, &mut inner)?;
            let mut vault = Vault::fresh(container, submission, store)?;
            read_media(&mut vault, &mut inner)?;
            Ok(vault)
        })
    }
}

pub(crate) fn read_head(code: &[u8], backup: &mut impl Read) -> Result<age::Identity, VaultError> {
    let mut head = [0; 5 + 32 + 12];
    backup.read_exact(&mut head).map_err(|_| VaultError::CannotOpen)?;
    let (magic, rest) = head.split_first_chunk::<5>().ok_or(VaultError::CannotOpen)?;
    // B-1: ours, of this version.
    if magic != MAGIC {
        let newer = magic.starts_with(b"AMbk");
        return Err(if newer { VaultError::NeedsNewerVersion } else { VaultError::CannotOpen });
    }
    let (salt, numbers) = rest.split_first_chunk::<32>().ok_or(VaultError::CannotOpen)?;
    let numbers = numbers.as_chunks::<4>().0;
    let [memory, passes, lanes] = numbers else { return Err(VaultError::CannotOpen) };
    let cost = CodeCost {
        memory_kib: u32::from_be_bytes(*memory),
        passes: u32::from_be_bytes(*passes),
        lanes: u32::from_be_bytes(*lanes),
    };
    // B-1: what can be paid.
    if cost.memory_kib > MAX_COST.memory_kib
        || cost.passes > MAX_COST.passes
        || cost.lanes > MAX_COST.lanes
    {
        return Err(VaultError::CannotOpen);
    }
    identity(code, salt, cost)
}

/// `derive₃₂(Argon2id(code, salt, cost), "amate/v1/backup/identity")` is the seed of an X-Wing key.
fn identity(code: &[u8], salt: &[u8; 32], cost: CodeCost) -> Result<age::Identity, VaultError> {
    let key = kdf::code_key(code, salt, cost)?;
    let seed: Secret<32> = derive(key.expose(), "amate/v1/backup/identity", &[]);
    Ok(age::Identity::Hybrid(HybridSecret::from_seed(seed)))
}

fn read_pages(store: &mut PageStore, inner: &mut impl Read) -> Result<(), VaultError> {
    let pages = u32::from_be_bytes(read(inner)?);
    let mut staged = Staged::new();
    for number in 0..pages {
        let mut page = Box::new(Zeroizing::new([0; UNIT]));
        inner.read_exact(&mut **page).map_err(|_| VaultError::Damaged)?;
        staged.insert(number, page);
        if staged.len() == TOGETHER || number + 1 == pages {
            store.commit(&staged, number + 1)?;
            staged.clear();
        }
    }
    Ok(())
}

fn read_media(vault: &mut Vault, inner: &mut impl Read) -> Result<(), VaultError> {
    vault.forget_media_in_cells()?;
    for _ in 0..u32::from_be_bytes(read(inner)?) {
        let id: MediumId = read(inner)?;
        let length = u64::from_be_bytes(read(inner)?);
        vault.take_back(&id, &mut inner.take(length), length)?;
    }
    // B-4: behind the last medium the file must end, with its tag.
    let mut rest = [0; 1];
    match inner.read(&mut rest) {
        Ok(0) => Ok(()),
        _ => Err(VaultError::Damaged),
    }
}

fn read<const N: usize>(inner: &mut impl Read) -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    inner.read_exact(&mut bytes).map_err(|_| VaultError::Damaged)?;
    Ok(bytes)
}
