// SPDX-License-Identifier: MPL-2.0
//! Who has a code, all images and the keys of the device: does anything say whether the vault that
//! it opens is the only one, the second, or one that emptied the first? Groups of histories with
//! the same visible use are compared in everything that can be counted; leaks that were planted
//! show that the counting sees.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

#[path = "doors/mod.rs"]
mod doors;
#[path = "images/mod.rs"]
#[allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "shared by tests, and a test stops where it fails"
)]
mod images;
mod sim;
#[path = "world/outside.rs"]
mod world;

use std::{collections::BTreeSet, sync::OnceLock};

use amate_vault::{Container, Geometry, Random, SecondDoor, VaultError};
use doors::{
    Seen,
    changes::{Changes, fixed, read},
    compare::{Difference, chance, differences, rank_sum, undetermined},
    inside::Inside,
};
use images::{
    doors::{Doors, FIRST, GIVEN, Life, Step, Writes, over, phone_of, script},
    examiner::Place,
    history::{image_of, layout_of},
};
use sim::{rng::Rng, rounds};

/// Small, and with cells enough in each set that a medium of one cell finds one.
const SMALL: Geometry = Geometry {
    halves: 2,
    spool: 1,
    grows: false,
    pages: 400,
    cells: 32,
    journal: 64,
    set_pages: 96,
    set_cells: 16,
};
const SESSIONS: usize = 8;
/// Histories of a group.
const HISTORIES: usize = 14;
/// Histories with a planted leak.
const PLANTED: usize = 12;
/// Pairs of groups.
const PAIRS: usize = 3;

/// One history: its script is that of the seed, what is drawn is its own.
fn life(doors: Doors, seed: u64) -> Life {
    let random = Random::from(Rng::new(seed.wrapping_mul(0x9e37) ^ (doors as u64) << 60));
    Life::lived(&SMALL, doors, &script(seed, SESSIONS), random)
}

fn seeds(histories: usize) -> impl Iterator<Item = u64> {
    let first = rounds::seed() * 1_000;
    (0..histories as u64).map(move |n| first + n)
}

fn group(doors: Doors, histories: usize) -> Vec<Seen> {
    seeds(histories).map(|seed| Seen::with_code(&life(doors, seed), GIVEN)).collect()
}

/// With one door.
fn one_door() -> &'static [Seen] {
    static SEEN: OnceLock<Vec<Seen>> = OnceLock::new();
    SEEN.get_or_init(|| group(Doors::One, rounds::rounds(HISTORIES)))
}

#[test]
fn a_code_that_is_given_does_not_say_what_else_there_is() {
    let (one, histories) = (one_door(), rounds::rounds(HISTORIES));
    let two = group(Doors::Two, histories);
    let emptied = group(Doors::FirstEmptied, histories);
    for (name, some, others) in [
        ("one door and two", one, two.as_slice()),
        ("one door and one that emptied the first", one, &emptied),
        ("two doors and one that emptied the first", &two, &emptied),
    ] {
        let leaks = differences(some, others, PAIRS);
        assert!(leaks.is_empty(), "{name} differ in {leaks:#?}");
    }
    let differ = |(n, seed)| {
        let differ = [&two[n], &emptied[n]].map(|other| undetermined(&one[n], other)).concat();
        (!differ.is_empty()).then_some((seed, differ))
    };
    let differ: Vec<_> = seeds(histories).enumerate().filter_map(differ).collect();
    assert!(differ.is_empty(), "scripts that do not determine what they should: {differ:#?}");
    rounds::counted("histories with one door, two, and an emptied one", 3 * histories);
    rounds::counted("features of each", one[0].0.len());
}

/// With two doors: in copies of these something is planted.
fn two_doors() -> &'static [Life] {
    static LIVES: OnceLock<Vec<Life>> = OnceLock::new();
    LIVES
        .get_or_init(|| seeds(rounds::rounds(PLANTED)).map(|seed| life(Doors::Two, seed)).collect())
}

/// Histories with two doors and a leak, against those with one door.
fn leaks(plant: impl Fn(&mut Life, &mut Rng), see: impl Fn(&Life) -> Seen) -> Vec<Difference> {
    let seen = two_doors().iter().zip(seeds(rounds::rounds(PLANTED))).map(|(life, seed)| {
        let mut life = life.copy(Random::from(Rng::new(!seed)));
        plant(&mut life, &mut Rng::new(seed));
        see(&life)
    });
    differences(one_door(), &seen.collect::<Vec<_>>(), PAIRS)
}

fn sees(leaks: &[Difference], name: &str) {
    assert!(leaks.iter().any(|leak| leak.name == name), "{name}: {leaks:#?}");
}

fn with_code(life: &Life) -> Seen {
    Seen::with_code(life, GIVEN)
}

