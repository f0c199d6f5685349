// SPDX-License-Identifier: MPL-2.0

use serde::{Deserialize, Serialize};

use crate::{
    cursor::Malformed,
    document::{Format, check_hex},
};

/// Longest value of a fact in bytes.
pub const MAX_VALUE: usize = 262_144;
/// Before the name of a fact in its label.
pub const LABEL: &str = "amate/v1/fact/";
/// Label of a custody entry's clock.
pub const CUSTODY_CLOCK: &str = "amate/v1/custody/clock";
/// Label of a custody entry's detail.
pub const CUSTODY_DETAIL: &str = "amate/v1/custody/detail";

/// The sensitive values that a manifest commits to, in the order of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "the fixed full list is the format")]
pub enum Fact {
    /// Pseudonym.
    Author,
    /// Boot id and milliseconds since boot.
    Boot,
    /// Case key.
    Case,
    /// The device's wall clock.
    Clock,
    /// Words about the device.
    Device,
    /// Identity key.
    Identity,
    /// Metadata that was taken off.
    Metadata,
    /// Original file name.
    Name,
    /// Network kind.
    Network,
    /// Words or coordinates.
    Place,
}

impl Fact {
    /// All facts in order.
    pub const ALL: [Self; 10] = [
        Self::Author,
        Self::Boot,
        Self::Case,
        Self::Clock,
        Self::Device,
        Self::Identity,
        Self::Metadata,
        Self::Name,
        Self::Network,
        Self::Place,
    ];

    /// Its key in `facts`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Boot => "boot",
            Self::Case => "case",
            Self::Clock => "clock",
            Self::Device => "device",
            Self::Identity => "identity",
            Self::Metadata => "metadata",
            Self::Name => "name",
            Self::Network => "network",
            Self::Place => "place",
        }
    }

    /// Label of its commitment.
    #[must_use]
    pub fn label(self) -> String {
        format!("{LABEL}{}", self.name())
    }

    /// From its key.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.name() == name)
    }
}

/// The ten commitments of a manifest, hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the fact of that name")]
pub struct Commitments {
    pub author: String,
    pub boot: String,
    pub case: String,
    pub clock: String,
    pub device: String,
    pub identity: String,
    pub metadata: String,
    pub name: String,
    pub network: String,
    pub place: String,
}

impl Commitments {
    /// Made fact by fact.
    pub fn new(mut of: impl FnMut(Fact) -> String) -> Self {
        Self {
            author: of(Fact::Author),
            boot: of(Fact::Boot),
            case: of(Fact::Case),
            clock: of(Fact::Clock),
            device: of(Fact::Device),
            identity: of(Fact::Identity),
            metadata: of(Fact::Metadata),
            name: of(Fact::Name),
            network: of(Fact::Network),
            place: of(Fact::Place),
        }
    }

    /// The commitment of a fact.
    #[must_use]
    pub fn of(&self, fact: Fact) -> &str {
        match fact {
            Fact::Author => &self.author,
            Fact::Boot => &self.boot,
            Fact::Case => &self.case,
            Fact::Clock => &self.clock,
            Fact::Device => &self.device,
            Fact::Identity => &self.identity,
            Fact::Metadata => &self.metadata,
            Fact::Name => &self.name,
            Fact::Network => &self.network,
            Fact::Place => &self.place,
        }
    }

    /// All are hex of 32 bytes.
    ///
    /// # Errors
    /// [`Malformed`]: rule M-5.
    pub fn check(&self) -> Result<(), Malformed> {
        Fact::ALL.into_iter().try_for_each(|fact| check_hex(self.of(fact), 32))
    }
}

/// A disclosed fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// Which.
    pub fact: Fact,
    /// Hex, 32 bytes.
    pub salt: String,
    /// At most [`MAX_VALUE`] bytes.
    pub value: String,
}

/// A disclosed field of a custody entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyDisclosure {
    /// Id of the entry, hex.
    pub entry: String,
    /// Which field.
    pub field: CustodyField,
    /// Hex, 32 bytes.
    pub salt: String,
    /// At most [`MAX_VALUE`] bytes.
    pub value: String,
}

/// The two committed fields of a custody entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "the format has two")]
pub enum CustodyField {
    /// When, by the signer's clock.
    Clock,
    /// To whom, or which copy.
    Detail,
}

impl CustodyField {
    /// Label of its commitment.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Clock => CUSTODY_CLOCK,
            Self::Detail => CUSTODY_DETAIL,
        }
    }
}

impl Format for Vec<Disclosure> {
    const NAME: &'static str = "";
    const LABEL: &'static str = "";

    /// Rule F-2: in the order of their names, each once.
    fn check(&self) -> Result<(), Malformed> {
        self.iter().try_for_each(|one| check_value(&one.salt, &one.value))?;
        let ascending = self.windows(2).all(|pair| match pair {
            [a, b] => a.fact < b.fact,
            _ => true,
        });
        if ascending { Ok(()) } else { Err(Malformed("disclosures")) }
    }
}

impl Format for Vec<CustodyDisclosure> {
    const NAME: &'static str = "";
    const LABEL: &'static str = "";

    fn check(&self) -> Result<(), Malformed> {
        self.iter()
            .try_for_each(|one| check_hex(&one.entry, 32).and(check_value(&one.salt, &one.value)))
    }
}

fn check_value(salt: &str, value: &str) -> Result<(), Malformed> {
    check_hex(salt, 32)?;
    if value.len() <= MAX_VALUE { Ok(()) } else { Err(Malformed("fact")) }
}
