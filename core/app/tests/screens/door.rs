// SPDX-License-Identifier: MPL-2.0
//! The second door on the screens: set, entered, filled, changed, taken away; and from inside
//! nothing tells it from a vault that is the only one.

use std::collections::BTreeSet;

use amate_screen::Way;

use crate::walk::{Walk, sound};

const ORDINARY: &str = "Comprar frijol, jabón y cuadernos para el lunes.";
const STORY: &str = "Dos personas en una camioneta gris preguntaron por la asamblea.";

fn write(walk: &mut Walk, story: &str) {
    walk.tap("log");
    walk.change("story", story);
    walk.tap("done");
    walk.back();
    assert_eq!(walk.name(), "home");
}

fn kept(walk: &mut Walk) -> String {
    walk.tap("cases");
    let shown = format!("{:?}", walk.screen());
    walk.back();
    shown
}

#[test]
fn each_code_opens_its_own_and_what_is_written_there_stays() {
    let mut walk = Walk::opened("es-MX");
    write(&mut walk, STORY);
    let first = walk.code.clone();
    let second = walk.set_door();
    assert!(walk.says("compras") && walk.says("Con tus palabras"));
    walk.tap("lock");
    assert_eq!(walk.name(), "unlock");
    for round in 0..2 {
        assert!(walk.enter(&second));
        assert_eq!(kept(&mut walk).contains("Comprar"), round > 0);
        assert!(!kept(&mut walk).contains("camioneta"));
        if round == 0 {
            write(&mut walk, ORDINARY);
        }
        walk.killed();
        assert!(walk.enter(&first));
        assert!(kept(&mut walk).contains("camioneta") && !kept(&mut walk).contains("Comprar"));
    }
}

#[test]
fn its_code_is_changed_and_it_is_taken_away() {
    let mut walk = Walk::opened("en");
    let (first, old) = (walk.code.clone(), walk.set_door());
    let to_door = |walk: &mut Walk| {
        assert!(walk.enter(&first));
        walk.tap("settings");
        walk.tap("door");
        assert!(walk.says("There is a second door"));
    };
    to_door(&mut walk);
    walk.tap("code");
    let new = walk.take_code();
    assert_eq!(walk.name(), "door");
    assert!(!walk.enter(&old));
    assert!(walk.enter(&new));
    to_door(&mut walk);
    walk.tap("remove");
    assert!(walk.says("is gone") && walk.says("Set a second door"));
    assert!(!walk.enter(&new));
    assert!(walk.enter(&first));
}

#[test]
fn a_code_that_closes_the_first_does_so_when_it_is_entered() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    walk.tap("later");
    walk.tap("settings");
    walk.tap("door");
    assert!(walk.says("Ideas"), "it can be filled without losing anything");
    // Thought better of it.
    for key in ["closes", "opens", "closes"] {
        walk.tap("how");
        walk.tap(key);
        walk.tap("next");
        assert_eq!(walk.name(), "door");
        assert_eq!(walk.says("la primera se cierra para siempre"), key == "closes");
        assert_eq!(walk.says("Ideas"), key == "opens", "nothing leads there then");
    }
    assert!(walk.enter(&first), "not before");
    assert!(walk.enter(&second));
    assert!(!walk.enter(&first));
    assert!(walk.says("Nada se borró"), "as any wrong code");
    assert!(walk.enter(&second));
}

#[test]
fn the_same_words_as_the_first_are_no_second_code() {
    let mut walk = Walk::opened("es-MX");
    let first = walk.code.clone();
    let session = amate_app::session::Session::open(&walk.left(), first.as_bytes()).unwrap();
    let same = session.set_second_door(first.as_bytes(), 0);
    assert!(matches!(same, Err(amate_app::problem::Problem::SameCode)));
    session.lock().unwrap();
    drop(session);
    assert!(walk.enter(&first));
}

