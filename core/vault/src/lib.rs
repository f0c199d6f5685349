// SPDX-License-Identifier: MPL-2.0
//! The sealed store: records under SQLite, media as sealed cells, both in two files of places
//! that look like noise.

mod backup;
mod bits;
mod cells;
mod container;
mod delay;
mod device;
pub mod disk;
#[doc(hidden)]
pub mod examine;
mod fold;
mod geometry;
mod header;
mod layer;
mod media;
mod pages;
mod random;
mod records;
mod second;
mod slots;
mod spool;
mod vfs;

pub use amate_seal::kdf::CodeCost;
pub use container::{Container, Standing, Surroundings};
pub use delay::Uptime;
pub use device::{DeviceKeys, Handle, MAX_HANDLE, SoftwareKeys};
pub use fold::fold;
pub use geometry::{CELL, Extent, Geometry, UNIT};
pub use media::{FinishedMedium, MediaReader, MediaWriter, MediumId, MediumInfo, MediumState};
pub use pages::Found;
pub use random::Random;
pub use records::{Damage, Migration, Room, Space, Vault};
pub use second::{NewSecond, SecondDoor};
pub use spool::{SPOOL_BODY, SPOOL_NOTE, SpoolEntry};

/// What the vault can end in, other than done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// Wrong code, or header and slot altered: not told apart.
    #[error("cannot be opened")]
    CannotOpen,
    /// No vault in this folder.
    #[error("no vault")]
    NoVault,
    /// The folder is not empty.
    #[error("something is here already")]
    Exists,
    /// Another process has it open.
    #[error("in use")]
    InUse,
    /// The code is right; neither copy of the records, or not this medium, can be read.
    #[error("damaged")]
    Damaged,
    /// Written by a newer version.
    #[error("needs a newer version")]
    NeedsNewerVersion,
    /// Database, reserve or disk is full; the old state is whole.
    #[error("no space")]
    NoSpace,
    /// A flush failed before: nothing is sure until the vault is opened again.
    #[error("poisoned by a failed flush")]
    Poisoned,
    /// This code opens something already that this vault knows of.
    #[error("this code is in use")]
    SameCode,
    /// Several codes were wrong: so long is to be waited before the next one.
    #[error("to be tried again in {} s", .0.as_secs())]
    Wait(std::time::Duration),
    /// The vault was locked by another who holds it.
    #[error("locked")]
    Locked,
    /// This size, or a change of it, is none that a container can have.
    #[error("not a possible size")]
    Geometry,
    /// The device's key store does not answer, or has lost a key.
    #[error("a key of the device is not there")]
    Device,
    /// A fault of ours, or of who uses this crate.
    #[error("internal: {0}")]
    Internal(&'static str),
    /// No such medium.
    #[error("no such medium")]
    NoMedium,
    /// The file system.
    #[error("file system: {0}")]
    Io(std::io::Error),
    /// SQLite, or a caller's own statement.
    #[error("database: {0}")]
    Sql(#[from] rusqlite::Error),
}

impl From<std::io::Error> for VaultError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::NoSpace
            }
            ErrorKind::InvalidData => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

impl From<amate_seal::CannotOpen> for VaultError {
    fn from(_: amate_seal::CannotOpen) -> Self {
        Self::CannotOpen
    }
}
