// SPDX-License-Identifier: MPL-2.0
//! The examiner alone, for invented files.

pub mod examiner;
pub mod statistics;