#[test]
fn after_five_wrong_codes_there_is_a_wait_and_nothing_is_lost() {
    let mut walk = Walk::opened("es-MX");
    let code = walk.code.clone();
    for _ in 0..5 {
        assert!(!walk.enter("no es esta clave para nada"));
        assert!(walk.says("Nada se borró") && !walk.says("Espera"));
    }
    assert!(!walk.enter(&code), "also the right one");
    assert!(walk.says("Espera") && walk.says("Nada se borró"));
}

#[test]
fn more_room_is_given_from_either_vault() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    let mut before = String::new();
    for code in [&first, &second, &first] {
        assert!(walk.enter(code));
        walk.tap("settings");
        walk.tap("more-room");
        walk.tap("half");
        let shown = format!("{:?}", walk.screen());
        assert_ne!(shown, before, "there is more of it each time");
        before = shown;
        walk.tap("next");
        assert_eq!(walk.name(), "settings");
    }
    assert!(walk.enter(&second));
}

/// A recording that was killed behind the door is settled when anybody opens the phone, as it would
/// be in the only vault.
#[test]
fn what_a_kill_left_behind_the_door_is_settled_with_the_first() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    assert!(walk.enter(&second));
    std::mem::forget(recording(&mut walk));
    walk.killed();
    assert!(walk.enter(&first));
    // Below the app: opening it as a session would settle it there and then.
    assert_eq!(states_in(&mut walk, &second), ["interrupted"]);
}

/// Bytes of a second of sound as a shell pushes them.
fn second_of_sound(second: u64) -> Vec<u8> {
    (0..50).flat_map(|n| sound(second * 1_000_000 + n * 20_000)).collect()
}

fn recording(walk: &mut Walk) -> amate_app::app::CaptureSink {
    walk.tap("log");
    walk.tap("voice");
    let mut sink = walk.app.begin(Way::Voice, "", "audio/mp4;channels=1;rate=48000").unwrap();
    push(walk, &mut sink, 0..14);
    sink
}

fn push(walk: &Walk, sink: &mut amate_app::app::CaptureSink, seconds: std::ops::Range<u64>) {
    for second in seconds {
        walk.clock(second);
        sink.push(&second_of_sound(second)).unwrap();
    }
}

/// The recording of the one vault is whole, whatever was opened meanwhile; the other says nothing.
#[test]
fn a_recording_behind_the_lock_keeps_no_code_out() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    assert!(walk.enter(&first));
    let mut sink = recording(&mut walk);
    assert!(!walk.enter("no es esta clave para nada") && walk.says("Nada se borró"));
    assert!(walk.enter(&second), "under threat, in the middle of a recording");
    push(&walk, &mut sink, 14..21);
    write(&mut walk, ORDINARY);
    assert!(!kept(&mut walk).contains("oz"), "no voice here");
    assert!(walk.enter(&first));
    push(&walk, &mut sink, 21..30);
    walk.app.finish(sink).unwrap();
    let states = states_in(&mut walk, &first);
    assert_eq!(states, ["complete"], "all of it is one recording that ended");
}

#[test]
fn a_recording_that_ends_in_another_vault_is_interrupted_and_nothing_is_said_there() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    assert!(walk.enter(&first));
    let mut sink = recording(&mut walk);
    assert!(walk.enter(&second));
    let before = walk.screen();
    push(&walk, &mut sink, 14..21);
    let step = walk.app.finish(sink).unwrap();
    assert_eq!(step.screen, before);
    assert!(walk.enter(&first));
    assert_eq!(states_in(&mut walk, &first), ["interrupted"]);
}

/// Below the app.
fn states_in(walk: &mut Walk, code: &str) -> Vec<String> {
    let vault = amate_vault::Vault::open(&walk.left(), code.as_bytes()).unwrap();
    vault
        .read(|db| db.prepare("SELECT state FROM item")?.query_map([], |row| row.get(0))?.collect())
        .unwrap()
}

