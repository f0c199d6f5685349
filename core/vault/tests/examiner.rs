// SPDX-License-Identifier: MPL-2.0
//! The examiner of images, tested on invented files: sees each planted leak, and nothing where
//! there is nothing.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "images/synthetic.rs"]
#[allow(missing_docs, unreachable_pub, dead_code, reason = "shared by tests")]
mod images;
mod sim;

use images::{
    examiner::{Image, Layout, Place, Report, examine},
    statistics,
};
use sim::{bytes::Bytes, rng::Rng};

const PAGES: usize = 600;
const CELLS: usize = 48;
const SET: (usize, usize) = (64, 8);

fn close(value: f64, expected: f64) {
    assert!((value / expected - 1.0).abs() < 1e-6, "{value} is not {expected}");
}

/// Values from R: pnorm, pchisq, phyper.
#[test]
fn chances_are_those_of_the_tables() {
    close(statistics::normal(1.959_963_984_540_054), 0.05);
    close(statistics::normal(-6.0), 1.973_175_290_075_4e-9);
    close(statistics::chi_square(293.247_835_080_701_45, 255), 0.05);
    close(statistics::chi_square(18.307_038_053_275_14, 10), 0.05);
    close(statistics::chi_square(200.0, 10), 1.613_931_305_336_98e-37);
    close(statistics::hypergeometric(10, 5, 4, 4), 2.0 * 5.0 / 210.0);
    close(statistics::hypergeometric(10, 5, 4, 2), 1.0);
    close(statistics::least([0.5, 0.01, 0.3]), 0.03);
    let (mean, variance) = statistics::moments(10, 5, 4);
    close(mean, 2.0);
    close(variance, 2.0 / 3.0);
}

/// Halves as a shuffled list gives them.
fn layout(rng: &mut Rng) -> Layout {
    let mut half = |n: usize| {
        let mut halves: Vec<usize> = (0..n).map(|n| n % 2).collect();
        rng.shuffle(&mut halves);
        halves
    };
    let places = |file, len, halves: Vec<usize>| {
        let place = |(n, half)| Place { file, at: n * len, len, half };
        halves.into_iter().enumerate().map(place).collect()
    };
    let pages = places(0, 4_096, half(PAGES));
    Layout { pages, cells: places(1, 65_536, half(CELLS)), sets: SET.into(), plain: Vec::new() }
}

/// A history in which each session rewrites a drawn set, and then does something to the files.
struct History {
    rng: Rng,
    layout: Layout,
    image: Image,
    images: Vec<Image>,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let layout = layout(&mut rng);
        let noise = [PAGES * 4_096, CELLS * 65_536].map(|len| rng.bytes(len));
        let image = noise.map(|noise| Bytes::from(noise.as_slice()));
        Self { rng, layout, images: vec![image.clone()], image }
    }

    fn write(&mut self, place: Place) {
        let noise = self.rng.bytes(place.len);
        self.image[place.file].write(&noise, place.at);
    }

    fn draw(&mut self, places: &[Place], n: usize) -> Vec<Place> {
        let mut places = places.to_vec();
        self.rng.shuffle(&mut places);
        places.truncate(n);
        places
    }

    fn refresh(&mut self) {
        let (pages, cells) = (self.layout.pages.clone(), self.layout.cells.clone());
        for place in [self.draw(&pages, SET.0), self.draw(&cells, SET.1)].concat() {
            self.write(place);
        }
    }

    fn of_half(&self, half: usize) -> Vec<Place> {
        self.layout.pages.iter().copied().filter(|place| place.half == half).collect()
    }

    /// Sessions that refresh, then leak.
    fn sessions(mut self, n: usize, leak: impl Fn(&mut Self, usize)) -> Report {
        for session in 0..n {
            self.refresh();
            leak(&mut self, session);
            self.images.push(self.image.clone());
        }
        examine(&self.layout, &self.images)
    }
}

fn sees(report: &Report, name: &str) {
    assert!(report.leaks().iter().any(|leak| leak.name.contains(name)), "{name}:\n{report}");
}

#[test]
fn sets_drawn_over_both_halves_show_nothing() {
    for seed in 0..6 {
        let report = History::new(seed).sessions(60, |history, session| {
            // A second set in some sessions: how many shows, where does not.
            if session % 7 == 0 {
                history.refresh();
            }
        });
        assert!(report.leaks().is_empty(), "seed {seed}:\n{report}");
    }
}

#[test]
fn a_zeroed_place_is_seen() {
    let report = History::new(1).sessions(20, |history, session| {
        if session == 11 {
            history.image[0].write(&[0; 4_096], 4_096 * 77);
        }
    });
    sees(&report, "pages: bytes of one write");
}

#[test]
fn a_place_that_was_never_noise_is_seen() {
    let mut history = History::new(2);
    history.image[1].write(&b"la camioneta gris ".repeat(3_000), 65_536 * 5);
    history.images = vec![history.image.clone()];
    let report = history.sessions(2, |_, _| ());
    sees(&report, "first image: bytes of one piece");
}

#[test]
fn writes_outside_the_set_in_one_half_are_seen() {
    let report = History::new(3).sessions(120, |history, _| {
        let own = history.of_half(0);
        history.draw(&own, 5).into_iter().for_each(|place| history.write(place));
    });
    sees(&report, "pages: halves in all pairs");
    sees(&report, "pages: as many as sets have");
}

#[test]
fn one_session_of_many_writes_in_one_half_is_seen() {
    let report = History::new(4).sessions(20, |history, session| {
        let own = history.of_half(1);
        let many = if session == 9 { 120 } else { 0 };
        history.draw(&own, many).into_iter().for_each(|place| history.write(place));
    });
    sees(&report, "pages: halves in one pair");
}

#[test]
fn places_that_are_left_alone_are_seen() {
    let mut history = History::new(5);
    let kept: Vec<Place> = history.of_half(0).into_iter().take(40).collect();
    let before: Image = history.image.clone();
    history.images.clear();
    let report = history.sessions(120, |history, _| {
        for place in &kept {
            let mut content = vec![0; place.len];
            assert!(before[0].read(&mut content, place.at));
            history.image[0].write(&content, place.at);
        }
    });
    sees(&report, "pages: each place as often as others");
}

#[test]
fn a_key_used_twice_and_content_that_moves_are_seen() {
    let report = History::new(6).sessions(12, |history, session| {
        let mut content = vec![0; 4_096];
        assert!(history.image[0].read(&mut content, 0));
        content.iter_mut().take(600).for_each(|byte| *byte ^= 0x20);
        history.images.last_mut().unwrap()[0].write(&content, 0);
        if session == 3 {
            history.image[0].write(&content, 4_096 * 9);
        }
    });
    sees(&report, "pages: one difference to before");
    sees(&report, "pages: content stands twice");
}

#[test]
fn places_that_come_back_more_often_are_seen() {
    let mut recent = Vec::new();
    let mut history = History::new(7);
    for _ in 0..80 {
        history.refresh();
        for place in &recent {
            history.write(*place);
        }
        let pages = history.layout.pages.clone();
        recent = history.draw(&pages, 12);
        for place in &recent {
            history.write(*place);
        }
        history.images.push(history.image.clone());
    }
    sees(&examine(&history.layout, &history.images), "pages: changed again");
}
