// SPDX-License-Identifier: MPL-2.0
//! What a person does, and what the platform is asked to do.

use crate::Screen;

/// What a person did.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Action {
    /// A button, row, tile, chip or toggle was chosen. A hold-button only after it was held.
    Tap {
        /// Key of the block, button or option.
        key: String,
    },
    /// A field has another value: on leaving it, or after a second of rest. Saved at once.
    Change {
        /// Key of the field.
        key: String,
        /// All of it.
        value: String,
    },
    /// What was entered in a field for codes; wiped after use, in no draft.
    Secret {
        /// Key of the field.
        key: String,
        /// UTF-8.
        bytes: Vec<u8>,
    },
    /// One step back.
    Back,
    /// Leave at once: locks, and asks the shell to show something harmless.
    Hide,
    /// Lock: on leaving the app, screen off, or by hand.
    Lock,
    /// Time has passed: what is live may have changed.
    Look,
}

/// What only the platform can do.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Effect {
    /// Let the person choose a file; its bytes go into a capture of [`crate::Way::File`].
    PickFile,
    /// Hand a content over in the clear, to where the person says. Warned before.
    Share {
        /// What `reader` opens.
        medium: String,
        /// Proposed name of the file.
        file_name: String,
        /// Media type.
        media_type: String,
    },
    /// Put a text where it can be pasted.
    Copy {
        /// The text.
        text: String,
    },
    /// Leave for something harmless, without a trace of this screen.
    Leave,
}

/// The answer to an action.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Step {
    /// The screen from now on.
    pub screen: Screen,
    /// To be performed, in this order.
    pub effects: Vec<Effect>,
}

/// Nothing of what was entered prints.
impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tap { key } => write!(f, "Tap({key})"),
            Self::Change { key, .. } => write!(f, "Change({key}, …)"),
            Self::Secret { key, .. } => write!(f, "Secret({key}, …)"),
            Self::Back => f.write_str("Back"),
            Self::Hide => f.write_str("Hide"),
            Self::Lock => f.write_str("Lock"),
            Self::Look => f.write_str("Look"),
        }
    }
}