/// A file of so many bytes in a case of its own.
fn file(walk: &mut Walk, len: usize) {
    walk.tap("log");
    let mut sink = walk.app.begin(Way::File, "acta.bin", "").unwrap();
    vec![9; len].chunks(100_000).for_each(|piece| sink.push(piece).unwrap());
    walk.app.finish(sink).unwrap();
    walk.change("story", STORY);
    walk.tap("done");
    walk.back();
}

fn says_due(walk: &mut Walk) -> bool {
    walk.tap("settings");
    let row = walk.says("guardaste algo grande");
    walk.tap("new-keys");
    assert_eq!(walk.says("más grandes de lo que una sesión disimula"), row);
    walk.back();
    walk.back();
    row
}

#[test]
fn what_the_first_saved_is_not_told_behind_the_door() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    assert!(walk.enter(&first) && !says_due(&mut walk));
    file(&mut walk, 4 << 20);
    assert!(says_due(&mut walk));
    assert!(walk.enter(&second) && !says_due(&mut walk));
}

/// Behind the lock, when all that goes on there has ended.
fn is_due(walk: &mut Walk) -> bool {
    let around = amate_vault::Surroundings::software(&walk.left());
    amate_vault::Container::open(around).unwrap().full_pass_due().unwrap()
}

/// Not in the session that made the vault: nobody has a copy from before it.
fn entered() -> Walk {
    let mut walk = Walk::opened("es-MX");
    let code = walk.code.clone();
    assert!(walk.enter(&code));
    walk
}

#[test]
fn what_shows_its_half_is_renewed_behind_the_lock() {
    let mut walk = entered();
    file(&mut walk, 4 << 20);
    assert!(says_due(&mut walk) && !walk.app.is_busy());
    assert!(!is_due(&mut walk));
}

/// What is saved while a pass goes on is not hidden by it: another one follows behind the lock.
#[test]
fn what_was_saved_beside_a_pass_is_renewed_behind_the_lock_as_well() {
    let mut walk = entered();
    walk.tap("settings");
    walk.tap("new-keys");
    walk.tap("next");
    walk.back();
    walk.back();
    file(&mut walk, 4 << 20);
    assert!(!is_due(&mut walk));
}

/// It goes outside the sets behind the lock, and is the last that is written.
#[test]
fn what_was_recorded_behind_the_lock_is_renewed_when_it_ends() {
    let mut walk = entered();
    let mut sink = recording(&mut walk);
    walk.lock();
    // Until there is no room.
    let full = (14..900).find(|at| {
        walk.clock(*at);
        sink.push(&second_of_sound(*at)).is_err()
    });
    assert!(full.is_some_and(|at| at > 100), "{full:?}");
    walk.rest();
    walk.app.finish(sink).unwrap();
    assert!(!is_due(&mut walk));
}

#[test]
fn a_file_that_a_lock_cut_is_named_in_its_own_vault_alone() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    for code in [&first, &second] {
        assert!(walk.enter(&first));
        walk.tap("log");
        let mut sink = walk.app.begin(Way::File, "acta.bin", "").unwrap();
        sink.push(&[3; 100_000]).unwrap();
        assert!(walk.enter(code));
        let shown = walk.screen();
        let step = walk.app.finish(sink).unwrap();
        assert_eq!(step.screen == shown, *code == second);
    }
    assert!(!walk.says("Se cortó"));
    assert!(walk.enter(&first) && walk.says("Se cortó"), "as soon as it is open again");
    assert!(walk.enter(&first) && !walk.says("Se cortó"), "once");
    // The page that sent it went away, and the person with it.
    walk.tap("log");
    let sink = walk.app.begin(Way::File, "acta.bin", "").unwrap();
    walk.app.cut(sink.vault());
    assert!(walk.enter(&second) && !walk.says("Se cortó"));
    assert!(walk.enter(&first) && walk.says("Se cortó"), "nobody had read it");
}

