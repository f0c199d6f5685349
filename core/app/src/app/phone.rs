// SPDX-License-Identifier: MPL-2.0
//! What a person's phone shows once it is open.

mod home;

pub(super) use home::Home;
