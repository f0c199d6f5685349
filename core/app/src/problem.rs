// SPDX-License-Identifier: MPL-2.0
//! What can go wrong for a person, one variant per thing they could do next. Each has its words in
//! the Fluent files: what happened, whether something was lost, the next step.

use crate::text::Message;

/// Everything that an action of the person can end in, other than done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Wrong code, or a header that was altered: not told apart.
    #[error("the vault cannot be opened")]
    CannotOpen,
    /// There is no vault in this folder yet.
    #[error("no vault here")]
    NoVault,
    /// There is a vault already.
    #[error("a vault is here already")]
    VaultExists,
    /// Another process has the vault open.
    #[error("the vault is in use")]
    InUse,
    /// The device's own keys do not answer: that says nothing of the code.
    #[error("the device's keys do not answer")]
    Device,
    /// The code is right and the records cannot be read.
    #[error("the vault is damaged")]
    Damaged,
    /// Written by a newer version.
    #[error("needs a newer version")]
    NeedsNewerVersion,
    /// The vault, the reserve or the disk is full; the old state is whole.
    #[error("no space")]
    NoSpace,
    /// A file that was named cannot be read.
    #[error("cannot read the file {0}")]
    CannotRead(String),
    /// A file cannot be written.
    #[error("cannot write the file {0}")]
    CannotWrite(String),
    /// No such case, item, contact, parcel.
    #[error("no such {what}: {name}")]
    NotFound {
        /// Message id of the kind of thing.
        what: &'static str,
        /// As the person named it.
        name: String,
    },
    /// A file of this name is there already.
    #[error("the file {0} is there already")]
    FileExists(String),
    /// Changing the code ended in an error of the disk: the old one opens, or already the new one.
    #[error("the code may have changed")]
    CodeUnsure,
    /// It opens something here already, as far as this vault knows.
    #[error("this code opens something already")]
    SameCode,
    /// Several codes were wrong: so many seconds until the next one.
    #[error("to be tried again in {0} s")]
    Wait(u64),
    /// Setting the second door ended in an error of the disk.
    #[error("the second door may not have changed")]
    DoorUnsure,
    /// A part of the vault does not open, so a backup would not be whole.
    #[error("a damaged vault has no whole backup")]
    NoBackupOfDamaged,
    /// Wrong words, or a file that is no backup, or whose beginning is damaged.
    #[error("the backup cannot be opened")]
    BackupCannotOpen,
    /// The words are right and the file ends early or was altered.
    #[error("the backup is damaged")]
    BackupDamaged,
    /// What is in the backup does not fit in the size chosen, or on the disk.
    #[error("the backup does not fit")]
    BackupTooLarge,
    /// The room of a vault of fixed size cannot be made smaller.
    #[error("the room cannot be made smaller")]
    NoSmaller,
    /// The person stopped before everything had new keys.
    #[error("stopped before the end")]
    Unfinished,
    /// The content of an item does not open to its end.
    #[error("the content is damaged")]
    ContentDamaged,
    /// A check found what does not open any more.
    #[error("a part of the vault is damaged")]
    PartlyDamaged,
    /// A text that does not mean what it should: pairing text, capability, date, age recipient.
    #[error("cannot understand this {what}")]
    NotUnderstood {
        /// Message id of the kind of text.
        what: &'static str,
    },
    /// The story is empty: the one thing that a record needs.
    #[error("an empty record")]
    Empty,
    /// Nothing to send in this case.
    #[error("nothing to send")]
    NothingToSend,
    /// None of the recipient's relays is one that this vault may upload to.
    #[error("no relay in common")]
    NoCommonRelay,
    /// The relay did not answer. What waits keeps waiting.
    #[error("the relay does not answer")]
    NoAnswer,
    /// The relay answered something that it should not have.
    #[error("the relay answered wrongly: {0}")]
    WrongAnswer(&'static str),
    /// The relay refuses this vault's capability, or its quota is used up.
    #[error("the relay refuses: {0}")]
    Refused(u16),
    /// The relay showed two logs.
    #[error("the relay shows two logs")]
    Forked,
    /// A parcel that describes more than one parcel may.
    #[error("too much for one parcel")]
    TooMuch,
    /// The relay did not show that its log continues the one known.
    #[error("the relay does not show that its log continues")]
    NotConsistent,
    /// What arrived contradicts its signatures or hashes.
    #[error("what arrived was altered: {0}")]
    Altered(&'static str),
    /// The contact is blocked.
    #[error("blocked")]
    Blocked,
    /// A classic age recipient without the confirmation that it asks for.
    #[error("a classic recipient needs confirmation")]
    ClassicRecipient,
    /// Post-quantum and classic recipients together.
    #[error("recipients of both kinds")]
    MixedRecipients,
    /// Deleting without the confirmation that it asks for.
    #[error("not confirmed")]
    NotConfirmed,
    /// The item still waits to be sent.
    #[error("still waits to be sent")]
    StillWaiting,
    /// The item is being recorded.
    #[error("still being recorded")]
    StillRecording,
    /// The report was deleted before it was opened.
    #[error("deleted")]
    Deleted,
    /// The session was locked meanwhile; what was saved is saved.
    #[error("locked")]
    Locked,
    /// A fault of ours; nothing of the vault's was changed.
    #[error("internal fault: {0}")]
    Internal(&'static str),
}

impl Problem {
    /// The words for it.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::CannotOpen => Message::new("problem-cannot-open"),
            Self::NoVault => Message::new("problem-no-vault"),
            Self::VaultExists => Message::new("problem-vault-exists"),
            Self::InUse => Message::new("problem-in-use"),
            Self::Device => Message::new("problem-device"),
            Self::Damaged => Message::new("problem-damaged"),
            Self::NeedsNewerVersion => Message::new("problem-newer-version"),
            Self::NoSpace => Message::new("problem-no-space"),
            Self::CannotRead(name) => Message::new("problem-cannot-read").with("name", name),
            Self::CannotWrite(name) => Message::new("problem-cannot-write").with("name", name),
            Self::FileExists(name) => Message::new("problem-file-exists").with("name", name),
            Self::CodeUnsure => Message::new("problem-code-unsure"),
            Self::SameCode => Message::new("problem-same-code"),
            Self::Wait(seconds) => Message::new("problem-wait").with("seconds", *seconds),
            Self::DoorUnsure => Message::new("problem-door-unsure"),
            Self::NoBackupOfDamaged => Message::new("problem-no-backup-of-damaged"),
            Self::BackupCannotOpen => Message::new("problem-backup-cannot-open"),
            Self::BackupDamaged => Message::new("problem-backup-damaged"),
            Self::BackupTooLarge => Message::new("problem-backup-too-large"),
            Self::NoSmaller => Message::new("problem-no-smaller"),
            Self::Unfinished => Message::new("problem-unfinished"),
            Self::ContentDamaged => Message::new("problem-content-damaged"),
            Self::PartlyDamaged => Message::new("problem-partly-damaged"),
            Self::NotFound { what, name } => {
                Message::new("problem-not-found").with("what", what).with("name", name)
            }
            Self::NotUnderstood { what } => {
                Message::new("problem-not-understood").with("what", what)
            }
            Self::Empty => Message::new("problem-empty"),
            Self::NothingToSend => Message::new("problem-nothing-to-send"),
            Self::NoCommonRelay => Message::new("problem-no-common-relay"),
            Self::NoAnswer => Message::new("problem-no-answer"),
            Self::WrongAnswer(_) => Message::new("problem-wrong-answer"),
            Self::Refused(_) => Message::new("problem-refused"),
            Self::Forked => Message::new("problem-forked"),
            Self::TooMuch => Message::new("problem-too-much"),
            Self::NotConsistent => Message::new("problem-not-consistent"),
            Self::Altered(_) => Message::new("problem-altered"),
            Self::Blocked => Message::new("problem-blocked"),
            Self::ClassicRecipient => Message::new("problem-classic-recipient"),
            Self::MixedRecipients => Message::new("problem-mixed-recipients"),
            Self::NotConfirmed => Message::new("problem-not-confirmed"),
            Self::StillWaiting => Message::new("problem-still-waiting"),
            Self::StillRecording => Message::new("problem-still-recording"),
            Self::Deleted => Message::new("problem-deleted"),
            Self::Locked => Message::new("problem-locked"),
            Self::Internal(_) => Message::new("problem-internal"),
        }
    }
}

