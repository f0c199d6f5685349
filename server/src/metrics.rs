// SPDX-License-Identifier: MPL-2.0
//! Counts and bytes in Prometheus' text form. No ids, addresses or names.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::state::State;

/// Counters since the start.
#[derive(Default)]
pub(crate) struct Metrics {
    pub(crate) requests: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) blocks: AtomicU64,
    pub(crate) notices: AtomicU64,
    pub(crate) leaves: AtomicU64,
}

impl Metrics {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }

    pub(crate) fn text(&self, state: &State) -> String {
        let bytes: u64 = state.totals.values().sum();
        let notices: usize = state.mailboxes.values().map(std::collections::BTreeMap::len).sum();
        let lines = [
            ("amate_relay_requests_total", self.requests.load(Relaxed)),
            ("amate_relay_refused_total", self.refused.load(Relaxed)),
            ("amate_relay_blocks_stored_total", self.blocks.load(Relaxed)),
            ("amate_relay_notices_stored_total", self.notices.load(Relaxed)),
            ("amate_relay_leaves_total", self.leaves.load(Relaxed)),
            ("amate_relay_blocks", state.blocks.len() as u64),
            ("amate_relay_notices", notices as u64),
            ("amate_relay_bytes", bytes),
            ("amate_relay_log_size", state.tree.size()),
            ("amate_relay_log_signs", u64::from(!state.halted)),
        ];
        lines.iter().map(|(name, value)| format!("{name} {value}\n")).collect()
    }
}
