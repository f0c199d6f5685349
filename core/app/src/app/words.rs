// SPDX-License-Identifier: MPL-2.0
//! The words of a problem on a screen: no command, nothing to type.

use crate::{problem::Problem, text::Message};

impl Problem {
    /// What happened, whether something was lost, and what to do on these screens.
    #[must_use]
    pub fn on_screen(&self) -> Message {
        match self {
            Self::CannotOpen => Message::new("screen-cannot-open"),
            Self::NoVault => Message::new("screen-no-vault"),
            Self::Damaged | Self::PartlyDamaged => Message::new("screen-damaged"),
            Self::ContentDamaged => Message::new("screen-content-damaged"),
            Self::NoSpace => Message::new("screen-no-space"),
            Self::NotFound { .. } => Message::new("screen-not-found"),
            Self::NotUnderstood { what } => {
                Message::new("screen-not-understood").with("what", what)
            }
            Self::NoBackupOfDamaged => Message::new("screen-no-backup-of-damaged"),
            Self::BackupTooLarge => Message::new("screen-backup-too-large"),
            Self::NoSmaller => Message::new("screen-no-smaller"),
            Self::Unfinished => Message::new("screen-unfinished"),
            Self::TooMuch => Message::new("screen-too-much"),
            Self::ClassicRecipient => Message::new("screen-classic-recipient"),
            Self::NotConfirmed => Message::new("screen-not-confirmed"),
            Self::StillWaiting => Message::new("screen-still-waiting"),
            other => other.message(),
        }
    }
}
