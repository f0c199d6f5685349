// SPDX-License-Identifier: MPL-2.0
//! What a person's phone shows once it is open.

mod camera;
mod case;
mod cases;
mod delete;
mod draft;
mod home;
mod item;

pub(super) use case::{facts, pieces};
pub(super) use cases::Cases;
pub(super) use home::Home;
pub(super) use item::ItemPage;
