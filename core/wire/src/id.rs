// SPDX-License-Identifier: MPL-2.0
//! Ids: 32 bytes each, never confused with one another.

use std::fmt;

use crate::cursor::Malformed;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(
            /// The bytes.
            pub [u8; 32],
        );

        impl $name {
            /// Lower-case hex, 64 digits.
            #[must_use]
            pub fn hex(&self) -> String {
                data_encoding::HEXLOWER.encode(&self.0)
            }

            /// From lower-case hex.
            ///
            /// # Errors
            /// [`Malformed`] for anything but 64 lower-case digits.
            pub fn from_hex(text: &str) -> Result<Self, Malformed> {
                data_encoding::HEXLOWER
                    .decode(text.as_bytes())
                    .ok()
                    .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
                    .map(Self)
                    .ok_or(Malformed(stringify!($name)))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.hex())
            }
        }
    };
}

id!(
    /// SHA-256 of a blinded block (spec/envelope.md §2).
    BlockId
);
id!(
    /// SHA-256 of the JSON of a manifest or live opening (spec/evidence.md §2).
    ItemId
);
id!(
    /// SHA-256 of the JSON of a signed document.
    DocumentId
);
id!(
    /// `H("amate/v1/identity", identity key)` (spec/keys.md §1).
    IdentityId
);
id!(
    /// SHA-256 of a key set (spec/keys.md §3).
    KeySetId
);
id!(
    /// `H("amate/v1/mailbox", mailbox key)` (spec/keys.md §3).
    MailboxId
);
id!(
    /// An Ed25519 public key that a relay is pinned by.
    RelayKey
);
