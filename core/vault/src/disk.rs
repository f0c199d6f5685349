// SPDX-License-Identifier: MPL-2.0
//! The only way to files: a folder with the files `vault` and `reserve`. Tests put a disk below
//! that loses, tears and reorders what was not flushed.

mod unsure;

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

pub(crate) use unsure::Unsure;

/// A folder.
pub trait Disk: Send + Sync {
    /// Whether a file is there.
    ///
    /// # Errors
    /// The file system's.
    fn exists(&self, name: &str) -> io::Result<bool>;

    /// Makes a file; one that is there stays as it is, since another may be writing it.
    ///
    /// # Errors
    /// The file system's.
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading and writing.
    ///
    /// # Errors
    /// `NotFound`, and the file system's.
    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Gives a file another name, at once.
    ///
    /// # Errors
    /// The file system's.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Makes names durable: what was created or renamed.
    ///
    /// # Errors
    /// The file system's.
    fn sync_names(&self) -> io::Result<()>;
}

/// An open file. Nothing is durable before [`DiskFile::sync`].
pub trait DiskFile: Send + Sync {
    /// Keeps other processes out until it is dropped; false when one is in.
    ///
    /// # Errors
    /// The file system's.
    fn try_lock(&self) -> io::Result<bool>;

    /// Bytes of the file.
    ///
    /// # Errors
    /// The file system's.
    fn len(&self) -> io::Result<u64>;

    /// Whether nothing is in it.
    ///
    /// # Errors
    /// The file system's.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Cuts the file, or lengthens it.
    ///
    /// # Errors
    /// The file system's.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Fills `out`.
    ///
    /// # Errors
    /// `UnexpectedEof` beyond the end, and the file system's.
    fn read_at(&self, out: &mut [u8], at: u64) -> io::Result<()>;

    /// Writes all bytes.
    ///
    /// # Errors
    /// The file system's; then any part of them may be written.
    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()>;

    /// Everything written survives a loss of power when this returns.
    ///
    /// # Errors
    /// The file system's; then nothing is sure.
    fn sync(&self) -> io::Result<()>;
}

/// A folder of the file system.
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, made when it is not there.
    ///
    /// # Errors
    /// The file system's.
    pub fn make(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self(path.to_path_buf()))
    }

    /// The folder at `path`, which may not be there.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_path_buf())
    }
}

impl Disk for Folder {
    fn exists(&self, name: &str) -> io::Result<bool> {
        fs::exists(self.0.join(name))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        Ok(Box::new(options.open(self.0.join(name))?))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().read(true).write(true).open(self.0.join(name))?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    fn sync_names(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}

impl DiskFile for File {
    fn try_lock(&self) -> io::Result<bool> {
        match Self::try_lock(self) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        Self::set_len(self, len)
    }

    fn read_at(&self, out: &mut [u8], at: u64) -> io::Result<()> {
        self.read_exact_at(out, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.write_all_at(bytes, at)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}
