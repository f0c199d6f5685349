// SPDX-License-Identifier: MPL-2.0
//! What the relay keeps, behind one small trait; PostgreSQL and object stores will implement it.

mod disk;
mod frame;
mod memory;
mod records;

pub use disk::Disk;
pub use memory::Memory;

use amate_wire::id::{IdentityId, MailboxId};

/// A store that failed. What was asked for is not durable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The disk is full.
    #[error("no space")]
    NoSpace,
    /// A flush failed before: nothing is written until a restart.
    #[error("poisoned")]
    Poisoned,
    /// Another process uses the folder.
    #[error("in use")]
    InUse,
    /// The file system.
    #[error("file system: {0}")]
    Io(std::io::Error),
    /// SQLite.
    #[error("database: {0}")]
    Sql(#[from] rusqlite::Error),
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::NoSpace
            }
            _ => Self::Io(error),
        }
    }
}

/// Which capability stored something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The organisation's.
    pub organisation: [u8; 16],
    /// 0 for itself, else a person's.
    pub n: u32,
}

/// A block, a notice, or the renewal of either's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// Set for notices, with their number in the mailbox.
    pub notice: Option<(MailboxId, u64)>,
    /// Who stored it.
    pub owner: Owner,
    /// When.
    pub at: u64,
    /// Kept until.
    pub until: u64,
    /// Empty for a renewal.
    pub bytes: Vec<u8>,
}

/// Where the bytes of a blob stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Segment number.
    pub segment: u32,
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub len: u32,
}

/// A change of the records.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Change {
    /// A leaf at the next place of the log.
    Leaf([u8; 32]),
    /// The newest checkpoint and its time.
    Checkpoint(String, u64),
    /// A key set and its sequence.
    KeySet(IdentityId, u32, Vec<u8>),
    /// Notices up to here are dropped.
    Dropped(MailboxId, u64),
    /// A sub-capability is dead.
    Revoked([u8; 16], u32),
    /// The log does not sign any more.
    Halted,
}

/// Everything that a start needs. Blobs come without their bytes.
#[derive(Debug, Default)]
pub struct Loaded {
    /// In the order stored; renewals have no place.
    pub blobs: Vec<(Blob, Option<Place>)>,
    /// Leaves of the log in order.
    pub leaves: Vec<[u8; 32]>,
    /// Newest checkpoint and its time.
    pub checkpoint: Option<(String, u64)>,
    /// Key sets with their sequence.
    pub key_sets: Vec<(IdentityId, u32, Vec<u8>)>,
    /// How far mailboxes are dropped.
    pub dropped: Vec<(MailboxId, u64)>,
    /// Dead sub-capabilities.
    pub revoked: Vec<([u8; 16], u32)>,
    /// Organisations and their quota in bytes.
    pub organisations: Vec<([u8; 16], u64)>,
    /// Segment and offset of damage: what stood there is not served.
    pub damaged: Vec<(u32, u64)>,
    /// Whether the log does not sign any more.
    pub halted: bool,
    /// Epoch of the log's origin.
    pub epoch: u32,
}

/// Durable storage. One writer calls it, group by group; reads of blobs come from any thread.
/// Nobody retries inside: a failed call leaves what was durable before, and the caller answers
/// its clients with an error.
pub trait Store: Send {
    /// Reads everything back after a start. Torn ends of the last group are gone.
    ///
    /// # Errors
    /// When what is there cannot be read.
    fn load(&mut self) -> Result<Loaded, StoreError>;

    /// Appends blobs, all durable when it returns, or none acknowledged.
    ///
    /// # Errors
    /// [`StoreError::NoSpace`]; after a failed flush [`StoreError::Poisoned`] until a restart.
    fn append(&mut self, blobs: &[Blob]) -> Result<Vec<Option<Place>>, StoreError>;

    /// Applies changes in order, in one durable transaction.
    ///
    /// # Errors
    /// As [`Store::append`].
    fn change(&mut self, changes: &[Change]) -> Result<(), StoreError>;

    /// A reader of blobs that works beside the writer.
    fn reader(&self) -> Box<dyn BlobReader>;

    /// Removes segments that hold nothing alive at this time.
    ///
    /// # Errors
    /// The file system's.
    fn expire(&mut self, alive: &dyn Fn(u32) -> bool) -> Result<(), StoreError>;
}

/// Reads blobs by their place.
pub trait BlobReader: Send + Sync {
    /// The bytes of a blob.
    ///
    /// # Errors
    /// When its segment is gone or cannot be read.
    fn read(&self, place: Place) -> Result<Vec<u8>, StoreError>;
}
