// SPDX-License-Identifier: MPL-2.0
//! Reads and writes that are no whole pages, and lengths that change.

use super::{
    super::{Errors, staging::Staging},
    *,
};

const LEN: u64 = PAGE as u64;

fn staging(store: &Store) -> Staging {
    Staging::new(store.clone(), Errors::default()).unwrap()
}

fn read(staging: &mut Staging, offset: u64, len: usize) -> (bool, Vec<u8>) {
    let mut out = vec![0xee; len];
    let whole = staging.read(offset, &mut out).unwrap();
    (whole, out)
}

/// Three committed pages of ones, twos and threes.
fn three(store: &Store) -> Staging {
    store.lock().unwrap().pages = vec![[1; PAGE], [2; PAGE], [3; PAGE]];
    staging(store)
}

#[test]
fn parts_of_pages_are_read_committed_and_staged() {
    let store = store();
    let mut staging = three(&store);
    assert_eq!(read(&mut staging, 24, 16), (true, vec![1; 16]));
    staging.write(24, &[9; 16]).unwrap();
    let mut first = vec![1; 100];
    first[24..40].fill(9);
    assert_eq!(read(&mut staging, 0, 100), (true, first));
    assert_eq!(commits(&store), 0);
    staging.sync().unwrap();
    let pages = &store.lock().unwrap().pages;
    assert_eq!(pages[0][20..44], [[1; 4].as_slice(), &[9; 16], &[1; 4]].concat());
    assert_eq!((pages[1], pages[2]), ([2; PAGE], [3; PAGE]));
}

#[test]
fn a_piece_across_pages_goes_to_both() {
    let store = store();
    let mut staging = three(&store);
    staging.write(LEN - 2, &[8, 8, 8, 8]).unwrap();
    assert_eq!(read(&mut staging, LEN - 3, 6), (true, vec![1, 8, 8, 8, 8, 2]));
    assert_eq!(read(&mut staging, 2 * LEN - 1, 2), (true, vec![2, 3]));
}

#[test]
fn what_is_beyond_the_end_is_zeros_and_said_to_be_short() {
    let mut staging = three(&store());
    assert_eq!(read(&mut staging, 3 * LEN - 2, 4), (false, vec![3, 3, 0, 0]));
    assert_eq!(read(&mut staging, 3 * LEN, 4), (false, vec![0; 4]));
    assert_eq!(read(&mut staging, u64::MAX, 4), (false, vec![0; 4]));
    assert_eq!(staging.size(), 3 * LEN);
}

#[test]
fn what_was_cut_off_never_comes_back() {
    let store = store();
    let mut staging = three(&store);
    staging.write(2 * LEN, &[7; PAGE]).unwrap();
    staging.truncate(LEN).unwrap();
    staging.write(3 * LEN, &[4; PAGE]).unwrap();
    assert_eq!(read(&mut staging, LEN, 2 * PAGE), (true, vec![0; 2 * PAGE]));
    staging.sync().unwrap();
    let pages = store.lock().unwrap().pages.clone();
    assert!(pages == [[1; PAGE], [0; PAGE], [0; PAGE], [4; PAGE]]);
}

#[test]
fn a_sync_without_a_change_and_a_cut_to_the_same_length_commit_nothing() {
    let store = store();
    let mut staging = three(&store);
    staging.sync().unwrap();
    staging.truncate(3 * LEN).unwrap();
    staging.sync().unwrap();
    assert_eq!(commits(&store), 0);
    staging.truncate(2 * LEN).unwrap();
    staging.truncate(2 * LEN).unwrap();
    assert_eq!(store.lock().unwrap().pages(), 3, "not before the sync");
    staging.sync().unwrap();
    assert_eq!((commits(&store), store.lock().unwrap().pages()), (1, 2));
}

#[test]
fn an_offset_that_no_page_has_is_refused() {
    let mut staging = three(&store());
    assert!(matches!(staging.write(u64::MAX - 1, &[1, 1]), Err(VaultError::NoSpace)));
    assert!(matches!(staging.truncate(u64::MAX), Err(VaultError::NoSpace)));
    assert_eq!(staging.size(), 3 * LEN);
}
