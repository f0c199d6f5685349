// SPDX-License-Identifier: MPL-2.0
//! First run: language, what this is, code, room. Nothing else is asked.

mod about;
mod code;
mod language;
mod making;
mod named;

pub(super) use code::{SHORTEST, same_words};
pub(super) use making::made_code;

use super::{page::Page, room::Room};

/// The first page where there is no vault.
pub(super) fn begin(_: &Room) -> Box<dyn Page> {
    Box::new(language::Language)
}