impl From<crate::exchange::NoAnswer> for Problem {
    fn from(_: crate::exchange::NoAnswer) -> Self {
        Self::NoAnswer
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::NoSpace,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::Damaged
            }
            _ => Self::Internal("database"),
        }
    }
}

impl From<amate_vault::VaultError> for Problem {
    fn from(error: amate_vault::VaultError) -> Self {
        use amate_vault::VaultError;
        match error {
            VaultError::CannotOpen => Self::CannotOpen,
            VaultError::NoVault => Self::NoVault,
            VaultError::Exists => Self::VaultExists,
            VaultError::InUse => Self::InUse,
            VaultError::Device => Self::Device,
            VaultError::Damaged | VaultError::NoMedium => Self::Damaged,
            VaultError::NeedsNewerVersion => Self::NeedsNewerVersion,
            VaultError::NoSpace => Self::NoSpace,
            VaultError::Locked => Self::Locked,
            VaultError::SameCode => Self::SameCode,
            VaultError::Wait(left) => Self::Wait(left.as_millis().div_ceil(1_000) as u64),
            VaultError::Poisoned => Self::Internal("a write failed; open the vault again"),
            VaultError::Sql(error) => error.into(),
            _ => Self::Internal("file system"),
        }
    }
}

impl From<amate_seal::CannotOpen> for Problem {
    fn from(_: amate_seal::CannotOpen) -> Self {
        Self::Altered("signature")
    }
}

impl From<amate_wire::cursor::Malformed> for Problem {
    fn from(malformed: amate_wire::cursor::Malformed) -> Self {
        Self::Altered(malformed.0)
    }
}
