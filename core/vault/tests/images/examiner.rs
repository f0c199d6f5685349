// SPDX-License-Identifier: MPL-2.0
//! What somebody sees who images the two files again and again, and knows how they are made.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::statistics::{self, moments};
use crate::sim::bytes::Bytes;

/// Chance of one false alarm in a whole report.
const ALARM: f64 = 1e-6;
/// So many places of an image are compressed: enough to see what is not noise.
const COMPRESSED: usize = 200;

/// The files `vault` and `reserve` at a moment.
pub type Image = [Bytes; 2];

/// What the public header says of the files.
#[derive(Clone, Default)]
pub struct Layout {
    /// 4 KiB each, in `vault`.
    pub pages: Vec<Place>,
    /// 64 KiB each, in `reserve`.
    pub cells: Vec<Place>,
    /// Pages and cells that are drawn together.
    pub sets: [usize; 2],
    /// What is plain: file, offset, length.
    pub plain: Vec<(usize, usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub file: usize,
    pub at: usize,
    pub len: usize,
    /// 0 or 1.
    pub half: usize,
}

/// Something looked at, and how likely chance alone gives it or worse.
#[derive(Clone)]
pub struct Feature {
    pub name: String,
    pub chance: f64,
}

#[derive(Default)]
pub struct Report(pub Vec<Feature>);

/// Places of one kind that changed between two images.
struct Change {
    places: Vec<usize>,
    /// The halves of all places, to count in.
    all: usize,
    marked: usize,
}

/// Looks at images in their order.
pub fn examine(layout: &Layout, images: &[Image]) -> Report {
    let mut report = Report::default();
    let kinds = [("pages", &layout.pages), ("cells", &layout.cells)];
    for ((kind, places), set) in kinds.into_iter().zip(layout.sets) {
        let changes: Vec<Change> =
            images.windows(2).map(|pair| change(places, &pair[0], &pair[1])).collect();
        report.halves(kind, &changes, places);
        report.numbers(kind, &changes, set);
        report.evenness(kind, &changes);
        report.overlap(kind, &changes);
        report.contents(kind, images, &changes, places);
    }
    if let (Some(first), Some(last)) = (images.first(), images.last()) {
        report.noise("first image", layout, first);
        report.noise("last image", layout, last);
    }
    report
}

impl Report {
    /// Features that chance does not give.
    pub fn leaks(&self) -> Vec<&Feature> {
        let bar = ALARM / self.0.len().max(1) as f64;
        self.0.iter().filter(|feature| feature.chance < bar).collect()
    }

    fn add(&mut self, name: impl Into<String>, chance: f64) {
        self.0.push(Feature { name: name.into(), chance });
    }

    /// Changed places fall on both halves as drawn lots would: each pair, and all together.
    fn halves(&mut self, kind: &str, changes: &[Change], places: &[Place]) {
        let marked = |change: &Change| {
            change.places.iter().filter(|place| places[**place].half == 0).count()
        };
        let (mut deviation, mut variance) = (0.0, 0.0);
        for change in changes {
            let (mean, spread) = moments(change.all, change.marked, change.places.len());
            deviation += marked(change) as f64 - mean;
            variance += spread;
        }
        let each = changes.iter().map(|change| {
            statistics::hypergeometric(
                change.all,
                change.marked,
                change.places.len(),
                marked(change),
            )
        });
        self.add(format!("{kind}: halves in one pair"), statistics::least(each));
        if variance > 0.0 {
            let all = statistics::normal(deviation / variance.sqrt());
            self.add(format!("{kind}: halves in all pairs"), all);
        }
    }