/// Places of pages that the vault whose code is given does not stand in.
fn of_the_other_half(life: &Life, all: Vec<Place>) -> Vec<Place> {
    let half = Inside::read(&life.images[0], &life.held[0], GIVEN).half();
    all.into_iter().filter(|place| place.half != half).collect()
}

/// They never change.
fn keep(life: &mut Life, places: &[Place]) {
    let first = life.images[0].clone();
    for place in places {
        let bytes = read(&first, *place);
        life.images.iter_mut().for_each(|image| image[place.file].write(&bytes, place.at));
    }
}

#[test]
fn a_zeroed_page_is_seen() {
    let plant = |life: &mut Life, rng: &mut Rng| {
        let place = *rng.pick(&layout_of(&life.images[0]).pages);
        life.images.last_mut().unwrap()[place.file].write(&vec![0; place.len], place.at);
    };
    let leaks = leaks(plant, Seen::without_code);
    sees(&leaks, "vault: bits in a byte, least unit");
    sees(&leaks, "vault: chi-square, worst unit");
}

#[test]
fn another_size_is_seen() {
    let plant = |life: &mut Life, rng: &mut Rng| {
        let image = life.images.last_mut().unwrap();
        let end = image[0].len();
        image[0].write(&rng.bytes(4_096), end);
    };
    sees(&leaks(plant, Seen::without_code), "vault: bytes, most");
}

#[test]
fn a_prefix_that_stays_is_seen() {
    let plant = |life: &mut Life, rng: &mut Rng| {
        let pages = layout_of(&life.images[0]).pages;
        let prefix = rng.bytes(16);
        let changes = Changes::of(&pages, &life.images);
        for (image, changed) in life.images.iter_mut().skip(1).zip(changes.0) {
            changed.iter().for_each(|page| image[0].write(&prefix, pages[*page].at));
        }
    };
    let leaks = leaks(plant, Seen::without_code);
    sees(&leaks, "pages: written twice");
    sees(&leaks, "vault: units that begin as another");
}

#[test]
fn a_half_that_is_never_touched_is_seen() {
    let plant = |life: &mut Life, _: &mut Rng| {
        let pages = layout_of(&life.images[0]).pages;
        let other = of_the_other_half(life, pages);
        keep(life, &other);
    };
    let leaks = leaks(plant, with_code);
    sees(&leaks, "pages: more in its half, mean");
    sees(&leaks, "pages: never changed, halves apart");
    sees(&leaks, "other half: mean age");
}

#[test]
fn roots_of_one_half_that_are_not_refreshed_are_seen() {
    let plant = |life: &mut Life, _: &mut Rng| {
        let roots =
            fixed(&life.images[0]).into_iter().filter(|(name, _)| name.starts_with("roots"));
        let other = of_the_other_half(life, roots.flat_map(|(_, places)| places).collect());
        keep(life, &other);
    };
    sees(&leaks(plant, with_code), "roots: more in its half, mean");
}

/// A store that refreshed after its writes, killed in between.
#[test]
fn writes_in_the_first_before_the_refresh_are_seen() {
    let plant = |life: &mut Life, _: &mut Rng| {
        let mut killed = life.disk.platter();
        life.disk.record();
        let mut first = life.open().unwrap().unlock(FIRST).unwrap();
        let refreshed = life.disk.operations();
        let note = "INSERT INTO note(text) VALUES('x')";
        for _ in 0..4 {
            first.write("note", |tx| tx.execute(note, [])).unwrap();
        }
        first.lock().unwrap();
        let recording = life.disk.recording();
        recording.events[refreshed..].iter().for_each(|event| killed.apply(event));
        life.found(image_of(&killed));
    };
    let leaks = leaks(plant, Seen::without_code);
    sees(&leaks, "pages: halves apart, most");
}

/// Outside the promise: the person is told that a full pass is due.
#[test]
fn larger_media_in_the_first_without_a_full_pass_are_seen() {
    let plant = |life: &mut Life, _: &mut Rng| {
        life.begin_images();
        for _ in 0..4 {
            life.within(FIRST, |first| {
                let mut writer = first.begin_medium()?;
                (0..first.room()? / 70_000).try_for_each(|_| writer.write(&[7; 65_000]))?;
                let medium = writer.finish()?;
                first.write("medium", |tx| medium.record(tx))?;
                first.delete_medium(&medium.id)
            });
        }
    };
    let leaks = leaks(plant, with_code);
    sees(&leaks, "a full pass is due");
    sees(&leaks, "cells: more in its half, mean");
}

/// What the first knows of the second is in no vault that is the only one.
#[test]
fn keys_of_the_other_half_are_seen() {
    let leaks = leaks(|_, _| {}, |life| Seen::with_code(life, FIRST));
    let rows = leaks.iter().any(|leak| leak.name == "rows of a second door");
    assert!(!rows, "without the volume's key nothing tells: {leaks:#?}");
    sees(&leaks, "a second door");
}

