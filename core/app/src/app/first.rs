// SPDX-License-Identifier: MPL-2.0
//! First run: language, what this is, code, room. Nothing else is asked.

mod about;
mod code;
mod language;
mod making;
mod named;

pub(super) use code::same_words;

use super::{
    page::{Go, Page},
    room::Room,
};

/// The first page where there is no vault.
pub(super) fn begin(_: &Room) -> Box<dyn Page> {
    Box::new(language::Language)
}

/// To another code for the vault that is open.
pub(super) fn change_code(room: &Room) -> Go {
    Go::to(code::NewCode::new(room, code::For::Change))
}

/// To the code of a second door.
pub(super) fn second_code(room: &Room) -> Go {
    Go::to(code::NewCode::new(room, code::For::Second))
}

/// To another one.
pub(super) fn change_second_code(room: &Room) -> Go {
    Go::to(code::NewCode::new(room, code::For::SecondChange))
}
