// SPDX-License-Identifier: MPL-2.0
//! The second door: a code to be given under force. It opens a vault of its own, which is used like
//! any other; nothing in our files says that there are two.

pub use amate_vault::SecondDoor;
use amate_vault::VaultError;

use crate::{problem::Problem, session::Session};

impl Session {
    /// Whether this vault has room for a second door: a phone's has two halves, a desk's one.
    ///
    /// # Errors
    /// The vault's.
    pub fn can_have_second_door(&self) -> Result<bool, Problem> {
        Ok(self.vault.halves()? == 2)
    }

    /// The second door that this vault set, if it did.
    ///
    /// # Errors
    /// The vault's.
    pub fn second_door(&self) -> Result<Option<SecondDoor>, Problem> {
        Ok(self.vault.second()?)
    }

    /// Lets `code` open a vault of its own, as empty as after a first run, and of the same date.
    ///
    /// # Errors
    /// [`Problem::SameCode`]; [`Problem::DoorUnsure`]: it is set whole, or not at all.
    pub fn set_second_door(&self, code: &[u8], now: u64) -> Result<(), Problem> {
        let made = self.made()?.unwrap_or(now);
        let (vault, new) = self.vault.begin_second(code).map_err(unsure)?;
        Self::first(vault, "", made)?.lock()?;
        self.vault.finish_second(new, false).map_err(unsure)
    }

    /// Puts another code in the place of the second door's.
    ///
    /// # Errors
    /// [`Problem::SameCode`]; [`Problem::CodeUnsure`]: then the old code still opens it, or already
    /// the new one.
    pub fn change_second_code(&self, code: &[u8]) -> Result<(), Problem> {
        self.vault.change_second_code(code).map_err(|error| match error {
            VaultError::SameCode => Problem::SameCode,
            _ => Problem::CodeUnsure,
        })
    }

    /// Chooses whether the code of the second door makes the code of this vault open nothing.
    ///
    /// # Errors
    /// [`Problem::DoorUnsure`].
    pub fn second_door_overwrites(&self, overwrites: bool) -> Result<(), Problem> {
        self.vault.second_overwrites(overwrites).map_err(unsure)
    }

    /// Takes the second door away, with all that is behind it.
    ///
    /// # Errors
    /// [`Problem::DoorUnsure`]: it is taken away whole at the next unlock, or stays.
    pub fn remove_second_door(&self) -> Result<(), Problem> {
        self.vault.remove_second().map_err(unsure)
    }
}

fn unsure(error: VaultError) -> Problem {
    match error {
        VaultError::SameCode | VaultError::NoSpace | VaultError::Locked => error.into(),
        _ => Problem::DoorUnsure,
    }
}
