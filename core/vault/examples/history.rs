// SPDX-License-Identifier: MPL-2.0
//! For outside examiners: a phone with one door lives through scripted sessions, and an image of
//! both files is written after each. The truth stands beside, in a file of its own.
//!
//! `cargo run --release -p amate-vault --example history -- --history one-door --seed N --sessions N FOLDER`
//!
//! The seed fixes the script alone; keys and noise come from the system, as on a phone.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that stops where it fails")]

#[path = "../tests/images/mod.rs"]
#[allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "shared with the tests"
)]
mod images;
#[path = "../tests/sim/mod.rs"]
mod sim;
#[path = "../tests/world/outside.rs"]
mod world;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use amate_vault::{Geometry, Random};
use images::{
    examiner::{Image, examine},
    history::{History, Session},
};

const USAGE: &str = "history --history one-door|larger-media --seed N --sessions N FOLDER";

struct Wanted {
    kinds: &'static [Session],
    seed: u64,
    sessions: usize,
    folder: PathBuf,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(wanted) = parse(&words) else {
        println!("{USAGE}");
        std::process::exit(2);
    };
    let geometry = Geometry::phone(16 << 20, 32 << 20);
    let mut history = History::new(&geometry, wanted.seed, Random::system());
    let mut truth = String::from("image 0: made, and locked once\n");
    save(&wanted.folder, 0, &history.images[0]);
    for number in 1..=wanted.sessions {
        let session = *history.rng.pick(wanted.kinds);
        history.session(session);
        let _ = writeln!(truth, "image {number}: after {session:?}");
        save(&wanted.folder, number, history.images.last().unwrap());
        println!("{number} of {}", wanted.sessions);
    }
    let report = examine(&history.layout(), &history.images);
    let _ = writeln!(
        truth,
        "\nOur own examiner, over all images. A killed session shows how far its set was refreshed,\n\
         in the order of places, in both halves alike: this is known.\n{report}"
    );
    fs::write(wanted.folder.join("truth.txt"), truth).unwrap();
}

fn parse(words: &[String]) -> Option<Wanted> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["--history", kind, "--seed", seed, "--sessions", sessions, folder] = words[..] else {
        return None;
    };
    let kinds: &[Session] = match kind {
        "one-door" => &Session::PROMISED,
        // Outside the promise: whoever looks should see the half.
        "larger-media" => &[Session::Large, Session::Notes],
        _ => return None,
    };
    Some(Wanted {
        kinds,
        seed: seed.parse().ok()?,
        sessions: sessions.parse().ok()?,
        folder: PathBuf::from(folder),
    })
}

fn save(folder: &Path, number: usize, image: &Image) {
    let folder = folder.join(format!("{number:04}"));
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in ["vault", "reserve"].into_iter().zip(image) {
        fs::write(folder.join(name), bytes.to_vec()).unwrap();
    }
}
