// SPDX-License-Identifier: MPL-2.0
//! 4 GiB are sealed and opened again in less than 32 MiB of heap.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops where it fails")]
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    io::{BufReader, BufWriter, Read, Write},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

use amate_seal::{
    age::{Identity, Reader, Recipient, Writer},
    hybrid::HybridSecret,
    random,
};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system's allocator's; the counters change nothing of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(held, Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const LENGTH: u64 = 4 << 30;

#[test]
fn four_gibibytes_pass_in_32_mebibytes_of_heap() {
    let secret = HybridSecret::random(&mut random::system());
    let to = [Recipient::Hybrid(secret.public())];
    let (from, into) = std::io::pipe().unwrap();
    let sealing = thread::spawn(move || {
        let into = BufWriter::with_capacity(1 << 16, into);
        let mut writer = Writer::new(into, &to, &mut random::system()).unwrap();
        let piece = vec![0x5a; 1 << 16];
        for _ in 0..LENGTH >> 16 {
            writer.write_all(&piece).unwrap();
        }
        writer.finish().unwrap().flush().unwrap();
    });
    let mut reader =
        Reader::new(BufReader::with_capacity(1 << 16, from), &[Identity::Hybrid(secret)]).unwrap();
    let (mut piece, mut length) = (vec![0; 1 << 16], 0_u64);
    loop {
        let n = reader.read(&mut piece).unwrap();
        if n == 0 {
            break;
        }
        assert!(piece[..n].iter().all(|byte| *byte == 0x5a));
        length += n as u64;
    }
    sealing.join().unwrap();
    assert_eq!(length, LENGTH);
    let most = MOST.load(Relaxed);
    assert!(most < 32 << 20, "{most} bytes of heap");
}