    /// As many places change as whole sets have, drawn one after another: what goes beyond was
    /// written outside of them.
    fn numbers(&mut self, kind: &str, changes: &[Change], set: usize) {
        let each = changes.iter().filter(|change| change.places.len() < change.all).map(|change| {
            let (all, number) = (change.all as f64, change.places.len() as f64);
            // Of every place, whether any of k sets has it: mean and variance of the union.
            let chance = |sets: i32| {
                let one = (1.0 - set as f64 / all).powi(sets);
                let set = set as f64;
                let both = ((all - set) * (all - set - 1.0) / (all * (all - 1.0))).powi(sets);
                let variance = all * one + all * (all - 1.0) * both - (all * one).powi(2);
                let deviation = number - all * (1.0 - one);
                if deviation.abs() < 0.5 {
                    1.0
                } else {
                    statistics::normal(deviation / variance.max(0.01).sqrt())
                }
            };
            (0..40).map(chance).fold(0.0, f64::max)
        });
        self.add(format!("{kind}: as many as sets have"), statistics::least(each));
    }

    /// No place changes more or less often than others, and no region of the file.
    fn evenness(&mut self, kind: &str, changes: &[Change]) {
        let Some(all) = changes.first().map(|change| change.all).filter(|all| *all > 1) else {
            return;
        };
        let partial = || changes.iter().filter(|change| change.places.len() < all);
        for (name, regions) in [("each place", all), ("regions", 16.min(all / 8).max(2))] {
            let mut counts = vec![0.0; regions];
            let mut expected = vec![0.0; regions];
            let mut variance = vec![0.0; regions];
            let region = |place: usize| place * regions / all;
            let mut sizes = vec![0; regions];
            (0..all).for_each(|place| sizes[region(place)] += 1);
            for change in partial() {
                change.places.iter().for_each(|place| counts[region(*place)] += 1.0);
                for (n, size) in sizes.iter().enumerate() {
                    let (mean, spread) = moments(all, *size, change.places.len());
                    expected[n] += mean;
                    variance[n] += spread;
                }
            }
            if variance.iter().any(|variance| *variance < 3.0) {
                continue;
            }
            // The sum of the counts is given, so the variances hold (regions − 1) / regions of it.
            let value: f64 =
                (0..regions).map(|n| (counts[n] - expected[n]).powi(2) / variance[n]).sum::<f64>()
                    * (regions - 1) as f64
                    / regions as f64;
            let chance = statistics::chi_square_both(value, regions - 1);
            self.add(format!("{kind}: {name} as often as others"), chance);
        }
    }

    /// What changed last time changes again as often as the rest.
    fn overlap(&mut self, kind: &str, changes: &[Change]) {
        let (mut deviation, mut variance) = (0.0, 0.0);
        for pair in changes.windows(2) {
            let before: BTreeSet<_> = pair[0].places.iter().collect();
            let both = pair[1].places.iter().filter(|place| before.contains(place)).count();
            let (mean, spread) = moments(pair[0].all, before.len(), pair[1].places.len());
            deviation += both as f64 - mean;
            variance += spread;
        }
        if variance > 0.0 {
            let chance = statistics::normal(deviation / variance.sqrt());
            self.add(format!("{kind}: changed again"), chance);
        }
    }

    /// What was written is noise, also against what stood there before, and stands nowhere else.
    fn contents(&mut self, kind: &str, images: &[Image], changes: &[Change], places: &[Place]) {
        let (mut all, mut differences) = ([0; 256], [0; 256]);
        let (mut each, mut each_difference) = (Vec::new(), Vec::new());
        let mut correlation = Correlation::default();
        let mut known: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for (pair, change) in images.windows(2).zip(changes) {
            for place in &change.places {
                read(&pair[0], places[*place], &mut old);
                read(&pair[1], places[*place], &mut new);
                each.push(statistics::bytes(&count(&new, &mut all)));
                correlation.add(&new);
                old.iter_mut().zip(&new).for_each(|(old, new)| *old ^= new);
                each_difference.push(statistics::bytes(&count(&old, &mut differences)));
                *known.entry(new[..16.min(new.len())].to_vec()).or_default() += 1;
            }
        }
        self.add(format!("{kind}: bytes of one write"), statistics::least(each));
        self.add(format!("{kind}: bytes of all writes"), statistics::bytes(&all));
        self.add(format!("{kind}: one difference to before"), statistics::least(each_difference));
        self.add(format!("{kind}: all differences to before"), statistics::bytes(&differences));
        self.add(format!("{kind}: a byte and the next"), correlation.chance());
        let again = known.values().any(|times| *times > 1);
        self.add(format!("{kind}: content stands twice"), if again { 0.0 } else { 1.0 });
    }

