// SPDX-License-Identifier: MPL-2.0
//! Images of the two files, and who looks at them.

pub mod doors;
pub mod examiner;
pub mod history;
pub mod statistics;
