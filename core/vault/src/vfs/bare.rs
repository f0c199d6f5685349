// SPDX-License-Identifier: MPL-2.0
//! What SQLite lacks when it is built with `SQLITE_OS_OTHER=1`, as for phones: no file system of
//! its own, so none of its code can touch a file, and no mutexes. Ours is then the default.
//!
//! Both flags hold for a whole build, so it has a folder of its own:
//!
//! ```sh
//! LIBSQLITE3_FLAGS=-DSQLITE_OS_OTHER=1 RUSTFLAGS="--cfg amate_os_other" \
//!     CARGO_TARGET_DIR=target/os-other cargo test -p amate-vault
//! ```

use std::{
    cell::Cell,
    ffi::c_int,
    ptr,
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::ffi;

use super::{boundary::no_panic, system};

/// Gives SQLite its mutexes; before it starts.
pub(super) fn give_mutexes() -> c_int {
    let methods = ffi::sqlite3_mutex_methods {
        xMutexInit: Some(start),
        xMutexEnd: Some(start),
        xMutexAlloc: Some(new),
        xMutexFree: Some(free),
        xMutexEnter: Some(enter),
        xMutexTry: Some(try_enter),
        xMutexLeave: Some(leave),
        xMutexHeld: None,
        xMutexNotheld: None,
    };
    // SAFETY: SQLite copies the table, whose functions keep its contract; it has not started.
    unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MUTEX, &raw const methods) }
}

/// Called by SQLite when it starts.
#[unsafe(no_mangle)]
extern "C" fn sqlite3_os_init() -> c_int {
    no_panic(ffi::SQLITE_ERROR, || system::register(true))
}

/// Called by SQLite when it ends.
#[unsafe(no_mangle)]
extern "C" fn sqlite3_os_end() -> c_int {
    ffi::SQLITE_OK
}

/// A mutex that its holder may enter again. SQLite's *fast* ones are never entered twice, so one
/// kind does for both.
struct Recursive {
    /// Depth of its holder; `holder` says whose.
    depth: Mutex<u32>,
    left: Condvar,
    holder: AtomicU64,
}

impl Recursive {
    const fn new() -> Self {
        Self { depth: Mutex::new(0), left: Condvar::new(), holder: AtomicU64::new(0) }
    }

    /// False when another thread holds it and `wait` is false.
    fn enter(&self, wait: bool) -> bool {
        let mut depth = self.depth.lock().unwrap_or_else(PoisonError::into_inner);
        // `holder` changes under the lock of `depth` only.
        while *depth > 0 && self.holder.load(Ordering::Relaxed) != thread() {
            if !wait {
                return false;
            }
            depth = self.left.wait(depth).unwrap_or_else(PoisonError::into_inner);
        }
        self.holder.store(thread(), Ordering::Relaxed);
        *depth += 1;
        true
    }

    fn leave(&self) {
        let mut depth = self.depth.lock().unwrap_or_else(PoisonError::into_inner);
        *depth = depth.saturating_sub(1);
        if *depth == 0 {
            self.left.notify_one();
        }
    }
}

/// A number of this thread's own, above 0.
fn thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local!(static NUMBER: Cell<u64> = const { Cell::new(0) });
    if NUMBER.get() == 0 {
        NUMBER.set(NEXT.fetch_add(1, Ordering::Relaxed));
    }
    NUMBER.get()
}

/// Those that SQLite asks for by number, from `SQLITE_MUTEX_STATIC_MAIN` on.
static FIXED: [Recursive; 12] = [const { Recursive::new() }; 12];

unsafe extern "C" fn start() -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn new(kind: c_int) -> *mut ffi::sqlite3_mutex {
    if kind == ffi::SQLITE_MUTEX_FAST || kind == ffi::SQLITE_MUTEX_RECURSIVE {
        return Box::into_raw(Box::new(Recursive::new())).cast();
    }
    usize::try_from(kind - ffi::SQLITE_MUTEX_STATIC_MAIN)
        .ok()
        .and_then(|number| FIXED.get(number))
        .map_or(ptr::null_mut(), |mutex| ptr::from_ref(mutex).cast_mut().cast())
}

unsafe extern "C" fn free(mutex: *mut ffi::sqlite3_mutex) {
    if !mutex.is_null() {
        // SAFETY: SQLite frees only those of `new` that are not fixed, once, when nobody holds
        // them: the box made there.
        drop(unsafe { Box::from_raw(mutex.cast::<Recursive>()) });
    }
}

unsafe extern "C" fn enter(mutex: *mut ffi::sqlite3_mutex) {
    // SAFETY: one of `new` that is not freed; it is only ever shared.
    let mutex = unsafe { &*mutex.cast::<Recursive>() };
    mutex.enter(true);
}

unsafe extern "C" fn try_enter(mutex: *mut ffi::sqlite3_mutex) -> c_int {
    // SAFETY: as in `enter`.
    let mutex = unsafe { &*mutex.cast::<Recursive>() };
    if mutex.enter(false) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn leave(mutex: *mut ffi::sqlite3_mutex) {
    // SAFETY: as in `enter`; the caller holds it.
    let mutex = unsafe { &*mutex.cast::<Recursive>() };
    mutex.leave();
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Barrier},
        thread,
    };

    use rusqlite::ffi;

    use super::{super::system, Recursive};

    #[test]
    fn sqlite_knows_no_file_system_but_ours() {
        super::super::tests::filled(&super::super::tests::store(), 1);
        // SAFETY: SQLite is started; file systems are never taken away, so a table found stays.
        unsafe {
            let found = ffi::sqlite3_vfs_find(std::ptr::null());
            assert_eq!(std::ffi::CStr::from_ptr((*found).zName), system::NAME);
            for name in [c"unix", c"unix-none", c"unix-dotfile", c"unix-excl", c"win32"] {
                assert!(ffi::sqlite3_vfs_find(name.as_ptr()).is_null(), "{name:?}");
            }
        }
        rusqlite::Connection::open("x.db").unwrap_err();
    }

    #[test]
    fn a_mutex_is_entered_again_by_its_holder_and_by_nobody_else() {
        let mutex = Arc::new(Recursive::new());
        assert!(mutex.enter(true) && mutex.enter(false));
        let other = |mutex: &Arc<Recursive>| {
            let mutex = Arc::clone(mutex);
            thread::spawn(move || mutex.enter(false)).join().unwrap()
        };
        assert!(!other(&mutex));
        mutex.leave();
        assert!(!other(&mutex));
        mutex.leave();
        assert!(other(&mutex));
    }

    #[test]
    fn a_waiting_thread_goes_on_when_the_mutex_is_left() {
        let (mutex, both) = (Arc::new(Recursive::new()), Arc::new(Barrier::new(2)));
        assert!(mutex.enter(true));
        let waiting = {
            let (mutex, both) = (Arc::clone(&mutex), Arc::clone(&both));
            thread::spawn(move || {
                both.wait();
                assert!(mutex.enter(true));
                mutex.leave();
            })
        };
        both.wait();
        mutex.leave();
        waiting.join().unwrap();
    }

    #[test]
    fn databases_on_eight_threads_do_not_mix() {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                thread::spawn(|| {
                    for _ in 0..20 {
                        let store = super::super::tests::store();
                        let db = super::super::tests::filled(&store, 100);
                        let sum: i64 = db
                            .connection()
                            .query_row("SELECT sum(id) FROM t", [], |row| row.get(0))
                            .unwrap();
                        assert_eq!(sum, 5050);
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
