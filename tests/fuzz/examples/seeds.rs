// SPDX-License-Identifier: MPL-2.0
//! Writes what a target begins with as files: `seeds TARGET FOLDER`.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [target, folder] = words.as_slice() else {
        return Err(io::Error::other("seeds TARGET FOLDER"));
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    for (name, bytes) in amate_fuzz::seeds::seeds(target) {
        fs::write(folder.join(name.replace('/', "-")), bytes)?;
    }
    for (name, bytes) in amate_fuzz::vectors::inputs(target) {
        fs::write(folder.join(name.replace('/', "-")), bytes)?;
    }
    Ok(())
}
