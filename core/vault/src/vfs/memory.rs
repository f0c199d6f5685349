// SPDX-License-Identifier: MPL-2.0
//! SQLite's memory: every block is wiped when SQLite gives it back, so its page cache, journal,
//! sorts and statements leave nothing behind once the connection is closed. What SQLite keeps on
//! the stack for a moment is not covered.

use std::{
    alloc::{Layout, alloc, dealloc},
    ffi::{c_int, c_void},
    mem::MaybeUninit,
    ptr, slice,
    sync::OnceLock,
};

use rusqlite::ffi;
use zeroize::Zeroize;

/// Before each block stands its capacity, in as much room as keeps the block aligned.
const HEADER: usize = 16;
/// Capacities are multiples of this: blocks are wiped in words.
const WORD: usize = size_of::<u64>();

/// True when SQLite uses this allocator. False when something in the process had started SQLite
/// before, which cannot happen where [`EARLY`] exists.
pub(super) fn installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        // SAFETY: SQLite copies the table, whose functions keep its contract. It refuses once it
        // has started. No other call runs beside this one: on the targets of `EARLY` the process
        // has one thread then; elsewhere the first user of the vault is the first of SQLite.
        let code = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw const METHODS) };
        #[cfg(amate_os_other)]
        let code = if code == ffi::SQLITE_OK { super::bare::give_mutexes() } else { code };
        code == ffi::SQLITE_OK
    })
}

/// Runs while the program is loaded, before any thread can have started SQLite: to configure it
/// beside another thread's first call would mix two allocators. It allocates nothing.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static EARLY: extern "C" fn() = {
    extern "C" fn early() {
        installed();
    }
    early
};

static METHODS: Methods = Methods(ffi::sqlite3_mem_methods {
    xMalloc: Some(malloc),
    xFree: Some(free),
    xRealloc: Some(realloc),
    xSize: Some(size),
    xRoundup: Some(round_up),
    xInit: Some(start),
    xShutdown: Some(end),
    pAppData: ptr::null_mut(),
});

#[repr(transparent)]
struct Methods(ffi::sqlite3_mem_methods);

// SAFETY: a table of functions and a null pointer, never written to.
unsafe impl Sync for Methods {}

unsafe extern "C" fn malloc(len: c_int) -> *mut c_void {
    let capacity = capacity_for(len);
    let Some(layout) = layout(capacity) else { return ptr::null_mut() };
    // SAFETY: the layout has at least the header's bytes.
    let start = unsafe { alloc(layout) };
    if start.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: the allocation is aligned for a header and has its room, then the block's.
    unsafe {
        start.cast::<usize>().write(capacity);
        start.add(HEADER).cast()
    }
}

unsafe extern "C" fn free(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: SQLite gives back only what `malloc` or `realloc` returned, once, so the header
    // stands before it and the block has the capacity written there. It may be uninitialised in
    // part, which `MaybeUninit` allows. The layout is the one it was allocated with.
    unsafe {
        let capacity = capacity(block);
        slice::from_raw_parts_mut(block.cast::<MaybeUninit<u64>>(), capacity / WORD).zeroize();
        #[cfg(test)]
        super::tests::count_freed(slice::from_raw_parts(block.cast::<u8>(), capacity));
        if let Some(layout) = layout(capacity) {
            dealloc(block.cast::<u8>().sub(HEADER), layout);
        }
    }
}

/// Always moves: what grows in place or shrinks would be left to the system's allocator to copy.
unsafe extern "C" fn realloc(block: *mut c_void, len: c_int) -> *mut c_void {
    // SAFETY: SQLite gives a block of ours that is not null. The new one is another allocation;
    // both have the bytes that are copied; the old one is not used afterwards.
    unsafe {
        let new = malloc(len);
        if !new.is_null() {
            let kept = capacity(block).min(capacity(new));
            ptr::copy_nonoverlapping(block.cast::<u8>(), new.cast::<u8>(), kept);
            free(block);
        }
        new
    }
}

unsafe extern "C" fn size(block: *mut c_void) -> c_int {
    if block.is_null() {
        return 0;
    }
    // SAFETY: a block of ours, as in `free`.
    c_int::try_from(unsafe { capacity(block) }).unwrap_or(c_int::MAX)
}

unsafe extern "C" fn round_up(len: c_int) -> c_int {
    c_int::try_from(capacity_for(len)).unwrap_or(len)
}

unsafe extern "C" fn start(_data: *mut c_void) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn end(_data: *mut c_void) {}

fn capacity_for(len: c_int) -> usize {
    usize::try_from(len).unwrap_or(0).next_multiple_of(WORD)
}

fn layout(capacity: usize) -> Option<Layout> {
    Layout::from_size_align(HEADER.checked_add(capacity)?, HEADER).ok()
}

/// # Safety
/// `block` came from [`malloc`] and was not freed.
unsafe fn capacity(block: *mut c_void) -> usize {
    // SAFETY: `malloc` wrote the capacity there.
    unsafe { block.cast::<u8>().sub(HEADER).cast::<usize>().read() }
}
