// SPDX-License-Identifier: MPL-2.0
//! Whether bytes are noise: the newest image, and what was written since the first.

use std::collections::BTreeMap;

use super::{
    Seen,
    changes::{Changes, read},
};
use crate::images::{
    examiner::{Image, Place},
    history::layout_of,
};

const UNIT: usize = 4_096;

pub fn see(images: &[Image], seen: &mut Seen) {
    let newest = &images[images.len() - 1];
    for (file, name) in ["vault", "reserve"].into_iter().enumerate() {
        let lens: Vec<f64> = images.iter().map(|image| image[file].len() as f64).collect();
        seen.each(&format!("{name}: bytes"), &lens);
        // The header is plain.
        let skipped = if file == 0 { 2 * UNIT } else { 0 };
        statistics(name, &newest[file].to_vec()[skipped..], seen);
    }
    written(images, seen);
}

fn statistics(name: &str, bytes: &[u8], seen: &mut Seen) {
    let units: Vec<[u32; 256]> = bytes.chunks(UNIT).map(count).collect();
    let mut all = [0; 256];
    units.iter().for_each(|unit| add(&mut all, unit));
    seen.add(format!("{name}: chi-square"), chi_square(&all));
    seen.add(format!("{name}: a byte and the next"), correlation(bytes));
    let worst = units.iter().map(chi_square).fold(0.0, f64::max);
    let least = units.iter().map(entropy).fold(f64::MAX, f64::min);
    seen.add(format!("{name}: chi-square, worst unit"), worst);
    seen.add(format!("{name}: bits in a byte, least unit"), least);
    let firsts: Vec<u8> = bytes.chunks(UNIT).map(|unit| unit[0]).collect();
    seen.add(format!("{name}: first bytes"), chi_square(&count(&firsts)));
    let twice = beginnings_twice(bytes.chunks(UNIT).map(<[u8]>::to_vec));
    seen.add(format!("{name}: units that begin as another"), twice);
}

/// What stands newly in a place, against what stood there before.
fn written(images: &[Image], seen: &mut Seen) {
    let layout = layout_of(&images[0]);
    for (kind, places) in [("pages", &layout.pages), ("cells", &layout.cells)] {
        let mut differences = [0; 256];
        let mut beginnings = Vec::new();
        for (pair, changed) in images.windows(2).zip(Changes::of(places, images).0) {
            for place in changed {
                // Of a cell its beginning: all of it stands under one key.
                let place = Place { len: UNIT, ..places[place] };
                let (old, new) = (read(&pair[0], place), read(&pair[1], place));
                let xor: Vec<u8> = old.iter().zip(&new).map(|(old, new)| old ^ new).collect();
                add(&mut differences, &count(&xor));
                beginnings.push(new);
            }
        }
        seen.add(format!("{kind}: differences to before"), chi_square(&differences));
        seen.add(format!("{kind}: written twice"), beginnings_twice(beginnings.into_iter()));
    }
}

fn beginnings_twice(units: impl Iterator<Item = Vec<u8>>) -> f64 {
    let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    units.for_each(|unit| *known.entry(unit[..16.min(unit.len())].to_vec()).or_default() += 1);
    known.values().filter(|times| **times > 1).sum::<usize>() as f64
}

fn count(bytes: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    counts
}

fn add(all: &mut [u32; 256], own: &[u32; 256]) {
    all.iter_mut().zip(own).for_each(|(all, own)| *all += own);
}

fn chi_square(counts: &[u32; 256]) -> f64 {
    let expected = f64::from(counts.iter().sum::<u32>()) / 256.0;
    if expected == 0.0 {
        return 0.0;
    }
    counts.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum()
}

/// Of order 0.
fn entropy(counts: &[u32; 256]) -> f64 {
    let all = f64::from(counts.iter().sum::<u32>());
    let shares = counts.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / all);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

fn correlation(bytes: &[u8]) -> f64 {
    let centred = |byte: u8| i64::from(byte) * 2 - 255;
    let sum: i64 = bytes.windows(2).map(|pair| centred(pair[0]) * centred(pair[1])).sum();
    sum as f64 / bytes.len().max(1) as f64
}
