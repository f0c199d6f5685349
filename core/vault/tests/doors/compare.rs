// SPDX-License-Identifier: MPL-2.0
//! Whether two groups differ in a number: what a shuffling of all histories would give as seldom.

use super::Seen;
use crate::images::statistics;

/// Chance of one false alarm in a whole suite.
const ALARM: f64 = 1e-3;
/// Up to so many in both groups every shuffling is counted; above, sums are as good as normal.
const COUNTED: usize = 64;

/// How numbers begin that chance has no part in.
const DETERMINED: [&str; 35] = [
    "a full pass",
    "a second door",
    "actions:",
    "changes that SQLite counts",
    "damage",
    "found:",
    "free pages",
    "full pass done",
    "generations between",
    "headers:",
    "heads",
    "journal:",
    "media",
    "notes",
    "next record: outside",
    "opening: changes",
    "opening: pages",
    "pages of the database",
    "records behind",
    "reserve: bytes",
    "rest of the state",
    "room:",
    "roots of",
    "roots that",
    "rows of",
    "schema:",
    "sequences,",
    "slots",
    "table:",
    "the action record",
    "the next record stays",
    "used: places",
    "user version",
    "vault: bytes",
    "wrong codes",
];

/// A number in which two groups differ.
#[derive(Debug)]
pub struct Difference {
    pub name: String,
    pub chance: f64,
}

/// What chance gives less than once in a thousand suites of so many comparisons of groups.
pub fn differences(one: &[Seen], other: &[Seen], comparisons: usize) -> Vec<Difference> {
    let names: Vec<&String> =
        one[0].0.keys().filter(|name| other[0].0.contains_key(*name)).collect();
    let bar = ALARM / (names.len() * comparisons) as f64;
    let of =
        |group: &[Seen], name: &str| group.iter().map(|seen| seen.0[name]).collect::<Vec<f64>>();
    let difference = |name: &String| Difference {
        name: name.clone(),
        chance: chance(&of(one, name), &of(other, name)),
    };
    names.into_iter().map(difference).filter(|difference| difference.chance < bar).collect()
}

/// Of these numbers the use that is visible determines each: those in which two histories of one
/// script differ.
pub fn undetermined(one: &Seen, other: &Seen) -> Vec<String> {
    let determined = |name: &&String| {
        DETERMINED.iter().any(|of| name.starts_with(of)) && *name != "media: first cells"
    };
    let differs = |name: &&String| one.0[*name] != other.0[*name];
    one.0.keys().filter(determined).filter(differs).cloned().collect()
}

/// By where the values lie, and by how far they lie from the middle of all.
pub fn chance(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<f64> = one.iter().chain(other).copied().collect();
    all.sort_by(f64::total_cmp);
    let middle = all[all.len() / 2];
    let away = |values: &[f64]| values.iter().map(|v| (v - middle).abs()).collect::<Vec<f64>>();
    let place = rank_sum(one, other);
    (2.0 * place.min(rank_sum(&away(one), &away(other)))).min(1.0)
}

/// Both tails of the sum of ranks. Ranks are doubled, so that those of equals are whole.
pub fn rank_sum(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<f64> = one.iter().chain(other).copied().collect();
    all.sort_by(f64::total_cmp);
    let rank = |value: f64| {
        let below = all.partition_point(|other| *other < value);
        let up_to = all.partition_point(|other| *other <= value);
        below + up_to + 1
    };
    let ranks: Vec<usize> = all.iter().map(|value| rank(*value)).collect();
    let sum: usize = one.iter().map(|value| rank(*value)).sum();
    let (n, drawn) = (all.len() as f64, one.len() as f64);
    let mean = drawn * (n + 1.0);
    let away = (sum as f64 - mean).abs() - 1e-9;
    if away <= 0.0 {
        return 1.0;
    }
    if all.len() <= COUNTED {
        return as_far(&ranks, one.len(), mean, away);
    }
    let square = ranks.iter().map(|rank| (*rank as f64 - n - 1.0).powi(2)).sum::<f64>() / n;
    let variance = drawn * square * (n - drawn) / (n - 1.0);
    statistics::normal(away / variance.sqrt())
}

/// The share of all choices of so many ranks whose sum is as far from the mean.
fn as_far(ranks: &[usize], drawn: usize, mean: f64, away: f64) -> f64 {
    let most: usize = ranks.iter().sum();
    let mut ways = vec![vec![0.0_f64; most + 1]; drawn + 1];
    ways[0][0] = 1.0;
    for rank in ranks {
        for taken in (1..=drawn).rev() {
            let (fewer, more) = ways.split_at_mut(taken);
            let from = &fewer[taken - 1][..=most - rank];
            more[0][*rank..].iter_mut().zip(from).for_each(|(to, from)| *to += from);
        }
    }
    let all: f64 = ways[drawn].iter().sum();
    let sums = ways[drawn].iter().enumerate();
    sums.filter(|(sum, _)| (*sum as f64 - mean).abs() >= away).map(|(_, ways)| ways).sum::<f64>()
        / all
}