/// The half of the first is full: behind the door nothing is said of it.
#[test]
fn a_recording_that_finds_no_room_says_nothing_in_another_vault() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    assert!(walk.enter(&first));
    file(&mut walk, 4_500_000);
    let mut sink = recording(&mut walk);
    assert!(walk.enter(&second));
    let before = walk.screen();
    let full = (14..900).any(|at| {
        walk.clock(at);
        sink.push(&second_of_sound(at)).is_err()
    });
    assert!(full);
    assert_eq!(walk.app.finish(sink).unwrap().screen, before);
    walk.clock(0);
}

#[test]
fn a_recording_that_ends_after_a_lock_leaves_the_draft_at_hand_as_it_is() {
    let mut walk = Walk::opened("es-MX");
    let first = walk.code.clone();
    let mut sink = recording(&mut walk);
    assert!(walk.enter(&first));
    walk.tap("log");
    let mut other = walk.app.begin(Way::File, "otra.bin", "").unwrap();
    other.push(&[1; 1_000]).unwrap();
    walk.app.finish(other).unwrap();
    let before = walk.screen();
    push(&walk, &mut sink, 14..21);
    assert_eq!(walk.app.finish(sink).unwrap().screen, before);
}

#[test]
fn the_language_behind_a_code_is_not_seen_outside() {
    let mut walk = Walk::opened("es-MX");
    let code = walk.code.clone();
    walk.tap("settings");
    walk.tap("en");
    assert!(walk.says("Settings"));
    walk.lock();
    assert_eq!(walk.screen().language, "es-MX");
    walk.tap("en");
    assert_eq!(walk.screen().language, "en", "who stands outside may choose another");
    assert!(walk.enter(&code));
    walk.tap("settings");
    walk.tap("es-MX");
    walk.lock();
    assert_eq!(walk.screen().language, "en");
}

/// Both say the same of it, and it goes on behind the lock.
#[test]
fn all_keys_are_renewed_from_either_vault() {
    let mut walk = Walk::opened("es-MX");
    let (first, second) = (walk.code.clone(), walk.set_door());
    for code in [&first, &second] {
        assert!(walk.enter(code));
        walk.tap("settings");
        walk.tap("new-keys");
        assert!(!walk.says("Todo tiene llaves nuevas"), "what was before is not told");
        walk.tap("next");
        assert!(walk.screen().live);
        for _ in 0..600 {
            if walk.says("Todo tiene llaves nuevas") {
                break;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(20));
            walk.look();
        }
        assert!(walk.says("Todo tiene llaves nuevas"));
    }
    walk.tap("next");
    assert!(walk.enter(&first), "while it goes on");
    walk.tap("settings");
    walk.tap("new-keys");
    assert!(!walk.screen().live, "what was asked for elsewhere is not told");
    walk.rest();
    assert!(walk.enter(&second));
}

/// Every page that somebody reaches who touches anything, in both vaults alike.
#[test]
fn inside_the_second_everything_is_as_in_the_only_one() {
    let mut pages = BTreeSet::new();
    for (seed, language) in (40..48_u64).zip(["es-MX", "en"].into_iter().cycle()) {
        let mut only = Walk::opened(language);
        let mut second = Walk::behind_the_door(language);
        let (one, other) = (only.random(seed, 250), second.random(seed, 250));
        for (step, (one, other)) in one.iter().zip(&other).enumerate() {
            assert_eq!(one, other, "seed {seed}, step {step}");
        }
        let named = one.iter().filter_map(|told| told.split("name: ").nth(1)?.split(',').next());
        pages.extend(named.map(str::to_owned));
    }
    let all = format!("{pages:?}");
    assert!(pages.len() >= 24, "{all}");
    let known = ["home", "log", "case", "item", "delete", "people", "settings", "door"];
    for page in known.into_iter().chain(["more-room", "new-keys"]) {
        assert!(all.contains(page), "never at {page}: {all}");
    }
}