/// A first vault that does not know the second, and so leaves it as it is.
#[test]
fn a_second_that_is_not_kept_fresh_is_seen() {
    let seen: Vec<Seen> = seeds(rounds::rounds(PLANTED))
        .map(|seed| {
            let random = Random::from(Rng::new(!seed));
            let mut life = Life::new(&SMALL, Doors::Two, random);
            life.within(FIRST, |first| {
                first.write("none", |tx| tx.execute_batch("DELETE FROM second"))
            });
            life.begin_images();
            script(seed, SESSIONS).iter().for_each(|step| life.session(step));
            with_code(&life)
        })
        .collect();
    let leaks = differences(one_door(), &seen, PAIRS);
    sees(&leaks, "the next record stays");
}

/// Known: who has the code, the phone's keys and an image from before its first use reads what it
/// will do.
#[test]
fn a_code_that_is_still_to_overwrite_is_seen() {
    let plant = |life: &mut Life, _: &mut Rng| {
        life.within(FIRST, |first| first.second_overwrites(true));
    };
    sees(&leaks(plant, with_code), "the action record opens");
}

/// Both groups live so, and are compared.
fn lived_alike(live: impl Fn(Doors, u64) -> Seen) -> Vec<Difference> {
    let group =
        |doors| seeds(rounds::rounds(PLANTED)).map(|seed| live(doors, seed)).collect::<Vec<_>>();
    differences(&group(Doors::One), &group(Doors::Two), PAIRS)
}

fn random(doors: Doors, seed: u64) -> Random {
    Random::from(Rng::new(seed.wrapping_mul(0x2ec0) ^ (doors as u64) << 60))
}

