// SPDX-License-Identifier: MPL-2.0
//! Text forms of recipients and identities: Bech32 (BIP 173) without its length limit.

use bech32::{Bech32, Checksum, Hrp, primitives::decode::CheckedHrpstring};
use zeroize::Zeroizing;

use super::{Identity, Recipient};
use crate::{
    CannotOpen,
    hybrid::{HybridPublic, HybridSecret},
    secret::Secret,
};

const HYBRID: &str = "age1pq";
const CLASSIC: &str = "age";
const HYBRID_SECRET: &str = "age-secret-key-pq-";
const CLASSIC_SECRET: &str = "age-secret-key-";

impl Recipient {
    /// `age1pq1…` or `age1…`.
    ///
    /// # Errors
    /// [`CannotOpen`] for any other text.
    pub fn from_text(text: &str) -> Result<Self, CannotOpen> {
        let (prefix, bytes) = decode(text)?;
        match prefix.as_str() {
            HYBRID => HybridPublic::parse(&bytes).map(Self::Hybrid),
            CLASSIC => bytes.as_slice().try_into().map(Self::Classic).map_err(|_| CannotOpen),
            _ => Err(CannotOpen),
        }
    }

    /// Lower-case text.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Hybrid(public) => encode(HYBRID, public.bytes()),
            Self::Classic(public) => encode(CLASSIC, public),
        }
    }
}

impl Identity {
    /// `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// [`CannotOpen`] for any other text.
    pub fn from_text(text: &str) -> Result<Self, CannotOpen> {
        let (prefix, bytes) = decode(text)?;
        let seed = Secret::try_from(bytes.as_slice())?;
        match prefix.as_str() {
            HYBRID_SECRET => Ok(Self::Hybrid(HybridSecret::from_seed(seed))),
            CLASSIC_SECRET => Ok(Self::Classic(seed)),
            _ => Err(CannotOpen),
        }
    }

    /// Upper-case text; wiped on drop.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let lower = Zeroizing::new(match self {
            Self::Hybrid(secret) => encode(HYBRID_SECRET, secret.seed().expose()),
            Self::Classic(secret) => encode(CLASSIC_SECRET, secret.expose()),
        });
        Zeroizing::new(lower.to_ascii_uppercase())
    }
}

/// Bech32's checksum for texts of any length that a key has.
enum LongBech32 {}

impl Checksum for LongBech32 {
    type MidstateRepr = u32;
    type CorrectionField = <Bech32 as Checksum>::CorrectionField;
    const ROOT_GENERATOR: Self::CorrectionField = Bech32::ROOT_GENERATOR;
    const ROOT_EXPONENTS: core::ops::RangeInclusive<usize> = Bech32::ROOT_EXPONENTS;
    const CODE_LENGTH: usize = 4_096;
    const CHECKSUM_LENGTH: usize = Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = Bech32::TARGET_RESIDUE;
}

fn encode(prefix: &str, bytes: &[u8]) -> String {
    Hrp::parse(prefix)
        .ok()
        .and_then(|prefix| bech32::encode_lower::<LongBech32>(prefix, bytes).ok())
        .unwrap_or_default()
}

fn decode(text: &str) -> Result<(String, Zeroizing<Vec<u8>>), CannotOpen> {
    let parsed = CheckedHrpstring::new::<LongBech32>(text).map_err(|_| CannotOpen)?;
    let bytes = Zeroizing::new(parsed.byte_iter().collect::<Vec<u8>>());
    let prefix = parsed.hrp().to_lowercase();
    // Only the one spelling that writing gives again: no other padding bits.
    if encode(&prefix, &bytes).eq_ignore_ascii_case(text) {
        Ok((prefix, bytes))
    } else {
        Err(CannotOpen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The identity and recipient that C2SP age.md prints.
    #[test]
    fn the_texts_are_those_of_the_specification() {
        let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
        let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
        let parsed = Identity::from_text(identity).unwrap();
        assert_eq!(parsed, Identity::Classic(Secret::new([0x42; 32])));
        assert_eq!(parsed.to_text().as_str(), identity);
        assert_eq!(parsed.recipient().to_text(), recipient);
        assert_eq!(Recipient::from_text(recipient), Ok(parsed.recipient()));
    }

    #[test]
    fn the_hybrid_identity_of_the_specification_has_its_recipient() {
        let identity =
            "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR";
        let recipient = Identity::from_text(identity).unwrap().recipient().to_text();
        assert!(recipient.starts_with("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jz"));
        assert!(recipient.ends_with("ykx3qheyty7saeq0d3fzv49zc0k"));
        assert_eq!(recipient.len(), 1_959);
        assert!(Recipient::from_text(&recipient).is_ok());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "age1",
            "age1qqqq",
            "AGE1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
        ] {
            assert!(Recipient::from_text(text).is_err(), "{text}");
        }
    }
}
