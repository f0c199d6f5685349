// SPDX-License-Identifier: MPL-2.0
//! The file system itself: it opens what stands in the registry and refuses all else.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr, slice,
    sync::OnceLock,
};

use amate_seal::random;
use rusqlite::ffi;

use super::{
    boundary::{self, Handle, no_panic},
    failure, memory, registry,
    staging::Staging,
};
use crate::VaultError;

/// Name under which SQLite knows it.
pub(super) const NAME: &CStr = c"amate";
/// Longest name of a file; those of the registry have fewer than thirty bytes.
const LONGEST_NAME: c_int = 128;

/// Gives SQLite its memory and registers the file system, once a process.
pub(super) fn prepare() -> Result<(), VaultError> {
    static REGISTERED: OnceLock<c_int> = OnceLock::new();
    let registered = REGISTERED.get_or_init(|| {
        // Before anything that starts SQLite.
        memory::installed();
        if cfg!(amate_os_other) {
            // SQLite asks for the file system itself when it starts, with `sqlite3_os_init`.
            // SAFETY: it may be called at any time, and again.
            unsafe { ffi::sqlite3_initialize() }
        } else {
            register(false)
        }
    });
    match *registered {
        ffi::SQLITE_OK => Ok(()),
        code => Err(VaultError::Sql(failure(code))),
    }
}

/// Makes it known to SQLite; as the default one, also for connections that name none.
pub(super) fn register(default: bool) -> c_int {
    let vfs = Box::leak(Box::new(ffi::sqlite3_vfs {
        iVersion: 1,
        szOsFile: size_of::<Handle>() as c_int,
        mxPathname: LONGEST_NAME,
        pNext: ptr::null_mut(),
        zName: NAME.as_ptr(),
        pAppData: ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: Some(dl_open),
        xDlError: Some(dl_error),
        xDlSym: Some(dl_sym),
        xDlClose: Some(dl_close),
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: None,
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }));
    // SAFETY: the table is leaked, so it lives and stays where it is as long as SQLite; its
    // functions keep SQLite's contract for them.
    unsafe { ffi::sqlite3_vfs_register(vfs, c_int::from(default)) }
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes for the file, aligned for a pointer, not open yet.
    unsafe { boundary::leave_closed(file) };
    no_panic(ffi::SQLITE_CANTOPEN, || {
        // A journal, a temporary file, a WAL and what VACUUM INTO or ATTACH name end here.
        if name.is_null() || flags & ffi::SQLITE_OPEN_MAIN_DB == 0 {
            return ffi::SQLITE_CANTOPEN;
        }
        // SAFETY: it is not null, and SQLite's names end in a zero byte and outlive the call.
        let name = unsafe { CStr::from_ptr(name) };
        let Some((store, errors)) = name.to_str().ok().and_then(registry::take) else {
            return ffi::SQLITE_CANTOPEN;
        };
        match Staging::new(store, errors.clone()) {
            Ok(staging) => {
                // SAFETY: as above; the file is not open.
                unsafe { boundary::open(file, staging) };
                if !out_flags.is_null() {
                    // SAFETY: not null, so it is a place of SQLite's own for a number.
                    unsafe { out_flags.write(flags) };
                }
                #[cfg(test)]
                super::tests::OPENED.set(super::tests::OPENED.get() + 1);
                ffi::SQLITE_OK
            }
            Err(error) => {
                errors.put(error);
                ffi::SQLITE_CANTOPEN
            }
        }
    })
}

/// There is nothing that could be deleted.
unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    _name: *const c_char,
    _sync_dir: c_int,
) -> c_int {
    ffi::SQLITE_IOERR_DELETE_NOENT
}

/// No file exists: no journal, no WAL.
unsafe extern "C" fn access(
    _vfs: *mut ffi::sqlite3_vfs,
    _name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: `out` is a place of SQLite's own for a number.
    unsafe { out.write(0) };
    ffi::SQLITE_OK
}

/// Names have no folders: the full name is the name.
unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite's names end in a zero byte and outlive the call.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if usize::try_from(room).is_ok_and(|room| name.len() <= room) {
        // SAFETY: `out` has `room` bytes, which are enough, and is not the name itself.
        unsafe { ptr::copy_nonoverlapping(name.as_ptr(), out.cast::<u8>(), name.len()) };
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_CANTOPEN
    }
}

/// No library is ever loaded.
unsafe extern "C" fn dl_open(_vfs: *mut ffi::sqlite3_vfs, _name: *const c_char) -> *mut c_void {
    ptr::null_mut()
}

unsafe extern "C" fn dl_error(_vfs: *mut ffi::sqlite3_vfs, room: c_int, out: *mut c_char) {
    if room > 0 {
        // SAFETY: `out` has `room` bytes, at least one.
        unsafe { out.write(0) };
    }
}

unsafe extern "C" fn dl_sym(
    _vfs: *mut ffi::sqlite3_vfs,
    _library: *mut c_void,
    _symbol: *const c_char,
) -> Option<unsafe extern "C" fn(*mut ffi::sqlite3_vfs, *mut c_void, *const c_char)> {
    None
}

unsafe extern "C" fn dl_close(_vfs: *mut ffi::sqlite3_vfs, _library: *mut c_void) {}

unsafe extern "C" fn randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    len: c_int,
    out: *mut c_char,
) -> c_int {
    no_panic(0, || {
        let room = usize::try_from(len).unwrap_or(0);
        // SAFETY: SQLite gives `len` writable bytes that nothing else refers to during the call;
        // they are zeroed first, since a `&mut [u8]` must be initialised.
        let out = unsafe {
            ptr::write_bytes(out.cast::<u8>(), 0, room);
            slice::from_raw_parts_mut(out.cast::<u8>(), room)
        };
        for piece in out.chunks_mut(32) {
            let fresh = random::bytes::<32>(&mut random::system());
            piece.copy_from_slice(&fresh[..piece.len()]);
        }
        len
    })
}

/// Nothing here is ever busy, so nothing waits.
unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, _microseconds: c_int) -> c_int {
    0
}

/// Time is an argument, also in SQL: `datetime('now')` is NULL.
unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, _out: *mut f64) -> c_int {
    ffi::SQLITE_ERROR
}

unsafe extern "C" fn last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    _room: c_int,
    _out: *mut c_char,
) -> c_int {
    0
}