/// A recording is killed in one vault, then somebody is in another session.
#[test]
fn a_killed_recording_says_nothing_of_the_session_after_it() {
    let leaks = lived_alike(|doors, seed| {
        let mut life = Life::new(&SMALL, doors, random(doors, seed));
        life.session(&script(seed, 1)[0]);
        life.killed_recording();
        life.session(&Step::Other(Writes { notes: vec![100], medium: None }));
        with_code(&life)
    });
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// A recorder goes on while its vault is locked, and another session comes and goes: from then on
/// it writes to the cells of that session.
#[test]
fn a_recorder_that_goes_on_says_nothing_of_another_session() {
    let many = Geometry { cells: 128, set_cells: 24, ..SMALL };
    let leaks = lived_alike(|doors, seed| {
        let mut life = Life::new(&many, doors, random(doors, seed));
        let container = life.open().unwrap();
        let mut vault = container.unlock(GIVEN).unwrap();
        let mut writer = vault.begin_medium().unwrap();
        writer.write(&[7; 70_000]).unwrap();
        vault.lock().unwrap();
        life.image();
        container.unlock(life.code()).unwrap().lock().unwrap();
        writer.write(&[7; 6 * 65_508]).unwrap();
        life.image();
        with_code(&life)
    });
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// The first opens the second as its own code would; that it cannot be read is no reason to keep
/// anybody out of the first.
#[test]
fn a_second_that_is_damaged_keeps_nobody_out_of_the_first() {
    let life = &two_doors()[0];
    let newest = life.images.len() - 1;
    let (mut image, keys) = (life.images[newest].clone(), life.held[newest].copy());
    let inside = Inside::read(&image, &keys, GIVEN);
    let pages = layout_of(&image).pages;
    for entry in inside.pages.values() {
        let place = pages[entry.place as usize];
        image[place.file].write(&[0; 16], place.at);
    }
    let disk = phone_of(&image, &keys);
    let random = Random::from(Rng::new(1));
    let unlock = |code| Container::open(over(&disk, &keys, random.clone())).unwrap().unlock(code);
    assert!(matches!(unlock(GIVEN), Err(VaultError::Damaged | VaultError::Sql(_))));
    for _ in 0..2 {
        let first = unlock(FIRST).unwrap();
        assert_eq!(first.second().unwrap(), Some(SecondDoor { overwrites: false, opens: false }));
        assert!(first.check().unwrap().is_none());
        first.lock().unwrap();
    }
}

/// What another session that was cut leaves to be seen: how the vault whose code is given stands,
/// and which kinds of places changed. The fixed places change one after another: its half counts.
fn cut_states(doors: Doors, half: usize, stride: usize) -> BTreeSet<Vec<i64>> {
    let new = |seed| (seed, Life::new(&SMALL, doors, random(doors, seed)));
    let in_half = |(_, life): &(u64, Life)| {
        Inside::read(&life.images[0], &life.held[0], GIVEN).half() == half
    };
    let begun = |life: &Life| Inside::read(&life.images[0], &life.held[0], GIVEN);
    let writes = Writes { notes: vec![100], medium: None };
    let generations = |life: &Life| {
        let after = Inside::read(&life.images[1], &life.held[1], GIVEN);
        after.root().generation - begun(life).root().generation
    };
    // By chance the next record lies in the set, and opening settles nothing.
    let settles = |(seed, life): &(u64, Life)| {
        let mut life = life.copy(random(doors, !seed));
        life.cut(&writes, usize::MAX / 2);
        generations(&life) == 4
    };
    let (seed, life) =
        (rounds::seed()..).map(new).find(|life| in_half(life) && settles(life)).unwrap();
    let before = begun(&life);
    let state = |at: usize| {
        let mut life = life.copy(random(doors, !seed));
        let cut = life.cut(&writes, at);
        let after = Inside::read(&life.images[1], &life.held[1], GIVEN);
        let oldest = after.roots.iter().map(|(_, root)| root.generation).min().unwrap();
        let mut state = vec![
            generations(&life) as i64,
            (after.root().generation - oldest) as i64,
            after.roots.len() as i64,
            after.records.len() as i64,
            i64::from(after.next == before.next),
            after.used().len() as i64,
        ];
        let changed = |places: &[Place]| Changes::of(places, &life.images).0[0].len() as i64;
        let layout = layout_of(&life.images[0]);
        let sets = [(&layout.pages, layout.sets[0]), (&layout.cells, layout.sets[1])];
        state.extend(
            sets.map(|(places, set)| changed(places).signum() + changed(places) / set as i64),
        );
        state.extend(fixed(&life.images[0]).iter().map(|(name, places)| match *name {
            // How far a write came shows how far a write came.
            "journal" | "table" => changed(places).signum(),
            _ => changed(places),
        }));
        (cut, state)
    };
    let mut states = BTreeSet::new();
    for at in (seed as usize % stride..).step_by(stride) {
        let (cut, state) = state(at);
        states.insert(state);
        if !cut {
            break;
        }
    }
    rounds::counted("sessions that were cut", states.len());
    states
}

#[test]
fn a_session_in_the_first_that_is_cut_leaves_what_any_cut_session_leaves() {
    // In a soak each operation.
    let stride = if rounds::rounds(1) > 1 { 1 } else { 5 };
    let half = (rounds::seed() % 2) as usize;
    let known = cut_states(Doors::One, half, 1);
    let found = cut_states(Doors::Two, half, stride);
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "{new:?}, not one of {known:?}");
}

/// Who has an image from before sees that all of the vault is newer than it, until everything is
/// refreshed.
#[test]
fn a_second_door_set_after_an_image_is_seen_until_a_full_pass() {
    let after = |full_pass: bool| {
        lived_alike(|doors, seed| {
            let mut life = Life::alone(&SMALL, doors, random(doors, seed));
            match doors {
                Doors::One => life.session(&Step::Settings),
                _ => life.set_second(),
            }
            if full_pass {
                life.open().unwrap().full_pass(|_, _| true).unwrap();
                life.image();
            }
            Seen::with_newer_code(&life, GIVEN)
        })
    };
    assert!(!after(false).is_empty(), "the vault is newer than the image: nobody sees it");
    let leaks = after(true);
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn chances_are_those_of_all_shufflings() {
    let close =
        |value: f64, expected: f64| assert!((value / expected - 1.0).abs() < 1e-9, "{value}");
    close(rank_sum(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 2.0 / 20.0);
    // Of 20 sums of three ranks, 6 to 15, eight are as far from 10.5 as 8 is.
    close(rank_sum(&[1.0, 2.0, 5.0], &[3.0, 4.0, 6.0]), 8.0 / 20.0);
    // Equals share a rank.
    close(rank_sum(&[0.0, 0.0, 1.0], &[1.0, 1.0, 1.0]), 8.0 / 20.0);
    close(rank_sum(&[1.0; 5], &[1.0; 9]), 1.0);
    // Neither lies higher; one is further from the middle.
    let (near, far): (Vec<f64>, Vec<f64>) =
        (0..12).map(|n| f64::from(n) - 5.5).map(|n| (n, n.signum() * 20.0 + n)).unzip();
    assert!(rank_sum(&near, &far) > 0.9);
    assert!(chance(&near, &far) < 1e-5);
    // What is counted and what is taken for normal agree.
    let values = |add: f64| (0..33).map(|n| f64::from(n * 7 % 33) + add).collect::<Vec<f64>>();
    let counted = rank_sum(&values(0.0)[..32], &values(6.5)[..32]);
    let normal = rank_sum(&values(0.0), &values(6.5));
    assert!((counted / normal - 1.0).abs() < 0.2, "{counted} and {normal}");
}
