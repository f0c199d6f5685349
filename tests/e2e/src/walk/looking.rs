// SPDX-License-Identifier: MPL-2.0
//! Looks for bytes in the files of a vault, as somebody who has the disk would.

use std::{fs, io::Read, path::Path};

use crate::actor::Stopped;

/// Whether bytes stand anywhere below a folder.
///
/// # Errors
/// I/O errors.
pub(super) fn found(dir: &Path, needle: &[u8]) -> Result<bool, Stopped> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let here = if path.is_dir() { found(&path, needle)? } else { found_in(&path, needle)? };
        if here {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The same of one file, piece by piece: a phone's files are large.
fn found_in(path: &Path, needle: &[u8]) -> Result<bool, Stopped> {
    let mut file = fs::File::open(path)?;
    let mut piece = vec![0; 1 << 20];
    // What stands over the end of a piece is found in the next one.
    let mut kept = 0;
    loop {
        let n = file.read(piece.get_mut(kept..).unwrap_or_default())?;
        let here = piece.get(..kept + n).unwrap_or_default();
        if here.windows(needle.len()).any(|window| window == needle) {
            return Ok(true);
        }
        if n == 0 {
            return Ok(false);
        }
        let from = here.len().saturating_sub(needle.len().saturating_sub(1));
        kept = here.len() - from;
        piece.copy_within(from..from + kept, 0);
    }
}
