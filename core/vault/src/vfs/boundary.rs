// SPDX-License-Identifier: MPL-2.0
//! Where SQLite's calls on an open file arrive: pointers become a [`Staging`], errors become
//! codes, and no panic goes on into C.

use std::{
    ffi::{c_int, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr, slice,
};

use rusqlite::ffi;

use super::staging::Staging;
use crate::VaultError;

/// A file as SQLite keeps it, in memory of its own; ours is behind the second pointer.
#[repr(C)]
pub(super) struct Handle {
    base: ffi::sqlite3_file,
    staging: *mut Staging,
}

/// Makes `file` an open one.
///
/// # Safety
/// `file` points to at least `size_of::<Handle>()` writable bytes, aligned for pointers, that
/// hold no open file.
pub(super) unsafe fn open(file: *mut ffi::sqlite3_file, staging: Staging) {
    let base = ffi::sqlite3_file { pMethods: &raw const METHODS };
    let handle = Handle { base, staging: Box::into_raw(Box::new(staging)) };
    // SAFETY: the caller gives room and alignment for a `Handle`; what was there needs no drop.
    unsafe { file.cast::<Handle>().write(handle) };
}

/// Says that `file` is not open, so that SQLite will not close it.
///
/// # Safety
/// As for [`open`].
pub(super) unsafe fn leave_closed(file: *mut ffi::sqlite3_file) {
    // SAFETY: the caller gives room for a `Handle`, whose first field this is.
    unsafe { (*file).pMethods = ptr::null() };
}

/// Runs `run`; its panic becomes `failed`.
pub(super) fn no_panic<T>(failed: T, run: impl FnOnce() -> T) -> T {
    // A panic inside a commit leaves the staging broken, one inside the store poisons its lock:
    // nothing half-done is used afterwards.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(failed)
}

/// SQLite's code for an error of the store.
pub(super) fn code(error: &VaultError, other: c_int) -> c_int {
    match error {
        VaultError::NoSpace => ffi::SQLITE_FULL,
        VaultError::Damaged => ffi::SQLITE_CORRUPT,
        _ => other,
    }
}

/// Version 1: no shared memory, so no WAL between processes; no mapped memory.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// Runs `run` on the open file; its error is remembered and becomes a code.
///
/// # Safety
/// `file` was made by [`open`], is not closed, and no other call on it runs: SQLite serialises
/// the calls on a file, and none of ours calls SQLite.
unsafe fn on(
    file: *mut ffi::sqlite3_file,
    failed: c_int,
    run: impl FnOnce(&mut Staging) -> Result<c_int, VaultError>,
) -> c_int {
    no_panic(failed, || {
        // SAFETY: `open` wrote a `Handle` there whose staging is a box of ours that only `close`
        // takes back; by the contract above this is the only reference to it.
        let staging = unsafe { &mut *(*file.cast::<Handle>()).staging };
        run(staging).unwrap_or_else(|error| {
            let code = code(&error, failed);
            staging.errors().put(error);
            code
        })
    })
}

/// An offset of SQLite's; it gives none below zero.
fn unsigned(offset: ffi::sqlite3_int64) -> Result<u64, VaultError> {
    u64::try_from(offset).map_err(|_| VaultError::Damaged)
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    no_panic(ffi::SQLITE_IOERR_CLOSE, || {
        // SAFETY: SQLite closes a file that `open` opened, once; the box is the one made there.
        // After this the methods are null, so no further call can find it.
        unsafe {
            drop(Box::from_raw((*file.cast::<Handle>()).staging));
            leave_closed(file);
        }
        ffi::SQLITE_OK
    })
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    len: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let len = usize::try_from(len).unwrap_or(0);
    // SAFETY: SQLite gives `len` writable bytes that nothing else refers to during the call. They
    // may be uninitialised, which a `&mut [u8]` must not be, so they are zeroed first.
    let out = unsafe {
        ptr::write_bytes(out.cast::<u8>(), 0, len);
        slice::from_raw_parts_mut(out.cast::<u8>(), len)
    };
    // SAFETY: SQLite calls this on an open file only.
    unsafe {
        on(file, ffi::SQLITE_IOERR_READ, |staging| {
            Ok(match staging.read(unsigned(offset)?, out)? {
                true => ffi::SQLITE_OK,
                false => ffi::SQLITE_IOERR_SHORT_READ,
            })
        })
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    len: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let len = usize::try_from(len).unwrap_or(0);
    // SAFETY: SQLite gives `len` initialised bytes that do not change during the call.
    let bytes = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), len) };
    // SAFETY: SQLite calls this on an open file only.
    unsafe {
        on(file, ffi::SQLITE_IOERR_WRITE, |staging| {
            staging.write(unsigned(offset)?, bytes).map(|()| ffi::SQLITE_OK)
        })
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite calls this on an open file only.
    unsafe {
        on(file, ffi::SQLITE_IOERR_TRUNCATE, |staging| {
            staging.truncate(unsigned(size)?).map(|()| ffi::SQLITE_OK)
        })
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite calls this on an open file only.
    unsafe { on(file, ffi::SQLITE_IOERR_FSYNC, |staging| staging.sync().map(|()| ffi::SQLITE_OK)) }
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite calls this on an open file only, and `out` is a place of its own for a number.
    unsafe {
        on(file, ffi::SQLITE_IOERR_FSTAT, |staging| {
            let size = i64::try_from(staging.size()).map_err(|_| VaultError::Damaged)?;
            out.write(size);
            Ok(ffi::SQLITE_OK)
        })
    }
}

/// Nobody else can open the file: its name was good for once.
unsafe extern "C" fn lock(_file: *mut ffi::sqlite3_file, _level: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: `out` is a place of SQLite's own for a number.
    unsafe { out.write(0) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(
    _file: *mut ffi::sqlite3_file,
    _operation: c_int,
    _argument: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    super::PAGE as c_int
}

/// Promises nothing: what holds here holds through the commit at sync, not through single writes.
unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    0
}