    /// A whole image but its plain parts.
    fn noise(&mut self, name: &str, layout: &Layout, image: &Image) {
        let mut all = [0; 256];
        let mut each = Vec::new();
        let mut pieces = Vec::new();
        for (file, bytes) in image.iter().enumerate() {
            let bytes = bytes.to_vec();
            for (number, piece) in bytes.chunks(4_096).enumerate() {
                let at = number * 4_096;
                let plain = layout.plain.iter().any(|(plain, from, len)| {
                    *plain == file && at < from + len && *from < at + piece.len()
                });
                if !plain {
                    each.push(statistics::bytes(&count(piece, &mut all)));
                    pieces.push(piece.to_vec());
                }
            }
        }
        let mut beginnings: Vec<&[u8]> =
            pieces.iter().filter_map(|piece| piece.get(..16)).collect();
        beginnings.sort_unstable();
        let twice = beginnings.windows(2).any(|pair| pair[0] == pair[1]);
        self.add(format!("{name}: content stands twice"), if twice { 0.0 } else { 1.0 });
        self.add(format!("{name}: bytes"), statistics::bytes(&all));
        self.add(format!("{name}: bytes of one piece"), statistics::least(each));
        let step = pieces.len().div_ceil(COMPRESSED).max(1);
        let smaller = pieces
            .iter()
            .step_by(step)
            .any(|piece| miniz_oxide::deflate::compress_to_vec(piece, 6).len() < piece.len());
        self.add(format!("{name}: can be compressed"), if smaller { 0.0 } else { 1.0 });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bar = ALARM / self.0.len().max(1) as f64;
        for Feature { name, chance } in &self.0 {
            let leak = if *chance < bar { "  LEAK" } else { "" };
            writeln!(f, "{chance:9.2e}  {name}{leak}")?;
        }
        Ok(())
    }
}

/// Lag-1 correlation of bytes.
#[derive(Default)]
struct Correlation {
    pairs: f64,
    sum: f64,
}

impl Correlation {
    fn add(&mut self, bytes: &[u8]) {
        let centred = |byte: &u8| f64::from(*byte) - 127.5;
        let mut last = bytes.first().map(centred);
        for byte in bytes.iter().skip(1).map(centred) {
            self.sum += last.unwrap_or_default() * byte;
            self.pairs += 1.0;
            last = Some(byte);
        }
    }

    /// Products of even bytes have mean 0 and this variance.
    fn chance(&self) -> f64 {
        let variance = (256.0_f64 * 256.0 - 1.0) / 12.0;
        if self.pairs > 0.0 {
            statistics::normal(self.sum / (self.pairs.sqrt() * variance))
        } else {
            1.0
        }
    }
}

fn change(places: &[Place], before: &Image, after: &Image) -> Change {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    let changed = |place: &usize| {
        read(before, places[*place], &mut old);
        read(after, places[*place], &mut new);
        old != new
    };
    let marked = places.iter().filter(|place| place.half == 0).count();
    Change { places: (0..places.len()).filter(changed).collect(), all: places.len(), marked }
}

/// What lies beyond the end of a file that grew later is empty.
fn read(image: &Image, place: Place, out: &mut Vec<u8>) {
    out.resize(place.len, 0);
    if !image[place.file].read(out, place.at) {
        out.clear();
    }
}

/// Counts byte values; gives those of this content alone too.
fn count(bytes: &[u8], all: &mut [usize; 256]) -> [usize; 256] {
    let mut own = [0; 256];
    bytes.iter().for_each(|byte| own[usize::from(*byte)] += 1);
    all.iter_mut().zip(own).for_each(|(all, own)| *all += own);
    own
}
