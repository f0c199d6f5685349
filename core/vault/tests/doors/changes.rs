// SPDX-License-Identifier: MPL-2.0
//! Which places changed between two images: how many, where, in which half, how often.

use super::{Seen, mean, runs};
use crate::{
    images::{
        examiner::{Image, Place},
        history::layout_of,
    },
    world::header::Header,
};

/// Regions of a file that are counted apart.
const REGIONS: usize = 8;

/// Numbers of the places that changed between each two images.
pub struct Changes(pub Vec<Vec<usize>>);

impl Changes {
    pub fn of(places: &[Place], images: &[Image]) -> Self {
        let mut changes = Vec::new();
        let mut before: Option<Vec<Vec<u8>>> = None;
        for image in images {
            let now: Vec<Vec<u8>> = places.iter().map(|place| read(image, *place)).collect();
            if let Some(before) = before {
                changes.push((0..places.len()).filter(|n| before[*n] != now[*n]).collect());
            }
            before = Some(now);
        }
        Self(changes)
    }

    /// How many images ago each place changed; as many as there are when it never did.
    pub fn ages(&self, places: usize) -> Vec<f64> {
        let mut ages = vec![self.0.len() as f64; places];
        for (ago, changed) in self.0.iter().rev().enumerate() {
            changed.iter().for_each(|place| ages[*place] = ages[*place].min(ago as f64));
        }
        ages
    }

    fn times(&self, places: usize) -> Vec<f64> {
        let mut times = vec![0.0; places];
        self.0.iter().flatten().for_each(|place| times[*place] += 1.0);
        times
    }
}

/// A unit or a cell of a file; nothing where the file ends before.
pub fn read(image: &Image, place: Place) -> Vec<u8> {
    let mut bytes = vec![0; place.len];
    if image[place.file].read(&mut bytes, place.at) { bytes } else { Vec::new() }
}

/// Parts of the file `vault` that are no pages: name and units.
pub fn fixed(image: &Image) -> Vec<(&'static str, Vec<Place>)> {
    let header = Header::read(&image[0], 0).unwrap();
    let (start, _) = header.fixed();
    let units = |from: usize, count: usize, half: usize| {
        let unit = |n| Place { file: 0, at: n * 4_096, len: 4_096, half };
        (from..from + count).map(unit).collect::<Vec<_>>()
    };
    let table = header.table(0).1;
    let heads = [0, 5].map(|cell| Place { file: 1, at: cell * 65_536, len: 65_536, half: 0 });
    vec![
        ("headers", units(0, 2, 0)),
        ("table", units(2, 2 * table, 0)),
        ("journal", units(header.journal_start(), header.journal, 0)),
        ("slots", units(start, 8, 0)),
        ("actions", units(start + 8, 8, 0)),
        ("roots of half 0", units(start + 16, 4, 0)),
        ("roots of half 1", units(start + 20, 4, 1)),
        ("heads of the spool", heads.to_vec()),
    ]
}

pub fn see(images: &[Image], seen: &mut Seen) {
    let layout = layout_of(&images[0]);
    let kinds = [("pages", &layout.pages), ("cells", &layout.cells)];
    for ((kind, places), set) in kinds.into_iter().zip(layout.sets) {
        let changes = Changes::of(places, images);
        numbers(kind, &changes, set, seen);
        halves(kind, places, &changes, seen);
        positions(kind, places.len(), &changes, seen);
    }
    for (kind, places) in fixed(&images[0]) {
        let changes = Changes::of(&places, images);
        let each: Vec<f64> = changes.0.iter().map(|changed| changed.len() as f64).collect();
        seen.each(&format!("{kind}: changed"), &each);
    }
}

fn numbers(kind: &str, changes: &Changes, set: usize, seen: &mut Seen) {
    let each: Vec<f64> = changes.0.iter().map(|changed| changed.len() as f64).collect();
    seen.each(&format!("{kind}: changed"), &each);
    // What is written outside of it is more.
    let one = changes.0.iter().filter(|changed| changed.len() == set).count();
    seen.add(format!("one set: {kind}"), one as f64);
    seen.add(format!("{kind}: changed at last"), each.last().copied().unwrap_or(0.0));
}

fn halves(kind: &str, places: &[Place], changes: &Changes, seen: &mut Seen) {
    let apart = |changed: &Vec<usize>| {
        let first = changed.iter().filter(|place| places[**place].half == 0).count() as f64;
        2.0 * first - changed.len() as f64
    };
    let each: Vec<f64> = changes.0.iter().map(apart).collect();
    let all = changes.0.iter().map(|changed| (changed.len().max(1) as f64).sqrt());
    let furthest = each.iter().zip(all).map(|(apart, all)| apart.abs() / all).fold(0.0, f64::max);
    seen.add(format!("{kind}: halves apart, in all"), each.iter().sum::<f64>().abs());
    seen.add(format!("{kind}: halves apart, most"), furthest);
    let times = changes.times(places.len());
    let never = |half: usize| {
        let of_half = places.iter().zip(&times).filter(|(place, _)| place.half == half);
        of_half.filter(|(_, times)| **times == 0.0).count() as f64
    };
    seen.add(format!("{kind}: never changed"), never(0) + never(1));
    seen.add(format!("{kind}: never changed, halves apart"), (never(0) - never(1)).abs());
}

fn positions(kind: &str, all: usize, changes: &Changes, seen: &mut Seen) {
    let place =
        |changed: &Vec<usize>| mean(&changed.iter().map(|place| *place as f64).collect::<Vec<_>>());
    seen.add(format!("{kind}: where"), mean(&changes.0.iter().map(place).collect::<Vec<_>>()));
    let run = |changed: &Vec<usize>| runs(changed) as f64 / changed.len().max(1) as f64;
    seen.add(format!("{kind}: runs"), mean(&changes.0.iter().map(run).collect::<Vec<_>>()));
    let again = changes.0.windows(2).map(|pair| {
        let both = pair[1].iter().filter(|place| pair[0].binary_search(place).is_ok()).count();
        both as f64 / pair[1].len().max(1) as f64
    });
    seen.add(format!("{kind}: changed again"), mean(&again.collect::<Vec<_>>()));
    let times = changes.times(all);
    let middle = mean(&times);
    let uneven = times.iter().map(|times| (times - middle).powi(2)).collect::<Vec<_>>();
    seen.add(format!("{kind}: some more often"), mean(&uneven));
    let mut regions = [0.0; REGIONS];
    times.iter().enumerate().for_each(|(place, times)| regions[place * REGIONS / all] += times);
    let most = regions.iter().copied().fold(0.0, f64::max);
    seen.add(format!("{kind}: most in a region"), most / regions.iter().sum::<f64>().max(1.0));
}
