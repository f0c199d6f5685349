// SPDX-License-Identifier: MPL-2.0
//! The screens without any shell: flows, drafts that survive, words in every language, and random
//! walks that never end in a dead end.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

#[path = "screens/door.rs"]
mod door;
#[path = "screens/every.rs"]
mod every;
#[path = "screens/friend.rs"]
mod friend;
#[path = "two/relay.rs"]
mod relay;
#[path = "screens/tour.rs"]
mod tour;
#[path = "screens/walk.rs"]
mod walk;

use amate_screen::{Kind, Way};
use walk::{Walk, spoken};

const STORY: &str = "Dos personas en una camioneta gris preguntaron por la asamblea.";

#[test]
fn the_first_run_asks_for_a_language_and_a_code_and_nothing_else() {
    let mut walk = Walk::new("es-MX");
    assert_eq!(walk.name(), "language");
    assert!(!walk.screen().hide, "nothing to hide yet");
    walk.tap("en");
    assert_eq!(walk.screen().language, "en");
    walk.tap("es-MX");
    walk.tap("next");
    assert_eq!(walk.name(), "about");
    walk.tap("next");
    let words = spoken(&walk.screen());
    assert_eq!(words.len(), 5);
    walk.tap("other");
    assert_ne!(words, spoken(&walk.screen()), "other words");
    let words = spoken(&walk.screen()).join(" ");
    walk.tap("next");
    walk.secret("code", "otras cinco palabras que no");
    walk.tap("next");
    assert_eq!(walk.name(), "code-again", "the wrong words lead nowhere");
    walk.secret("code", &words.to_uppercase());
    walk.tap("next");
    walk.until("door-offer");
    walk.tap("later");
    assert_eq!(walk.name(), "home");
}

#[test]
fn what_is_written_is_kept_at_once_and_found_again_after_any_end() {
    let mut walk = Walk::opened("es-MX");
    walk.tap("log");
    walk.change("story", STORY);
    walk.tap("yesterday");
    walk.tap("said");
    walk.change("place", "Tlapa");
    // The process is gone, without a word.
    walk.killed();
    assert_eq!(walk.name(), "unlock");
    walk.unlock();
    let draft = walk.row_with(STORY.get(..20).unwrap());
    walk.tap(&draft);
    assert_eq!(walk.field("story"), STORY);
    assert_eq!(walk.field("place"), "Tlapa");
    walk.tap("done");
    assert_eq!(walk.name(), "case");
    assert!(walk.says(STORY) && walk.says("Tlapa"));
    walk.back();
    assert!(!walk.screen().blocks.iter().any(|block| block.key.starts_with("draft-")));
}

#[test]
fn a_photo_goes_into_the_case_of_its_draft_and_comes_back_byte_for_byte() {
    let mut walk = Walk::opened("es-MX");
    let photo = walk::jpeg();
    walk.tap("log");
    walk.tap("photo");
    assert_eq!(walk.name(), "camera");
    walk.capture(Way::Photo, "", &photo);
    assert_eq!(walk.name(), "log", "the camera closes itself");
    walk.killed();
    walk.unlock();
    let draft = walk.row("draft-");
    walk.tap(&draft);
    assert!(walk.screen().blocks.iter().any(|block| block.key == "item-1"), "the photo is there");
    walk.change("story", STORY);
    walk.tap("done");
    walk.tap("item-1");
    let medium = walk.medium();
    assert_eq!(walk.content(&medium), photo);
    walk.tap("delete");
    assert!(walk.screen().blocks.iter().any(|block| matches!(block.kind, Kind::Hold { .. })));
    walk.tap("delete");
    assert_eq!(walk.name(), "case");
    assert!(!walk.screen().blocks.iter().any(|block| block.key == "item-1"));
}

#[test]
fn a_recording_keeps_what_was_pushed_when_the_process_dies() {
    let mut walk = Walk::opened("es-MX");
    walk.tap("log");
    walk.tap("voice");
    let mut sink = walk.app.begin(Way::Voice, "", "audio/mp4;channels=1;rate=48000").unwrap();
    for second in 0..14 {
        walk.clock(second);
        let frames = (0..50).flat_map(|n| walk::sound(second * 1_000_000 + n * 20_000));
        sink.push(&frames.collect::<Vec<u8>>()).unwrap();
    }
    std::mem::forget(sink);
    walk.killed();
    walk.unlock();
    walk.tap("cases");
    let case = walk.first_case();
    walk.tap(&case);
    let item = walk.row("item-");
    walk.tap(&item);
    let medium = walk.medium();
    let kept = walk.content(&medium);
    let seconds = kept.windows(4).filter(|four| four == b"moof").count();
    assert!(kept.get(4..8) == Some(b"ftyp") && seconds >= 8, "{seconds} seconds of sound");
}

#[test]
fn a_wrong_code_is_told_kindly_and_opens_nothing() {
    let mut walk = Walk::opened("es-MX");
    walk.lock();
    walk.secret("code", "no es esta clave para nada");
    walk.tap("open");
    assert_eq!(walk.name(), "unlock");
    assert!(walk.says("Nada se borró"));
    walk.unlock();
    assert_eq!(walk.name(), "home");
}

#[test]
fn the_code_is_changed_and_the_old_one_opens_no_more() {
    let mut walk = Walk::opened("es-MX");
    walk.tap("settings");
    walk.tap("code");
    let words = spoken(&walk.screen()).join(" ");
    walk.tap("next");
    walk.secret("code", &words);
    walk.tap("next");
    assert_eq!(walk.name(), "code-changed");
    walk.lock();
    walk.unlock();
    assert_eq!(walk.name(), "unlock", "the old code");
    walk.secret("code", &words);
    walk.tap("open");
    assert_eq!(walk.name(), "home");
}

#[test]
fn hiding_locks_and_leaves() {
    let mut walk = Walk::opened("en");
    walk.tap("log");
    walk.change("story", STORY);
    let step = walk.app.act(amate_screen::Action::Hide);
    assert_eq!(step.effects, [amate_screen::Effect::Leave]);
    assert_eq!(step.screen.name, "unlock");
    assert!(!format!("{:?}", step.screen).contains("camioneta"));
}

#[test]
fn random_walks_end_nowhere_without_a_way_on_or_a_word() {
    for (seed, language) in (0..12_u64).zip(["es-MX", "en"].into_iter().cycle()) {
        let mut walk = Walk::opened(language);
        walk.random(seed, 300);
    }
}
