// SPDX-License-Identifier: MPL-2.0
//! Two images of a one-door phone, and many: where something changed says nothing of which half is
//! used, as far as the promise goes. Where it does not go, and where the store would break it, the
//! examiner sees.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it fails")]

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

use std::collections::BTreeMap;

use amate_vault::{Geometry, Random};
use images::{
    examiner::{Image, Layout, Place, Report, examine},
    history::{History, Session, image_of},
};
use sim::{rng::Rng, rounds};

/// What a set that was cut shows: how far it came, in the order of its places.
const POSITIONS: [&str; 4] =
    ["regions as often", "each place as often", "changed again", "as many as sets have"];

/// Small, so that many sessions are quick.
const SMALL: Geometry = Geometry {
    halves: 2,
    spool: 1,
    grows: false,
    pages: 600,
    cells: 48,
    journal: 64,
    set_pages: 64,
    set_cells: 8,
};

fn history(seed: u64) -> History {
    History::new(&SMALL, seed, Random::from(Rng::new(seed ^ 0x1a6e5)))
}

fn lived(seed: u64, sessions: usize, kind: impl Fn(&mut Rng) -> Session) -> History {
    let mut history = history(seed);
    for _ in 0..sessions {
        let session = kind(&mut history.rng);
        history.session(session);
    }
    history
}

fn shows_nothing(name: &str, report: &Report, besides: &[&str]) {
    let leaks = report.leaks();
    let leaks = leaks.iter().filter(|leak| !besides.iter().any(|known| leak.name.contains(known)));
    assert_eq!(leaks.count(), 0, "{name}:\n{report}");
}

fn sees(report: &Report, name: &str) {
    assert!(report.leaks().iter().any(|leak| leak.name.contains(name)), "{name}:\n{report}");
}

/// Lives inside the promise, with other seeds in a soak.
fn inside(name: &str, besides: &[&str], kind: impl Fn(&mut Rng) -> Session) {
    const SESSIONS: usize = 60;
    for n in 0..rounds::rounds(1) as u64 {
        let seed = rounds::only().unwrap_or(rounds::seed() * 1_000 + n);
        let history = lived(seed, SESSIONS, &kind);
        let report = examine(&history.layout(), &history.images);
        shows_nothing(&format!("{name}, seed {seed}"), &report, besides);
        rounds::counted("images", SESSIONS);
    }
}

#[test]
fn many_small_sessions_show_nothing() {
    inside("notes", &[], |_| Session::Notes);
}

#[test]
fn wrong_codes_show_nothing() {
    inside("wrong codes", &[], |rng| *rng.pick(&[Session::WrongCodes, Session::Notes]));
}

/// A set is refreshed in the order of its places, so a kill shows how far it came, in both halves
/// alike: regions of the file differ, halves do not.
#[test]
fn sessions_killed_at_any_moment_show_no_half() {
    inside("killed", &POSITIONS, |_| Session::Killed);
}

/// The disk may have half of a place that is being refreshed, and all of it after the next start.
#[test]
fn sessions_in_which_the_power_goes_show_no_half() {
    let torn = ["difference to before", "differences to before", "content stands twice"];
    inside("power lost", &[&POSITIONS[..], &torn].concat(), |_| Session::PowerLost);
}

#[test]
fn larger_media_with_a_full_pass_show_nothing() {
    inside("large and full pass", &[], |rng| {
        *rng.pick(&[Session::LargeAndFullPass, Session::Notes, Session::Notes])
    });
}

/// A journal in which nothing is overwritten soon, as on a phone: what is in place stands nowhere
/// else, or the halves would differ in that.
#[test]
fn an_image_holds_nothing_twice() {
    let geometry = Geometry { journal: 512, ..SMALL };
    let mut history = History::new(&geometry, 6, Random::from(Rng::new(66)));
    let sessions = [Session::Notes, Session::LargeAndFullPass, Session::Large, Session::Killed];
    for session in sessions.into_iter().cycle().take(16) {
        history.session(session);
        let newest = [history.image()];
        shows_nothing(&format!("{session:?}"), &examine(&history.layout(), &newest), &[]);
    }
}

/// Outside the promise: known, said on screen, and seen here.
#[test]
fn larger_media_without_a_full_pass_are_seen() {
    let history = lived(1, 12, |_| Session::Large);
    sees(&examine(&history.layout(), &history.images), "cells: halves in all pairs");
}

#[test]
fn a_zeroed_place_is_seen() {
    let mut history = lived(2, 10, |_| Session::Notes);
    let layout = history.layout();
    let place = layout.pages[123];
    history.images[6][0].write(&vec![0; place.len], place.at);
    sees(&examine(&layout, &history.images), "pages: bytes of one write");
}

#[test]
fn writes_outside_the_set_in_one_half_are_seen() {
    let mut history = lived(3, 100, |_| Session::Notes);
    let layout = history.layout();
    let images = plant(&layout, &history.images, &mut history.rng, 6);
    sees(&examine(&layout, &images), "pages: halves in all pairs");
}

/// Six more places of half 0 change each time, and stay until the store writes there.
fn plant(layout: &Layout, images: &[Image], rng: &mut Rng, more: usize) -> Vec<Image> {
    let own: Vec<Place> = layout.pages.iter().copied().filter(|place| place.half == 0).collect();
    let mut planted: BTreeMap<usize, (Vec<u8>, Vec<u8>)> = BTreeMap::new();
    let read = |image: &Image, at: usize| {
        let mut bytes = vec![0; 4_096];
        assert!(image[0].read(&mut bytes, at));
        bytes
    };
    images
        .iter()
        .map(|image| {
            for _ in 0..more {
                let at = rng.pick(&own).at;
                planted.insert(at, (read(image, at), rng.bytes(4_096)));
            }
            planted.retain(|at, (under, _)| read(image, *at) == *under);
            let mut image = image.clone();
            planted.iter().for_each(|(at, (_, noise))| image[0].write(noise, *at));
            image
        })
        .collect()
}

#[test]
fn places_that_are_never_refreshed_are_seen() {
    let mut history = lived(4, 100, |_| Session::Notes);
    let layout = history.layout();
    let first = history.images[0].clone();
    for place in layout.pages.iter().filter(|place| place.half == 1).take(40) {
        let mut bytes = vec![0; place.len];
        assert!(first[0].read(&mut bytes, place.at));
        history.images.iter_mut().for_each(|image| image[0].write(&bytes, place.at));
    }
    sees(&examine(&layout, &history.images), "pages: each place as often as others");
}

/// A store that refreshed after its writes would leave this when it is killed before the refresh.
#[test]
fn writes_before_the_refresh_are_seen() {
    let mut history = history(5);
    let layout = history.layout();
    let mut killed = history.disk.platter();
    let mut images = vec![image_of(&killed)];
    for _ in 0..40 {
        history.disk.record();
        let container = history.open().unwrap();
        let mut vault = container.unlock(b"cinco palabras de prueba nada").unwrap();
        let refreshed = history.disk.operations();
        for _ in 0..6 {
            history.note(&mut vault, 4_000).unwrap();
        }
        vault.lock().unwrap();
        let recording = history.disk.recording();
        recording.events[refreshed..].iter().for_each(|event| killed.apply(event));
        images.push(image_of(&killed));
    }
    sees(&examine(&layout, &images), "pages: halves in all pairs");
}
