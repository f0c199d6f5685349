// SPDX-License-Identifier: MPL-2.0
//! What came: reports with what they prove, and messages about what was sent.

mod answer;
mod inbox;
mod report;

pub(super) use answer::{Answer, conversation};
pub(super) use inbox::{Inbox, inbox_rows};
pub(super) use report::Report;
