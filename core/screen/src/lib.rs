// SPDX-License-Identifier: MPL-2.0
//! What a screen is made of. The core fills these values, each shell draws them with its own
//! platform's widgets: Android Views, SwiftUI, HTML. No logic here, and no sentence.
//!
//! A shell asks for a [`Screen`], sends an [`Action`], and gets a [`Step`]: the next screen and the
//! [`Effect`]s that only the platform can perform.

mod action;
mod block;
mod icon;
mod look;
mod screen;

pub use action::{Action, Effect, Step};
pub use block::{
    Badge, Block, ButtonStyle, CameraMode, CameraWords, CaptureWay, Check, Chip, Fact, Input, Kind,
    Precision, Progress, TextStyle, Tone, Way, Waypoint,
};
pub use icon::{ALL as ICONS, Icon, PathStep, icon_path, icon_role, icon_svg};
pub use look::{Colours, Look, Measures, look};
pub use screen::{Button, Screen, Words};

uniffi::setup_scaffolding!();
