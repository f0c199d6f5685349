// SPDX-License-Identifier: MPL-2.0
//! Every screen that a phone has once it is open, with all on it that can be touched: in the only
//! vault of a phone, and in one behind a second door. Both say the same, step by step.

use std::thread;

use amate_screen::{Action, Effect, Way};

use crate::{
    tour::{Tour, has},
    walk::{self, spoken, told_effects},
};

const STORY: &str = "Dos personas en una camioneta gris preguntaron por la asamblea.";

/// What a phone shows while a vault is open, and the page before it.
const PAGES: &str = "add answer before-sending by-words camera case cases code code-again \
    code-changed delete door door-how door-ready export home inbox item line log more-room new-keys \
    paired people person proof recipients relays report scan scanned sent settings throw unlock \
    video voice";

#[test]
fn every_screen_is_the_same_behind_the_second_door() {
    alike("es-MX", "en");
}

#[test]
fn every_screen_is_the_same_behind_the_second_door_in_english() {
    alike("en", "es-MX");
}

fn alike(language: &'static str, other: &'static str) {
    let tour = |second: bool| move || Tour::begin(language, second).goes_everywhere(other);
    let (only, second) = thread::scope(|both| {
        let (only, second) = (both.spawn(tour(false)), both.spawn(tour(true)));
        (only.join().unwrap(), second.join().unwrap())
    });
    for (step, (one, other)) in only.told.iter().zip(&second.told).enumerate() {
        let lines = one.lines().zip(other.lines());
        let apart: Vec<_> = lines.filter(|(one, other)| one != other).collect();
        assert!(one == other, "step {step}: {apart:#?} in {one}");
    }
    assert_eq!(only.told.len(), second.told.len());
    let missed: Vec<_> = PAGES.split(' ').filter(|page| !only.pages.contains(*page)).collect();
    assert!(missed.is_empty(), "never at {missed:?}");
    assert_eq!(only.pages.len(), PAGES.split(' ').count(), "{:?}", only.pages);
    let untouched: Vec<_> = only.shown.difference(&only.touched).collect();
    assert!(untouched.is_empty(), "{untouched:#?}");
}

/// Where one goes.
impl Tour {
    fn goes_everywhere(mut self, other: &str) -> Self {
        self.see();
        self.finds_nothing();
        self.writes();
        self.looks_at_a_case();
        self.sets(other);
        self.adds_a_relay();
        self.hears_from_a_stranger();
        self.meets_by_words();
        self.meets_by_code();
        self.sends();
        self.is_answered();
        self.hears_from_a_friend();
        self.takes_back();
        self.changes_the_code();
        self.sets_a_door();
        self.locks(other);
        self
    }

    fn finds_nothing(&mut self) {
        self.taps(&["cases", "log"]);
        self.home();
        self.taps(&["people", "add", "relay"]);
        self.home();
        self.taps(&["inbox", "now"]);
        self.home();
        self.tap("waiting");
        self.home();
    }

    fn writes(&mut self) {
        self.taps(&["log", "done"]);
        self.change("story", "Otra cosa.");
        self.taps(&["throw", "keep", "throw", "throw", "log"]);
        self.taps(&["today", "yesterday", "unknown", "later", "other"]);
        self.change("day", "2026-11-19");
        self.taps(&["unsafe", "nowhere", "rather-not", "said"]);
        self.change("place", "Tlapa");
        for (key, way) in [("photo", Way::Photo), ("voice", Way::Voice), ("file", Way::File)] {
            self.tap(key);
            self.captures(way);
        }
        self.tap("video");
        self.back();
        self.tap("item-…");
        self.home();
        self.tap("draft-…");
        self.change("story", STORY);
        self.home();
        self.walk.killed();
        let code = self.walk.code.clone();
        self.open_with(&code);
        self.taps(&["draft-…", "done"]);
        assert!(self.at("case"));
    }

    fn captures(&mut self, way: Way) {
        let sound = "audio/mp4;channels=1;rate=48000";
        match way {
            Way::Voice => {
                let mut sink = self.walk.app.begin(way, "", sound).unwrap();
                let frames = (0..150).flat_map(|n| walk::sound(n * 20_000));
                sink.push(&frames.collect::<Vec<u8>>()).unwrap();
                self.walk.app.finish(sink).unwrap();
            }
            Way::File => self.walk.capture(way, "acta.pdf", b"%PDF-1.4 acta"),
            _ => self.walk.capture(way, "", &walk::jpeg()),
        }
        self.see();
    }

    fn looks_at_a_case(&mut self) {
        for key in ["voice", "video"] {
            self.tap(key);
            self.back();
        }
        for (key, way) in [("photo", Way::Photo), ("file", Way::File)] {
            self.tap(key);
            self.captures(way);
        }
        self.tap("proof");
        self.back();
        self.taps(&["send", "add"]);
        self.back();
        self.back();
        self.taps(&["item-…", "saving"]);
        let effects = self.tap("save");
        let [Effect::Share { medium, .. }] = &*effects else { panic!("{effects:?}") };
        assert!(!self.walk.content(medium).is_empty());
        self.taps(&["delete", "keep", "delete", "delete"]);
        self.home();
        self.finds("nada de eso");
        self.change("words", "camioneta");
        self.taps(&["search", "…"]);
        self.home();
        self.later();
    }

    pub fn finds(&mut self, words: &str) {
        self.tap("cases");
        self.change("words", words);
    }

    fn sets(&mut self, other: &str) {
        let own = self.walk.screen().language;
        self.taps(&["settings", other, &own, "more-room", "double", "half", "quarter", "next"]);
        self.tap("new-keys");
        self.tap_until("next", "new keys", has("new-keys-done"));
        self.walk.rest();
        self.home();
    }

    fn changes_the_code(&mut self) {
        self.taps(&["settings", "code"]);
        self.walk.code = self.takes_a_code();
        assert!(self.at("code-changed"));
        self.tap("next");
    }

    fn takes_a_code(&mut self) -> String {
        self.tap("other");
        let code = spoken(&self.walk.screen()).join(" ");
        self.tap("next");
        self.walk.secret("code", "no son estas palabras");
        self.tap("next");
        self.walk.secret("code", &code);
        self.tap("next");
        self.walk.rest();
        code
    }

    fn sets_a_door(&mut self) {
        self.taps(&["settings", "door", "set"]);
        self.takes_a_code();
        self.taps(&["later", "settings", "door", "how", "closes", "opens", "closes", "next"]);
        self.taps(&["code"]);
        self.takes_a_code();
        self.tap("remove");
        self.walk.rest();
        self.tap("set");
        let code = self.takes_a_code();
        self.tap("lock");
        self.open_with(&code);
        self.taps(&["cases", "log"]);
        self.home();
        self.tap("settings");
        self.home();
    }

    fn locks(&mut self, other: &str) {
        let own = self.walk.screen().language;
        let code = self.walk.code.clone();
        self.tap("lock");
        self.open_with("no es esta clave para nada");
        self.taps(&[other, &own]);
        self.open_with(&code);
        self.taps(&["settings", "door"]);
        let effects = self.walk.act(Action::Hide);
        self.told.push(told_effects("hide", &effects));
        self.see();
    }
}
