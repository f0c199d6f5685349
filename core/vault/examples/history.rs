// SPDX-License-Identifier: MPL-2.0
//! For outside examiners: a phone lives through scripted sessions, and an image of both files is
//! written after each. The truth stands beside, in a file of its own.
//!
//! `cargo run --release -p amate-vault --example history -- --history one-door --seed N --sessions N FOLDER`
//!
//! `one-door`, `two-doors` and `first-emptied` have the same visible use for the same seed: whoever
//! gets the code of `code.txt`, which opens the only vault, the second or the one that overwrote
//! the first, should not find out which it is (`tests/images/doors.rs` says what corresponds).
//! `keys.txt` beside each image has what the phone's key store gave then, as spec/vault.md §4 and §7
//! name it. `larger-media` is outside the promise.
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

use amate_vault::{Geometry, Random, UNIT, examine::Header};
use images::{
    doors::{Doors, GIVEN, Life, Step, script},
    examiner::{Image, examine},
    history::{History, Session, layout_of},
};
use world::keys::SimKeys;

const USAGE: &str = "history --history one-door|two-doors|first-emptied|larger-media \
                     --seed N --sessions N FOLDER";

#[derive(Clone, Copy)]
enum Kind {
    Doors(Doors),
    /// Whoever looks should see the half.
    LargerMedia,
}

struct Wanted {
    kind: Kind,
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
    let (images, mut truth) = match wanted.kind {
        Kind::Doors(doors) => lived(&wanted, &geometry, doors),
        Kind::LargerMedia => larger_media(&wanted, &geometry),
    };
    let report = examine(&layout_of(&images[0]), &images);
    let _ = writeln!(
        truth,
        "\nOur own examiner, over all images. A killed session shows how far its set was refreshed,\n\
         in the order of places, in both halves alike: this is known.\n{report}"
    );
    fs::write(wanted.folder.join("truth.txt"), truth).unwrap();
}

fn lived(wanted: &Wanted, geometry: &Geometry, doors: Doors) -> (Vec<Image>, String) {
    let mut life = Life::new(geometry, doors, Random::system());
    let mut truth = format!("{doors:?}\nimage 0: before the first session\n");
    let save_newest = |life: &Life| {
        let number = life.images.len() - 1;
        save(&wanted.folder, number, &life.images[number]);
        let keys = keys(&life.images[number], &life.held[number]);
        fs::write(wanted.folder.join(format!("{number:04}/keys.txt")), keys).unwrap();
    };
    save_newest(&life);
    for (number, step) in (1..).zip(script(wanted.seed, wanted.sessions)) {
        // In a phone of its size a session has more operations.
        let step = match step {
            Step::Killed(writes, after, crash) => Step::Killed(writes, after * 4, crash),
            step => step,
        };
        life.session(&step);
        let _ = writeln!(truth, "image {number}: after {step:?}");
        save_newest(&life);
        println!("{number} of {}", wanted.sessions);
    }
    fs::write(wanted.folder.join("code.txt"), GIVEN).unwrap();
    (life.images, truth)
}

/// For who has the phone too: its key store gives these.
fn keys(image: &Image, held: &SimKeys) -> String {
    let header = Header::parse(&image[0].to_vec()[..UNIT]).unwrap();
    let [_, layer, next] = header.handles();
    let mut handles = vec![layer, next];
    handles.dedup();
    let given = handles.into_iter().filter_map(|handle| header.layer_key(held, handle).ok());
    let named = given.map(|key| ("layer key", key));
    let code = ("code key", header.code_key(held, GIVEN).unwrap());
    let hex = |key: [u8; 32]| key.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    named.chain([code]).map(|(name, key)| format!("{name} {}\n", hex(key))).collect()
}

fn larger_media(wanted: &Wanted, geometry: &Geometry) -> (Vec<Image>, String) {
    let mut history = History::new(geometry, wanted.seed, Random::system());
    let mut truth = String::from("image 0: made, and locked once\n");
    save(&wanted.folder, 0, &history.images[0]);
    for number in 1..=wanted.sessions {
        let session = *history.rng.pick(&[Session::Large, Session::Notes]);
        history.session(session);
        let _ = writeln!(truth, "image {number}: after {session:?}");
        save(&wanted.folder, number, &history.images[number]);
        println!("{number} of {}", wanted.sessions);
    }
    (history.images, truth)
}

fn parse(words: &[String]) -> Option<Wanted> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["--history", kind, "--seed", seed, "--sessions", sessions, folder] = words[..] else {
        return None;
    };
    let kind = match kind {
        "one-door" => Kind::Doors(Doors::One),
        "two-doors" => Kind::Doors(Doors::Two),
        "first-emptied" => Kind::Doors(Doors::FirstEmptied),
        "larger-media" => Kind::LargerMedia,
        _ => return None,
    };
    Some(Wanted {
        kind,
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
