// SPDX-License-Identifier: MPL-2.0
//! The blind relay: sealed blocks, notices without names, a log that never forks.

#![deny(clippy::indexing_slicing)]

pub mod clock;
mod committer;
mod http;
mod meetings;
mod metrics;
mod problem;
pub mod relay;
pub mod serve;
mod state;
pub mod store;

pub use http::{ROUTES, router};
pub use problem::Problem;
