// SPDX-License-Identifier: MPL-2.0
//! What an examiner can count of a whole history, and whether two groups of histories differ in it.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

pub mod changes;
pub mod compare;
pub mod given;
pub mod inside;
pub mod noise;

use std::collections::BTreeMap;

use crate::images::doors::Life;

/// Numbers of one history, each with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen(pub BTreeMap<String, f64>);

impl Seen {
    /// All there is to see with this code.
    pub fn with_code(life: &Life, code: &[u8]) -> Self {
        let mut seen = Self::without_code(life);
        given::see(life, code, &mut seen);
        seen
    }

    /// The same, of a vault that is in no image but the newest.
    pub fn with_newer_code(life: &Life, code: &[u8]) -> Self {
        let mut seen = Self::without_code(life);
        given::see_alone(life, code, &mut seen);
        seen
    }

    /// Of the images alone.
    pub fn without_code(life: &Life) -> Self {
        let mut seen = Self::default();
        changes::see(&life.images, &mut seen);
        noise::see(&life.images, &mut seen);
        seen
    }

    pub fn add(&mut self, name: impl Into<String>, value: f64) {
        let name = name.into();
        assert!(value.is_finite(), "{name}: {value}");
        assert!(self.0.insert(name, value).is_none(), "named twice");
    }

    /// Mean, least and most of what each session gives.
    pub fn each(&mut self, name: &str, values: &[f64]) {
        self.add(format!("{name}, mean"), mean(values));
        self.add(format!("{name}, least"), values.iter().copied().fold(f64::MAX, f64::min));
        self.add(format!("{name}, most"), values.iter().copied().fold(f64::MIN, f64::max));
    }
}

/// 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Numbers that follow each other, counted as one run.
pub fn runs(sorted: &[usize]) -> usize {
    let breaks = sorted.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
    if sorted.is_empty() { 0 } else { breaks + 1 }
}
