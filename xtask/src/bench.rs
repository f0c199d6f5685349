// SPDX-License-Identifier: MPL-2.0
//! Benchmarks beside their peers.

use crate::run::Failed;

pub(crate) fn bench(_what: &[&str]) -> Result<(), Failed> {
    Err(Failed("no benchmark yet".into()))
}
